"""A tensor as coloured cells: the last dimension runs across, the one before it down, and so on in turns.

Cells with numbers written in have pale colours, so that dark letters have contrast 4.5:1 on every one of them and in
both themes. Cells that are too many for numbers have the whole scale. Values and storage slots have a scale each.
"""

import numpy as np
import pandas as pd
import plotly.colors
import plotly.graph_objects as go
from torch import Tensor

from core.tensors.facts import slots, storage
from figures.picture import Picture
from figures.style import VERMILLION, axes
from figures.tensors.layout import Layout, layout
from figures.words import fmt, plain, typeset

PALE = ("#b9b3e0", "#9cc4e4", "#8fd3c1", "#c5e28a", "#fdf0a0")
PALE_GREY = ("#d3d7dc", "#eceef1")
DIM_GREY = (
    "#7d848b",
    "#8b9299",
)  # of cells that are not lit, in the dark theme, where pale ones would outshine all
PALE_SLOTS = ("#fdeee0", "#f7d0a8", "#eeb27a", "#dd9a63")
CIVIDIS = tuple(plotly.colors.sequential.Cividis)
INK = "#16191d"
MOST_WRITTEN = 400  # cells
MOST_COLUMNS = 26  # with numbers written in
MOST_DIGITS = 6  # of a whole number in a cell
BLANK = "\u00a0"
MOST_FRAMED = 150_000  # letters of the frame's path; beyond that, single cells are too small to be framed
MOST_SQUARE = 20  # times as many cells in one direction as in the other, while cells without numbers are square
LOWEST, LOWEST_BAR = 170, 250  # pixels of a picture, and of one beside which the labels of a scale need room
NAME = 16  # pixels of the name above a picture
NARROWEST = 14  # pixels of a cell, at least, as far as the height goes


def say(value: bool | float, digits: int = 4) -> str:
    """One element in words: a whole number with all its digits, a decimal with some."""
    return fmt(value, digits) if isinstance(value, float) and value == value else typeset(str(value))


def write(tensor: Tensor) -> list[str]:
    """Every element as text that fits into a cell, in reading order."""
    if tensor.is_floating_point():
        return [fmt(value, 3) if value == value else "nan" for value in tensor.flatten().double().tolist()]
    long = 10**MOST_DIGITS
    return [say(float(x) if abs(x) >= long else x, 3) for x in tensor.flatten().tolist()]


def cell_picture(tensor: Tensor, caption: str, title: str, **options: object) -> Picture:
    """A tensor as cells with all that is said about it, and a table where not every number is written in.

    Args:
        title: what is drawn, written above it. options: those of `cells`.
    """
    written = options.get("written")
    table = None if (is_written(tensor) if written is None else written) else table_of(tensor)
    figure = cells(tensor, **options)
    figure.update_layout(
        title={"text": title, "font_size": 15, "x": 0.5, "xanchor": "center", "y": 1, "yanchor": "top"}
    )
    figure.update_layout(height=figure.layout.height + NAME, margin_t=20 + NAME)
    return Picture(figure, caption, f"{title} as coloured cells. {plain(caption)}", table)


def cells(
    tensor: Tensor,
    *,
    lit: Tensor | None = None,
    by_slot: bool = False,
    texts: list[str] | None = None,
    limits: tuple[float, float] | None = None,
    place: Layout | None = None,
    written: bool | None = None,
) -> go.Figure:
    """The figure of one tensor.

    Args:
        lit: truth values in reading order: these cells are coloured and framed, the others grey.
        by_slot: the colour is that of the storage slot, not of the value; few cells have the slot written in behind #.
        texts: what is written into the cells, in reading order; the values where it is left out.
        limits: of the colour scale. place: where each cell stands, if not as `layout` says. written: whether numbers
            are written in, if not as `is_written` says; the two kinds have a palette each.
    """
    place = place or layout(tuple(tensor.shape))
    written = is_written(tensor) if written is None else written
    values = (slots(tensor) if by_slot else tensor.detach()).double().flatten().numpy()
    low, high = _limits(values, (0.0, float(len(storage(tensor)) - 1)) if by_slot else limits)
    share = np.clip((np.nan_to_num(values, nan=low, posinf=high, neginf=low) - low) / (high - low), 0, 1)
    if written and texts is None:
        texts = write(tensor)
        if by_slot and tensor.numel() <= 40:
            texts = [f"{text}<br>#{slot:.0f}" for text, slot in zip(texts, values, strict=True)]
    strong = PALE_SLOTS if by_slot else PALE if written else CIVIDIS
    scale, dark, mask = (
        _stops(strong, 0.0, 1.0),
        None,
        np.ones(tensor.numel(), dtype=bool) if lit is None else lit.numpy(),
    )
    partly = not mask.all()
    if partly:  # one scale in two halves, so that all cells are one trace and their letters have one size
        share = np.where(mask, 0.51 + 0.49 * share, 0.49 * share)
        scale, dark = ([*_stops(grey, 0.0, 0.5), *_stops(strong, 0.5, 1.0)] for grey in (PALE_GREY, DIM_GREY))
    figure = go.Figure()
    if tensor.numel():
        heat = _heat(place, share, texts if written else None, scale)
        if not partly and not written:
            heat.update(showscale=True, colorbar=_bar("slot" if by_slot else "value", low, high))
        figure.add_trace(heat.update(meta=dark and {"dark": {"colorscale": dark}}))
    if partly and mask.any():
        frame = _frame(place, mask)
        if len(frame) <= MOST_FRAMED:
            figure.add_shape(type="path", path=frame, line={"color": VERMILLION, "width": 3})
    return _dress(figure, place, tensor.dim(), written)


def _stops(colours: tuple[str, ...], start: float, end: float) -> list[list[object]]:
    """The colours at equal distances from start to end, as plotly's scales are written."""
    return [[start + (end - start) * i / (len(colours) - 1), colour] for i, colour in enumerate(colours)]


def _bar(title: str, low: float, high: float) -> dict[str, object]:
    """The labelled bar of a scale whose cells hold shares from 0 to 1."""
    shares = [0.0, 0.25, 0.5, 0.75, 1.0]
    words = [fmt(low + (high - low) * share, 3) for share in shares]
    return {"title": {"text": title, "side": "top"}, "thickness": 12, "len": 0.9, "tickvals": shares, "ticktext": words}


def _limits(values: np.ndarray, ends: tuple[float, float] | None) -> tuple[float, float]:
    """The ends of a colour scale, apart from each other; those of the finite values where none are given."""
    finite = values[np.isfinite(values)]
    low, high = ends or ((float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0))
    apart = max(0.5, 1e-6 * abs(low))  # far from 0, the next number is more than 0.5 away
    return (low, high) if high > low else (low - apart, high + apart)


def _heat(place: Layout, share: np.ndarray, texts: list[str] | None, scale: list[list[object]]) -> go.Heatmap:
    """All cells; share: of the colour scale, from 0 to 1, in reading order; texts: as large as fit.

    plotly measures the room for letters by the distance to the next one, across and down. A single row or column gets
    an empty neighbour with a blank in it, so that there is a next one.
    """
    lonely = (0, 0) if texts is None else (int(place.height == 1), int(place.width == 1))
    grid = np.full((place.height + lonely[0], place.width + lonely[1]), np.nan, dtype=np.float32)
    grid[place.rows, place.columns] = share
    heat = go.Heatmap(z=grid, zmin=0, zmax=1, colorscale=scale, showscale=False, hoverongaps=False, hoverinfo="skip")
    if texts is not None:
        words = np.full(grid.shape, "", dtype=object)
        words[place.rows, place.columns] = np.asarray(texts, dtype=object)
        if lonely[0]:
            words[1, 0] = BLANK
        if lonely[1]:
            words[0, 1] = BLANK
        heat.update(text=words.tolist(), texttemplate="%{text}", textfont={"color": INK}, xgap=2, ygap=2)
    return heat


def _frame(place: Layout, lit: np.ndarray) -> str:
    """A line around every connected group of lit cells, as an SVG path of upright and level edges.

    One path is one element of the page. As a trace with gaps, every edge is one, and a mask of a thousand cells takes
    the browser more than a second.
    """
    grid = np.zeros((place.height + 2, place.width + 2), dtype=bool)
    grid[place.rows[lit] + 1, place.columns[lit] + 1] = True
    rows, columns = np.nonzero(grid[:, 1:] != grid[:, :-1])  # an upright edge right of column `columns`
    upright = [f"M{x - 0.5},{y - 1.5}V{y - 0.5}" for x, y in zip(columns.tolist(), rows.tolist(), strict=True)]
    rows, columns = np.nonzero(grid[1:] != grid[:-1])
    level = [f"M{x - 1.5},{y - 0.5}H{x - 0.5}" for x, y in zip(columns.tolist(), rows.tolist(), strict=True)]
    return "".join(upright + level)


def _dress(figure: go.Figure, place: Layout, dims: int, written: bool) -> go.Figure:
    """Axis titles with the dimensions' numbers, marks at cells or at whole matrices; square cells, but for many."""
    beside, below = (", ".join(str(d) for d in range(dims - first, -1, -2)) for first in (3, 4))
    across = f"column (dimension {dims - 1})" if dims else ""  # a scalar has no dimension, a vector no rows
    down = f"row (dimension {dims - 2})" if dims > 1 else ""
    across, down = (f"[dimension {m}], {own}" if m else own for m, own in ((beside, across), (below, down)))
    axes(figure, across, down, showlegend=False)
    long, short = max(place.height, place.width), min(place.height, place.width)
    # A single row of hundreds of square cells would be a line one pixel high.
    square = "x" if long <= 12 or (not written and long <= MOST_SQUARE * short) else None
    shared = {"showgrid": False, "zeroline": False, "constrain": "domain"}
    right = 1.0 if written and place.width == 1 else place.width - 0.4  # the empty neighbour must be in sight
    bottom = 1.0 if written and place.height == 1 else place.height - 0.4
    figure.update_xaxes(range=[-0.6, right], **shared, **_marks(place.across, place.width, dims))
    figure.update_yaxes(range=[bottom, -0.6], scaleanchor=square, **shared)
    figure.update_yaxes(**_marks(place.down, place.height, 0 if dims == 1 else dims))
    side = min(48, max(NARROWEST, 700 / place.width)) if written else min(24, max(5.5, 260 / place.width))
    lowest = LOWEST_BAR if any(heat.showscale for heat in figure.data) else LOWEST
    height = int(min(600 if written else 440, max(lowest, 120 + side * place.height)))
    return figure.update_layout(height=height, margin={"t": 20})


def _marks(matrices: dict[float, str], length: int, dims: int) -> dict[str, object]:
    """The marks of an axis: one a matrix where there are several, else one a cell or every fourth."""
    if dims == 0 or dims > 2:
        if 1 < len(matrices) <= 24 and "" not in matrices.values():
            return {"tickvals": list(matrices), "ticktext": list(matrices.values())}
        return {"showticklabels": False, "ticks": ""}
    return {"tickvals": list(range(0, length, 1 if length <= 16 else 4))} if length <= 64 else {}


def is_written(tensor: Tensor) -> bool:
    """Whether the cells have their numbers written in."""
    return tensor.numel() <= MOST_WRITTEN and layout(tuple(tensor.shape)).width <= MOST_COLUMNS


def table_of(tensor: Tensor) -> pd.DataFrame:
    """Every element with its index and its slot in the storage."""
    indices = np.indices(tuple(tensor.shape)).reshape(tensor.dim(), tensor.numel())
    values = tensor.flatten()
    values = values.double() if values.is_floating_point() else values
    columns = {f"index {d}": index for d, index in enumerate(indices)}
    return pd.DataFrame(columns | {"value": values.numpy(), "storage slot": slots(tensor).flatten().numpy()})
