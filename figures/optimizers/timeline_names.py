"""The names beside the lines of a chart over time, moved apart where they would cover each other."""

import math

import numpy as np

from core.optimizers.race import Race, Run
from core.optimizers.time_axis import TimeAxis
from figures.optimizers.optimizer_style import look
from figures.optimizers.timeline_scale import Scale, value_at

LINE = 0.049  # of the chart's height, for one name


def name_places(race: Race, clock: TimeAxis, scale: Scale, i: int) -> dict[str, list[float]]:
    """How high each name stands at a moment: as its line, moved apart where names would cover each other."""
    gap, places = (scale.high - scale.low) * LINE, {}
    low, high = scale.low + gap / 2, scale.high - gap / 2
    for run in race.runs:
        at = clock.index(run, clock.moments[i])
        places[run.name] = float(np.clip(_place(scale, run, at), low, high))
    names = sorted(places, key=places.get)
    apart = dict(zip(names, _apart([places[name] for name in names], gap, low, high), strict=True))
    return {"y": [value_at(scale, apart[run.name]) for run in race.runs]}


def _place(scale: Scale, run: Run, at: int) -> float:
    value = float(scale.shown[run.name][at])
    if math.isfinite(value):
        return math.log10(value) if scale.kind == "log" else value
    if scale.kind == "log":  # an exact 0 has no logarithm
        return scale.low if run.diverged_at is None else scale.high
    return scale.low if run.loss[at] < 0 else scale.high


def name_looks(race: Race, end: int, follow: str) -> dict[str, object]:
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
