"""Many learning rates and momenta at once: one `torch.optim.SGD` with a parameter group for each momentum and base.

Steps of SGD, with momentum and Nesterov too, are lr times something that the gradients decide. So the learning rates of
a group share a tensor u with x = s u, a scale s for each rate, and SGD gets the gradient with respect to x: its step
with lr = base is the step with lr = s base on x. Scales that are powers of two round nothing, and then every cell is
bit for bit the single run; other scales differ from it in the last digits.
"""

from collections.abc import Callable, Sequence
from itertools import product

import torch
from torch import Tensor


def grid_rates(scales: Tensor, bases: Sequence[float] = (1.0,)) -> Tensor:
    """The learning rates of the columns: each scale times each base; shape (scales x bases,)."""
    return (scales[:, None] * torch.tensor(bases, dtype=scales.dtype)).flatten()


class Grid:
    """Every run, step by step.

    Args:
        start: shape (2,). scales: shape (s,); the rates are `grid_rates(scales, bases)`.
        nesterov: for every momentum but 0, for which SGD has no Nesterov.
    """

    def __init__(
        self, start: Tensor, scales: Tensor, momenta: Sequence[float], nesterov: bool, bases: Sequence[float] = (1.0,)
    ) -> None:
        self.scale = scales[:, None, None]
        self.u = (start / self.scale).expand(len(momenta), len(scales), len(bases), 2).clone()
        # The parts share u's memory.
        self.parts = [row[:, j].detach().requires_grad_() for row in self.u for j in range(len(bases))]
        groups = [
            {"params": [part], "lr": base, "momentum": b, "nesterov": nesterov and b > 0}
            for part, (b, base) in zip(self.parts, product(momenta, bases), strict=True)
        ]
        # On the CPU it is one by one anyhow, but each group would ask anew.
        self.optimizer = torch.optim.SGD(groups, lr=1.0, foreach=False)

    def places(self) -> Tensor:
        """Where every run is, shape (momenta, rates, 2); not finite where it was lost."""
        return (self.u * self.scale).flatten(1, 2)

    def step(self, slopes: Tensor) -> None:
        """One step of every run, from the gradients at their places, shape (momenta x rates, 2), row after row."""
        slopes = slopes.reshape(self.u.shape)
        for part, slope in zip(self.parts, slopes.transpose(1, 2).flatten(0, 1).unbind(), strict=True):
            part.grad = slope
        self.optimizer.step()


def run_grid(
    gradient: Callable[[Tensor], Tensor],
    start: Tensor,
    scales: Tensor,
    momenta: Sequence[float],
    steps: int,
    nesterov: bool = False,
    bases: Sequence[float] = (1.0,),
) -> Tensor:
    """Where every run is after some steps, shape (momenta, rates, 2); not finite where it was lost.

    Args:
        gradient: from places of shape (momenta x rates, 2), row after row, to the gradients there.
        start: shape (2,). scales: shape (s,); the rates are `grid_rates(scales, bases)`.
        nesterov: for every momentum but 0, for which SGD has no Nesterov.
    """
    grid = Grid(start, scales, momenta, nesterov, bases)
    for _ in range(steps):
        grid.step(gradient(grid.places().flatten(0, 1)))
    return grid.places()
