"""A storage as one row of cells, each with its number."""

import numpy as np
import plotly.graph_objects as go
from torch import Tensor

from core.tensors.facts import facts, slots, storage
from figures.picture import Picture
from figures.style import VERMILLION, axes
from figures.tensors.cells import PALE_GREY, PALE_SLOTS, write, write_into
from figures.tensors.facts import plain
from figures.words import plural

MOST_WRITTEN = 32
HEIGHT = 160


def strip(tensor: Tensor, name: str, chosen: int | None = None) -> Picture:
    """The storage that a tensor lives in; slots that the tensor does not use are grey.

    Args:
        chosen: a slot to be framed.
    """
    known = facts(tensor)
    used = np.zeros(known.slots, dtype=bool)
    used[slots(tensor).flatten().numpy()] = True
    number = np.arange(known.slots, dtype=np.float32)
    texts = np.asarray(write(storage(tensor)), dtype=object) if known.slots <= MOST_WRITTEN else None
    figure = go.Figure()
    for shown, scale in ((~used, PALE_GREY), (used, PALE_SLOTS)):
        if not shown.any():
            continue
        heat = go.Heatmap(
            z=np.where(shown, number, np.nan)[None].astype(np.float32),
            zmin=0,
            zmax=max(known.slots - 1, 1),
            colorscale=list(scale),
            showscale=False,
            hoverinfo="skip",
        )
        if texts is not None:
            write_into(heat, np.asarray(heat.z), np.where(shown, texts, "")[None])
        figure.add_trace(heat)
    axes(figure, "slot of the storage", "storage")
    if chosen is not None:
        box = {"x0": chosen - 0.5, "x1": chosen + 0.5, "y0": -0.5, "y1": 0.5}
        figure.add_shape(type="rect", **box, line={"color": VERMILLION, "width": 4})
    figure.update_layout(height=HEIGHT, margin={"t": 20})
    figure.update_yaxes(showticklabels=False, showgrid=False, range=[-0.55, 0.55 if texts is None else 1.0])
    figure.update_xaxes(showgrid=False, range=[-0.6, known.slots - 0.4])
    if known.slots <= 16:
        figure.update_xaxes(tickmode="linear", tick0=0, dtick=1)
    again = ", some more than once" if known.elements > used.sum() else ""
    caption = (
        f"The storage has {plural(known.slots, 'slot')} of {plural(known.itemsize, 'byte')}. {name} begins at slot "
        f"{known.offset:,} and uses {int(used.sum()):,} of them{again}; the others, if any, are grey."
    )
    return Picture(figure, caption, f"The storage as one row of {known.slots:,} slots. {plain(caption)}")
