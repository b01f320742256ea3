"""Can a line separate the samples, by what margin, and how many mistakes does that allow?

Source: A. B. Novikoff, On convergence proofs on perceptrons (1962).
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.perceptron.data import Samples

SMALLEST = 1e-9  # margins below this share of the radius count as none


@dataclass(frozen=True, eq=False)
class Margin:
    """What Novikoff's theorem needs to know about samples.

    Attributes:
        radius: R, the length of the longest x, the 1 for the bias included.
        gamma: the largest margin; min over the samples of y (u . x) for the best u of length 1. 0 if there is none.
        u: the weights of length 1 with that margin, shape (d,); None if no weights separate the samples.
        shares: shape (n,), at least 0, sum 1. The margin's support; or, if nothing separates, shares
            for which the mix of y x is zero, which proves it.
    """

    radius: float
    gamma: float
    u: Tensor | None
    shares: Tensor

    @property
    def separable(self) -> bool:
        return self.u is not None

    @property
    def bound(self) -> float:
        """(R / gamma)^2: no run from zero weights makes more mistakes, in any order. Infinite without a margin."""
        return (self.radius / self.gamma) ** 2 if self.separable else float("inf")

    @property
    def most(self) -> int | None:
        """The largest number of mistakes that the bound allows; None without a margin.

        The bound rounded down, but for a whole number that was missed by rounding.
        """
        return math.floor(self.bound * (1 + SMALLEST)) if self.separable else None


def margin(samples: Samples) -> Margin:
    """The largest margin of the samples, as the distance of 0 from the convex hull of all y x.

    The nearest point of the hull is the solution of a non-negative least squares problem: with Z the columns y x and
    a row of ones below, the a >= 0 that brings Z a nearest to (0, ..., 0, 1) is the nearest point's mix, up to a
    factor. If the hull contains 0, a mix of the y x is 0, and no w can have w . (y x) > 0 for all of them.

    Raises:
        ValueError: if there are no samples.
    """
    from scipy.optimize import nnls  # takes a quarter of a second to import

    if not len(samples):
        raise ValueError("There are no samples; allowed: 1 or more.")
    radius = samples.x.norm(dim=1).max().item()
    if not radius:  # only the origin, without a bias
        return Margin(0.0, 0.0, None, torch.full((len(samples),), 1 / len(samples), dtype=torch.float64))
    z = samples.yx / radius
    columns = torch.cat([z, torch.ones(len(z), 1, dtype=z.dtype)], dim=1).T.numpy()
    mix, _ = nnls(columns, [0.0] * z.shape[1] + [1.0])
    shares = torch.from_numpy(mix) / mix.sum()
    nearest = shares @ z
    u = nearest / nearest.norm() if nearest.norm() > SMALLEST else nearest
    gamma = (z @ u).min().item()
    if gamma <= SMALLEST:
        return Margin(radius, 0.0, None, shares)
    return Margin(radius, gamma * radius, u, shares)
