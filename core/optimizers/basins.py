"""Which minimum an optimizer reaches from which start: 40,000 starts at once, as one tensor and one real optimizer.

All of these optimizers treat each coordinate by itself, so every start goes bit for bit where it would go alone.
Adafactor and LBFGS are left out: a step of theirs depends on the whole tensor.
"""

from collections import deque
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.optim.classes import as_taken
from core.optim.hyperparameters import Hyperparameters
from core.optim.known import PLANE_OPTIMIZERS
from core.optimizers.settings import SurfaceSettings
from core.plane.critical_points import CriticalPoint
from core.plane.derivatives import value_and_gradient
from core.plane.surfaces import SURFACES, Box, box_of, function_of, points_of
from core.settings import Choice, Integer, Real, Settings, ladder, parameter
from core.stepwise import Stepwise

SIDE = 200  # starts along each side of the box
MOST_STEPS = 300
WHOLE = ("Adafactor", "LBFGS")  # their step depends on the whole tensor
EACH = tuple(name for name in PLANE_OPTIMIZERS if name not in WHOLE)
UNDER_WAY, LEVEL, OUTSIDE, LOST, BOUNCING = -1, -2, -3, -4, -5  # states of a start that has reached no minimum
STAY = 5  # steps that a run must have been at a minimum: one that flies past has not arrived
WINDOW = 40  # steps, the last, by which bouncing is told; even, so that a way to and fro ends where it began
NOWHERE = 0.2  # a run bounces if it got no further in them than that share of its way
LASTING = 0.9  # and if the second half of the way is at least that share of the first: it does not calm down
COLORS = {"valley": "valley", "steps": "steps needed"}
REACH = 0.01  # of the box: nearer than that to a minimum, a run has arrived
APART = 0.3  # of the distance between two minima: their circles do not touch
BINS = 512  # of the table that says which minimum is near, along each side


@dataclass(frozen=True)
class BasinSettings(Settings):
    """The ground, who goes down, how fast and how long, and what the colours say.

    The ground is this view's own: its question needs several valleys, and the other views' first surface has one.
    """

    surface: str = parameter("himmelblau", Choice("Surface", {name: s.label for name, s in SURFACES.items()}))
    optimizer: str = parameter("Momentum", Choice("Optimizer", dict(zip(EACH, EACH, strict=True))))
    lr: float = parameter(0.01, Real("Learning rate lr", 1e-6, 100.0, ladder(-5, 1)))
    steps: int = parameter(200, Integer("Steps", 1, MOST_STEPS, (10, 20, 50, 100, 150, 200, 250, 300)))
    color: str = parameter("valley", Choice("Colour by", COLORS))


@dataclass(frozen=True, eq=False)
class Basins:
    """Where every start led.

    Attributes:
        minima: the minima in the box, the lowest first. radius: nearer than that, a run has arrived.
        state: for each start the number of its minimum, or UNDER_WAY, LEVEL, OUTSIDE, LOST, BOUNCING; shape (side,
            side), int16; rows from the lowest y up.
        since: the step from which on it was so, same shape, int16.
        steps: that were done.
    """

    surface: SurfaceSettings
    hparams: Hyperparameters
    box: Box
    minima: tuple[CriticalPoint, ...]
    radius: float
    state: Tensor
    since: Tensor
    steps: int

    def count(self, state: int) -> int:
        """Starts that ended so."""
        return int((self.state == state).sum())

    def mean_steps(self, state: int) -> float:
        """Steps that they needed on average; NaN where there is none."""
        return self.since[self.state == state].double().mean().item()

    @property
    def side(self) -> int:
        """Starts along each side of the box."""
        return len(self.state)


def starts(box: Box, side: int = SIDE) -> Tensor:
    """The middles of all cells, shape (side², 2), float64: x changes first, from the lowest y up."""
    share = (torch.arange(side, dtype=torch.float64) + 0.5) / side
    y, x = torch.meshgrid(box[2] + share * (box[3] - box[2]), box[0] + share * (box[1] - box[0]), indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], dim=1)


def minima_of(surface: SurfaceSettings) -> tuple[CriticalPoint, ...]:
    """Every minimum in the box, a cusp included, the lowest first."""
    return tuple(point for point in points_of(surface.surface, surface.text) if point.kind in ("minimum", "cusp"))


def radius_of(box: Box, minima: tuple[CriticalPoint, ...]) -> float:
    """How near to a minimum counts as arrived: 1 % of the box, and less where two minima are close to each other."""
    reach = REACH * max(box[1] - box[0], box[3] - box[2])
    if len(minima) < 2:
        return reach
    places = torch.tensor([(point.x, point.y) for point in minima], dtype=torch.float64)
    return min(reach, APART * torch.pdist(places).min().item())


class Nearby:
    """Says of many places at once at which of some points they are.

    A table of BINS x BINS squares holds for each the one point whose circle touches it, so that one distance a place
    is enough, however many points there are.
    """

    def __init__(self, box: Box, points: tuple[CriticalPoint, ...], radius: float) -> None:
        self.low, self.scale = (box[0], box[2]), (BINS / (box[1] - box[0]), BINS / (box[3] - box[2]))
        self.table = torch.zeros(BINS, BINS, dtype=torch.long)
        self.x = torch.tensor([torch.inf, *(point.x for point in points)], dtype=torch.float64)  # 0: none is near
        self.y = torch.tensor([torch.inf, *(point.y for point in points)], dtype=torch.float64)
        self.squared = radius**2
        for number, point in enumerate(points, start=1):
            rows, columns = (
                slice(max(0, int((place - radius - low) * scale)), int((place + radius - low) * scale) + 1)
                for place, low, scale in zip((point.y, point.x), self.low[::-1], self.scale[::-1], strict=True)
            )
            self.table[rows, columns] = number

    def __call__(self, x: Tensor, y: Tensor) -> Tensor:
        """The number of the point within the radius, or -1; shape (n,), int64."""
        column = ((x - self.low[0]) * self.scale[0]).long().clamp_(0, BINS - 1)
        row = ((y - self.low[1]) * self.scale[1]).long().clamp_(0, BINS - 1)
        found = self.table.view(-1)[row.mul_(BINS).add_(column)]
        near = (x - self.x[found]).square_().add_((y - self.y[found]).square_()) <= self.squared
        return found.sub_(1).masked_fill_(~near, -1)


class BasinWork(Stepwise):
    """All starts while they go down."""

    def __init__(self, surface: SurfaceSettings, hparams: Hyperparameters, steps: int, side: int = SIDE) -> None:
        self.surface, self.hparams, self.total_updates, self.side = surface, hparams, steps, side
        self.function, self.box = function_of(surface.surface, surface.text), box_of(surface.surface, surface.text)
        self.minima = minima_of(surface)
        self.radius = radius_of(self.box, self.minima)
        self.nearby = Nearby(self.box, self.minima, self.radius)
        self.points = starts(self.box, side).flatten().requires_grad_()
        self.optimizer = hparams.make([self.points])
        self.state = torch.full((side**2,), UNDER_WAY)
        self.since = torch.zeros(side**2, dtype=torch.long)
        self.trail: deque[Tensor] = deque(maxlen=WINDOW + 1)
        self._look()

    def _step(self) -> None:
        self.points.grad = as_taken(self.optimizer, self.gradient)
        self.optimizer.step()

    def _look(self) -> None:
        """Gradient and state of all starts where they are now. Who is lost once, stays lost."""
        places = self.points.detach().view(-1, 2)
        values, gradient = value_and_gradient(self.function, places)
        x_low, x_high, y_low, y_high = self.box
        x, y = places.T.contiguous()
        slope_x, slope_y = gradient.T.contiguous()
        inside = (x >= x_low).logical_and_(x <= x_high).logical_and_(y >= y_low).logical_and_(y <= y_high)
        zero = (values * 0).add_(x * 0).add_(y * 0).add_(slope_x * 0).add_(slope_y * 0)  # NaN if one is not finite
        state = self.nearby(x, y).masked_fill_(~inside, OUTSIDE)
        state.masked_fill_((zero != 0).logical_or_(self.state == LOST), LOST)
        self.since.masked_fill_(state != self.state, self.update)
        self.state, self.gradient = state, gradient.reshape(-1)
        self.trail.append(places.clone())

    def _bouncing(self) -> Tensor:
        """Who went to and fro in the last steps and does not calm down, shape (side²,)."""
        if len(self.trail) <= WINDOW:
            return torch.zeros_like(self.state, dtype=torch.bool)
        trail = list(self.trail)
        moves = [(after - before).norm(dim=1) for before, after in zip(trail, trail[1:], strict=False)]
        first, second = sum(moves[: WINDOW // 2]), sum(moves[WINDOW // 2 :])
        led = (trail[-1] - trail[0]).norm(dim=1)
        return (first > 0) & (led <= NOWHERE * (first + second)) & (second >= LASTING * first)

    def run(self) -> Basins:
        """What there is so far. Who flies past a minimum, bounces, or is on level ground is told apart."""
        passing = (self.state >= 0) & (self.since > self.update - STAY) & (self.since > 0)
        ended = self.state.masked_fill(passing, UNDER_WAY)
        level = tuple(
            point
            for point in points_of(self.surface.surface, self.surface.text)
            if point.kind not in ("minimum", "cusp")
        )
        under_way = ended == UNDER_WAY
        at_level = Nearby(self.box, level, self.radius)(*self.points.detach().view(-1, 2).T) >= 0
        at_level |= (self.gradient == 0).view(-1, 2).all(dim=1)  # a plain has no point that is marked
        ended = torch.where(under_way & self._bouncing(), BOUNCING, torch.where(under_way & at_level, LEVEL, ended))
        state = ended.to(torch.int16).reshape(self.side, self.side)
        since = self.since.to(torch.int16).reshape(self.side, self.side)
        return Basins(self.surface, self.hparams, self.box, self.minima, self.radius, state, since, self.update)


def basins(surface: SurfaceSettings, hparams: Hyperparameters, steps: int, side: int = SIDE) -> Basins:
    """The whole map at once, for those who need not watch it grow."""
    work = BasinWork(surface, hparams, steps, side)
    work.advance(steps)
    return work.run()


def hparams_of(hparams: Hyperparameters, settings: BasinSettings) -> Hyperparameters:
    """The optimizer with the learning rate of this view."""
    return replace(hparams, lr=settings.lr)
