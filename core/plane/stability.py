"""How steps behave: said by theory from the curvature, and seen in a run.

On a parabola of curvature L each step multiplies the distance to its lowest point by 1 - lr L. So steps shrink without
turning for lr < 1/L, turn round and shrink up to 2/L, go back and forth for ever at 2/L, and grow beyond.
With momentum b the steps stay bounded while lr L < 2 (1 + b) (Polyak 1964); with torch's Nesterov momentum
while lr L < (2 + 2b) / (1 + 2b).
"""

import math

import torch
from torch import Tensor

EXACT = 1e-9  # ratios closer to each other than that are the same
TAIL = 8  # steps that are looked at


def limit(curvature: float, momentum: float = 0.0, nesterov: bool = False) -> float:
    """The learning rate above which a parabola of this curvature throws the ball out; infinite for none."""
    if curvature <= 0:
        return math.inf
    bound = (2 + 2 * momentum) / (1 + 2 * momentum) if nesterov and momentum else 2 * (1 + momentum)
    return bound / curvature


def predicted(lr: float, curvature: float) -> str:
    """What theory says of steps without momentum at this curvature.

    Returns:
        One of monotone, one jump, oscillating, period two, diverging, no valley.
    """
    if not curvature > 0:
        return "no valley"
    product = lr * curvature
    if abs(product - 1) < EXACT:
        return "one jump"
    if abs(product - 2) < EXACT:
        return "period two"
    if product < 1:
        return "monotone"
    return "oscillating" if product < 2 else "diverging"


def factor(curvature: float, lr: float, momentum: float = 0.0, nesterov: bool = False) -> float:
    """What each step makes of the distance in the long run: the largest root of the update, in absolute value.

    Without momentum |1 - lr L|. With it, the spectral radius of the 2 x 2 matrix that takes (distance, last step) to
    the next pair.
    """
    if not momentum:
        return abs(1 - lr * curvature)
    a = lr * curvature
    # torch: v <- b v + g; x <- x - lr v, or with Nesterov x <- x - lr (g + b v). In d = x and w = lr v:
    if nesterov:
        matrix = [[1 - a * (1 + momentum), -(momentum**2)], [a, momentum]]
    else:
        matrix = [[1 - a, -momentum], [a, momentum]]
    return torch.linalg.eigvals(torch.tensor(matrix, dtype=torch.float64)).abs().max().item()


def best_rate(low: float, high: float) -> tuple[float, float]:
    """The learning rate that shrinks fastest on a bowl with these curvatures, and its factor a step."""
    return 2 / (low + high), (high - low) / (high + low)


def best_momentum(low: float, high: float) -> tuple[float, float, float]:
    """Heavy ball: the best learning rate, the best momentum, and their factor a step in the long run (Polyak 1964)."""
    narrow, wide = math.sqrt(low), math.sqrt(high)
    rate = (wide - narrow) / (wide + narrow)
    return (2 / (narrow + wide)) ** 2, rate**2, rate


def seen(x: Tensor, loss: Tensor) -> str:
    """What the steps of a run do in the end.

    Args:
        x: the places, shape (steps + 1,). loss: f there.

    Returns:
        One of lost (a number is not finite), still, period two, growing, settled, settled after turning, shrinking,
        turning and shrinking, on its way, wandering.
    """
    if not (torch.isfinite(x).all() and torch.isfinite(loss).all()):
        return "lost"
    moves = x.diff()
    size = EXACT * (1 + x.abs().max().item())
    moving = moves[moves.abs() > size / 1000][-TAIL:]
    if not len(moving):
        return "still"
    turning = bool((moving[1:] * moving[:-1] < 0).all()) and len(moving) > 1
    straight = bool((moving[1:] * moving[:-1] > 0).all())
    ratios = (moving[1:] / moving[:-1]).abs()
    if moves[-1].abs() <= size:
        return "settled after turning" if turning else "settled"
    if turning and bool(((ratios - 1).abs() < EXACT).all()):
        return "period two"
    if len(ratios) and bool((ratios > 1).all()) and loss[-1] > loss[0]:
        return "growing"
    if turning and bool((ratios < 1).all()):
        return "turning and shrinking"
    if straight and bool((ratios < 1).all()):
        return "shrinking"
    return "on its way" if straight else "wandering"
