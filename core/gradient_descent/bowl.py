"""A ball in a bowl: gradient descent over the plane, alone or at four learning rates side by side."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.cache import cached
from core.expression.typed_function import TypedFunction, typed_function
from core.gradient_descent.settings import BowlSettings, CompareSettings
from core.plane.derivatives import hessians
from core.plane.run import record
from core.plane.stability import best_rate, limit

STEEP = 1.0  # curvature across the quadratic bowl, so that 2/L is 2 whatever the condition number
KINDS = {"low": "too low", "good": "good", "best": "best", "high": "too high"}


@dataclass(frozen=True, eq=False)
class BowlRun:
    """A recorded run.

    Attributes:
        p: the places (x, y) before each step and at the end, shape (steps done + 1, 2), float64.
        loss: f there, shape (steps done + 1,). gradient: shape (steps done + 1, 2).
        hessian: the second derivatives at each place, shape (steps done + 1, 2, 2).
        diverged_at, lost: the step after which a number is not finite, and which; None and "" if all are.
    """

    settings: BowlSettings
    p: Tensor
    loss: Tensor
    gradient: Tensor
    hessian: Tensor
    diverged_at: int | None
    diverged: str

    @property
    def steps(self) -> int:
        """Steps that were done."""
        return len(self.p) - 1

    @property
    def half(self) -> float:
        """The plane is drawn from -half to half in both directions, the start included."""
        return max(4.0, abs(self.settings.x) + 0.5, abs(self.settings.y) + 0.5)

    @property
    def left_at(self) -> int | None:
        """The first step after which the ball is outside of what is drawn."""
        outside = (~(self.p.abs().amax(dim=1) <= self.half)).nonzero()
        return int(outside[0]) if len(outside) else None


def matrix(settings: BowlSettings) -> Tensor:
    """A of f(p) = p A p / 2: curvature 1/κ along the valley and 1 across, turned by the angle; shape (2, 2)."""
    turn = math.radians(settings.angle)
    c, s = math.cos(turn), math.sin(turn)
    along = STEEP / settings.condition
    a, b, d = along * c * c + STEEP * s * s, (along - STEEP) * c * s, along * s * s + STEEP * c * c
    return torch.tensor([[a, b], [b, d]], dtype=torch.float64)


def surface(settings: BowlSettings) -> Callable[[Tensor], Tensor]:
    """f of places p of shape (..., 2).

    Raises:
        ExpressionError: if the typed function is none.
    """
    if settings.surface == "typed":
        function: TypedFunction = typed_function(settings.text, ("x", "y"))
        return lambda p: function(p[..., 0], p[..., 1])
    (a, b), (_, d) = matrix(settings).tolist()
    return lambda p: (a * p[..., 0] ** 2 + 2 * b * p[..., 0] * p[..., 1] + d * p[..., 1] ** 2) / 2


@cached
def roll(settings: BowlSettings) -> BowlRun:
    """Runs `torch.optim.SGD` until the last step or until a number is no longer finite.

    Raises:
        ExpressionError: if the typed function is none.
    """
    f = surface(settings)
    run = record(
        f,
        [settings.x, settings.y],
        settings.steps,
        ("a coordinate", "f", "the gradient"),
        lr=settings.lr,
        momentum=settings.momentum,
    )
    curvatures = hessians(lambda x, y: f(torch.stack([x, y], dim=-1)), run.path)
    return BowlRun(settings, run.path, run.losses, run.gradients, curvatures, run.diverged_at, run.diverged)


def axes_of(settings: BowlSettings) -> tuple[Tensor, Tensor]:
    """Curvatures of the quadratic bowl, rising, shape (2,), and their directions as columns, shape (2, 2)."""
    return torch.linalg.eigh(matrix(settings))


def chosen_rates(settings: CompareSettings) -> dict[str, float]:
    """The four learning rates: a small share of the limit, 1/L, the best without momentum, and one past the limit."""
    low, high = STEEP / settings.condition, STEEP
    most = limit(high, settings.momentum)
    return {
        "low": settings.low * most,
        "good": 1 / high,
        "best": best_rate(low, high)[0],
        "high": settings.high * most,
    }


def four(settings: CompareSettings) -> dict[str, BowlRun]:
    """The same start at four learning rates."""
    bowl = BowlSettings(condition=settings.condition, momentum=settings.momentum, steps=settings.steps)
    return {name: roll(replace(bowl, lr=lr)) for name, lr in chosen_rates(settings).items()}
