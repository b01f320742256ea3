"""A tensor as coloured cells: the last dimension runs across, the one before it down, and so on in turns.

Cells with numbers written in have pale colours, so that dark letters have contrast 4.5:1 on every one of them and in
both themes. Cells that are too many for numbers have the whole scale.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.colors
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.tensors.facts import facts
from figures.style import axes

PALE = ("#b9b3e0", "#9cc4e4", "#8fd3c1", "#c5e28a", "#fdf0a0")
PALE_GREY = ("#d3d7dc", "#eceef1")
CIVIDIS = tuple(plotly.colors.sequential.Cividis)
INK = "#16191d"
FRAME = "#D55E00"
MOST_WRITTEN = 400  # cells
MOST_COLUMNS = 26  # with numbers written in
BLANK = "\u00a0"
MOST_FRAMED = 150_000  # letters of the frame's path; beyond that, single cells are too small to be framed
NARROWEST = 14  # pixels of a cell, at least, as far as the height goes


@dataclass(frozen=True)
class Layout:
    """Where each element of a tensor is drawn.

    Attributes:
        rows, columns: of each element in reading order, int arrays. height, width: of the whole, in cells.
        across, down: where the middle of each matrix is, in cells, and the indices that lead there; empty for a
            single matrix.
    """

    rows: np.ndarray
    columns: np.ndarray
    height: int
    width: int
    across: dict[float, str]
    down: dict[float, str]


def layout(shape: tuple[int, ...]) -> Layout:
    """Lays the matrices of a tensor side by side, with a gap that grows with every dimension."""
    rows, columns = np.zeros((1,) * 0, dtype=int), np.zeros((1,) * 0, dtype=int)
    height = width = 1
    for back, length in enumerate(reversed(shape), start=1):
        across = back % 2 == 1
        gap = 0 if back < 3 else back // 2
        step = (width if across else height) + gap
        offsets = np.arange(length).reshape((length,) + (1,) * rows.ndim) * step
        rows = rows[None] + (0 if across else offsets) + 0 * offsets
        columns = columns[None] + (offsets if across else 0) + 0 * offsets
        if across:
            width = max(step * (length - 1) + width, 1)
        else:
            height = max(step * (length - 1) + height, 1)
    across: dict[float, str] = {}
    down: dict[float, str] = {}
    if len(shape) > 2 and math.prod(shape):
        for index in np.ndindex(*shape[:-2]):
            turns = [str(i) for i in reversed(index)]  # dimension -3 runs across, -4 down, -5 across, -6 down
            across[float(columns[(*index, 0, 0)]) + (shape[-1] - 1) / 2] = _label(turns[0::2])
            down[float(rows[(*index, 0, 0)]) + (shape[-2] - 1) / 2] = _label(turns[1::2])
    return Layout(rows.ravel(), columns.ravel(), height, width, across, down)


def _label(turns: list[str]) -> str:
    return "[" + ", ".join(reversed(turns)) + "]" if turns else ""


def write(tensor: Tensor) -> list[str]:
    """Every element as short text, in reading order."""
    flat = tensor.flatten()
    if tensor.dtype == torch.bool:
        return ["True" if value else "False" for value in flat.tolist()]
    if tensor.is_floating_point():
        return [short(value) for value in flat.double().tolist()]
    return [str(value) for value in flat.tolist()]


def short(value: float) -> str:
    """A decimal number in few characters."""
    return f"{value:.3g}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")


def cells(
    tensor: Tensor,
    *,
    lit: np.ndarray | None = None,
    colour: np.ndarray | None = None,
    texts: list[str] | None = None,
    scale_title: str = "value",
    limits: tuple[float, float] | None = None,
) -> go.Figure:
    """The figure of one tensor.

    Args:
        lit: truth values in reading order: these cells are coloured and framed, the others grey.
        colour: what the colour stands for, in reading order; the values where it is left out.
        texts: what is written into the cells, in reading order; the values where it is left out.
        limits: of the colour scale.
    """
    place = layout(tuple(tensor.shape))
    written = is_written(tensor)
    values = tensor.detach().double().flatten().numpy() if colour is None else np.asarray(colour, dtype=float)
    texts = (write(tensor) if texts is None else texts) if written else None
    low, high = limits or _limits(values)
    share = np.clip((np.nan_to_num(values, nan=low, posinf=high, neginf=low) - low) / (high - low), 0, 1)
    strong = PALE if written else CIVIDIS
    partly = lit is not None and not lit.all()
    if partly:  # one scale in two halves, so that all cells are one trace and their letters have one size
        share = np.where(lit, 0.51 + 0.49 * share, 0.49 * share)
        scale = [*_stops(PALE_GREY, 0.0, 0.5), *_stops(strong, 0.5, 1.0)]
    else:
        scale = _stops(strong, 0.0, 1.0)
    figure = go.Figure()
    if tensor.numel():
        heat = _heat(place, share, texts, scale)
        if not partly and not written:
            heat.update(showscale=True, colorbar=_bar(scale_title, low, high))
        figure.add_trace(heat)
    if partly and lit.any():
        frame = _frame(place, lit)
        if len(frame) <= MOST_FRAMED:
            figure.add_shape(type="path", path=frame, line={"color": FRAME, "width": 3})
    return _dress(figure, place, tuple(tensor.shape), written)


def _stops(colours: tuple[str, ...], start: float, end: float) -> list[list[object]]:
    """The colours at equal distances from start to end, as plotly's scales are written."""
    return [[start + (end - start) * i / (len(colours) - 1), colour] for i, colour in enumerate(colours)]


def _bar(title: str, low: float, high: float) -> dict[str, object]:
    """The labelled bar of a scale whose cells hold shares from 0 to 1."""
    shares = [0.0, 0.25, 0.5, 0.75, 1.0]
    words = [short(low + (high - low) * share) for share in shares]
    return {"title": {"text": title, "side": "top"}, "thickness": 12, "len": 0.9, "tickvals": shares, "ticktext": words}


def _limits(values: np.ndarray) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _heat(place: Layout, share: np.ndarray, texts: list[str] | None, scale: list[list[object]]) -> go.Heatmap:
    """All cells; share: of the colour scale, from 0 to 1, in reading order."""
    grid = np.full((place.height, place.width), np.nan, dtype=np.float32)
    grid[place.rows, place.columns] = share
    heat = go.Heatmap(z=grid, zmin=0, zmax=1, colorscale=scale, showscale=False, hoverongaps=False, hoverinfo="skip")
    if texts is not None:
        words = np.full((place.height, place.width), "", dtype=object)
        words[place.rows, place.columns] = np.asarray(texts, dtype=object)
        write_into(heat, grid, words)
    return heat


def write_into(heat: go.Heatmap, grid: np.ndarray, words: np.ndarray) -> None:
    """Letters into the cells, as large as fit.

    plotly measures the room for letters by the distance to the next one, across and down. A single row or column gets
    an empty neighbour with a blank in it, so that there is a next one.
    """
    if grid.shape[0] == 1:
        grid = np.vstack([grid, np.full((1, grid.shape[1]), np.nan, dtype=np.float32)])
        words = np.vstack([words, np.full((1, words.shape[1]), "", dtype=object)])
        words[1, 0] = BLANK
    if grid.shape[1] == 1:
        grid = np.hstack([grid, np.full((grid.shape[0], 1), np.nan, dtype=np.float32)])
        words = np.hstack([words, np.full((words.shape[0], 1), "", dtype=object)])
        words[0, 1] = BLANK
    heat.update(z=grid, text=words.tolist(), texttemplate="%{text}", textfont={"color": INK}, xgap=2, ygap=2)


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


def _dress(figure: go.Figure, place: Layout, shape: tuple[int, ...], written: bool) -> go.Figure:
    """Axis titles with the dimensions' numbers, marks at cells or at whole matrices; square cells, but for many."""
    dims = len(shape)
    beside, below = (", ".join(str(d) for d in range(dims - first, -1, -2)) for first in (3, 4))
    across = f"column (dimension {dims - 1})" if dims else "column"
    down = f"row (dimension {dims - 2})" if dims > 1 else "row"
    axes(
        figure,
        f"[dimension {beside}], {across}" if beside else across,
        f"[dimension {below}], {down}" if below else down,
    )
    square = not written or max(place.height, place.width) <= 12
    shared = {"showgrid": False, "zeroline": False, "constrain": "domain"}
    right = 1.0 if written and place.width == 1 else place.width - 0.4  # the empty neighbour must be in sight
    bottom = 1.0 if written and place.height == 1 else place.height - 0.4
    figure.update_xaxes(range=[-0.6, right], **shared, **_marks(place.across, place.width, dims))
    figure.update_yaxes(
        range=[bottom, -0.6],
        scaleanchor="x" if square else None,
        **shared,
        **_marks(place.down, place.height, dims),
    )
    side = min(48, max(NARROWEST, 700 / place.width)) if written else min(24, max(5.5, 260 / place.width))
    figure.update_layout(
        height=int(min(600 if written else 440, max(170, 120 + side * place.height))),
        margin={"t": 20},
        showlegend=False,
    )
    return figure


def _marks(matrices: dict[float, str], length: int, dims: int) -> dict[str, object]:
    """The marks of an axis: one a matrix where there are several, else one a cell or every fourth."""
    if dims > 2:
        labelled = 1 < len(matrices) <= 24 and "" not in matrices.values()
        return (
            {"tickvals": list(matrices), "ticktext": list(matrices.values())} if labelled else {"showticklabels": False}
        )
    return {"tickvals": list(range(0, length, 1 if length <= 16 else 4))} if length <= 64 else {}


def is_written(tensor: Tensor) -> bool:
    """Whether the cells have their numbers written in."""
    return tensor.numel() <= MOST_WRITTEN and layout(tuple(tensor.shape)).width <= MOST_COLUMNS


def table_of(tensor: Tensor, name: str) -> pd.DataFrame | None:
    """The numbers as a table, where the cells do not show them all as text."""
    return None if is_written(tensor) else table(tensor, name)


def table(tensor: Tensor, name: str) -> pd.DataFrame:
    """Every element with its index and its slot in the storage."""
    known = facts(tensor)
    indices = np.indices(known.shape).reshape(len(known.shape), -1) if known.shape else np.zeros((0, 1), dtype=int)
    slot = known.offset + sum(
        (indices[d] * stride for d, stride in enumerate(known.stride)), np.zeros(max(known.elements, 0), dtype=int)
    )
    values = tensor.flatten()
    columns = {f"index {d}": indices[d] for d in range(len(known.shape))}
    return pd.DataFrame(
        columns | {name: (values.double() if values.is_floating_point() else values).numpy(), "storage slot": slot}
    )
