"""Learning rate x momentum on any surface: 2,304 runs of `torch.optim.SGD`, and the line that theory draws.

Theory speaks of a bowl: a run stays while lr is below `limit`, with L the largest curvature. On another surface it
holds where that is a bowl, next to a minimum.

All runs are one optimizer with a parameter group for each momentum and base. Steps of SGD, with momentum and Nesterov
too, are lr times something that the gradients decide. So the learning rates of a group share a tensor u with x = s u, a
scale s for each rate, and SGD gets the gradient with respect to x: its step with lr = base is the step with lr = s base
on x. Scales that are powers of two round nothing, and then every cell is bit for bit the single run; other scales
differ from it in the last digits.
"""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import torch
from torch import Tensor

from core.cache import cached
from core.plane.derivatives import PlaneFunction, value_and_gradient
from core.plane.run import Run, record
from core.plane.stability import limit
from core.task import Task

SIDE = 48
MUCH = 43  # the row of much momentum, b = 0.906
STEPS = 200
GRID_STEP = 4e-3  # seconds that a step of all runs takes, about, without their gradients


def momenta() -> list[float]:
    """The momenta of the rows, from 0 to 0.99."""
    return torch.linspace(0.0, 0.99, SIDE, dtype=torch.float64).tolist()


@dataclass(frozen=True)
class MapPlan:
    """What is run, and what theory needs to know.

    Attributes:
        scales, bases: the learning rates of the columns are each scale times each base.
        nesterov: for every momentum but 0, for which SGD has no Nesterov.
        curvature: L, the largest at the minimum that theory speaks of; None if there is none, and so no limit.
        lowest: f at the lowest minimum; None if none is known.
    """

    function: PlaneFunction
    start: tuple[float, float]
    scales: tuple[float, ...]
    nesterov: bool
    curvature: float | None
    lowest: float | None
    bases: tuple[float, ...] = (1.0,)

    @property
    def lr(self) -> Tensor:
        """The learning rates of the columns, shape (columns,), float64."""
        scales, bases = (torch.tensor(part, dtype=torch.float64) for part in (self.scales, self.bases))
        return (scales[:, None] * bases).flatten()

    @property
    def floor(self) -> float:
        """What is lower is below every minimum, by more than rounding; minus infinity if none is known."""
        return -math.inf if self.lowest is None else self.lowest - 1e-9 * (1 + abs(self.lowest))


@dataclass(frozen=True, eq=False)
class MomentumMap:
    """The map, row by row in momentum and column by column in lr.

    Attributes:
        loss: f after 200 steps, shape (momenta, rates); NaN where a number was not finite at any step.
        end: the points, shape (momenta, rates, 2). first: f at the start.
    """

    plan: MapPlan
    loss: Tensor
    end: Tensor
    first: float

    @property
    def line(self) -> Tensor:
        """Theory's largest lr for each momentum, shape (momenta,); NaN without a minimum."""
        curvature, nesterov = self.plan.curvature, self.plan.nesterov
        most = [math.nan if curvature is None else limit(curvature, b, nesterov) for b in momenta()]
        return torch.tensor(most, dtype=torch.float64)

    @property
    def stays(self) -> Tensor:
        """Whether theory says that a cell stays, shape (momenta, rates)."""
        return self.plan.lr < self.line[:, None]

    @property
    def came_down(self) -> Tensor:
        """Whether a run ended lower than it began."""
        return self.loss < self.first

    @property
    def fell(self) -> Tensor:
        """Whether a run ended below every minimum: that is no stability."""
        return self.loss < self.plan.floor

    @property
    def kept(self) -> Tensor:
        """Which runs ended lower than they began, but not below every minimum."""
        return self.came_down & ~self.fell

    def largest_kept(self, row: int) -> float | None:
        """The largest lr of a row whose run is kept; None if none is."""
        return max(self.plan.lr[self.kept[row]].tolist(), default=None)

    @property
    def border_moves(self) -> str | None:
        """Where much momentum has it, compared with none: "larger", "same" or "smaller"; None where one has none."""
        without, much = self.largest_kept(0), self.largest_kept(MUCH)
        if without is None or much is None:
            return None
        return "same" if much == without else "larger" if much > without else "smaller"

    @cached_property
    def agreeing(self) -> int:
        """The number of cells in which theory and run say the same."""
        return int((self.stays == self.kept).sum())

    @cached_property
    def best(self) -> tuple[int, int] | None:
        """Column and row of the lowest loss, the first of equals; None if all runs diverged."""
        if bool(self.loss.isnan().all()):
            return None
        row, column = divmod(int(self.loss.nan_to_num(nan=math.inf).argmin()), self.loss.shape[1])
        return column, row

    @cached_property
    def n_best(self) -> int:
        """How many runs have the lowest loss; 0 if all diverged."""
        return int((self.loss == self.loss.nan_to_num(nan=math.inf).min()).sum())


class Grid:
    """Every run, step by step, with the learning rates and momenta of a plan."""

    def __init__(self, plan: MapPlan) -> None:
        self.scale = torch.tensor(plan.scales, dtype=torch.float64)[:, None, None]
        start = torch.tensor(plan.start, dtype=torch.float64)
        self.u = (start / self.scale).expand(SIDE, len(plan.scales), len(plan.bases), 2).clone()
        # The parts share u's memory.
        self.parts = [row[:, j].detach().requires_grad_() for row in self.u for j in range(len(plan.bases))]
        groups = [
            {"params": [part], "lr": base, "momentum": b, "nesterov": plan.nesterov and b > 0}
            for part, (b, base) in zip(self.parts, product(momenta(), plan.bases), strict=True)
        ]
        # On the CPU it is one by one anyhow, but each group would ask anew.
        self.optimizer = torch.optim.SGD(groups, lr=1.0, foreach=False)

    def points(self) -> Tensor:
        """Where every run is, shape (momenta, rates, 2)."""
        return (self.u * self.scale).flatten(1, 2)

    def step(self, gradients: Tensor) -> None:
        """One step of every run, from the gradients at their points, shape (momenta x rates, 2), row after row."""
        gradients = gradients.reshape(self.u.shape).transpose(1, 2).flatten(0, 1)
        for part, gradient in zip(self.parts, gradients.unbind(), strict=True):
            part.grad = gradient
        self.optimizer.step()


class MomentumMapTask(Task):
    """All cells while they go down.

    Args:
        key: stands for the plan, which is made at the first step.
        seconds: about how long the gradients of all runs take, once.
    """

    total = STEPS

    def __init__(self, key: Hashable, plan: Callable[[], MapPlan], seconds: float = 0.0) -> None:
        self.key, self.make_plan = key, plan
        self.cost = STEPS * (GRID_STEP + seconds)

    def begin(self) -> None:
        """Every run at the start."""
        self.plan = self.make_plan()
        self.grid = Grid(self.plan)
        self.finite = torch.ones(SIDE * len(self.plan.lr), dtype=torch.bool)
        self._look()
        self.first = self.loss[0].item()

    def advance(self) -> None:
        """One step of every run."""
        self.grid.step(self.gradient)
        self._look()

    def _look(self) -> None:
        """Loss and gradient of all runs where they are now. What was not finite once stays diverged."""
        points = self.grid.points().flatten(0, 1)
        self.loss, self.gradient = value_and_gradient(self.plan.function, points)
        self.finite &= torch.isfinite(torch.cat([points, self.loss[:, None], self.gradient], dim=1)).all(dim=1)

    def result(self) -> MomentumMap:
        """What there is so far."""
        loss = torch.where(self.finite, self.loss, torch.nan).unflatten(0, (SIDE, -1))
        return MomentumMap(self.plan, loss, self.grid.points(), self.first)


@cached
def cell_run(plan: MapPlan, column: int, row: int) -> Run:
    """One cell by itself, every step kept."""
    lr, b = plan.lr[column].item(), momenta()[row]
    nesterov = plan.nesterov and b > 0
    return record(lambda p: plan.function(p[0], p[1]), plan.start, STEPS, lr=lr, momentum=b, nesterov=nesterov)
