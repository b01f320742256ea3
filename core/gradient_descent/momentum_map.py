"""Learning rate x momentum: 2,304 runs of `torch.optim.SGD` on one bowl, and the line that theory draws.

All are one optimizer (`core/momentum_grid.py`).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.cache import cached
from core.gradient_descent.bowl import STEEP
from core.gradient_descent.settings import MapSettings
from core.plane.momentum_map import run_grid
from core.plane.stability import limit

SIDE = 48
STEPS = 200
START = (-3.5, 2.0)
MOST_RATE = 4.4  # in units of 1/L; the limit at momentum 1 is 4


def rates() -> Tensor:
    """The learning rates of the columns, float64; none of them lies on a limit."""
    return (torch.arange(SIDE, dtype=torch.float64) + 0.5) * MOST_RATE / SIDE / STEEP


def momenta() -> Tensor:
    """The momenta of the rows, from 0 to 0.99."""
    return torch.linspace(0.0, 0.99, SIDE, dtype=torch.float64)


@dataclass(frozen=True, eq=False)
class MomentumMap:
    """The map.

    Attributes:
        loss: f after 200 steps, shape (momenta, rates); infinite or NaN where a run was lost.
        first: f at the start.
        line: the learning rate above which theory says that the run is thrown out, shape (momenta,).
        stays: whether theory says that a cell stays, shape (momenta, rates).
        came_down: whether the run ended lower than it began, same shape.
    """

    settings: MapSettings
    loss: Tensor
    first: float
    line: Tensor
    stays: Tensor
    came_down: Tensor

    @property
    def agreement(self) -> float:
        """The share of the cells in which theory and run say the same."""
        return (self.stays == self.came_down).double().mean().item()

    @property
    def best(self) -> tuple[int, int]:
        """Row and column of the lowest loss."""
        place = int(torch.where(torch.isfinite(self.loss), self.loss, torch.inf).argmin())
        return place // SIDE, place % SIDE


def run_cells(settings: MapSettings, steps: int = STEPS) -> Tensor:
    """Where every run is after some steps, shape (momenta, rates, 2), float64."""
    curvature = torch.tensor([STEEP / settings.condition, STEEP], dtype=torch.float64)

    def gradient(p: Tensor) -> Tensor:
        p = p.requires_grad_()
        return torch.autograd.grad((curvature * p**2 / 2).sum(), p)[0]

    start = torch.tensor(START, dtype=torch.float64)
    return run_grid(gradient, start, rates(), momenta().tolist(), steps, settings.nesterov)


@cached
def momentum_map(settings: MapSettings) -> MomentumMap:
    """All cells, 200 steps each; the cell that is looked at does not count."""
    p = run_cells(settings)
    curvature = torch.tensor([STEEP / settings.condition, STEEP], dtype=torch.float64)
    loss = (curvature * p**2 / 2).sum(dim=-1)
    first = (curvature * torch.tensor(START, dtype=torch.float64) ** 2 / 2).sum().item()
    line = torch.tensor([limit(STEEP, b, settings.nesterov) for b in momenta().tolist()], dtype=torch.float64)
    stays = rates()[None, :] < line[:, None]
    return MomentumMap(settings, loss, first, line, stays, loss < first)


@cached
def run_cell(settings: MapSettings) -> Tensor:
    """The path of the chosen cell, run by itself with its own lr: shape (201, 2), not finite where it was lost."""
    curvature = torch.tensor([STEEP / settings.condition, STEEP], dtype=torch.float64)
    p = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    b = momenta()[settings.row].item()
    lr = rates()[settings.column].item()
    optimizer = torch.optim.SGD([p], lr=lr, momentum=b, nesterov=settings.nesterov and b > 0)
    path = [p.detach().clone()]
    for _ in range(STEPS):
        optimizer.zero_grad()
        (curvature * p**2 / 2).sum().backward()
        optimizer.step()
        path.append(p.detach().clone())
    return torch.stack(path)
