"""Aligned shapes, stretched operands, and the result."""

import pandas as pd
import torch
from torch import Tensor

from core.tensors.broadcast import Broadcast
from core.tensors.facts import dtype_of
from figures.picture import Picture
from figures.tensors.cells import cell_picture
from figures.words import plural


def aligned_table(found: Broadcast) -> pd.DataFrame:
    """The shapes written under each other from the right, one row a dimension."""
    texts = [
        [*("–" if n is None else str(n) for n in row[:2]), "✗" if row[2] is None else str(row[2]), _what(*row)]
        for row in found.rows
    ]
    dimensions = pd.Index([str(d) for d in range(-len(texts), 0)], name="dimension")
    return pd.DataFrame(texts, dimensions, ["a", "b", "result", "what happens"])


def _what(a: int | None, b: int | None, result: int | None) -> str:
    if result is None:
        return f"{a} and {b} do not fit: neither is 1"
    if a is None or b is None:
        name, other = ("a", "b") if a is None else ("b", "a")
        return f"{name} gets a new dimension of length {result}, as {other} has it"
    return "equal" if a == b else f"{'a' if a == 1 else 'b'} is stretched from 1 to {result}"


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
    seen = "" if wide.shape == original.shape else f", stretched to {tuple(wide.shape)}"
    caption = f"{name}: shape {tuple(original.shape)}{seen} with strides {wide.stride()}. {repeated}"
    return cell_picture(wide, caption, name, lit=first.flatten())


def result(found: Broadcast, operation: str) -> Picture:
    """a operation b."""
    shape, count = tuple(found.result.shape), plural(found.result.numel(), "number")
    caption = f"a {operation} b: shape {shape}, dtype {dtype_of(found.result)}, {count}."
    if found.wrapped:
        kept = str(torch.result_type(found.a, found.b)).removeprefix("torch.")
        differ = f"{plural(found.wrapped, 'value')} {'differs' if found.wrapped == 1 else 'differ'}"
        caption += f" What does not fit into {kept} wraps around: {differ} from exact whole numbers."
    return cell_picture(found.result, caption, f"a {operation} b")
