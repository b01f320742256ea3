"""The lines of every optimizer over the same time, with their heads and, beside the losses, their names."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.cache import cached
from core.optimizers.race import Race
from core.optimizers.time_axis import TimeAxis
from figures.optimizers.optimizer_style import look
from figures.optimizers.plane import when
from figures.optimizers.timeline_measures import Curves, Measure, distance_measure, gradient_measure, loss_measure
from figures.optimizers.timeline_names import name_looks, name_places
from figures.optimizers.timeline_scale import scale_of, scale_title, set_axis, value_at
from figures.picture import Picture
from figures.style import GREY, axes
from figures.words import fmt

NAMES_SHARE = 0.42  # of the chart's width, for the names
TALL = 430


@cached
def loss_lines(race: Race, clock: TimeAxis, follow: str) -> Picture:
    """Heights, with each line's name beside its head: the key to all charts."""
    return _lines(race, clock, follow, loss_measure(race), named=True)


@cached
def gradient_lines(race: Race, clock: TimeAxis, follow: str) -> Picture:
    """Lengths of the gradient."""
    return _lines(race, clock, follow, gradient_measure(race))


@cached
def distance_lines(race: Race, clock: TimeAxis, follow: str) -> Picture | None:
    """Distances to the nearest of the lowest minima; None where there is none."""
    measure = distance_measure(race)
    return None if measure is None else _lines(race, clock, follow, measure)


def _lines(race: Race, clock: TimeAxis, follow: str, measure: Measure, named: bool = False) -> Picture:
    figure, scale = go.Figure(), scale_of(measure)
    axes(figure, _axis_title(clock), scale_title(measure, scale), showlegend=False, hovermode="closest")
    scale = set_axis(figure, scale)
    figure.add_scatter(
        x=[clock.moments[-1]] * 2,
        y=[value_at(scale, scale.low), value_at(scale, scale.high)],
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
        figure.add_scatter(**name_places(race, clock, scale, -1), **name_looks(race, end, follow))
    frames = [
        {
            "data": [{"x": [moment] * 2}, _heads(race, clock, scale.shown, order, i)]
            + ([name_places(race, clock, scale, i)] if named else []),
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
        frames,
    )


def _axis_title(clock: TimeAxis) -> str:
    return "step" if clock.axis == "steps" else "gradients taken"


def _heads(race: Race, clock: TimeAxis, shown: Curves, order: list, i: int) -> dict[str, np.ndarray]:
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


def line_caption(race: Race, clock: TimeAxis, measure: Measure, moment: int) -> str:
    """Who is lowest and highest at a moment, and what the heights are counted from."""
    now = {run.name: float(measure.curves[run.name][clock.index(run, moment)]) for run in race.runs}
    now = {name: value for name, value in now.items() if math.isfinite(value)}
    then = when(clock, moment)
    began = then[0].upper() + then[1:]
    if not now:
        return f"{measure.name}: {then}, at {clock.unit} {moment}, no run has a finite value."
    best, worst = min(now, key=now.get), max(now, key=now.get)
    start = float(next(iter(measure.curves.values()))[0])
    others = f", highest {worst} with {fmt(now[worst])}" if worst != best else ""
    gone = [
        run.name for run in race.runs if run.diverged_at is not None and clock.index(run, moment) >= run.diverged_at
    ]
    lost = f" Lost: {', '.join(gone)}." if gone else ""
    return f"{measure.name}, {fmt(start)} at the start. {began} lowest {best} with {fmt(now[best])}{others}.{lost}"


def _table(clock: TimeAxis, race: Race, measure: Measure) -> pd.DataFrame:
    columns = {_axis_title(clock): clock.moments}
    for run in race.runs:
        values = measure.curves[run.name]
        columns[f"{run.name}: {measure.axis}"] = [float(values[clock.index(run, m)]) for m in clock.moments]
    return pd.DataFrame(columns)
