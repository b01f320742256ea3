"""How the loss page writes numbers."""

import math

import torch
from torch import Tensor

from figures.words import typeset


def say(value: float, digits: int = 6) -> str:
    """A number with so many significant digits; infinity and not-a-number by their names."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "−∞" if value < 0 else "∞"
    if value == int(value) and abs(value) < 1e15:
        return typeset(f"{int(value):,}")
    return typeset(f"{value:,.{digits}g}")


def short(value: float, most: int) -> str:
    """A number in at most so many characters, where that can be: four significant digits, or fewer."""
    texts = [say(value, 4), *(typeset(f"{value:{how}}") for how in (".3g", ".2g", ".1g", ".0e"))]
    return next((text for text in texts if len(text) <= most), texts[-1])


def difference(value: float) -> str:
    """How far two ways are apart."""
    return f"{value:.1e}" if value else "exactly 0"


def as_torch_prints(tensor: Tensor) -> str:
    """What `print` shows, with torch's usual four decimals."""
    return str(tensor.detach())


def trouble(value: Tensor, each: Tensor) -> str:
    """Why a loss is no finite number; empty if it is one."""
    if torch.isnan(value).any():
        return (
            "The loss is NaN (not a number): there is nothing to average, or an infinite number was multiplied by "
            "0. Keep at least one sample that counts."
        )
    if torch.isinf(value).any():
        rows = [i for i, v in enumerate(each.tolist(), start=1) if math.isinf(v)]
        where = f"the loss of sample {rows[0]}" if rows else "the sum"
        return f"{where[0].upper()}{where[1:]} is infinite: a number on the way passed 3.4e38, the largest of float32."
    return ""
