"""A surface from above, for paths to be drawn on it."""

from collections.abc import Iterable

import numpy as np
import plotly.graph_objects as go

from core.cache import cached
from core.plane.surfaces import Box, Surface, box_with
from figures.plane import CROWD, contours, critical_marks, height_map
from figures.style import axes

ROOM = 1.45  # times the extent of what must be seen
HALO = 2.4  # pixels of white around a path, so that its colour shows on any height


@cached
def close_box(surface: Surface) -> Box:
    """The part of a surface's box that holds its level points, or the lowest of very many, and its usual start."""
    x_low, x_high, y_low, y_high = surface.box
    if surface.name == "typed" or not surface.minima:
        return surface.box
    shown = surface.points if len(surface.points) <= CROWD else surface.lowest
    xs, ys = zip(surface.start, *((point.x, point.y) for point in shown), strict=True)
    half = max(max(xs) - min(xs), max(ys) - min(ys)) / 2 * ROOM
    x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    return (max(x_low, x - half), min(x_high, x + half), max(y_low, y - half), min(y_high, y + half))


def box_of(surface: Surface, points: Iterable[tuple[float, float]]) -> Box:
    """What is drawn of the plane: the close part, and some points."""
    return box_with(close_box(surface), points)


def surface_map(surface: Surface, box: Box, cells: int, height: int) -> go.Figure:
    """The heights in a box with the level points; a click anywhere is heard of."""
    level = surface.lowest[0].value if surface.lowest else None
    figure = go.Figure(contours(height_map(surface.function, box, level, cells)))
    figure.add_traces(critical_marks(surface.points, box))
    axes(figure, "x", "y", showlegend=False, dragmode=False, hovermode="closest")
    figure.update_layout(height=height, margin={"l": 10, "r": 10, "t": 10, "b": 10})
    figure.update_xaxes(range=list(box[:2]), constrain="domain", fixedrange=True, title_standoff=2)
    figure.update_yaxes(range=list(box[2:]), scaleanchor="x", constrain="domain", fixedrange=True, title_standoff=2)
    return figure


def add_path(
    figure: go.Figure,
    path: np.ndarray,
    name: str,
    color: str,
    width: float,
    opacity: float = 1.0,
    upto: list[int] | None = None,
) -> None:
    """A line with a white edge.

    Args:
        path: shape (steps + 1, 2). upto: for each frame the last point that is shown; None for all in all frames.
    """
    for shown, wide in (("white", width + HALO), (color, width)):
        figure.add_scatter(
            x=path[:, 0],
            y=path[:, 1],
            mode="lines",
            name=name,
            line={"color": shown, "width": wide},
            opacity=opacity,
            hoverinfo="skip",
            meta=None if upto is None else {"upto": upto},
        )
