"""How far the singular values of a matrix spread, for figures and for sentences."""

import torch
from torch import Tensor

from core.optimizers.matrices_runs import singular_values
from figures.words import fmt

LOWEST = -6  # the power of ten at which the axis of singular values begins


def relative(matrices: Tensor) -> Tensor:
    """Singular values, each divided by the largest; shape (..., 12)."""
    sizes = singular_values(matrices)
    return sizes / sizes[..., :1].clamp(min=1e-300)


def spread(matrices: Tensor) -> float:
    """How many times the largest singular value is the smallest, in the median over the steps."""
    sizes = singular_values(matrices)
    ratio = sizes[:, 0] / sizes[:, -1].clamp(min=1e-300)
    ratio = ratio[torch.isfinite(ratio)]
    return ratio.median().item() if len(ratio) else float("nan")


def times(value: float, digits: int = 3) -> str:
    """A ratio for a sentence, in full where it is large."""
    return f"{value:,.0f}" if 100 <= value < 1e7 else fmt(value, digits)
