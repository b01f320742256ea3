"""One optimizer with many learning rates at once: the real class, and bit for bit what each run is by itself.

An optimizer of PyTorch has one lr for all of a tensor. But the update of SGD, momentum, Adam and most others is lr
times something that the gradients alone decide. So let x = s u with a scale s for each row, and hand the optimizer of u
the gradient with respect to x: a step with lr = base on u is then the step with lr = s base on x. Scales that are
powers of two round nothing, so each row is the run with its own lr to the last bit. Two bases make two learning rates
an octave.

Where lr does more than multiply the step, each learning rate has a parameter of its own.
"""

import torch
from torch import Tensor

from core.optim.classes import as_taken
from core.optim.hyperparameters import Hyperparameters
from core.optim.known import OPTIMIZERS

OCTAVES = range(-17, 7)
BASES = (1.0, 2**0.5)
OPTIMIZER = 1e-4  # seconds, about, that an optimizer takes for a step of one parameter
NOT_SCALED = ("ASGD", "Adafactor")  # lr also sets how quickly it falls itself, or is compared with something


def learning_rates() -> Tensor:
    """Half an octave apart, from 2^-17 to 2^6.5; shape (48,), float64."""
    return (_scales() * torch.tensor(BASES, dtype=torch.float64)).flatten()


def _scales() -> Tensor:
    return torch.tensor([2.0**octave for octave in OCTAVES], dtype=torch.float64)[:, None]


class ScaledBatch:
    """An optimizer whose update is lr times a function of the gradients: a tensor for each base, a row for each scale.

    Weight decay alone looks at x. It is added to the gradient, or, if it is decoupled, taken from the point.
    """

    def __init__(self, hparams: Hyperparameters, start: Tensor) -> None:
        self.lr, self.scale = learning_rates(), _scales()
        self.u = [(start / self.scale).requires_grad_() for _ in BASES]
        self.decay = hparams.keywords.get("weight_decay", 0.0)
        adamw = OPTIMIZERS[hparams.name].torch_name == "AdamW"
        self.decoupled = adamw or getattr(hparams, "decoupled_weight_decay", False)
        groups = [{"params": [u], "lr": base} for u, base in zip(self.u, BASES, strict=True)]
        self.optimizer = hparams.make(groups, **({"weight_decay": 0.0} if self.decay else {}))

    def points(self) -> Tensor:
        """Where each learning rate is, shape (rates, 2)."""
        return torch.stack([self.scale * u.detach() for u in self.u], dim=1).flatten(0, 1)

    def step(self, gradient: Tensor) -> None:
        """One step of every learning rate, from the gradients at their points, shape (rates, 2)."""
        if self.decay and not self.decoupled:
            gradient = gradient.add(self.points(), alpha=self.decay)
        parts = gradient.unflatten(0, (-1, len(BASES))).unbind(dim=1)
        for u, base, part in zip(self.u, BASES, parts, strict=True):
            if self.decay and self.decoupled:
                u.data.mul_(1 - base * self.scale * self.decay)
            u.grad = as_taken(self.optimizer, part.contiguous())
        self.optimizer.step()


class RpropBatch:
    """Rprop, for which lr is the first step and nothing more: one tensor, the first steps written into its state."""

    def __init__(self, hparams: Hyperparameters, start: Tensor) -> None:
        self.lr = learning_rates()
        self.x = start.expand(len(self.lr), 2).clone().requires_grad_()
        self.optimizer = hparams.make([self.x])
        self.optimizer.state[self.x] = {
            "step": torch.tensor(0.0),
            "prev": torch.zeros_like(self.x.detach()),
            "step_size": self.lr[:, None].expand(-1, 2).clone(),
        }

    def points(self) -> Tensor:
        """Where each learning rate is, shape (rates, 2)."""
        return self.x.detach().clone()

    def step(self, gradient: Tensor) -> None:
        """One step of every learning rate, from the gradients at their points, shape (rates, 2)."""
        self.x.grad = gradient.clone()
        self.optimizer.step()


class GroupBatch:
    """Any other optimizer: a parameter group for each learning rate, of which there is one an octave."""

    def __init__(self, hparams: Hyperparameters, start: Tensor) -> None:
        self.lr = learning_rates()[:: len(BASES)]
        self.x = [start.clone().requires_grad_() for _ in self.lr]
        groups = [{"params": [x], "lr": lr} for x, lr in zip(self.x, self.lr.tolist(), strict=True)]
        self.optimizer = hparams.make(groups)

    def points(self) -> Tensor:
        """Where each learning rate is, shape (rates, 2)."""
        return torch.stack([x.detach() for x in self.x])

    def step(self, gradient: Tensor) -> None:
        """One step of every learning rate, from the gradients at their points, shape (rates, 2)."""
        for x, part in zip(self.x, gradient, strict=True):
            x.grad = part.clone()
        self.optimizer.step()


def seconds(hparams: Hyperparameters) -> float:
    """About how long a step of all learning rates takes, without their gradients."""
    groups = len(OCTAVES) if OPTIMIZERS[hparams.name].torch_name in NOT_SCALED else len(BASES)
    return OPTIMIZER * groups


LrBatch = ScaledBatch | RpropBatch | GroupBatch


def lr_batch(hparams: Hyperparameters, start: Tensor) -> LrBatch:
    """All learning rates of one optimizer from a start of shape (2,); its own lr does not count.

    LBFGS is none of these: it takes its gradients itself.
    """
    optimizer = OPTIMIZERS[hparams.name].torch_name
    kind = GroupBatch if optimizer in NOT_SCALED else RpropBatch if optimizer == "Rprop" else ScaledBatch
    return kind(hparams, start)
