"""What theory says of steps on a parabola of curvature L, and so of steps near a minimum.

Without momentum each step multiplies the distance to the lowest point by 1 - lr L. So steps shrink without turning for
lr < 1/L, turn round and shrink up to 2/L, go back and forth for ever at 2/L, and grow beyond. With momentum b they
stay bounded while lr is below the limit (Polyak 1964); `limit_formula` writes it out.
"""

import math

import torch

EXACT = 1e-9  # ratios closer to each other than that are the same


def limit(curvature: float, momentum: float = 0.0, nesterov: bool = False) -> float:
    """The learning rate above which a parabola of this curvature throws the ball out; infinite for none."""
    if curvature <= 0:
        return math.inf
    bound = (2 + 2 * momentum) / (1 + 2 * momentum) if nesterov and momentum else 2 * (1 + momentum)
    return bound / curvature


def limit_formula(nesterov: bool = False) -> str:
    """The formula of `limit` as a sentence writes it."""
    return "(2 + 2b)/(1 + 2b)/L" if nesterov else "2(1 + b)/L"


def predicted(lr: float, curvature: float, momentum: float = 0.0) -> str:
    """What theory says of steps at this curvature.

    Returns:
        One of no valley (no limit), one step (it is enough), monotone, oscillating (each turns and is shorter),
        swinging (with momentum: there and back in more than one step), period two, diverging.
    """
    if not curvature > 0:
        return "no valley"
    share = lr / limit(curvature, momentum)
    if abs(share - 1) < EXACT / 2:
        return "period two"
    if share > 1:
        return "diverging"
    a = lr * curvature
    if momentum:  # the roots of r^2 - (1 + b - a) r + b are real and positive, or not
        trace = 1 + momentum - a
        return "monotone" if trace > 0 and trace**2 >= 4 * momentum else "swinging"
    return "one step" if abs(a - 1) < EXACT else "monotone" if a < 1 else "oscillating"


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
