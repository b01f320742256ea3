"""Batch size x learning rate: a whole map of runs, those of one batch size trained as one batched network.

All learning rates share one real `torch.optim` optimizer with lr = 1. Each run's weights are x = s u, and the
optimizer moves u. SGD's step on u is s g, so x moves by s^2 g: s = sqrt(lr) makes it SGD with that lr. Adam,
RMSprop and Adagrad do not feel the scale of a gradient (but for eps), so x moves by s times their unit step:
s = lr. AdamW is Adam after x <- (1 - lr * weight_decay) x.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
import torch.nn as nn
from torch import Generator, Tensor

from core.settings import Integer, Settings, parameter
from core.training_loop.data import NumberSumDataset, loader, split, take
from core.training_loop.model import MLP, copy_weights
from core.training_loop.settings import TrainingLoopSettings, updates_per_epoch

BATCH_SIZES = (20, 50, 100, 200, 500, 1000, 5000)
LEARNING_RATES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1)
AT_ONCE = 1000  # samples that are evaluated at once, which bounds the memory of many hidden units times many runs
ADAMW_DECAY = 0.01  # torch's default weight_decay


@dataclass(frozen=True)
class SweepSettings(Settings):
    """What the map needs besides the loop's own settings."""

    num_epochs: int = parameter(2, Integer("Epochs of each run in the map", 1, 5))


@dataclass(frozen=True)
class SweepMap:
    """Mean squared error on the training set after the last epoch, shape (batch sizes, learning rates)."""

    settings: TrainingLoopSettings
    final_loss: Tensor

    @property
    def best(self) -> tuple[int, float, float]:
        """Batch size, learning rate and loss of the lowest cell."""
        losses = self.final_loss.nan_to_num(nan=torch.inf)
        row, column = divmod(int(losses.argmin()), len(LEARNING_RATES))
        return BATCH_SIZES[row], LEARNING_RATES[column], losses[row, column].item()


class Sweep:
    """The map in the making; `advance` it, then take its `run()`."""

    def __init__(self, settings: TrainingLoopSettings, sweep: SweepSettings) -> None:
        self.settings = settings
        self.num_epochs = sweep.num_epochs
        samples = NumberSumDataset(settings.data_range)
        self.samples = take(split(samples, settings)[0]) if settings.validation else samples
        self.per_epoch = {b: updates_per_epoch(_with_batch_size(settings, b), len(samples)) for b in BATCH_SIZES}
        self.total_updates = self.num_epochs * sum(self.per_epoch.values())
        self.update = 0
        self._rows: list[Tensor] = []
        self._work = self._all_updates()

    @property
    def finished(self) -> bool:
        return len(self._rows) == len(BATCH_SIZES)

    @property
    def progress(self) -> str:
        done = min(len(self._rows), len(BATCH_SIZES) - 1)
        return f"batch size {BATCH_SIZES[done]:,}: {len(LEARNING_RATES)} learning rates at once"

    def advance(self, updates: int) -> None:
        """Does up to that many batched updates more; each one updates all learning rates."""
        for _ in range(updates):
            if next(self._work, None) is None:
                return
            self.update += 1

    def run(self) -> SweepMap:
        return SweepMap(self.settings, torch.stack(self._rows))

    def _all_updates(self) -> Iterator[int]:
        for batch_size in BATCH_SIZES:
            runs = BatchedRuns(_with_batch_size(self.settings, batch_size), self.samples, LEARNING_RATES)
            last = self.num_epochs * len(runs.loader)
            batches = (batch for _ in range(self.num_epochs) for batch in runs.loader)
            for update, (features, targets) in enumerate(batches, start=1):
                runs.step(features, targets)
                if update == last:
                    self._rows.append(runs.losses(self.samples.features, self.samples.targets))
                yield batch_size


def _with_batch_size(settings: TrainingLoopSettings, batch_size: int) -> TrainingLoopSettings:
    # One epoch each: the map counts its epochs itself, and a long run's budget is not its budget.
    return replace(settings, batch_size=batch_size, num_epochs=1)


class BatchedRuns:
    """One network for each learning rate, trained side by side on the same batches from the same first weights."""

    def __init__(self, settings: TrainingLoopSettings, samples: NumberSumDataset, lrs: tuple[float, ...]) -> None:
        generator = Generator().manual_seed(settings.seed)
        first = copy_weights(MLP(2, settings.hidden, 1, generator))
        self.loader = loader(samples, settings, generator)
        self.lrs = torch.tensor(lrs)
        plain_sgd = settings.optimizer.startswith("SGD")
        scale = self.lrs.sqrt() if plain_sgd else self.lrs
        self.scales = {n: scale.reshape(-1, *[1] * w.dim()) for n, w in first.items()}
        self.scaled = {n: nn.Parameter(w[None] / self.scales[n]) for n, w in first.items()}
        self.decay = ADAMW_DECAY if settings.optimizer == "AdamW" else 0.0
        self.optimizer = _unit_optimizer(settings.optimizer, list(self.scaled.values()), self.lrs)

    def step(self, features: Tensor, targets: Tensor) -> None:
        """One update of every run: forward, losses, backward, step."""
        errors = self._predictions(features) - targets
        errors.square().mean(dim=(1, 2)).sum().backward()  # the runs do not touch, so the sum keeps them apart
        if self.decay:
            with torch.no_grad():
                for u in self.scaled.values():
                    u.mul_(1 - self.decay * self.lrs.reshape(-1, *[1] * (u.dim() - 1)))
        self.optimizer.step()
        self.optimizer.zero_grad()

    def losses(self, features: Tensor, targets: Tensor) -> Tensor:
        """Mean squared error of every run, shape (runs,)."""
        with torch.no_grad():
            parts = zip(features.split(AT_ONCE), targets.split(AT_ONCE), strict=True)
            sums = [(self._predictions(x) - t).square().sum(dim=(1, 2)) for x, t in parts]
            return torch.stack(sums).sum(dim=0) / len(features)

    def _predictions(self, features: Tensor) -> Tensor:
        """Shapes: (n, 2) -> (runs, n, 1)."""
        w = {name: self.scales[name] * u for name, u in self.scaled.items()}
        x = features.expand(len(self.lrs), -1, -1)
        hidden = torch.baddbmm(w["hidden_layer.bias"][:, None], x, w["hidden_layer.weight"].mT).relu_()
        return torch.baddbmm(w["output_layer.bias"][:, None], hidden, w["output_layer.weight"].mT)


def _unit_optimizer(name: str, weights: list[nn.Parameter], lrs: Tensor) -> torch.optim.Optimizer:
    """The real optimizer with lr 1; eps is scaled along with the gradients, to the middle of the learning rates."""
    middle = lrs.log().mean().exp().item()
    if name.startswith("SGD"):
        return torch.optim.SGD(weights, lr=1.0, momentum=0.9 if name == "SGD_momentum" else 0.0)
    if name in ("Adam", "AdamW"):
        return torch.optim.Adam(weights, lr=1.0, eps=1e-8 * middle)
    eps = {"RMSprop": 1e-8, "Adagrad": 1e-10}[name]
    return getattr(torch.optim, name)(weights, lr=1.0, eps=eps * middle)
