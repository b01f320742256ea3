"""Height, length of the gradient and distance to the goal of every optimizer, over the same time."""

from functools import lru_cache

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from torch import Tensor

from core.optimizers.clock import Clock
from core.optimizers.measures import distances, gradient_norms, ground, heights
from core.optimizers.race import Race
from figures.optimizers.look import look
from figures.picture import Picture
from figures.style import GREY, KEPT_FIGURES, axes, drawn, log_axis
from figures.words import counted, say

HIGHEST, LOWEST = 50.0, 1e-15  # of the start's value: what lies beyond leaves the picture
NAMES_SHARE = 0.42  # of the chart's width, for the names
TALL = 430
LINE = 0.049  # of the chart's height, for one name
Curves = dict[str, np.ndarray]


@lru_cache(maxsize=KEPT_FIGURES)
def loss_lines(race: Race, clock: Clock, follow: str) -> Picture:
    """Heights, with each line's name at its end: the key to all charts."""
    known = ground(race)
    what = "the lowest minimum" if known.known else "the lowest place that a run has reached"
    note = f"Heights are counted from {what}, f = {say(known.level)}."
    curves = {run.name: _plain(heights(run, known)) for run in race.runs}
    return _lines(race, clock, follow, curves, ("height", "Height"), note, named=True)


@lru_cache(maxsize=KEPT_FIGURES)
def gradient_lines(race: Race, clock: Clock, follow: str) -> Picture:
    """Lengths of the gradient."""
    curves = {run.name: _plain(gradient_norms(run)) for run in race.runs}
    return _lines(race, clock, follow, curves, ("gradient length", "Length of the gradient"), "")


@lru_cache(maxsize=KEPT_FIGURES)
def distance_lines(race: Race, clock: Clock, follow: str) -> Picture | None:
    """Distances to the nearest of the lowest minima; None where there is none."""
    known = ground(race)
    if not known.goals:
        return None
    curves = {run.name: _plain(distances(run, known)) for run in race.runs}
    return _lines(race, clock, follow, curves, ("distance", "Distance to the nearest lowest minimum"), "")


def _plain(values: Tensor) -> np.ndarray:
    with np.errstate(over="ignore"):  # beyond 3.4e38 it is infinite, and a gap
        return values.numpy().astype(np.float32)


def _lines(
    race: Race, clock: Clock, follow: str, curves: Curves, titles: tuple[str, str], note: str, named: bool = False
) -> Picture:
    figure, shown = go.Figure(), {name: drawn(values) for name, values in curves.items()}
    low, high = _span(shown)
    figure.add_scatter(
        x=[clock.moments[-1]] * 2,
        y=[low * 1e-30 if low > 1e-30 else low, high * 1e6],
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
            y=shown[run.name],
            name=run.name,
            mode="lines",
            line={"color": style.color, "dash": style.dash, "width": 4 if run.name == follow else 1.7},
            hovertemplate=f"{run.name}, {clock.unit} %{{x}}: %{{y:.3g}}<extra></extra>",
        )
    heads = len(figure.data)
    figure.add_scatter(**_heads(race, clock, shown, order, -1), **_head_looks([run.name for run in order], follow))
    figure.frames = [
        {"name": str(i), "data": [{"x": [moment] * 2}, _heads(race, clock, shown, order, i)], "traces": [0, heads]}
        for i, moment in enumerate(clock.moments)
    ]
    axes(figure, _axis_title(clock), f"{titles[0]}, log scale", showlegend=False, hovermode="closest")
    log_axis(figure, np.array([low, high]))
    end = clock.moments[-1]
    figure.update_xaxes(range=[-0.02 * end, end * (1 + NAMES_SHARE if named else 1.04)])
    figure.update_layout(margin={"l": 10, "r": 10, "t": 10, "b": 10}, height=TALL if named else 300)
    if named:
        _names(figure, race, shown, end, follow)
    caption = _caption(race, clock, curves, titles[1], note)
    return Picture(
        figure,
        caption,
        f"Line chart on a logarithmic scale, one line an optimizer. {caption}",
        _table(clock, race, curves, titles[0]),
    )


def _axis_title(clock: Clock) -> str:
    return "step" if clock.axis == "steps" else "gradients taken"


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


def _names(figure: go.Figure, race: Race, shown: Curves, end: int, follow: str) -> None:
    """Each line's marker and name to the right of its end, moved apart where they would cover each other."""
    low, high = figure.layout.yaxis.range
    gap, ends = (high - low) * LINE, {}
    for run in race.runs:
        last = shown[run.name][-1]
        beyond = low if run.lost_at is None else high  # an exact 0 has no logarithm
        ends[run.name] = float(np.clip(np.log10(last) if np.isfinite(last) else beyond, low + gap / 2, high - gap / 2))
    names = sorted(ends, key=ends.get)
    places = _apart([ends[name] for name in names], gap, low + gap / 2, high - gap / 2)
    figure.add_scatter(
        x=[end * 1.07] * len(names),
        y=[10**place for place in places],
        mode="markers+text",
        text=[f"<b>{name}</b>" if name == follow else name for name in names],
        textposition="middle right",
        hoverinfo="skip",
        cliponaxis=False,
        marker={
            "color": [look(name).color for name in names],
            "symbol": [look(name).marker for name in names],
            "size": 9,
        },
    )


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


def _caption(race: Race, clock: Clock, curves: Curves, title: str, note: str) -> str:
    ends = {name: float(values[-1]) for name, values in curves.items() if np.isfinite(values[-1])}
    if not ends:
        return f"{title}: no run has a finite value at the end of {counted(clock.moments[-1], clock.unit)}."
    best, worst = min(ends, key=ends.get), max(ends, key=ends.get)
    start = float(next(iter(curves.values()))[0])
    others = f", highest {worst} with {say(ends[worst])}" if worst != best else ""
    gone = [run.name for run in race.runs if run.lost_at is not None]
    lost = f" Lost on the way: {', '.join(gone)}." if gone else ""
    return (
        f"{title} from {say(start)} at the start; lowest in the end {best} with {say(ends[best])}{others}.{lost} {note}"
    ).strip()


def _table(clock: Clock, race: Race, curves: Curves, what: str) -> pd.DataFrame:
    columns = {_axis_title(clock): clock.moments}
    for run in race.runs:
        columns[f"{run.name}: {what}"] = [float(curves[run.name][clock.index(run, m)]) for m in clock.moments]
    return pd.DataFrame(columns)
