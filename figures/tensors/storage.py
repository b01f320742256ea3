"""Before and after an operation, cell by cell, and the order in which reading goes through the storage."""

import numpy as np
import plotly.graph_objects as go

from core.tensors.facts import facts
from core.tensors.storage import Arranged, jumps
from figures.picture import Picture
from figures.style import BLUE, VERMILLION, axes
from figures.tensors.cells import cell_picture
from figures.tensors.facts import plain, storage_words


def before(found: Arranged) -> Picture:
    """x, each cell with its slot's colour."""
    known = facts(found.x)
    caption = f"x: shape {known.shape}, strides {known.stride}. Colour and #: the slot in the storage."
    return cell_picture(found.x, caption, "x", by_slot=True)


def after(found: Arranged) -> Picture:
    """y, each cell with its slot's colour."""
    known = facts(found.y)
    caption = f"y: shape {known.shape}, strides {known.stride}. It {storage_words(found.y, found.view, 'x')}."
    return cell_picture(found.y, caption, "y", by_slot=True)


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
    told = "so y is contiguous" if found.y.is_contiguous() else "so y is not contiguous"
    caption = (
        f"Reading y in order, {jumps(found.y_slots):,} of {max(found.y.numel() - 1, 0):,} steps go to another slot "
        f"than the next one, {told}. For x it is {jumps(found.x_slots):,} of {max(found.x.numel() - 1, 0):,}."
    )
    return Picture(figure, caption, f"Line chart of storage slots in reading order. {plain(caption)}")
