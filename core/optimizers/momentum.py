"""Learning rate x momentum on a real surface: 2,304 runs of `torch.optim.SGD`, and the line that theory draws.

Theory speaks of a bowl: the run stays while lr L < 2 (1 + b), with Nesterov lr L < (2 + 2b)/(1 + 2b). On a surface it
holds where the surface is a bowl, next to a minimum, with the largest curvature L there. Between the start and the
minimum the ground may be steeper, and a run that is thrown out of one valley may come to rest in another.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.cache import cached
from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.race import Run, race
from core.optimizers.settings import SurfaceSettings
from core.plane.critical_points import CriticalPoint
from core.plane.derivatives import hessians, value_and_gradient
from core.plane.momentum_map import Grid, grid_rates
from core.plane.stability import best_momentum, factor, limit
from core.plane.surfaces import box_of, function_of, lowest_of, points_of
from core.settings import Integer, Settings, Switch, parameter
from core.stepwise import Stepwise

SIDE = 48
STEPS = 200
OCTAVES = 8  # of learning rates; 2/L lies at two thirds of them
BELOW = 5
BASES = tuple(2 ** ((i + 0.5) / 6) for i in range(6))
NEAR = 0.02  # of the box: a run that ends nearer than that to a minimum ended there
TOO_FLAT, TOO_STEEP = 2.0**-12, 2.0**24  # curvatures beyond which the map is not moved


@dataclass(frozen=True)
class StabilitySettings(Settings):
    """The kind of momentum, and the cell (its column and its row) that the reader looks at."""

    nesterov: bool = parameter(False, Switch("Nesterov", help="Momentum that looks ahead."))
    column: int = parameter(21, Integer("Learning rate lr of the cell", 0, SIDE - 1))
    row: int = parameter(38, Integer("Momentum b of the cell", 0, SIDE - 1))


@dataclass(frozen=True, eq=False)
class StabilityMap:
    """The map.

    Attributes:
        minimum: the one nearest to the start, from which theory's L comes; None if the surface has none, and then
            theory says nothing.
        curvature: L; without a minimum the largest at the start, which places the columns only; 0 if there is none.
        curvature: the largest curvature at the start.
        lr: of the columns, shape (48,). loss: f after 200 steps, shape (momenta, rates). end: places, (..., 2).
            A run is lost, its loss NaN, from the first number on that is not finite.
        first: f at the start. lowest: the lowest minimum, None if there is none or a run got below it.
        line: theory's largest lr for each momentum, shape (momenta,); NaN without a minimum.
        stays: whether theory says that a cell stays, shape (momenta, rates).
        came_down: whether the run ended lower than it began. fell: whether it ended below every minimum.
        at_home: whether it ended at the minimum.
    """

    surface: SurfaceSettings
    nesterov: bool
    minimum: CriticalPoint | None
    curvature: float
    curvature: float
    lr: Tensor
    loss: Tensor
    end: Tensor
    first: float
    lowest: float | None
    line: Tensor
    stays: Tensor
    came_down: Tensor
    fell: Tensor
    at_home: Tensor

    @property
    def agreement(self) -> float:
        """The share of the cells in which theory and run say the same."""
        return (self.stays == self.kept).double().mean().item()

    @property
    def kept(self) -> Tensor:
        """Which runs ended lower than they began, but not below every minimum: that would be no stability."""
        return self.came_down & ~self.fell

    @property
    def lost(self) -> Tensor:
        """Which runs have no finite loss."""
        return ~torch.isfinite(self.loss)

    @property
    def best(self) -> tuple[int, int] | None:
        """Row and column of the lowest loss; None if all are lost."""
        if bool(self.diverged.all()):
            return None
        place = int(torch.where(self.diverged, torch.inf, self.loss).argmin())
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


def curvature_of(surface: SurfaceSettings) -> tuple[float, float]:
    """The curvature that places the columns, and the largest one at the start."""
    start = torch.tensor([[surface.x, surface.y]], dtype=torch.float64)
    curvature = _largest(hessians(function_of(surface.surface, surface.text), start))[0].item()
    minimum = nearest_minimum(surface)
    return minimum.curvatures[1] if minimum else max(curvature, 0.0) if math.isfinite(curvature) else 0.0, curvature


def columns(surface: SurfaceSettings) -> Tensor:
    """The learning rates of the columns, shape (48,)."""
    return grid_rates(scales_for(curvature_of(surface)[0]), BASES)


class StabilityWork(Stepwise):
    """All cells while they go down.

    Raises:
        ExpressionError: if the typed function is none.
    """

    def __init__(self, surface: SurfaceSettings, nesterov: bool) -> None:
        self.surface, self.nesterov, self.total_updates = surface, nesterov, STEPS
        self.function = function_of(surface.surface, surface.text)
        self.start = torch.tensor([surface.x, surface.y], dtype=torch.float64)
        self.curvature, self.curvature = curvature_of(surface)
        scales = scales_for(self.curvature)
        self.lr = grid_rates(scales, BASES)
        self.grid = Grid(self.start, scales, momenta(), nesterov, BASES)
        self.alive = torch.ones(SIDE * SIDE, dtype=torch.bool)
        self._look()

    def _step(self) -> None:
        self.grid.step(self.slope)

    def _look(self) -> None:
        """Loss and gradient of all runs where they are now. Who is lost once, stays lost."""
        places = self.grid.places().flatten(0, 1)
        self.loss, self.slope = value_and_gradient(self.function, places)
        self.alive &= torch.isfinite(torch.cat([places, self.loss[:, None], self.slope], dim=1)).all(dim=1)

    def run(self) -> StabilityMap:
        """What there is so far."""
        surface, minimum, end = self.surface, nearest_minimum(self.surface), self.grid.places()
        loss = torch.where(self.alive, self.loss, torch.nan).unflatten(0, (SIDE, SIDE))
        first, lr = value_and_gradient(self.function, self.start[None])[0].item(), self.lr
        limits = [limit(self.curvature, b, self.nesterov) if minimum else math.nan for b in momenta()]
        line, least = torch.tensor(limits, dtype=torch.float64), floor_of(surface)
        fell = loss < least if least is not None else torch.zeros_like(loss, dtype=torch.bool)
        known = lowest_of(surface.surface, surface.text)
        return StabilityMap(
            surface,
            self.nesterov,
            minimum,
            self.curvature,
            self.curvature,
            lr,
            loss,
            end,
            first,
            known[0].value if known and not bool(fell.any()) else None,
            line,
            lr[None, :] < line[:, None],
            loss < first,
            fell,
            _near(end, minimum, surface) if minimum else torch.zeros_like(loss, dtype=torch.bool),
        )


def floor_of(surface: SurfaceSettings) -> float | None:
    """What is lower is below every minimum of the picture; None if it has none."""
    known = lowest_of(surface.surface, surface.text)
    return known[0].value - 1e-9 * (1 + abs(known[0].value)) if known else None


@cached
def stability_map(surface: SurfaceSettings, nesterov: bool) -> StabilityMap:
    """All cells, 200 steps each, at once.

    Raises:
        ExpressionError: if the typed function is none.
    """
    work = StabilityWork(surface, nesterov)
    work.advance(STEPS)
    return work.run()


def left(found: StabilityMap) -> Tensor:
    """Which runs are lost or ended outside of the picture, shape (momenta, rates)."""
    low_x, high_x, low_y, high_y = box_of(found.surface.surface, found.surface.text)
    x, y = found.end.unbind(dim=-1)
    return found.diverged | ~((x >= low_x) & (x <= high_x) & (y >= low_y) & (y <= high_y))


@dataclass(frozen=True)
class BowlTheory:
    """What theory says of one cell on the bowl at a minimum.

    Attributes:
        best: learning rate, momentum and factor a step that shrink fastest, by the heavy ball.
        factor: what each step makes of the distance in the long run.
        swings: in how many of the two directions the roots are complex, where each shrinks by the root of b.
    """

    best: tuple[float, float, float]
    factor: float
    swings: int


def bowl_theory(found: StabilityMap, lr: float, b: float) -> BowlTheory | None:
    """None without a minimum that bends up in all directions."""
    if found.minimum is None or not found.minimum.curvatures[0] > 0:
        return None
    low, high = found.minimum.curvatures
    factors = [factor(h, lr, b, found.nesterov) for h in (low, high)]
    # Real or complex: the sign of trace^2 - 4 determinant of the matrix in core/gradient_descent/stability.py.
    shares = [(1 + b) * (1 - lr * h) if found.nesterov else 1 + b - lr * h for h in (low, high)]
    products = [b * (1 - lr * h) if found.nesterov else b for h in (low, high)]
    swings = sum(trace**2 < 4 * product for trace, product in zip(shares, products, strict=True))
    return BowlTheory(best_momentum(low, high), max(factors), swings)


def cell_run(surface: SurfaceSettings, nesterov: bool, lr: float, b: float) -> Run:
    """One cell by itself, every step kept."""
    hparams = hyperparameters_of("Momentum")(lr=lr, momentum=b, nesterov=nesterov and b > 0)
    return race(surface, (hparams,), STEPS).runs[0]


def too_steep(run: Run, function: object, lr: float, b: float, nesterov: bool) -> tuple[int, float] | None:
    """The first step at which a run stands on ground too steep for its lr, and the curvature there; None if never."""
    curvatures = _largest(hessians(function, run.path))
    over = (curvatures > limit(1.0, b, nesterov) / lr).nonzero()
    return (int(over[0]), curvatures[over[0]].item()) if len(over) else None


def _largest(hessian: Tensor) -> Tensor:
    """The larger eigenvalue of each symmetric 2 x 2 matrix; NaN where an hparams is not finite."""
    a, b, d = hessian[:, 0, 0], hessian[:, 0, 1], hessian[:, 1, 1]
    return (a + d) / 2 + ((a - d) ** 2 / 4 + b * b).sqrt()


def elsewhere(found: StabilityMap) -> list[tuple[CriticalPoint, int]]:
    """The other minima at which runs above the line ended, with how many; the most first."""
    above = ~found.stays & found.kept
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
