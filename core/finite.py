"""When a run is lost: a number that is no longer finite, and which."""

import torch
from torch import Tensor


def not_finite(*values: Tensor, names: tuple[str, ...] = ("a coordinate", "f", "the gradient")) -> str:
    """Which of some tensors is the first with an infinity or a NaN, in words; empty if all are finite."""
    for name, value in zip(names, values, strict=True):
        if not torch.isfinite(value).all():
            return f"{name} is {'not a number (NaN)' if torch.isnan(value).any() else 'infinite'}"
    return ""
