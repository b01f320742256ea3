"""Where log(softmax(z)) breaks in single precision, found by computing it.

Two scores, one sample, shape (1, 2) as in the course. Float64 with log1p serves as the truth.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor

from core.cache import cached

GAPS = torch.arange(0.5, 120.25, 0.5)
MOST_DIGITS = 8.0  # float32 holds about 7.2 decimal digits; an error of zero counts as this many


@dataclass(frozen=True)
class Way:
    """One way to compute the logarithm of the right class's probability, in float32.

    Attributes:
        name: as in the program.
        values: over the gaps, shape (gaps,).
        digits: correct decimal digits of each, 0 where the value is infinite or not a number, shape (gaps,).
    """

    name: str
    values: Tensor
    digits: Tensor


@dataclass(frozen=True)
class FailureZone:
    """What becomes of each way as the two scores move apart.

    Attributes:
        ahead: whether the right class has the larger score.
        ways: three ways, the naive one first.
        loses_from: the smallest gap at which the naive way is off by more than one part in a million.
        breaks_from: the smallest gap at which the naive way gives minus infinity, or 0 for the class ahead.
        overflows_from: the smallest gap at which e^z itself is infinite.
    """

    ahead: bool
    ways: tuple[Way, ...]
    loses_from: float
    breaks_from: float
    overflows_from: float


def _scores(gap: float) -> Tensor:
    return torch.tensor([[gap, 0.0]])


def naive(gap: float, ahead: bool) -> float:
    """torch.log(torch.softmax(z)), the right class's entry."""
    return torch.log(torch.softmax(_scores(gap), dim=1))[0, 0 if ahead else 1].item()


def log_softmax(gap: float, ahead: bool) -> float:
    """torch.log_softmax(z), the right class's entry."""
    return torch.log_softmax(_scores(gap), dim=1)[0, 0 if ahead else 1].item()


def textbook(gap: float, ahead: bool) -> float:
    """The textbook's formula as it stands: log(e^z / sum of e^z), the largest score not taken out first."""
    e = torch.exp(_scores(gap))
    return torch.log(e / e.sum(dim=1, keepdim=True))[0, 0 if ahead else 1].item()


def with_logits(gap: float, ahead: bool) -> float:
    """Minus BCEWithLogitsLoss of the difference of the scores: the same quantity through log1p."""
    z = torch.tensor([gap if ahead else -gap])
    return -nn.BCEWithLogitsLoss()(z, torch.ones(1)).item()


def exact(gap: float, ahead: bool) -> float:
    """The true value to double precision."""
    return -math.log1p(math.exp(-gap)) - (0.0 if ahead else gap)


def correct_digits(value: float, truth: float) -> float:
    """-log10 of the relative error, between 0 and `MOST_DIGITS`."""
    if not math.isfinite(value):
        return 0.0
    error = abs(value - truth) / abs(truth)
    return MOST_DIGITS if error == 0 else max(0.0, min(MOST_DIGITS, -math.log10(error)))


@cached
def failure_zone(ahead: bool) -> FailureZone:
    """The three ways over the gap, and where the naive one goes wrong."""
    functions = {
        "log(softmax(z))": naive,
        "log_softmax(z)": log_softmax,
        "BCEWithLogitsLoss" if ahead else "log(exp(z) / exp(z).sum())": with_logits if ahead else textbook,
    }
    return FailureZone(
        ahead,
        tuple(_way(name, function, ahead) for name, function in functions.items()),
        loses_from=first_gap(lambda gap: correct_digits(naive(gap, ahead), exact(gap, ahead)) < 6, ahead),
        breaks_from=first_gap(lambda gap: naive(gap, ahead) == (0.0 if ahead else -math.inf), ahead),
        overflows_from=first_gap(lambda gap: math.isinf(torch.exp(torch.tensor(gap)).item()), ahead),
    )


def _way(name: str, function: Callable[[float, bool], float], ahead: bool) -> Way:
    values = [function(gap, ahead) for gap in GAPS.tolist()]
    digits = [correct_digits(value, exact(gap, ahead)) for value, gap in zip(values, GAPS.tolist(), strict=True)]
    return Way(name, torch.tensor(values), torch.tensor(digits))


def first_gap(broken: Callable[[float], bool], ahead: bool) -> float:
    """The smallest float32 gap on the chart from which something is broken, to the last bit.

    A walk over the chart's gaps finds the first that is broken, halving the last interval finds where it begins.
    """
    gaps = [0.0, *GAPS.tolist()]
    place = next(i for i, gap in enumerate(gaps) if i and broken(gap))
    low, high = gaps[place - 1], gaps[place]
    while True:
        middle = torch.tensor((low + high) / 2).item()  # rounded to float32
        if not low < middle < high:
            return high
        low, high = (low, middle) if broken(middle) else (middle, high)
