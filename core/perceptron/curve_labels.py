"""Random points of the plane, labelled by a typed curve: class 1 above it, class 0 below it or on it."""

import torch

from core.cache import cached
from core.expression.typed_function import typed_function
from core.points import GRID, Point

HALF = 4  # the square from -HALF to HALF in both directions
TRIES = 20  # places drawn for each point, of which those count at which the curve has a value
DRAWN = 257  # places at which the curve is drawn


@cached
def label_points(text: str, n_samples: int, seed: int) -> tuple[Point, ...]:
    """Points evenly spread over the part of the square where f has a value, y = 1 where x2 > f(x1), else 0.

    They lie on the grid of the reader's own points, and are labelled there.

    Raises:
        ValueError: if the text is not a function of x, or has a value at too few places.
    """
    generator = torch.Generator().manual_seed(seed)
    drawn = 2 * HALF * torch.rand(TRIES * n_samples, 2, generator=generator, dtype=torch.float64) - HALF
    x1, x2 = ((drawn * GRID).round() / GRID).T
    height = typed_function(text)(x1)
    found = (~height.isnan()).nonzero()[:n_samples, 0]
    if len(found) < n_samples:
        raise ValueError(f"f has no value almost everywhere; allowed: a curve between x = -{HALF} and {HALF}.")
    above = (x2 > height)[found].to(torch.int64)
    return tuple(Point(*row) for row in zip(x1[found].tolist(), x2[found].tolist(), above.tolist(), strict=True))


def curve_of(text: str) -> list[tuple[float, float | None]]:
    """Places on the curve from left to right, as far as they are worth drawing; None where it has no value."""
    x = torch.linspace(-HALF, HALF, DRAWN, dtype=torch.float64)
    height = typed_function(text)(x).clamp(-2 * HALF, 2 * HALF)
    return [(a, None if b != b else b) for a, b in zip(x.tolist(), height.tolist(), strict=True)]
