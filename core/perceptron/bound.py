"""Can a line separate the samples, by what margin, and how many mistakes does that allow?

A mistake is a sample that is not strictly on its side, so that the rule corrects: a sum of exactly 0 counts.

Source: A. B. Novikoff, On convergence proofs on perceptrons (1962).
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import torch
from torch import Tensor

from core.cache import cached
from core.perceptron.nnls import nnls
from core.perceptron.samples import Samples

SMALLEST = 1e-9  # margins below this share of the radius count as none


@dataclass(frozen=True, eq=False)
class Margin:
    """What Novikoff's theorem needs to know about samples.

    Attributes:
        radius: R, the length of the longest x, the 1 for the bias included.
        gamma: the largest margin; min over the samples of sign (u . x) for the best u of length 1. 0 if there is none.
        u: the weights of length 1 with that margin, shape (d,); None if there is no margin above `SMALLEST` radii.
        shares: shape (n,), at least 0, sum 1. The margin's support; or, if nothing separates, shares
            for which the mix of sign x is zero, which proves it.
        inseparable: whether such a mix is 0 in fractions too, so that no weights have every sample strictly on its
            side. False also where it is not known: a margin can be above 0 and too small to be found.
    """

    radius: float
    gamma: float
    u: Tensor | None
    shares: Tensor
    inseparable: bool = False

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


@cached
def margin(samples: Samples) -> Margin:
    """The largest margin of the samples, as the distance of 0 from the convex hull of all sign x.

    The nearest point of the hull is the solution of a non-negative least squares problem: with Z the columns sign x and
    a row of ones below, the a >= 0 that brings Z a nearest to (0, ..., 0, 1) is the nearest point's mix, up to a
    factor. If the hull contains 0, a mix of them is 0, and no w can have w . (sign x) > 0 for all of them.

    Raises:
        ValueError: if there are no samples.
    """
    if not len(samples):
        raise ValueError("There are no samples; allowed: 1 or more.")
    radius = samples.inputs.norm(dim=1).max().item()
    if not radius:  # only the origin, without a bias
        return Margin(0.0, 0.0, None, torch.full((len(samples),), 1 / len(samples), dtype=torch.float64), True)
    z = samples.signed_inputs / radius
    columns = torch.cat([z, torch.ones(len(z), 1, dtype=z.dtype)], dim=1).T
    target = torch.zeros(len(columns), dtype=z.dtype)
    target[-1] = 1
    mix = nnls(columns, target)
    shares = mix / mix.sum()
    nearest = shares @ z
    u = nearest / nearest.norm() if nearest.norm() > SMALLEST else nearest
    gamma = (z @ u).min().item()
    if gamma <= SMALLEST:
        order = shares.argsort()[-len(columns) :]  # a mix needs no more
        return Margin(radius, 0.0, None, shares, _cancel(samples.signed_inputs[order[shares[order] > 0]]))
    return Margin(radius, gamma * radius, u, shares)


def _cancel(vectors: Tensor) -> bool:
    """Whether the last vector and shares of the others, at least 0, add up to exactly 0; by elimination in fractions.

    Args:
        vectors: shape (k, d), not 0.
    """
    rows, shares = [[Fraction(value) for value in row] for row in vectors.T.tolist()], []
    for column in range(len(vectors) - 1):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:  # it depends on those before, which do without it
            continue
        rows.remove(pivot)
        scaled = [value / pivot[column] for value in pivot]
        rows, shares = (
            [[a - row[column] * b for a, b in zip(row, scaled, strict=True)] for row in part] for part in (rows, shares)
        )
        shares.append(scaled)
    return not any(row[-1] for row in rows) and all(row[-1] <= 0 for row in shares)
