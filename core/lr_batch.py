"""Many learning rates at once: one network for each, trained side by side as one batched program.

All of them share one real `torch.optim` optimizer with lr = 1. It moves a tensor u that stands at zero and gets the
gradients of all networks; afterwards u is the step for lr = 1, so each network's weights move by lr u, and u goes back
to zero. This is exact for every rule that does not look at the weights themselves; AdamW's decay, which does, comes
first: x <- (1 - lr weight_decay) x.
"""

from collections.abc import Callable

import torch
import torch.nn as nn
from torch import Tensor
from torch.optim import Optimizer

from core.nn import Weights

AT_ONCE = 1000  # samples at once, which bounds the memory of many hidden units times many networks


class LrBatch:
    """Networks with one hidden layer, one for each learning rate, from the same first weights.

    Args:
        first: the weights of an `MLP` with one hidden layer and mean squared error as its loss.
        make_optimizer: gives the optimizer of some parameters, with lr = 1.
    """

    def __init__(
        self,
        first: Weights,
        lrs: tuple[float, ...],
        make_optimizer: Callable[[list[nn.Parameter]], Optimizer],
        weight_decay: float = 0.0,
    ) -> None:
        self.lrs = torch.tensor(lrs, dtype=first["output_layer.bias"].dtype)
        self.weights = {n: w.detach().repeat(len(lrs), *[1] * w.dim()).requires_grad_() for n, w in first.items()}
        self.rates = {n: self.lrs.reshape(-1, *[1] * (w.dim() - 1)) for n, w in self.weights.items()}
        self.units = {n: nn.Parameter(torch.zeros_like(w)) for n, w in self.weights.items()}
        self.weight_decay = weight_decay
        self.optimizer = make_optimizer(list(self.units.values()))

    def step(self, X: Tensor, y: Tensor) -> None:
        """One update of every network: forward, losses, backward, step."""
        for x, t in zip(X.split(AT_ONCE), y.split(AT_ONCE), strict=True):
            errors = self.predictions(x) - t
            (errors.square().sum() / y.numel()).backward()  # the networks do not touch, so the sum keeps them apart
        for name, u in self.units.items():
            u.grad = self.weights[name].grad
        self.optimizer.step()
        with torch.no_grad():
            for name, x in self.weights.items():
                if self.weight_decay:
                    x.mul_(1 - self.weight_decay * self.rates[name])
                x.addcmul_(self.rates[name], self.units[name])
                self.units[name].zero_()
                x.grad = None

    def losses(self, X: Tensor, y: Tensor) -> Tensor:
        """Mean squared error of every network, shape (networks,)."""
        with torch.no_grad():
            parts = zip(X.split(AT_ONCE), y.split(AT_ONCE), strict=True)
            return sum((self.predictions(x) - t).square().sum(dim=(1, 2)) for x, t in parts) / len(X)

    def predictions(self, X: Tensor) -> Tensor:
        """Shapes: (n, inputs) -> (networks, n, outputs)."""
        w = self.weights
        x = X.expand(len(self.lrs), -1, -1)
        hidden = torch.baddbmm(w["hidden_layer.bias"][:, None], x, w["hidden_layer.weight"].mT).relu_()
        return torch.baddbmm(w["output_layer.bias"][:, None], hidden, w["output_layer.weight"].mT)
