"""Logarithmic axes: marks at a readable distance, and what can be drawn on them."""

import math

import numpy as np
import plotly.graph_objects as go

from figures.words import fmt

MOST_MARKS = 8


def decades(figure: go.Figure, values: list[float] | np.ndarray) -> go.Figure:
    """A logarithmic y axis with a mark a decade, fewer where it spans many, finer ones where it spans less than two."""
    finite = np.asarray(values, dtype=float)
    finite = finite[np.isfinite(finite) & (finite > 0)]
    if len(finite) and finite.max() / finite.min() <= 100:
        return figure.update_yaxes(type="log", **_fine(math.log10(finite.min()), math.log10(finite.max())))
    span = math.log10(finite.max()) - math.log10(finite.min()) if len(finite) else 1.0
    return figure.update_yaxes(type="log", **_coarse(span))


def log_axis(figure: go.Figure, values: np.ndarray) -> go.Figure:
    """A logarithmic y axis with a readable number of marks, whether it spans one decade or six hundred."""
    good = values[np.isfinite(values) & (values > 0)]
    if not len(good):
        return figure
    low, high = math.log10(good.min()), math.log10(good.max())
    wide = high - low
    pad = max(0.05 * wide, 0.15)
    low, high = low - pad, high + pad
    marks = _coarse(wide) if wide > 1.5 else _fine(low, high)
    return figure.update_yaxes(type="log", range=[low, high], **marks)


def _coarse(span: float) -> dict[str, object]:
    """A mark every so many decades, of which there are `span`."""
    return {"exponentformat": "power", "dtick": math.ceil(span / MOST_MARKS)}


def _fine(low: float, high: float) -> dict[str, list]:
    """Marks at 1, 2 and 5 of every decade between two powers of ten, written whole; at closer ones if few are."""
    for digits in ((1, 2, 5), range(1, 10), [d / 10 for d in range(10, 100, 2)]):
        values = [d * 10.0**p for p in range(math.floor(low), math.ceil(high) + 1) for d in digits]
        values = [value for value in values if low <= math.log10(value) <= high]
        if len(values) > 1:
            break
    return {"tickvals": values, "ticktext": [fmt(value) for value in values]}


def drawn(values: np.ndarray) -> np.ndarray:
    """What a logarithmic axis can show; the rest is NaN, a gap."""
    return np.where(np.isfinite(values) & (values > 0), values, np.nan)
