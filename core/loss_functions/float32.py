"""Where log(softmax(z)) breaks in single precision, found by computing it.

Two scores, one sample, shape (1, 2) as in the course; `ahead` says whether the right class has the larger one. Float64
with log1p serves as the truth.
"""

import math

import torch
import torch.nn as nn
from torch import Tensor

from core.cache import cached

GAPS = torch.arange(0.5, 120.25, 0.5)
MOST_DIGITS = 8.0  # float32 holds about 7.2 decimal digits; an error of zero counts as this many


def naive(gap: float, ahead: bool) -> float:
    """torch.log(torch.softmax(z)), the right class's entry."""
    return torch.log(torch.softmax(torch.tensor([[gap, 0.0]]), dim=1))[0, 0 if ahead else 1].item()


def log_softmax(gap: float, ahead: bool) -> float:
    """torch.log_softmax(z), the right class's entry."""
    return torch.log_softmax(torch.tensor([[gap, 0.0]]), dim=1)[0, 0 if ahead else 1].item()


def with_logits(gap: float, ahead: bool) -> float:
    """Minus BCEWithLogitsLoss of the difference of the scores: the same quantity through log1p."""
    return -nn.BCEWithLogitsLoss()(torch.tensor([gap if ahead else -gap]), torch.ones(1)).item()


def exact(gap: float, ahead: bool) -> float:
    """The true value to double precision."""
    return -math.log1p(math.exp(-gap)) - (0.0 if ahead else gap)


WAYS = {"log(softmax(z))": naive, "log_softmax(z)": log_softmax, "−BCEWithLogitsLoss": with_logits}


def correct_digits(value: float, truth: float) -> float:
    """-log10 of the relative error, between 0 and `MOST_DIGITS`."""
    if not math.isfinite(value):
        return 0.0
    error = abs(value - truth) / abs(truth)
    return MOST_DIGITS if error == 0 else max(0.0, min(MOST_DIGITS, -math.log10(error)))


@cached
def digits_over_gaps(ahead: bool) -> dict[str, Tensor]:
    """Name of the way -> the correct decimal digits of its values in float32 over `GAPS`, shape (gaps,)."""
    truth = [exact(gap, ahead) for gap in GAPS.tolist()]
    values = {name: [way(gap, ahead) for gap in GAPS.tolist()] for name, way in WAYS.items()}
    return {name: torch.tensor(list(map(correct_digits, found, truth))) for name, found in values.items()}


@cached
def breaks_from(ahead: bool) -> float:
    """The smallest float32 gap at which `naive` gives minus infinity, or 0 for the class ahead, by halving.

    The right class's probability falls (behind) or rises (ahead) with the gap, so what is broken stays broken.
    """
    low, high = 0.0, GAPS[-1].item()
    while True:
        middle = torch.tensor((low + high) / 2).item()  # rounded to float32
        if not low < middle < high:
            return high
        broken = naive(middle, ahead) == (0.0 if ahead else -math.inf)
        low, high = (low, middle) if broken else (middle, high)
