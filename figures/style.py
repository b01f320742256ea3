"""The one palette and the one layout of all figures.

Okabe and Ito's colours; each has contrast 3:1 on the light and on the dark background, and each
meaning also has a dash or a marker of its own, so that nothing depends on colour.
"""

import math

import numpy as np
import plotly.graph_objects as go
from torch import Tensor

BLUE, VERMILLION, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#80868c"
SEQUENCE = (  # for runs that are compared: colour, dash and marker together
    (BLUE, "solid", "circle"),
    (VERMILLION, "dash", "x"),
    (GREEN, "dot", "diamond"),
    (PURPLE, "dashdot", "square"),
    (GREY, "longdash", "triangle-up"),
)
VALIDATION = {"color": PURPLE, "dash": "dashdot"}
HEIGHT = 360
MOST_MARKS = 8  # on a logarithmic axis


def axes(figure: go.Figure, x: str, y: str, **layout: object) -> go.Figure:
    """Axis titles, margins and a legend above the plot, where it covers nothing on a phone."""
    figure.update_layout(
        xaxis_title=x,
        yaxis_title=y,
        height=HEIGHT,
        margin={"l": 10, "r": 10, "t": 40, "b": 10},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        **layout,
    )
    return figure


def numbers(tensor: Tensor) -> np.ndarray:
    """A tensor as plotly takes it, in single precision; infinite beyond 3.4e38, which no axis reaches."""
    with np.errstate(over="ignore"):
        return tensor.detach().numpy().astype(np.float32)


def decades(figure: go.Figure, values: list[float] | np.ndarray) -> go.Figure:
    """A logarithmic y axis with one mark a decade, or finer ones where it spans less than two."""
    finite = np.asarray(values, dtype=float)
    finite = finite[np.isfinite(finite) & (finite > 0)]
    wide = len(finite) and finite.max() / finite.min() > 100
    return figure.update_yaxes(type="log", exponentformat="power", dtick=1 if wide else "D2")


def log_axis(figure: go.Figure, values: np.ndarray) -> go.Figure:
    """A logarithmic y axis with a readable number of marks, whether it spans one decade or six hundred."""
    good = values[np.isfinite(values) & (values > 0)]
    if not len(good):
        return figure
    low, high = math.log10(good.min()), math.log10(good.max())
    wide = high - low
    if wide > 1.5:
        figure.update_yaxes(type="log", exponentformat="power", dtick=max(1, math.ceil(wide / MOST_MARKS)))
    else:
        figure.update_yaxes(type="log", exponentformat="power", dtick="D2")
    pad = max(0.05 * wide, 0.15)
    return figure.update_yaxes(range=[low - pad, high + pad])


def drawn(values: np.ndarray) -> np.ndarray:
    """What a logarithmic axis can show; the rest is NaN, a gap."""
    return np.where(np.isfinite(values) & (values > 0), values, np.nan)
