"""Curves over episodes or updates: the middle of many runs as a line, their middle half as a band, a mark of time."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from figures.style import GREY, SEQUENCE, axes

Band = tuple[np.ndarray, np.ndarray | None, np.ndarray | None]  # middle, low and high; None without a band
Frame = dict[str, list]


def curves(
    lines: Mapping[str, Band], x: str, y: str, moments: Sequence[int] = (), first: int = 0
) -> tuple[go.Figure, list[Frame]]:
    """The figure and, if it has moments, one frame for each: a mark that moves.

    Args:
        lines: name -> values, the first of which belongs to `first` on the x axis.
        moments: places on the x axis.
    """
    figure = go.Figure()
    for (name, (middle, low, high)), (color, dash, _) in zip(lines.items(), SEQUENCE, strict=False):
        at = np.arange(first, first + len(middle), dtype=np.int32)
        if low is not None:
            pale = f"rgba({','.join(str(int(color[i : i + 2], 16)) for i in (1, 3, 5))},0.2)"
            edge = {"mode": "lines", "line": {"width": 0}, "showlegend": False, "hoverinfo": "skip"}
            figure.add_scatter(x=at, y=_f4(low), **edge)
            figure.add_scatter(x=at, y=_f4(high), fill="tonexty", fillcolor=pale, **edge)
        line = {"color": color, "dash": dash, "width": 3}
        figure.add_scatter(x=at, y=_f4(middle), mode="lines", name=name, line=line)
    axes(figure, x, y)
    if not moments:
        return figure, []
    whole = np.concatenate([part for band in lines.values() for part in band if part is not None])
    finite = whole[np.isfinite(whole)]
    ends = [float(finite.min()), float(finite.max())] if len(finite) else [0.0, 1.0]
    here = {"mode": "lines", "line": {"color": GREY, "width": 2, "dash": "dot"}, "showlegend": False}
    figure.add_scatter(x=[moments[0]] * 2, y=ends, hoverinfo="skip", **here)
    place = len(figure.data) - 1
    return figure, [{"traces": [place], "data": [{"x": [moment] * 2}]} for moment in moments]


def _f4(values: np.ndarray) -> np.ndarray:
    return np.asarray(values, dtype=np.float32)
