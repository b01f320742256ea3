"""The scale of a line chart over time: even, or a logarithm to one or both sides of 0."""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from figures.axis import drawn, log_axis
from figures.optimizers.heights import height_axis, scaled
from figures.optimizers.heights import title as height_title
from figures.optimizers.timeline_measures import Curves, Measure
from figures.plane import even_marks
from figures.words import fmt

HIGHEST, LOWEST = 50.0, 1e-15  # of the start's value: what lies beyond leaves the picture
NARROW = 10.0  # what spans no more than that is drawn on an even scale


class Scale(NamedTuple):
    """How values become places along the axis: "log", "even", or "both" for a logarithm to both sides of 0."""

    kind: str
    shown: Curves
    low: float
    high: float


def scale_of(measure: Measure) -> Scale:
    """A logarithm, unless the values lie to both sides of 0 or span too little."""
    every = np.concatenate(list(measure.curves.values()))
    every = every[np.isfinite(every)]
    if measure.signed:
        if len(every) and float(np.abs(every).max()) > HIGHEST:
            shown = {name: scaled(values.astype(float), None) for name, values in measure.curves.items()}
            places = scaled(every.astype(float), None)
            return Scale("both", shown, float(places.min()), float(places.max()))
        low, high = (float(every.min()), float(every.max())) if len(every) else (0.0, 1.0)
        return Scale("even", measure.curves, low, high)
    if not (every > 0).any():
        return Scale("even", measure.curves, 0.0, 0.0)
    shown = {name: drawn(values) for name, values in measure.curves.items()}
    low, high = _span(shown)
    if high / low <= NARROW and every.min() > 0:
        return Scale("even", shown, low, high)
    return Scale("log", shown, low, high)


def scale_title(measure: Measure, scale: Scale) -> str:
    """The axis title, with its scale."""
    if scale.kind == "both":
        return height_title(None)
    return measure.axis + (", log scale" if scale.kind == "log" else "")


def set_axis(figure: go.Figure, scale: Scale) -> Scale:
    """Gives the y axis its marks and ends; returns the scale with the ends in the axis's own numbers."""
    low, high = scale.low, scale.high
    if scale.kind == "log":
        log_axis(figure, np.array([low, high]))
        if high / low < 30:  # plotly would write 5 for 50
            marks = [m * 10.0**p for p in range(-40, 41) for m in (1, 2, 5) if low / 1.5 <= m * 10.0**p <= high * 1.5]
            figure.update_yaxes(tickvals=critical_marks, ticktext=[fmt(mark) for mark in marks])
        return scale._replace(low=figure.layout.yaxis.range[0], high=figure.layout.yaxis.range[1])
    pad = 0.06 * (high - low) or 0.1 * abs(high) or 1.0
    low, high = low - pad, high + pad
    if scale.kind == "both":
        height_axis(figure, low, high, None)
    else:
        marks = even_marks(low, high)
        figure.update_yaxes(range=[low, high], tickvals=critical_marks, ticktext=[fmt(mark, 6) for mark in marks])
    return scale._replace(low=low, high=high)


def value_at(scale: Scale, place: float) -> float:
    """The value that stands at a place of the axis."""
    return 10**place if scale.kind == "log" else place


def _span(shown: Curves) -> tuple[float, float]:
    """What is drawn of the axis: from the lowest to the highest, but not far beyond the start."""
    start = next((float(values[0]) for values in shown.values() if np.isfinite(values[0])), 1.0)
    every = np.concatenate(list(shown.values()))
    every = every[np.isfinite(every)]
    if not len(every):
        return 0.1, 1.0
    return max(float(every.min()), start * LOWEST, 1e-37), min(max(float(every.max()), 1e-36), start * HIGHEST, 1e37)
