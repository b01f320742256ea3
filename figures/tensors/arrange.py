"""Before and after: an index or an operation, in cells and in the storage."""

import numpy as np
import plotly.graph_objects as go
from torch import Tensor

from core.tensors.arrange import Arranged, Picked, turns
from core.tensors.facts import facts
from figures.picture import Picture
from figures.style import BLUE, VERMILLION, axes
from figures.tensors.cells import cells, table_of, write
from figures.tensors.shapes import many, own_storage, plain, say_shape


def picked_from(found: Picked, text: str) -> Picture:
    """x with the picked cells lit."""
    lit = np.zeros(found.x.numel(), dtype=bool)
    lit[found.places.flatten().numpy()] = True
    again = found.y.numel() - int(lit.sum())
    twice = f" Some are picked more than once: the result has {found.y.numel():,}." if again > 0 else ""
    caption = (
        f"x has the shape {say_shape(tuple(found.x.shape))}. {text} picks {many(int(lit.sum()), 'cell')}"
        f"{' (framed)' if 0 < lit.sum() < lit.size else ''} of {found.x.numel():,}.{twice}"
    )
    return Picture(cells(found.x, lit=lit), caption, f"x as cells. {caption}", table_of(found.x, "value"))


def only(x: Tensor) -> Picture:
    """x by itself, where nothing could be picked from it."""
    caption = f"x has the shape {say_shape(tuple(x.shape))}: {many(x.numel(), 'cell')}."
    return Picture(cells(x), caption, f"x as cells. {caption}", table_of(x, "value"))


def picked(found: Picked, text: str) -> Picture:
    """The result of an index."""
    known = facts(found.y)
    where = (
        f"It is a view: it begins at slot {known.offset:,} of x's storage and steps by {say_shape(known.stride)}."
        if found.view
        else f"It has {own_storage(known)}."
    )
    caption = f"{text} has the shape {say_shape(known.shape)}. {where}"
    figure = cells(found.y, limits=_range_of(found.x))
    return Picture(figure, caption, f"The picked cells. {plain(caption)}", table_of(found.y, "value"))


def _range_of(x: Tensor) -> tuple[float, float] | None:
    values = x.double().flatten()
    values = values[values.isfinite()]
    if not len(values) or values.min() == values.max():
        return None
    return values.min().item(), values.max().item()


def before(found: Arranged) -> Picture:
    """x, each cell with its slot's colour."""
    known = facts(found.x)
    caption = (
        f"x: shape {say_shape(known.shape)}, strides {say_shape(known.stride)}. Colour and #: the slot in the storage."
    )
    return Picture(
        _by_slot(found.x, found.x_slots, None), caption, f"x as cells. {caption}", table_of(found.x, "value of x")
    )


def after(found: Arranged) -> Picture:
    """y, each cell with its slot's colour; the chosen cell is framed in the storage's row."""
    known = facts(found.y)
    how = "the same storage" if found.view else own_storage(known)
    caption = f"y: shape {say_shape(known.shape)}, strides {say_shape(known.stride)}, {how}."
    return Picture(
        _by_slot(found.y, found.y_slots, found.slot), caption, f"y as cells. {caption}", table_of(found.y, "value of y")
    )


def _by_slot(tensor: Tensor, slots: Tensor, chosen: int | None) -> go.Figure:
    """Value and, behind #, slot in every cell; the colour is the slot's."""
    flat = slots.flatten().numpy()
    few = tensor.numel() <= 40
    texts = [f"{value}<br>#{slot}" if few else value for value, slot in zip(write(tensor), flat, strict=True)]
    limits = (0.0, float(max(facts(tensor).slots - 1, 1)))
    return cells(tensor, colour=flat, texts=texts, limits=limits, scale_title="slot")


def order(found: Arranged) -> Picture:
    """Reading order against slot: a straight line where the tensor is contiguous."""
    figure = go.Figure()
    for name, slots, colour, dash, marker in (
        ("x", found.x_slots, BLUE, "dash", "circle"),
        ("y", found.y_slots, VERMILLION, "solid", "diamond"),
    ):
        flat = slots.flatten().numpy().astype(np.int32)
        figure.add_scatter(
            x=np.arange(len(flat), dtype=np.int32),
            y=flat,
            name=name,
            mode="lines+markers" if len(flat) <= 100 else "lines",
            line={"color": colour, "dash": dash, "width": 2},
            marker={"symbol": marker, "size": 7},
        )
    axes(figure, "place in reading order", "slot of the storage")
    figure.update_layout(height=300)
    jumps = turns(found.y_slots)
    steps = max(found.y.numel() - 1, 0)
    told = (
        "so y is contiguous: its cells lie in the storage as one reads them"
        if found.y.is_contiguous()
        else "so y is not contiguous"
    )
    caption = (
        f"Reading y row by row, {jumps:,} of {steps:,} steps lead to another slot than the next one, {told}. "
        f"For x it is {turns(found.x_slots):,} of {max(found.x.numel() - 1, 0):,}."
    )
    return Picture(figure, caption, f"Line chart of storage slots in reading order. {plain(caption)}")
