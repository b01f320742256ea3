"""Aligned shapes, stretched operands, and the result."""

import pandas as pd
import torch
from torch import Tensor

from core.tensors.broadcast import Aligned, Broadcast, wrapped
from core.tensors.facts import facts
from figures.picture import Picture
from figures.tensors.cells import cell_picture
from figures.words import plural


def aligned_table(found: Broadcast) -> pd.DataFrame:
    """The shapes written under each other from the right, one row a dimension."""
    return pd.DataFrame(
        {
            "dimension": [str(row.dimension) for row in found.rows],
            "a": ["–" if row.a is None else str(row.a) for row in found.rows],
            "b": ["–" if row.b is None else str(row.b) for row in found.rows],
            "result": ["✗" if row.result is None else str(row.result) for row in found.rows],
            "what happens": [_what_happens(row) for row in found.rows],
        }
    )


def _what_happens(row: Aligned) -> str:
    if row.result is None:
        return f"{row.a} and {row.b} do not fit: neither is 1"
    if row.a is None or row.b is None:
        name, other = ("a", "b") if row.a is None else ("b", "a")
        return f"{name} gets a new dimension of length {row.result}, as {other} has it"
    if row.a == row.b:
        return "equal"
    return f"{'a' if row.a == 1 else 'b'} is stretched from 1 to {row.result}"


def stretched(name: str, original: Tensor, wide: Tensor) -> Picture:
    """An operand as the operation sees it: the original cells framed, the repeated ones grey."""
    first = torch.ones(wide.shape, dtype=torch.bool)
    for dim in range(wide.dim()):
        own = dim - (wide.dim() - original.dim())
        if own < 0 or original.shape[own] != wide.shape[dim]:
            first.narrow(dim, min(1, wide.shape[dim]), max(wide.shape[dim] - 1, 0)).fill_(False)
    repeated = (
        f"Framed: its {plural(original.numel(), 'number')}; the grey cells are the same ones read again (stride 0)."
        if wide.numel() > original.numel()
        else "Nothing is repeated."
    )
    caption = (
        f"{name}: shape {tuple(original.shape)}, stretched to {tuple(wide.shape)} with strides {wide.stride()}. "
        + repeated
    )
    return cell_picture(wide, caption, f"Operand {name}", lit=first.flatten())


def result(found: Broadcast, operation: str) -> Picture:
    """a operation b."""
    known, wraps = facts(found.result), wrapped(found, operation)
    caption = f"a {operation} b: shape {known.shape}, dtype {known.dtype}, {plural(known.elements, 'number')}."
    if wraps:
        kept = str(torch.result_type(found.a, found.b)).removeprefix("torch.")
        caption += f" {plural(wraps, 'number')} would be another in int64: what does not fit into {kept} wraps around."
    return cell_picture(found.result, caption, "The result")
