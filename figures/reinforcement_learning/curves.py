"""Curves over episodes or updates: the middle of many runs as a line, their middle half as a band, a mark of time."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from torch import Tensor

from figures.band import add_band
from figures.style import GREY, SEQUENCE, axes

Frame = dict[str, list]


def curves(
    runs: Mapping[str, tuple[Tensor, Tensor]], x: str, y: str, moments: Sequence[int] = (), first: int = 0
) -> tuple[go.Figure, list[Frame], pd.DataFrame]:
    """The figure, one frame for each moment (a mark that moves), and the table of lines and bands.

    Args:
        runs: name -> values of shape (steps, runs), the first of which belong to `first` on the x axis; and the line
            in their middle, shape (steps,).
        moments: places on the x axis.
    """
    figure, columns = go.Figure(), {}
    for (name, (values, middle)), (color, dash, _) in zip(runs.items(), SEQUENCE, strict=False):
        at, line = np.arange(first, first + len(middle), dtype=np.int32), {"color": color, "dash": dash}
        low, high = add_band(figure, at, values, name, line, middle, within=(0.25, 0.75), mode="lines")
        parts = {name: middle, f"{name}, a quarter below": low, f"{name}, a quarter above": high}
        columns |= {label: pd.Series(part.numpy()) for label, part in parts.items()}  # one may have been stopped
    table = pd.DataFrame(columns)
    table.insert(0, x, range(first, first + len(table)))
    axes(figure, x, y)
    if not moments:
        return figure, [], table
    whole = table.iloc[:, 1:].to_numpy()
    finite = whole[np.isfinite(whole)]
    ends = [float(finite.min()), float(finite.max())] if len(finite) else [0.0, 1.0]
    here = {"mode": "lines", "line": {"color": GREY, "width": 2, "dash": "dot"}, "showlegend": False}
    figure.add_scatter(x=[moments[0]] * 2, y=ends, hoverinfo="skip", **here)
    place = len(figure.data) - 1
    return figure, [{"traces": [place], "data": [{"x": [moment] * 2}]} for moment in moments], table
