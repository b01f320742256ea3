"""Logarithmic axes: marks at a readable distance, and what can be drawn on them."""

import math

import numpy as np
import plotly.graph_objects as go

MOST_MARKS = 8


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
