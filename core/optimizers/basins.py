"""Which minimum an optimizer reaches from which start: 40,000 starts at once, as one tensor and one real optimizer.

    found = BasinTask(SurfaceSettings(surface="himmelblau"), hparams, 200).run()
    found.count(0)                                    # starts that reach the lowest minimum

All of these optimizers treat each coordinate by itself, so every start goes bit for bit where it would go alone.
Adafactor and LBFGS are left out: a step of theirs depends on the whole tensor.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.cache import cached
from core.optim.classes import as_taken
from core.optim.hyperparameters import Hyperparameters
from core.optim.known import PLANE_OPTIMIZERS
from core.optimizers.settings import SurfaceSettings
from core.plane.critical_points import CriticalPoint
from core.plane.derivatives import value_and_gradient
from core.plane.surfaces import SURFACES, Box, Surface
from core.settings import Choice, Integer, Real, Settings, ladder, parameter
from core.task import Task

SIDE = 200  # starts along each side of the box
MOST_STEPS = 300
WHOLE_TENSOR = ("Adafactor", "LBFGS")  # their step depends on the whole tensor
BY_COORDINATE = tuple(name for name in PLANE_OPTIMIZERS if name not in WHOLE_TENSOR)
MOVING, OUTSIDE, DIVERGED = -1, -2, -3  # states of a start that has reached no minimum; moving: it is in the box
STAY = 5  # steps that a run must have been at a minimum: one that flies past has not reached it
COLORS = {"valley": "valley", "steps": "steps needed"}
REACH = 0.01  # of the box: nearer than that to a minimum, a run is at it
APART = 0.3  # of the distance between two minima: their circles do not touch
START = 7e-8  # seconds that a step of one start takes, without its gradient
BINS = 512  # of the table that says which minimum is near, along each side


@dataclass(frozen=True)
class BasinSettings(Settings):
    """The surface, who goes down, how fast and how long, and what the colours say.

    The surface is this view's own: its question needs several valleys, and the other views' first surface has one.
    """

    surface: str = parameter("himmelblau", Choice("Surface", {name: s.label for name, s in SURFACES.items()}))
    optimizer: str = parameter("Momentum", Choice("Optimizer", {name: name for name in BY_COORDINATE}))
    lr: float = parameter(0.01, Real("Learning rate lr", 1e-6, 100.0, ladder(-5, 1)))
    steps: int = parameter(200, Integer("Steps", 1, MOST_STEPS, (10, 20, 50, 100, 150, 200, 250, 300)))
    color: str = parameter("valley", Choice("Colour by", COLORS))


@dataclass(frozen=True, eq=False)
class Basins:
    """Where every start led.

    Attributes:
        minima: the minima in the box, the lowest first. radius: nearer than that, a run is at one.
        state: for each start the number of the minimum that it has reached (`has_stayed`), or MOVING, OUTSIDE or
            DIVERGED; shape (side, side), int16; rows from the lowest y up.
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


def radius_of(shape: Surface) -> float:
    """How near is at a minimum: 1% of the box, and less where two minima are close to each other."""
    reach = REACH * shape.width
    if len(shape.minima) < 2:
        return reach
    points = torch.tensor([(point.x, point.y) for point in shape.minima], dtype=torch.float64)
    return min(reach, APART * torch.pdist(points).min().item())


def has_stayed(since: Tensor, done: int) -> Tensor:
    """Whether who came to a minimum at a step has reached it by step `done`: stayed STAY steps, or began there."""
    return (since <= done - STAY) | (since == 0)


class Nearby:
    """Says of many points at once at which minimum they are.

    A table of BINS x BINS squares holds for each the one minimum whose circle touches it, so that one distance a point
    is enough, however many minima there are.
    """

    def __init__(self, box: Box, minima: tuple[CriticalPoint, ...], radius: float) -> None:
        self.low, self.scale = (box[0], box[2]), (BINS / (box[1] - box[0]), BINS / (box[3] - box[2]))
        self.table = torch.zeros(BINS, BINS, dtype=torch.long)
        self.x = torch.tensor([torch.inf, *(point.x for point in minima)], dtype=torch.float64)  # 0: none is near
        self.y = torch.tensor([torch.inf, *(point.y for point in minima)], dtype=torch.float64)
        self.squared = radius**2
        for number, point in enumerate(minima, start=1):
            rows, columns = (
                slice(max(0, int((middle - radius - low) * scale)), int((middle + radius - low) * scale) + 1)
                for middle, low, scale in zip((point.y, point.x), self.low[::-1], self.scale[::-1], strict=True)
            )
            self.table[rows, columns] = number

    def __call__(self, x: Tensor, y: Tensor) -> Tensor:
        """The number of the minimum within the radius, or -1; shape (n,), int64."""
        column = ((x - self.low[0]) * self.scale[0]).long().clamp_(0, BINS - 1)
        row = ((y - self.low[1]) * self.scale[1]).long().clamp_(0, BINS - 1)
        found = self.table.view(-1)[row.mul_(BINS).add_(column)]
        near = (x - self.x[found]).square_().add_((y - self.y[found]).square_()) <= self.squared
        return found.sub_(1).masked_fill_(~near, -1)


class BasinTask(Task):
    """All starts while they go down; the start of the surface's settings does not count."""

    def __init__(self, surface: SurfaceSettings, hparams: Hyperparameters, steps: int, side: int = SIDE) -> None:
        self.surface, self.hparams, self.side = replace(surface, x=0.0, y=0.0), hparams, side
        self.key, self.total, self.title = (self.surface, hparams, steps, side), steps, "The map"
        self.cost = steps * (START * side**2 + surface.function.seconds(side**2))

    def begin(self) -> None:
        """All at their starts."""
        shape = self.surface.shape
        self.function, self.box, self.minima = shape.function, shape.box, shape.minima
        self.radius = radius_of(shape)
        self.nearby = Nearby(self.box, self.minima, self.radius)
        self.points = starts(self.box, self.side).flatten().requires_grad_()
        self.optimizer = self.hparams.make([self.points])
        self.state = torch.full((self.side**2,), MOVING)
        self.since = torch.zeros(self.side**2, dtype=torch.long)
        self._look(0)

    def advance(self) -> None:
        """One step of all."""
        self.points.grad = as_taken(self.optimizer, self.gradient)
        self.optimizer.step()
        self._look(self.done + 1)

    def _look(self, step: int) -> None:
        """Gradient and state of all starts where they are now. Who has diverged once, stays so."""
        points = self.points.detach().view(-1, 2)
        values, gradient = value_and_gradient(self.function, points)
        x_low, x_high, y_low, y_high = self.box
        x, y = points.T.contiguous()
        gradient_x, gradient_y = gradient.T.contiguous()
        inside = (x >= x_low).logical_and_(x <= x_high).logical_and_(y >= y_low).logical_and_(y <= y_high)
        # NaN if one of them is not finite
        zero = (values * 0).add_(x * 0).add_(y * 0).add_(gradient_x * 0).add_(gradient_y * 0)
        state = self.nearby(x, y).masked_fill_(~inside, OUTSIDE)
        state.masked_fill_((zero != 0).logical_or_(self.state == DIVERGED), DIVERGED)
        self.since.masked_fill_(state != self.state, step)
        self.state, self.gradient = state, gradient.reshape(-1)

    def result(self) -> Basins:
        """What there is so far. Who flies past a minimum has not reached it."""
        passing = (self.state >= 0) & ~has_stayed(self.since, self.done)
        state = self.state.masked_fill(passing, MOVING).to(torch.int16).reshape(self.side, self.side)
        since = self.since.to(torch.int16).reshape(self.side, self.side)
        return Basins(self.surface, self.hparams, self.box, self.minima, self.radius, state, since, self.done)


@cached
def share_at_nearest(found: Basins) -> float:
    """The share of all starts that end in the minimum which is nearest to them."""
    x, y = starts(found.box, found.side).T
    nearest, least = torch.full_like(x, MOVING, dtype=torch.int64), torch.full_like(x, torch.inf)
    for number, point in enumerate(found.minima):
        far = (x - point.x) ** 2 + (y - point.y) ** 2
        nearest[far < least] = number
        least = torch.minimum(least, far)
    return ((found.state.flatten() == nearest) & (nearest >= 0)).double().mean().item()


def follows_the_nearest(found: Basins) -> str:
    """How many starts end in the nearest minimum: "all", "most" or "few", fewer than half."""
    share = share_at_nearest(found)
    return "all" if share == 1 else "most" if share >= 0.5 else "few"
