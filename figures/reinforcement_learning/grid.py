"""A world as a map of cells: values as shades, moves as triangles or arrows, and ways as lines."""

from functools import cache

import numpy as np
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.reinforcement_learning.planning import greedy
from core.reinforcement_learning.world import World
from figures.png import png
from figures.style import GREY, PALE, VERMILLION, axes
from figures.words import fmt

ARROWS = {"up": "↑", "right": "→", "down": "↓", "left": "←"}
SIDE = 48  # pixels along a side of a cell that shows four triangles
FILLS = {"#": GREY, "H": "#f6cdb0", "G": "#b5e3d3"}
NAMES = {"H": "pit", "G": "goal", "S": "start"}
SHORT = {"H": "pit", "G": "G", "S": "S"}  # where cells are small
NARROW, FLAT = 10, 7  # columns, and rows, from which on they are
INK = {"color": "black"}
SCALE = [list(stop) for stop in PALE]
CLEAR = "rgba(0,0,0,0)"
PALETTE = np.vstack([[[0] * 4], np.linspace(*([*bytes.fromhex(color[1:]), 255] for _, color in PALE), 255).round()])
Frame = dict[str, object]


def empty_grid(world: World) -> go.Figure:
    """The axes and the cells that nobody can stand in; a cell has its column as x and its row as y, from 1."""
    rows, columns = world.shape
    figure = axes(go.Figure(), "column", "row", showlegend=False)
    look, boxes = {"type": "rect", "line": {"color": GREY, "width": 1}, "layer": "below"}, []
    for cell, letter in enumerate(world.letters):
        x, y = xy(world, cell)
        box = {"x0": x - 0.5, "x1": x + 0.5, "y0": y - 0.5, "y1": y + 0.5}
        boxes.append(look | box | {"fillcolor": FILLS.get(letter, CLEAR)})
    figure.update_layout(shapes=boxes)  # at once: plotly checks all of them whenever one is added
    shared = {"showgrid": False, "zeroline": False, "dtick": 1, "fixedrange": True}
    figure.update_xaxes(range=[0.5, columns + 0.5], **shared)
    figure.update_yaxes(range=[rows + 0.5, 0.5], **shared)
    return figure.update_layout(height=75 + rows * max(44, min(100, 320 // rows)), margin={"t": 10})


def xy(world: World, cell: int) -> tuple[int, int]:
    """Column and row of a cell, from 1."""
    row, column = divmod(cell, world.shape[1])
    return column + 1, row + 1


def cell_at(world: World, x: float, y: float) -> int | None:
    """The cell at a place of the map; None outside of it."""
    column, row = round(x) - 1, round(y) - 1
    inside = 0 <= row < world.shape[0] and 0 <= column < world.shape[1]
    return row * world.shape[1] + column if inside else None


def arrows(world: World, Q: Tensor, blank: bool = True) -> list[str]:
    """The best moves of each cell, all that tie; none where nobody stands, nor where all four tie if `blank`."""
    best = greedy(Q)
    return [
        "".join(ARROWS[name] for name, is_best in zip(world.rules.actions, best[cell].tolist(), strict=True) if is_best)
        if world.is_open[cell] and not (blank and best[cell].all())
        else ""
        for cell in range(world.n_cells)
    ]


def said(value: float, largest: float) -> str:
    """A value as its cell says it: as many decimals as there is room for."""
    return fmt(value, decimals=0 if largest >= 1000 else 1 if largest >= 10 else 2)


def _marks(world: World, lines: list[str]) -> list[str]:
    """What stands in each cell: its kind, then the line."""
    found = []
    for letter, line in zip(world.letters, lines, strict=True):
        name = kind_of(world, letter)
        between = "<br>" if world.shape[0] < FLAT else " "
        found.append(name if letter in FILLS else between.join(filter(None, (name, line))))
    return found


def kind_of(world: World, letter: str) -> str:
    """What stands in a cell of a kind; nothing in that of a floor."""
    names = NAMES if world.shape[1] < NARROW and world.shape[0] < FLAT else SHORT
    return names.get(letter, f"+{fmt(world.rules.coin)}" if letter == "R" else "")


def add_kinds(figure: go.Figure, world: World, below: float = 0.0) -> None:
    """Fills and names the cells of a map without values: black on a fill, else in the colour of the theme.

    Args:
        below: how far under the middle of a cell, in cells.
    """
    z = np.array(
        [[("#HG".find(letter) + 0.5) / 3 if letter in FILLS else np.nan for letter in row] for row in world.rows]
    )
    x, y = (np.arange(1, n + 1, dtype=np.int32) for n in world.shape[::-1])
    thirds = [[(place + side) / 3, FILLS[letter]] for place, letter in enumerate("#HG") for side in (0, 1)]
    fills = {"zmin": 0, "zmax": 1, "colorscale": thirds, "showscale": False, "hoverinfo": "skip", "xgap": 1, "ygap": 1}
    figure.add_heatmap(x=x, y=y, z=z.astype(np.float32), **fills)
    look = {"mode": "text", "hoverinfo": "skip", "showlegend": False}
    for color, filled in ((INK, True), ({}, False)):
        cells = [cell for cell, letter in enumerate(world.letters) if (letter in FILLS) == filled]
        names = [kind_of(world, world.letters[cell]) for cell in cells]
        places = [xy(world, cell) for cell in cells]
        heights = [y + below for _, y in places]
        figure.add_scatter(x=[x for x, _ in places], y=heights, text=names, textfont={"size": 12} | color, **look)


def _places(world: World) -> dict[str, list[int]]:
    x, y = zip(*(xy(world, cell) for cell in range(world.n_cells)), strict=True)
    return {"x": list(x), "y": list(y)}


def _words(world: World, lines: list[str], size: int) -> go.Scatter:
    font = INK | {"size": size if world.shape[1] < NARROW else size - 2}
    return go.Scatter(**_places(world), text=_marks(world, lines), mode="text", textfont=font, hoverinfo="skip")


def shades(world: World, values: Tensor) -> np.ndarray:
    """Values of all cells as the heat map takes them, NaN where nobody stands; shape (rows, columns)."""
    return np.where(world.is_open.numpy(), values.numpy(), np.nan).astype(np.float32).reshape(world.shape)


def value_map(world: World, values: Tensor, lines: list[list[str]], title: str) -> tuple[go.Figure, list[Frame]]:
    """The map with a shade and a text in each cell, and its frames (traces 0 and 1).

    Args:
        values: shape (frames, cells). lines: what stands in each cell, one list a frame. title: of the colour bar.
    """
    figure, standing = empty_grid(world), values[:, world.is_open]
    finite = standing[standing.isfinite()]
    low, high = (finite.min().item(), finite.max().item()) if len(finite) else (0.0, 1.0)
    ends = {"zmin": low, "zmax": high if high > low else low + 1.0}
    x, y = (np.arange(1, n + 1, dtype=np.int32) for n in world.shape[::-1])
    bar = {"title": {"text": title, "side": "top"}, "thickness": 12}
    look = {"colorscale": SCALE, "colorbar": bar, "hoverinfo": "skip", "xgap": 1, "ygap": 1}
    figure.add_heatmap(x=x, y=y, z=shades(world, values[0]), **ends, **look)
    figure.add_trace(_words(world, lines[0], 13))
    frames = [
        {"traces": [0, 1], "data": [{"z": shades(world, V)}, {"text": _marks(world, line)}]}
        for V, line in zip(values, lines, strict=True)
    ]
    return figure, frames


def triangle_map(
    world: World, values: Tensor, title: str, scale: tuple[float, ...] | None = None
) -> tuple[go.Figure, list[Frame]]:
    """The map with a triangle for each move, on its side of the cell, and arrows for the best; frames as above.

    Args:
        values: shape (frames, cells, 4).
        scale: values at equal distances along the colour bar; if None, the ranks of those in the last frame and of
            the lowest and the highest of all.
    """
    figure, last = empty_grid(world), values[-1][world.is_open].flatten().numpy()
    reach = [values.min().item(), values.max().item()]  # of all frames
    steps = np.array(scale) if scale else np.unique(np.append(last, reach))
    if len(steps) == 1:
        steps = np.array([steps[0], steps[0] + 1.0])
    codes = _codes(values.numpy(), steps)
    ticks = np.linspace(0, len(steps) - 1, 5)
    names = [fmt(value, 3) for value in np.interp(ticks, np.arange(len(steps)), steps)]
    bar = {"title": {"text": title, "side": "top"}, "thickness": 12, "ticktext": names, "tickvals": ticks}
    pictures = [_picture(world, each) for each in codes]
    first, pixel = 0.5 + 0.5 / SIDE, 1 / SIDE
    place = {"x0": first, "y0": first, "dx": pixel, "dy": pixel}
    figure.add_image(source=pictures[0], **place, zsmooth="fast", hoverinfo="skip").update_yaxes(scaleanchor=False)
    ends = {"zmin": 0, "zmax": len(steps) - 1}
    figure.add_heatmap(x=[-1], y=[-1], z=[[0]], **ends, colorscale=SCALE, colorbar=bar)  # out of sight, for its bar
    figure.add_scatter(**_edges(world), mode="lines", line={"color": GREY, "width": 1}, hoverinfo="skip")
    figure.add_trace(_words(world, arrows(world, values[0]), 16))
    frames = [
        {"traces": [0, 3], "data": [{"source": picture}, {"text": _marks(world, arrows(world, Q))}]}
        for picture, Q in zip(pictures, values, strict=True)
    ]
    return figure, frames


def _codes(values: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """1 to 255 by the place of a value among some steps."""
    places = np.interp(values, steps, np.arange(len(steps)))
    return np.round(1 + places * 254 / (len(steps) - 1)).astype(np.uint8)


def _edges(world: World) -> dict[str, list]:
    """The diagonals and the border of every open cell, as one line with gaps."""
    x, y = [], []
    for cell in world.is_open.nonzero().flatten().tolist():
        column, row = xy(world, cell)
        x += [column + dx for dx in (-0.5, 0.5, 0.5, -0.5, -0.5, 0.5)] + [None, column - 0.5, column + 0.5, None]
        y += [row + dy for dy in (-0.5, -0.5, 0.5, 0.5, -0.5, 0.5)] + [None, row + 0.5, row - 0.5, None]
    return {"x": x, "y": y}


def _picture(world: World, codes: np.ndarray) -> str:
    """A PNG of all cells, each with its four triangles: a browser scales it with clean edges, unlike a heat map.

    Args:
        codes: shape (cells, 4). Where nobody stands, nothing is drawn.
    """
    rows, columns = world.shape
    codes = codes * world.is_open.numpy()[:, None]
    picture = codes.reshape(rows, columns, 4)[:, :, _triangles(world.rules.actions)]  # (rows, columns, SIDE, SIDE)
    pixels = torch.from_numpy(picture.transpose(0, 2, 1, 3).reshape(rows * SIDE, columns * SIDE))
    return png(pixels, PALETTE.astype(np.uint8))


@cache
def _triangles(actions: tuple[str, ...]) -> np.ndarray:
    """Which move's triangle each pixel of a cell lies in, shape (SIDE, SIDE)."""
    at = np.arange(SIDE) + 0.5 - SIDE / 2
    dx, dy = np.meshgrid(at, at)
    names = np.where(abs(dx) > abs(dy), np.where(dx > 0, "right", "left"), np.where(dy > 0, "down", "up"))
    return np.vectorize(actions.index)(names)


def way_of(world: World, cells: list[int] | tuple[int, ...], aside: float = 0.0) -> dict[str, list[float]]:
    """x and y of the line through some cells, a little aside so that two ways can be told apart."""
    points = [xy(world, cell) for cell in cells]
    return {"x": [x + aside for x, _ in points], "y": [y + aside for _, y in points]}


def mark(world: World, cell: int) -> dict[str, list[float]]:
    """x and y of the frame around a cell."""
    x, y = xy(world, cell)
    return {
        "x": [x - 0.46, x + 0.46, x + 0.46, x - 0.46, x - 0.46],
        "y": [y - 0.46, y - 0.46, y + 0.46, y + 0.46, y - 0.46],
    }


FRAME = {"mode": "lines", "line": {"color": VERMILLION, "width": 3}, "hoverinfo": "skip"}


def towards(name: str) -> str:
    """A move with its arrow."""
    return f"{name} {ARROWS[name]}"
