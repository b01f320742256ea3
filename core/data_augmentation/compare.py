"""One number a seed with an augmentation, and one without: what that says."""

import math
from dataclasses import dataclass, replace
from typing import Self

from core.settings import Settings

NONE = "none"
SURE = 1 / 32  # how often luck alone may do as well


@dataclass(frozen=True, eq=False)
class Compared:
    """How many of the examples that were kept out are named right.

    Attributes:
        right: "none" or augmentation -> how many, one number a seed. n_holdout: of how many.
    """

    settings: Settings
    right: dict[str, list[int]]
    n_holdout: int

    @property
    def accuracy(self) -> dict[str, list[float]]:
        """The share that is named right, one number a seed."""
        return {name: [count / self.n_holdout for count in counts] for name, counts in self.right.items()}

    @property
    def plain(self) -> Self:
        """What there is before any augmentation."""
        return replace(self, right={NONE: self.right[NONE]})


def effect(plain: list[float], augmented: list[float]) -> str:
    """Whether an augmentation "helps" or "hurts" at so many seeds that luck is unlikely, or the result is "unclear".

    If it made no difference, each seed would go either way like a coin: k or more of n go one given way in a share
    C(n, k) / 2^n + ... + 1 / 2^n of all cases. At most 1 in 32: 5 of 5 seeds, 9 of 10. A tie goes neither way.
    """
    n = len(plain)

    def sure(k: int) -> bool:
        return sum(math.comb(n, i) for i in range(k, n + 1)) / 2**n <= SURE

    better = sum(b > a for a, b in zip(plain, augmented, strict=True))
    worse = sum(b < a for a, b in zip(plain, augmented, strict=True))
    return "helps" if sure(better) else "hurts" if sure(worse) else "unclear"


def mean(values: list[float]) -> float:
    """The mean."""
    return sum(values) / len(values)
