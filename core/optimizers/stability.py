"""Learning rate x momentum on a real surface: 2,304 runs of `torch.optim.SGD`, and the line that theory draws.

Theory speaks of a bowl: the run stays while lr L < 2 (1 + b), with Nesterov lr L < (2 + 2b)/(1 + 2b). On a surface it
holds where the surface is a bowl, next to a minimum, with the largest curvature L there. Between the start and the
minimum the ground may be steeper, and a run that is thrown out of one valley may come to rest in another.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from core.derivatives import hessians, value_and_gradient
from core.gradient_descent.stability import limit
from core.momentum_grid import grid_rates, run_grid
from core.optimizers.critical import CriticalPoint
from core.optimizers.hyperparameters import hyperparameters_of
from core.optimizers.race import Run, race
from core.optimizers.settings import SurfaceSettings
from core.optimizers.surfaces import box_of, function_of, lowest_of, points_of
from core.settings import Integer, Settings, Switch, parameter

SIDE = 48
STEPS = 200
OCTAVES = 8  # of learning rates; 2/L lies at two thirds of them
BELOW = 5
BASES = tuple(2 ** ((i + 0.5) / 6) for i in range(6))
NEAR = 0.02  # of the box: a run that ends nearer than that to a minimum has come to rest there
TOO_FLAT, TOO_STEEP = 2.0**-12, 2.0**24  # curvatures beyond which the map is not moved


@dataclass(frozen=True)
class StabilitySettings(Settings):
    """The kind of momentum, and the cell that the reader looks at."""

    nesterov: bool = parameter(False, Switch("Nesterov", help="Momentum that looks ahead."))
    column: int = parameter(21, Integer("Cell: learning rate", 0, SIDE - 1, unit="column"))
    row: int = parameter(38, Integer("Cell: momentum", 0, SIDE - 1, unit="row"))


@dataclass(frozen=True, eq=False)
class StabilityMap:
    """The map.

    Attributes:
        minimum: the one nearest to the start, from which theory's L comes; None if the surface has none.
        curvature: L; without a minimum the largest at the start; 0 if the ground bends up nowhere there.
        bend: the largest curvature at the start.
        lr: of the columns, shape (48,). loss: f after 200 steps, shape (momenta, rates). end: places, (..., 2).
            A run is lost, its loss NaN, from the first number on that is not finite.
        first: f at the start. lowest: the lowest minimum, None if there is none or a run got below it.
        line: theory's largest lr for each momentum, shape (momenta,).
        stays: whether theory says that a cell stays, shape (momenta, rates).
        came_down: whether the run ended lower than it began. at_home: whether it came to rest at the minimum.
    """

    surface: SurfaceSettings
    nesterov: bool
    minimum: CriticalPoint | None
    curvature: float
    bend: float
    lr: Tensor
    loss: Tensor
    end: Tensor
    first: float
    lowest: float | None
    line: Tensor
    stays: Tensor
    came_down: Tensor
    at_home: Tensor

    @property
    def agreement(self) -> float:
        """The share of the cells in which theory and run say the same."""
        return (self.stays == self.came_down).double().mean().item()

    @property
    def lost(self) -> Tensor:
        """Which runs have no finite loss."""
        return ~torch.isfinite(self.loss)

    @property
    def best(self) -> tuple[int, int] | None:
        """Row and column of the lowest loss; None if all are lost."""
        if bool(self.lost.all()):
            return None
        place = int(torch.where(self.lost, torch.inf, self.loss).argmin())
        return place // SIDE, place % SIDE


def momenta() -> list[float]:
    """The momenta of the rows, from 0 to 0.99."""
    return torch.linspace(0.0, 0.99, SIDE, dtype=torch.float64).tolist()


def scales_for(curvature: float) -> Tensor:
    """Powers of two that put 2/L at two thirds of the columns; shape (8,)."""
    known = min(max(curvature, TOO_FLAT), TOO_STEEP) if curvature > 0 else 1.0
    lowest = round(math.log2(2 / known)) - BELOW
    return torch.tensor([2.0 ** (lowest + i) for i in range(OCTAVES)], dtype=torch.float64)


def nearest_minimum(surface: SurfaceSettings) -> CriticalPoint | None:
    """The minimum next to the start at which there are second derivatives; None if there is none."""
    minima = [point for point in points_of(surface.surface, surface.text) if point.kind == "minimum"]
    return min(minima, key=lambda point: math.hypot(point.x - surface.x, point.y - surface.y), default=None)


@lru_cache(maxsize=16)
def stability_map(surface: SurfaceSettings, nesterov: bool) -> StabilityMap:
    """All cells, 200 steps each.

    Raises:
        ExpressionError: if the typed function is none.
    """
    function = function_of(surface.surface, surface.text)
    start = torch.tensor([surface.x, surface.y], dtype=torch.float64)
    minimum, bend = nearest_minimum(surface), _largest(hessians(function, start[None]))[0].item()
    curvature = minimum.bends[1] if minimum else max(bend, 0.0) if math.isfinite(bend) else 0.0
    scales = scales_for(curvature)
    alive = torch.ones(SIDE * SIDE, dtype=torch.bool)

    def gradient(p: Tensor) -> Tensor:
        value, slope = value_and_gradient(function, p)
        alive.logical_and_(torch.isfinite(value) & torch.isfinite(slope).all(dim=1))
        return slope

    end = run_grid(gradient, start, scales, momenta(), STEPS, nesterov, BASES)
    loss, slope = value_and_gradient(function, end.flatten(0, 1))
    alive &= torch.isfinite(torch.cat([end.flatten(0, 1), loss[:, None], slope], dim=1)).all(dim=1)
    loss = torch.where(alive, loss, torch.nan).unflatten(0, (SIDE, SIDE))
    first = value_and_gradient(function, start[None])[0].item()
    lr = grid_rates(scales, BASES)
    line = torch.tensor([limit(curvature, b, nesterov) for b in momenta()], dtype=torch.float64)
    known = lowest_of(surface.surface, surface.text)
    lowest = known[0].value if known else None
    if known and bool((loss < lowest - 1e-9 * (1 + abs(lowest))).any()):
        lowest = None
    at_home = _near(end, minimum, surface) if minimum else torch.zeros_like(loss, dtype=torch.bool)
    stays = lr[None, :] < line[:, None]
    return StabilityMap(
        surface, nesterov, minimum, curvature, bend, lr, loss, end, first, lowest, line, stays, loss < first, at_home
    )


def cell_run(surface: SurfaceSettings, nesterov: bool, lr: float, b: float) -> Run:
    """One cell by itself, every step kept."""
    entry = hyperparameters_of("Momentum")(lr=lr, momentum=b, nesterov=nesterov and b > 0)
    return race(surface, (entry,), STEPS).runs[0]


def too_steep(run: Run, function: object, lr: float, b: float, nesterov: bool) -> tuple[int, float] | None:
    """The first step at which a run stands on ground too steep for its lr, and the curvature there; None if never."""
    bends = _largest(hessians(function, run.path))
    over = (bends > limit(1.0, b, nesterov) / lr).nonzero()
    return (int(over[0]), bends[over[0]].item()) if len(over) else None


def _largest(hessian: Tensor) -> Tensor:
    """The larger eigenvalue of each symmetric 2 x 2 matrix; NaN where an entry is not finite."""
    a, b, d = hessian[:, 0, 0], hessian[:, 0, 1], hessian[:, 1, 1]
    return (a + d) / 2 + ((a - d) ** 2 / 4 + b * b).sqrt()


def elsewhere(found: StabilityMap) -> list[tuple[CriticalPoint, int]]:
    """The other minima in which runs above the line came to rest, with how many; the most first."""
    above = ~found.stays & found.came_down
    others = [
        point
        for point in points_of(found.surface.surface, found.surface.text)
        if point.kind in ("minimum", "cusp") and point != found.minimum
    ]
    counts = [(point, int((above & _near(found.end, point, found.surface)).sum())) for point in others]
    return sorted((pair for pair in counts if pair[1]), key=lambda pair: -pair[1])


def _near(end: Tensor, point: CriticalPoint, surface: SurfaceSettings) -> Tensor:
    low_x, high_x, low_y, high_y = box_of(surface.surface, surface.text)
    place = torch.tensor([point.x, point.y], dtype=torch.float64)
    return (end - place).norm(dim=-1) <= NEAR * max(high_x - low_x, high_y - low_y)
