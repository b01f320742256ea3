"""One measure of every run over the same time, with a head on each line: loss, gradient or distance."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.cache import cached
from core.optimizers.measures import distances, gradient_norms, reference
from core.optimizers.race import Race
from core.optimizers.time_axis import TimeAxis
from figures.axis import drawn, log_axis
from figures.optimizers.heights import height_axis, scaled, title
from figures.optimizers.optimizer_style import heads, style
from figures.picture import Picture
from figures.plane import even_marks
from figures.style import GREY, axes
from figures.words import fmt

MEASURES = ("loss", "gradient", "distance")
HIGHEST, LOWEST = 50.0, 1e-15  # of the start's value: what lies beyond leaves the picture
BREAKS = "A line breaks off where its value is 0 or its run has diverged."


class Measure(NamedTuple):
    """What a chart shows.

    Attributes:
        title: of the axis. values: of each run, shape (steps + 1,). about: what it is, in a sentence.
        scale: "log"; "even", for what lies to both sides of 0; or "both", a logarithm to both sides, if it is far away.
    """

    title: str
    values: dict[str, np.ndarray]
    about: str
    scale: str = "log"


def measure_of(race: Race, name: str) -> Measure | None:
    """One of MEASURES; None for distances where there is no minimum."""
    known = reference(race)
    if name == "gradient":
        about = f"How steep it is where each run stands. {BREAKS}"
        return Measure("length of the gradient, log scale", _each(race, gradient_norms), about)
    if name == "distance":
        if not known.minima:
            return None
        about = f"To the nearest of the lowest minima. {BREAKS}"
        return Measure("distance, log scale", _each(race, lambda run: distances(run, known.minima)), about)
    if known.level is None:
        losses = _each(race, lambda run: run.loss)
        about = "Lower is better. A line ends where its run has diverged."
        far = any(np.nanmax(np.abs(loss), initial=0, where=np.isfinite(loss)) > HIGHEST for loss in losses.values())
        return Measure(title(None), losses, about, "both") if far else Measure("f", losses, about, "even")
    return Measure(title(known.level), _each(race, lambda run: run.loss - known.level), f"Lower is better. {BREAKS}")


def _each(race: Race, measured: object) -> dict[str, np.ndarray]:
    with np.errstate(over="ignore"):  # beyond 3.4e38 it is infinite, and a gap
        return {run.name: measured(run).numpy().astype(np.float32) for run in race.runs}


@cached
def timeline(race: Race, time: TimeAxis, follow: str, name: str) -> Picture | None:
    """One line a run; one frame a moment; the losses have the legend. None where there is nothing to measure by."""
    measure = measure_of(race, name)
    if measure is None:
        return None
    runs = sorted(race.runs, key=lambda run: run.name == follow)
    lines = {run.name: _line(measure, run.name) for run in runs}
    figure, last = go.Figure(), time.frame_steps[-1]
    axis = "step" if time.axis == "steps" else "gradients taken"
    key = name == "loss"
    axes(figure, axis, measure.title, hovermode="closest", showlegend=key)
    low, high = _set_axis(figure, measure, lines)
    cursor = {"mode": "lines", "line": {"color": GREY, "width": 1.5}, "hoverinfo": "skip", "showlegend": False}
    figure.add_scatter(x=[last, last], y=[low, high], **cursor)
    for run in runs:
        drawn_as = style(run.name)
        figure.add_scatter(
            x=time.counts(run).numpy().astype(np.int32),
            y=lines[run.name],
            name=run.name,
            mode="lines",
            line={"color": drawn_as.color, "dash": drawn_as.dash, "width": 4 if run.name == follow else 1.7},
            customdata=measure.values[run.name] if measure.scale == "both" else None,
            hovertemplate=f"{run.name}, {time.unit} %{{x}}: "
            f"%{{{'customdata' if measure.scale == 'both' else 'y'}:.3g}}<extra></extra>",
            meta={"upto": time.indices(run)},
        )
    upto = {run.name: (time.counts(run).numpy(), lines[run.name], time.indices(run)) for run in runs}
    shown = [
        {
            "x": np.array([counts[at[i]] for counts, _, at in upto.values()], dtype=np.int32),
            "y": np.array([line[at[i]] for _, line, at in upto.values()], dtype=np.float32),
        }
        for i in range(len(time.frame_steps))
    ]
    names = list(lines)
    figure.add_scatter(**shown[-1], mode="markers", showlegend=False, hoverinfo="skip", marker=heads(names, follow))
    moving = [0, len(figure.data) - 1]
    frames = [
        {"data": [{"x": [count, count]}, data], "traces": moving}
        for count, data in zip(time.frame_steps, shown, strict=True)
    ]
    figure.update_xaxes(range=[-0.02 * last, 1.04 * last])
    figure.update_layout(height=430 if key else 300)
    alt = f"Line chart over the {axis}, one line an optimizer: {measure.title}. {measure.about}"
    return Picture(figure, measure.about, alt, _table(time, race, measure), frames)


def _line(measure: Measure, name: str) -> np.ndarray:
    """The values as they are drawn."""
    values = measure.values[name]
    if measure.scale == "both":
        return scaled(values.astype(float), None).astype(np.float32)
    return drawn(values) if measure.scale == "log" else values


def _set_axis(figure: go.Figure, measure: Measure, lines: dict[str, np.ndarray]) -> tuple[float, float]:
    """Gives the y axis its marks and ends, not far beyond the start's value; returns the lowest and highest value."""
    every = np.concatenate(list(lines.values()))
    every = every[np.isfinite(every)]
    low, high = (float(every.min()), float(every.max())) if len(every) else (0.1, 1.0)
    if measure.scale == "both":
        height_axis(figure, low - 0.1, high + 0.1, None)
        return low, high
    if measure.scale == "log":
        start = next((float(line[0]) for line in lines.values() if np.isfinite(line[0])), 1.0)
        low, high = max(low, start * LOWEST, 1e-37), min(high, start * HIGHEST, 1e37)
        log_axis(figure, np.array([low, high]))
        if high > 10 * low:
            return low, high
    marks = even_marks(low, high)  # the powers of ten alone could leave the axis without a mark
    figure.update_yaxes(tickvals=marks, ticktext=[fmt(mark) for mark in marks])
    return low, high


def _table(time: TimeAxis, race: Race, measure: Measure) -> pd.DataFrame:
    columns = {"step" if time.axis == "steps" else "gradients taken": time.frame_steps}
    quantity = measure.title.removesuffix(", log scale")
    for run in race.runs:
        columns[f"{run.name}: {quantity}"] = [float(measure.values[run.name][at]) for at in time.indices(run)]
    return pd.DataFrame(columns)
