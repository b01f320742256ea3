"""Where the ground is level: critical points in the plane, found by Newton's method from many starts."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.expression.typed_function import TypedFunction
from core.plane.derivatives import hessians, value_and_gradient
from core.task import Task

SIDE = 60  # starts along each side of the box
ROUNDS = 40
HESSIANS = 4  # gradients that take as long as the second derivatives
LONGEST = 0.25  # of the box, for one step of Newton's method: it must not fly off from a flat place
LEVEL = 1e-9  # gradients below this share of the steepest are level
SAME = 1e-5  # of the box: places nearer to each other are one
FLAT = 1e-7  # curvatures below this share of the largest are 0
ZERO = 1e-12  # what is nearer to 0 than that comes from rounding
MOST = 500  # of an endless row of level places, such as the floor of a channel, that many are kept


@dataclass(frozen=True)
class CriticalPoint:
    """A place at which the gradient is 0.

    Attributes:
        kind: minimum, maximum, saddle, or flat where a curvature is 0 and the second derivatives do not decide; cusp
            for a lowest point at which there is no gradient.
        curvatures: the two curvatures (eigenvalues of the Hessian), the smaller first; NaN at a cusp.
    """

    x: float
    y: float
    value: float
    kind: str
    curvatures: tuple[float, float]

    @property
    def limit(self) -> float:
        """2/L: the learning rate above which plain gradient descent is thrown out of this minimum."""
        return 2 / self.curvatures[1] if self.curvatures[1] > 0 else float("inf")


class CriticalPointsTask(Task):
    """Every critical point in a box that Newton's method finds from a grid of starts; the lowest first.

    Args:
        box: lowest and highest x, lowest and highest y.
    """

    total = ROUNDS

    def __init__(self, function: TypedFunction, box: tuple[float, float, float, float]) -> None:
        self.key = self.function, self.box = function, box
        self.cost = ROUNDS * HESSIANS * function.seconds(SIDE**2)

    def begin(self) -> None:
        self.size = max(self.box[1] - self.box[0], self.box[3] - self.box[2])
        self.places = _grid(self.box)
        self.moving = torch.arange(len(self.places))
        self.steepest = _finite(value_and_gradient(self.function, self.places)[1].norm(dim=1)).amax().item()

    def advance(self) -> None:
        """One round. Whom a step does not move, no further one would."""
        before = self.places[self.moving]
        after = before + _newton(self.function, before, LONGEST * self.size)
        self.places[self.moving] = after
        self.moving = self.moving[(after != before).any(dim=1)]

    def result(self) -> tuple[CriticalPoint, ...] | None:
        """None before the last round."""
        if not self.finished:
            return None
        gradient, (x, y) = value_and_gradient(self.function, self.places)[1].norm(dim=1), self.places.T
        inside = (x >= self.box[0]) & (x <= self.box[1]) & (y >= self.box[2]) & (y <= self.box[3])
        level = self.places[inside & (gradient <= LEVEL * max(self.steepest, 1e-300))]
        found = _describe(self.function, _distinct(level, SAME * self.size))
        return tuple(sorted(found, key=lambda point: (point.value, point.x)))


def cusp(function: TypedFunction, x: float, y: float) -> CriticalPoint:
    """A lowest point at which the gradient does not exist, as a critical point."""
    value = function(torch.tensor(x, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)).item()
    return CriticalPoint(x, y, 0.0 if abs(value) < ZERO else value, "cusp", (float("nan"), float("nan")))


def _grid(box: tuple[float, float, float, float]) -> Tensor:
    """The middles of SIDE x SIDE cells, so that no start lies on a line of symmetry by design; shape (SIDE², 2)."""
    share = (torch.arange(SIDE, dtype=torch.float64) + 0.5) / SIDE
    y, x = torch.meshgrid(box[2] + share * (box[3] - box[2]), box[0] + share * (box[1] - box[0]), indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], dim=1)


def _finite(values: Tensor) -> Tensor:
    good = values[torch.isfinite(values)]
    return good if len(good) else torch.zeros(1, dtype=values.dtype)


def _newton(function: TypedFunction, places: Tensor, longest: float) -> Tensor:
    """One step for each place towards a zero of the gradient, shortened if it is long; 0 where it cannot be told."""
    gradient, curvature = value_and_gradient(function, places)[1], hessians(function, places)
    # The inverse of a symmetric 2 x 2 matrix, written out; the determinant of a flat place is kept off 0.
    a, b, d = curvature[:, 0, 0], curvature[:, 0, 1], curvature[:, 1, 1]
    determinant = a * d - b * b
    determinant = torch.where(determinant.abs() < 1e-300, 1e-300, determinant)
    step = -torch.stack([d * gradient[:, 0] - b * gradient[:, 1], a * gradient[:, 1] - b * gradient[:, 0]], dim=1)
    step = step / determinant[:, None]
    step = torch.where(torch.isfinite(step).all(dim=1, keepdim=True), step, torch.zeros_like(step))
    length = step.norm(dim=1, keepdim=True)
    return torch.where(length > longest, step * longest / length, step)


def _distinct(places: Tensor, same: float) -> Tensor:
    """One of each group of places that are nearer to each other than `same`."""
    _, group = torch.unique((places / same).round(), dim=0, return_inverse=True)
    order = torch.full((int(group.max()) + 1 if len(group) else 0,), len(places), dtype=torch.long)
    order.scatter_reduce_(0, group, torch.arange(len(places)), "amin")
    places = places[order.sort().values][:MOST]
    near = torch.cdist(places, places) <= 2 * same  # two neighbours may have been rounded apart
    return places[~near.tril(diagonal=-1).any(dim=1)]


def _describe(function: TypedFunction, places: Tensor) -> list[CriticalPoint]:
    values, curvatures = value_and_gradient(function, places)[0], hessians(function, places)
    good = torch.isfinite(values) & torch.isfinite(curvatures).flatten(1).all(dim=1)
    places, values, curvatures = places[good], values[good], torch.linalg.eigvalsh(curvatures[good])
    tidy = torch.cat([places, values[:, None]], dim=1)
    tidy = torch.where(tidy.abs() < ZERO, 0.0, tidy)
    return [
        CriticalPoint(x, y, value, _kind(low, high), (low, high))
        for (x, y, value), (low, high) in zip(tidy.tolist(), curvatures.tolist(), strict=True)
    ]


def _kind(low: float, high: float) -> str:
    if min(abs(low), abs(high)) <= FLAT * max(1.0, abs(low), abs(high)):
        return "flat"
    return "minimum" if low > 0 else "maximum" if high < 0 else "saddle"
