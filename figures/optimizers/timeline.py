"""Height, length of the gradient and distance to the goal of every optimizer, over the same time."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from torch import Tensor

from core.optimizers.clock import Clock
from core.optimizers.measures import distances, gradient_norms, ground, heights
from core.optimizers.race import Race, Run
from figures.optimizers.ground import even_marks
from figures.optimizers.heights import height_axis, scaled
from figures.optimizers.heights import title as height_title
from figures.optimizers.look import look
from figures.optimizers.plane import when
from figures.picture import Picture
from figures.style import GREY, KEPT_FIGURES, axes, drawn, log_axis
from figures.words import say

HIGHEST, LOWEST = 50.0, 1e-15  # of the start's value: what lies beyond leaves the picture
NAMES_SHARE = 0.42  # of the chart's width, for the names
TALL = 430
LINE = 0.049  # of the chart's height, for one name
NARROW = 10.0  # what spans no more than that is drawn on an even scale
Curves = dict[str, np.ndarray]


class Measure(NamedTuple):
    """What a chart shows.

    Attributes:
        axis: the axis title, without its scale. name: for the caption and the table.
        curves: the values of each run. signed: whether they lie to both sides of 0.
    """

    axis: str
    name: str
    curves: Curves
    signed: bool = False


class Scale(NamedTuple):
    """How values become places along the axis: "log", "even", or "both" for a logarithm to both sides of 0."""

    kind: str
    shown: Curves
    low: float
    high: float


def loss_measure(race: Race) -> Measure:
    """Heights above the lowest minimum; f itself where there is none, or where a run got below it."""
    known = ground(race)
    if not known.known:
        return Measure("f", "f", {run.name: _plain(run.loss) for run in race.runs}, True)
    axis = height_title(known.level).removesuffix(", log scale")
    return Measure(axis, axis, {run.name: _plain(heights(run, known)) for run in race.runs})


def gradient_measure(race: Race) -> Measure:
    """Lengths of the gradient."""
    curves = {run.name: _plain(gradient_norms(run)) for run in race.runs}
    return Measure("gradient length", "Length of the gradient", curves)


def distance_measure(race: Race) -> Measure | None:
    """Distances to the nearest of the lowest minima; None where there is none."""
    known = ground(race)
    if not known.goals:
        return None
    curves = {run.name: _plain(distances(run, known)) for run in race.runs}
    return Measure("distance", "Distance to the nearest lowest minimum", curves)


@lru_cache(maxsize=KEPT_FIGURES)
def loss_lines(race: Race, clock: Clock, follow: str) -> Picture:
    """Heights, with each line's name beside its head: the key to all charts."""
    return _lines(race, clock, follow, loss_measure(race), named=True)


@lru_cache(maxsize=KEPT_FIGURES)
def gradient_lines(race: Race, clock: Clock, follow: str) -> Picture:
    """Lengths of the gradient."""
    return _lines(race, clock, follow, gradient_measure(race))


@lru_cache(maxsize=KEPT_FIGURES)
def distance_lines(race: Race, clock: Clock, follow: str) -> Picture | None:
    """Distances to the nearest of the lowest minima; None where there is none."""
    measure = distance_measure(race)
    return None if measure is None else _lines(race, clock, follow, measure)


def _plain(values: Tensor) -> np.ndarray:
    with np.errstate(over="ignore"):  # beyond 3.4e38 it is infinite, and a gap
        return values.numpy().astype(np.float32)


def _lines(race: Race, clock: Clock, follow: str, measure: Measure, named: bool = False) -> Picture:
    figure, scale = go.Figure(), _scale(measure)
    axes(figure, _axis_title(clock), _scale_title(measure, scale), showlegend=False, hovermode="closest")
    scale = _set_axis(figure, scale)
    figure.add_scatter(
        x=[clock.moments[-1]] * 2,
        y=[_value(scale, scale.low), _value(scale, scale.high)],
        mode="lines",
        line={"color": GREY, "width": 1.5},
        hoverinfo="skip",
        showlegend=False,
    )
    order = sorted(race.runs, key=lambda run: run.name == follow)
    for run in order:
        style = look(run.name)
        figure.add_scatter(
            x=clock.counts(run).numpy().astype(np.int32),
            y=scale.shown[run.name],
            name=run.name,
            mode="lines",
            line={"color": style.color, "dash": style.dash, "width": 4 if run.name == follow else 1.7},
            customdata=measure.curves[run.name] if scale.kind == "both" else None,
            hovertemplate=f"{run.name}, {clock.unit} %{{x}}: "
            f"%{{{'customdata' if scale.kind == 'both' else 'y'}:.3g}}<extra></extra>",
            meta={"upto": [clock.index(run, moment) for moment in clock.moments]},
        )
    heads = len(figure.data)
    figure.add_scatter(
        **_heads(race, clock, scale.shown, order, -1), **_head_looks([run.name for run in order], follow)
    )
    end = clock.moments[-1]
    if named:
        figure.add_scatter(**_names(race, clock, scale, -1), **_name_looks(race, end, follow))
    figure.frames = [
        {
            "name": str(i),
            "data": [{"x": [moment] * 2}, _heads(race, clock, scale.shown, order, i)]
            + ([_names(race, clock, scale, i)] if named else []),
            "traces": [0, heads, heads + 1][: 3 if named else 2],
        }
        for i, moment in enumerate(clock.moments)
    ]
    figure.update_xaxes(range=[-0.02 * end, end * (1 + NAMES_SHARE if named else 1.04)])
    figure.update_layout(margin={"l": 10, "r": 10, "t": 10, "b": 10}, height=TALL if named else 300)
    caption = line_caption(race, clock, measure, end)
    return Picture(
        figure,
        caption,
        f"Line chart of {measure.axis} over {_axis_title(clock)}, one line an optimizer. {caption}",
        _table(clock, race, measure),
    )


def _axis_title(clock: Clock) -> str:
    return "step" if clock.axis == "steps" else "gradients taken"


def _scale(measure: Measure) -> Scale:
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


def _scale_title(measure: Measure, scale: Scale) -> str:
    if scale.kind == "both":
        return height_title(None)
    return measure.axis + (", log scale" if scale.kind == "log" else "")


def _set_axis(figure: go.Figure, scale: Scale) -> Scale:
    """Gives the y axis its marks and ends; returns the scale with the ends in the axis's own numbers."""
    low, high = scale.low, scale.high
    if scale.kind == "log":
        log_axis(figure, np.array([low, high]))
        if high / low < 30:  # plotly would write 5 for 50
            marks = [m * 10.0**p for p in range(-40, 41) for m in (1, 2, 5) if low / 1.5 <= m * 10.0**p <= high * 1.5]
            figure.update_yaxes(tickvals=marks, ticktext=[say(mark) for mark in marks])
        return scale._replace(low=figure.layout.yaxis.range[0], high=figure.layout.yaxis.range[1])
    pad = 0.06 * (high - low) or 0.1 * abs(high) or 1.0
    low, high = low - pad, high + pad
    if scale.kind == "both":
        height_axis(figure, low, high, None)
    else:
        marks = even_marks(low, high)
        figure.update_yaxes(range=[low, high], tickvals=marks, ticktext=[say(mark, 6) for mark in marks])
    return scale._replace(low=low, high=high)


def _value(scale: Scale, place: float) -> float:
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


def _heads(race: Race, clock: Clock, shown: Curves, order: list, i: int) -> dict[str, np.ndarray]:
    moment = clock.moments[i]
    at = [clock.index(run, moment) for run in order]
    return {
        "x": np.array([int(clock.counts(run)[k]) for run, k in zip(order, at, strict=True)], dtype=np.int32),
        "y": np.array([shown[run.name][k] for run, k in zip(order, at, strict=True)], dtype=np.float32),
    }


def _head_looks(names: list[str], follow: str) -> dict[str, object]:
    return {
        "mode": "markers",
        "name": "here",
        "hoverinfo": "skip",
        "marker": {
            "color": [look(name).color for name in names],
            "symbol": [look(name).marker for name in names],
            "size": [13 if name == follow else 8 for name in names],
            "line": {"color": "white", "width": 1},
        },
    }


def _names(race: Race, clock: Clock, scale: Scale, i: int) -> dict[str, list[float]]:
    """How high each name stands at a moment: as its line, moved apart where names would cover each other."""
    gap, places = (scale.high - scale.low) * LINE, {}
    low, high = scale.low + gap / 2, scale.high - gap / 2
    for run in race.runs:
        at = clock.index(run, clock.moments[i])
        places[run.name] = float(np.clip(_place(scale, run, at), low, high))
    names = sorted(places, key=places.get)
    apart = dict(zip(names, _apart([places[name] for name in names], gap, low, high), strict=True))
    return {"y": [_value(scale, apart[run.name]) for run in race.runs]}


def _place(scale: Scale, run: Run, at: int) -> float:
    value = float(scale.shown[run.name][at])
    if math.isfinite(value):
        return math.log10(value) if scale.kind == "log" else value
    if scale.kind == "log":  # an exact 0 has no logarithm
        return scale.low if run.lost_at is None else scale.high
    return scale.low if run.loss[at] < 0 else scale.high


def _name_looks(race: Race, end: int, follow: str) -> dict[str, object]:
    """Each line's marker and name to the right of the charts' end."""
    names = [run.name for run in race.runs]
    return {
        "x": [end * 1.07] * len(names),
        "mode": "markers+text",
        "text": [f"<b>{name}</b>" if name == follow else name for name in names],
        "textposition": "middle right",
        "hoverinfo": "skip",
        "cliponaxis": False,
        "marker": {
            "color": [look(name).color for name in names],
            "symbol": [look(name).marker for name in names],
            "size": 9,
        },
    }


def _apart(places: list[float], gap: float, low: float, high: float) -> list[float]:
    """Increasing places, moved so that neighbours are a gap apart and all lie between two bounds."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + gap) if moved else max(place, low))
    top = high
    for i in range(len(moved) - 1, -1, -1):
        moved[i] = min(moved[i], top)
        top = moved[i] - gap
    return moved


def line_caption(race: Race, clock: Clock, measure: Measure, moment: int) -> str:
    """Who is lowest and highest at a moment, and what the heights are counted from."""
    now = {run.name: float(measure.curves[run.name][clock.index(run, moment)]) for run in race.runs}
    now = {name: value for name, value in now.items() if math.isfinite(value)}
    then = when(clock, moment)
    began = then[0].upper() + then[1:]
    if not now:
        return f"{measure.name}: {then}, at {clock.unit} {moment}, no run has a finite value."
    best, worst = min(now, key=now.get), max(now, key=now.get)
    start = float(next(iter(measure.curves.values()))[0])
    others = f", highest {worst} with {say(now[worst])}" if worst != best else ""
    gone = [run.name for run in race.runs if run.lost_at is not None and clock.index(run, moment) >= run.lost_at]
    lost = f" Lost: {', '.join(gone)}." if gone else ""
    return f"{measure.name}, {say(start)} at the start. {began} lowest {best} with {say(now[best])}{others}.{lost}"


def _table(clock: Clock, race: Race, measure: Measure) -> pd.DataFrame:
    columns = {_axis_title(clock): clock.moments}
    for run in race.runs:
        values = measure.curves[run.name]
        columns[f"{run.name}: {measure.axis}"] = [float(values[clock.index(run, m)]) for m in clock.moments]
    return pd.DataFrame(columns)
