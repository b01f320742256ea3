"""A ball in a bowl: gradient descent over the plane."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.cache import cached
from core.expression.typed_function import TypedFunction, typed_function
from core.gradient_descent.outcome import EXACT
from core.gradient_descent.settings import BowlSettings
from core.plane.derivatives import hessians
from core.plane.run import Run, record
from core.plane.surfaces import Box

STEEP = 1.0  # curvature across the quadratic bowl, so that 2/L is 2 whatever the condition number


@dataclass(frozen=True, eq=False)
class BowlRun(Run):
    """A recorded run; its path and gradients have the shape (steps done + 1, 2).

    Attributes:
        hessians: the second derivatives at each point, shape (steps done + 1, 2, 2).
    """

    settings: BowlSettings
    function: TypedFunction
    hessians: Tensor

    @property
    def box(self) -> Box:
        """What is drawn of the plane, the start included."""
        half = max(4.0, abs(self.settings.x) + 0.5, abs(self.settings.y) + 0.5)
        return (-half, half, -half, half)


def matrix(condition: float, angle: float = 0.0) -> Tensor:
    """A of f(p) = p A p / 2: curvature 1/κ along the valley and 1 across, turned by degrees; shape (2, 2)."""
    turn = math.radians(angle)
    c, s = math.cos(turn), math.sin(turn)
    along = STEEP / condition
    a, b, d = along * c * c + STEEP * s * s, (along - STEEP) * c * s, along * s * s + STEEP * c * c
    return torch.tensor([[a, b], [b, d]], dtype=torch.float64)


def quadratic(condition: float, angle: float = 0.0) -> TypedFunction:
    """The quadratic bowl as a function of x and y."""
    (a, b), (_, d) = matrix(condition, angle).tolist()
    return typed_function(f"({a!r}*x^2 + 2*{b!r}*x*y + {d!r}*y^2)/2", ("x", "y"))


@cached
def roll(settings: BowlSettings) -> BowlRun:
    """Runs `torch.optim.SGD` until the last step or until a number is no longer finite."""
    if settings.surface == "typed":
        f = typed_function(settings.text, ("x", "y"))
    else:
        f = quadratic(settings.condition, settings.angle)
    start, keywords = [settings.x, settings.y], {"lr": settings.lr, "momentum": settings.momentum}
    run = record(lambda p: f(p[0], p[1]), start, settings.steps, **keywords)
    return BowlRun(**vars(run), settings=settings, function=f, hessians=hessians(f, run.path))


def shares_left(run: BowlRun) -> tuple[float, float]:
    """How much of the start's distance from the lowest point is left in the end: along the valley, and across it.

    0 where there was none, infinite where the run has diverged. Only for the quadratic bowl.
    """
    _, directions = torch.linalg.eigh(matrix(run.settings.condition, run.settings.angle))  # the flat one first
    first, last = (run.path[[0, -1]] @ directions).abs()
    left = torch.where(first > 0, last / first, 0.0).nan_to_num(nan=math.inf)
    return left[0].item(), left[1].item()


def slower(run: BowlRun) -> str:
    """In which direction more is left, "along" or "across"; "same" if as much is in both."""
    along, across = shares_left(run)
    if along == across or abs(along - across) <= EXACT * max(along, across):
        return "same"
    return "along" if along > across else "across"
