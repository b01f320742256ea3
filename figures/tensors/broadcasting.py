"""Aligned shapes, stretched operands, and the result."""

import pandas as pd
from torch import Tensor

from core.tensors.broadcasting import Broadcast
from core.tensors.facts import facts
from figures.picture import Picture
from figures.tensors.cells import cells, table_of
from figures.tensors.shapes import many, plain, say_shape


def aligned_table(found: Broadcast) -> pd.DataFrame:
    """The shapes written under each other from the right, one row a dimension."""
    return pd.DataFrame(
        {
            "dimension": [str(row.dimension) for row in found.rows],
            "a": ["–" if row.a is None else str(row.a) for row in found.rows],
            "b": ["–" if row.b is None else str(row.b) for row in found.rows],
            "result": ["✗" if row.result is None else str(row.result) for row in found.rows],
            "what happens": [row.what for row in found.rows],
        }
    )


def stretched(name: str, original: Tensor, wide: Tensor | None) -> Picture:
    """An operand as the operation sees it: the original cells framed, the repeated ones grey."""
    known = facts(original)
    if wide is None:
        caption = f"{name}: shape {say_shape(known.shape)}, {many(known.elements, 'number')}."
        return Picture(cells(original), caption, f"Operand {name} as cells. {plain(caption)}", table_of(original, name))
    seen = facts(wide)
    first = wide.new_ones(wide.shape, dtype=bool)
    for dim in range(wide.dim()):
        own = dim - (wide.dim() - original.dim())
        if own < 0 or original.shape[own] != wide.shape[dim]:
            first.narrow(dim, min(1, wide.shape[dim]), max(wide.shape[dim] - 1, 0)).fill_(False)
    figure = cells(wide, lit=first.flatten().numpy())
    caption = (
        f"{name}: shape {say_shape(known.shape)}, stretched to {say_shape(seen.shape)} with strides "
        f"{say_shape(seen.stride)}. "
        + (
            f"Framed: its {many(known.elements, 'number')}; the grey cells are the same ones read again (stride 0)."
            if seen.elements > known.elements
            else "Nothing is repeated."
        )
    )
    return Picture(figure, caption, f"Operand {name} as cells. {plain(caption)}", table_of(wide, name))


def result(found: Broadcast, code: str) -> Picture:
    """a operation b."""
    known = facts(found.result)
    caption = (
        f"{code}: shape {say_shape(known.shape)}, dtype {known.dtype}, {many(known.elements, 'number')} in "
        f"{known.storage_bytes:,} bytes."
    )
    return Picture(cells(found.result), caption, f"The result as cells. {plain(caption)}", table_of(found.result, code))
