"""The curves that a ball may roll down, each written as a reader would type it."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.cache import cached
from core.expression.typed_function import TypedFunction, typed_function

GRID = 2001  # points at which the slope's sign is looked at
HALVINGS = 60
ZERO = 1e-12  # what is nearer to 0 than that comes from rounding
NEAR = 1e-4  # distance at which the slopes on both sides of a minimum are compared


@dataclass(frozen=True)
class Curve:
    """A named curve.

    Attributes:
        text: its formula, empty for the reader's own.
        half: it is drawn from -half to half.
    """

    label: str
    text: str
    half: float


CURVES = {
    "quadratic": Curve("Valley: x²", "x^2", 4.0),
    "quartic": Curve("Flat bottom: x⁴", "x^4", 2.5),
    "abs": Curve("Kink: |x|", "abs(x)", 4.0),
    "wells": Curve("Two valleys", "(x^2 - 1)^2 + 0.3*x", 2.2),
    "plateau": Curve("Plateau", "1 - exp(-x^2)", 4.0),
    "ripples": Curve("Ripples", "0.1*x^2 + 0.5*sin(4*x)", 4.0),
    "typed": Curve("Your own f(x)", "", 4.0),
}


def function_of(curve: str, text: str) -> TypedFunction:
    """The chosen curve as a function of x; `text` counts for the reader's own.

    Raises:
        ExpressionError: if the text is not a function.
    """
    return typed_function(CURVES[curve].text or text)


def slopes(function: TypedFunction, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Value, slope f' and curvature f'' at each x by autograd; all of one shape."""
    x = x.detach().clone().requires_grad_()
    value = function(x)
    (slope,) = torch.autograd.grad(value.sum(), x, create_graph=True)
    if slope.requires_grad:
        (curvature,) = torch.autograd.grad(slope.sum(), x, allow_unused=True)
    else:
        curvature = None
    flat = torch.zeros_like(x.detach())
    # torch's gradient of sign(x) is a zero without memory of its own; the sum has memory.
    return value.detach(), slope.detach(), flat if curvature is None else flat + curvature


@dataclass(frozen=True)
class Minimum:
    """A lowest point: where, how low, how strongly bent; `kink` where two slopes meet in it."""

    x: float
    value: float
    curvature: float
    kink: bool


@cached
def minima(function: TypedFunction, half: float = 6.0) -> tuple[Minimum, ...]:
    """Every point between -half and half where the slope goes from falling to rising, found by halving."""
    grid = torch.linspace(-half, half, GRID, dtype=torch.float64)
    slope = slopes(function, grid)[1]
    turns = ((slope[:-1] < 0) & (slope[1:] >= 0)).nonzero()[:, 0]
    if not len(turns):
        return ()
    low, high = grid[turns], grid[turns + 1]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        falling = slopes(function, middle)[1] < 0
        low, high = torch.where(falling, middle, low), torch.where(falling, high, middle)
    value, _, curvature = slopes(function, high)
    left, right = slopes(function, high - NEAR)[1], slopes(function, high + NEAR)[1]
    bent = slopes(function, high + NEAR)[2].abs()
    kinks = right - left > 100 * NEAR * (1 + bent)
    return tuple(
        Minimum(*(0.0 if abs(v) < ZERO else v for v in row), bool(kink))
        for *row, kink in zip(high.tolist(), value.tolist(), curvature.tolist(), kinks.tolist(), strict=True)
        if all(v == v and abs(v) != float("inf") for v in row)
    )
