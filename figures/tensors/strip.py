"""A storage as one row of cells, each with its number."""

import numpy as np
import plotly.graph_objects as go
from torch import Tensor

from core.tensors.facts import facts, slots, storage
from figures.picture import Picture
from figures.style import axes
from figures.tensors.cells import FRAME, PALE, PALE_GREY, write, write_into
from figures.tensors.shapes import many, plain

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
    written = known.slots <= MOST_WRITTEN
    figure = go.Figure()
    texts = write(storage(tensor)) if written else None
    for shown, scale in ((~used, PALE_GREY), (used, PALE if written else "Cividis")):
        if not shown.any():
            continue
        heat = go.Heatmap(
            z=np.where(shown, number, np.nan)[None].astype(np.float32),
            zmin=0,
            zmax=max(known.slots - 1, 1),
            colorscale=list(scale) if isinstance(scale, tuple) else scale,
            showscale=False,
            hoverinfo="skip",
        )
        if texts is not None:
            words = [text if here else "" for text, here in zip(texts, shown, strict=True)]
            write_into(heat, np.asarray(heat.z), np.asarray([words], dtype=object))
        figure.add_trace(heat)
    if chosen is not None and 0 <= chosen < known.slots:
        figure.add_scatter(
            x=[chosen - 0.5, chosen + 0.5, chosen + 0.5, chosen - 0.5, chosen - 0.5],
            y=[-0.5, -0.5, 0.5, 0.5, -0.5],
            mode="lines",
            line={"color": FRAME, "width": 4},
            hoverinfo="skip",
            showlegend=False,
        )
    axes(figure, "slot of the storage", "storage")
    figure.update_layout(height=HEIGHT, margin={"t": 20})
    figure.update_yaxes(showticklabels=False, showgrid=False, range=[-0.55, 1.0 if written else 0.55])
    figure.update_xaxes(showgrid=False, range=[-0.6, known.slots - 0.4])
    if known.slots <= 16:
        figure.update_xaxes(tickmode="linear", tick0=0, dtick=1)
    caption = strip_sentence(tensor, name, int(used.sum()))
    return Picture(figure, caption, f"The storage as one row of {known.slots:,} slots. {plain(caption)}")


def strip_sentence(tensor: Tensor, name: str, used: int) -> str:
    """What the storage holds and what of it the tensor uses."""
    known = facts(tensor)
    whole = f"{many(known.slots, 'slot')} of {many(known.itemsize, 'byte')}"
    which = "uses every slot" if used == known.slots else f"uses {used:,} of them (the others are grey)"
    again = f", some of them more than once, for its {many(known.elements, 'element')}" if known.elements > used else ""
    start = f"begins at slot {known.offset:,} and " if known.elements else ""
    return f"The storage has {whole}, {many(known.storage_bytes, 'byte')}. {name} {start}{which}{again}."
