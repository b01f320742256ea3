"""A tensor and the part that was taken of it."""

import numpy as np

from core.tensors.create import Created
from core.tensors.facts import facts
from figures.picture import Picture
from figures.tensors.cells import cells, table_of
from figures.tensors.shapes import kind, many, own_storage, plain, say_shape


def whole(made: Created, part: str) -> Picture:
    """All cells of the tensor, those of the part in colour."""
    lit = np.zeros(made.tensor.numel(), dtype=bool)
    lit[made.places.flatten().numpy()] = True
    figure = cells(made.tensor, lit=lit)
    known = facts(made.tensor)
    caption = (
        f"{made.name} has the shape {say_shape(known.shape)}: {kind(made.tensor)}, {many(known.elements, 'number')}"
        f"{_range(made)}. In colour and framed: {part}, {int(lit.sum()):,} of them."
    )
    return Picture(figure, caption, f"The tensor as coloured cells. {plain(caption)}", table_of(made.tensor, "value"))


def _range(made: Created) -> str:
    values = made.tensor
    if not values.numel() or not values.isfinite().all():
        return ""
    low, high = values.min().item(), values.max().item()
    return f" from {low:.4g} to {high:.4g}" if not isinstance(low, bool) else f" from {low} to {high}"


def part_only(made: Created, part: str) -> Picture:
    """The part by itself."""
    known = facts(made.part)
    seen = "is a view: the same memory seen anew" if made.view else f"has {own_storage(known)}"
    caption = f"{part} has the shape {say_shape(known.shape)}, {many(known.elements, 'number')}. It {seen}."
    return Picture(
        cells(made.part), caption, f"The part as coloured cells. {plain(caption)}", table_of(made.part, "value")
    )


def view_sentence(made: Created, part: str) -> str:
    """How many numbers PyTorch copied to make the part, and how one can tell."""
    known = facts(made.part)
    if not known.elements:
        shares = f" It is a view all the same: it shares the storage of {made.name}." if made.view else ""
        return f"**None.** {part} is empty: it holds 0 numbers, and there was nothing to copy.{shares}"
    if made.view:
        return (
            f"**None.** {part} is a view: its data pointer lies in the storage of {made.name}, at slot "
            f"{known.offset:,}, and its strides are {say_shape(known.stride)}. What it holds, "
            f"{many(known.elements, 'number')}, is a part of {made.name} itself."
        )
    return (
        f"**All {known.elements:,}.** {part} has a storage of its own, {known.storage_bytes:,} bytes. An index made of "
        "lists or truth values can pick in any order, which no strides can describe."
    )
