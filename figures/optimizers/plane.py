"""The race seen from above: every way over the map, one moment after the other."""

from functools import lru_cache

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.optimizers.clock import Clock
from core.optimizers.measures import Ground, gradient_norms, ground
from core.optimizers.race import Race, Run
from core.optimizers.surfaces import SURFACES, Box, box_of, lowest_of, points_of, with_places
from figures.optimizers.ground import CROWD, contour, drawable, exits, left_at, marks, relief
from figures.optimizers.look import look
from figures.picture import Picture
from figures.style import KEPT_FIGURES, axes
from figures.words import counted, say

CELLS = 90
ROOM = 1.45  # times the extent of what must be seen
HEIGHT = 430
HALO = 2.4  # pixels of white around a way, so that its colour shows on any height


@lru_cache(maxsize=32)
def close_box(surface: str, text: str) -> Box:
    """The part of a surface's box that holds its level places, or the lowest of very many, and its usual start."""
    x_low, x_high, y_low, y_high = whole = box_of(surface, text)
    points = points_of(surface, text)
    if surface == "typed" or not any(point.kind in ("minimum", "cusp") for point in points):
        return whole
    seen = points if len(points) <= CROWD else lowest_of(surface, text)
    places = [SURFACES[surface].start, *((point.x, point.y) for point in seen)]
    xs, ys = zip(*places, strict=True)
    half = max(max(xs) - min(xs), max(ys) - min(ys)) / 2 * ROOM
    x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    return (max(x_low, x - half), min(x_high, x + half), max(y_low, y - half), min(y_high, y + half))


def view_of(race: Race) -> Box:
    """The part of the plane that is drawn; the start is in it."""
    surface = race.surface
    return with_places(close_box(surface.surface, surface.text), [(surface.x, surface.y)])


@lru_cache(maxsize=KEPT_FIGURES)
def plane(race: Race, clock: Clock, follow: str) -> Picture:
    """The map with all ways; the followed one thick and named; one frame a moment."""
    box, known = view_of(race), ground(race)
    points = points_of(race.surface.surface, race.surface.text)
    figure = go.Figure(contour(relief(race.function, box, known.goals[0].value if known.goals else None, CELLS)))
    order = sorted(race.runs, key=lambda run: run.name == follow)
    ways = {run.name: drawable(run, box) for run in order}
    moments = {run.name: [clock.index(run, moment) for moment in clock.moments] for run in order}
    for run in order:
        _way(figure, run, ways[run.name], moments[run.name], 3.5 if run.name == follow else 1.7)
    figure.add_traces(marks(points, box))
    figure.add_scatter(
        x=[race.surface.x],
        y=[race.surface.y],
        mode="markers",
        name="start",
        marker={"symbol": "circle-open", "size": 15, "color": "white", "line": {"width": 3}},
        hoverinfo="name",
    )
    figure.add_trace(_leaving(order, box, clock))
    heads = len(figure.data)
    figure.add_scatter(**_heads(ways, moments, -1), **_head_looks(order, follow))
    figure.frames = [
        {"name": str(i), "data": [_heads(ways, moments, i)], "traces": [heads]} for i in range(len(clock.moments))
    ]
    axes(figure, "x", "y", showlegend=False, dragmode=False, hovermode="closest")
    figure.update_layout(height=HEIGHT, margin={"l": 10, "r": 10, "t": 10, "b": 10})
    figure.update_xaxes(range=list(box[:2]), constrain="domain", fixedrange=True, title_standoff=2)
    figure.update_yaxes(range=list(box[2:]), scaleanchor="x", constrain="domain", fixedrange=True, title_standoff=2)
    caption = _caption(race, box, known)
    return Picture(
        figure,
        caption,
        f"A map of heights with the ways of {len(race.runs)} optimizers. {caption}",
        _table(race, follow),
    )


def _way(figure: go.Figure, run: Run, places: np.ndarray, upto: list[int], width: float) -> None:
    style = look(run.name)
    for color, wide in (("white", width + HALO), (style.color, width)):
        figure.add_scatter(
            x=places[:, 0],
            y=places[:, 1],
            mode="lines",
            name=run.name,
            line={"color": color, "width": wide},
            hoverinfo="skip",
            meta={"upto": upto},
        )


def _leaving(order: list[Run], box: Box, clock: Clock) -> go.Scatter:
    """Names at the edge, where runs leave the picture, from the moment at which they do."""
    found = sorted((exits(run, box), run.name) for run in order if exits(run, box) is not None)
    found = [
        ((int(clock.counts(next(r for r in order if r.name == name))[at[0]]), *at[1:]), name) for at, name in found
    ]
    right, top = box[0] + 0.6 * (box[1] - box[0]), box[2] + 0.5 * (box[3] - box[2])
    return go.Scatter(
        x=np.array([np.nan, *(x for (_, x, _), _ in found)], dtype=np.float32),
        y=np.array([np.nan, *(y for (_, _, y), _ in found)], dtype=np.float32),
        mode="markers+text",
        text=["", *(f"{name} leaves" for _, name in found)],
        textposition=[
            "top center",
            *(f"{'bottom' if y > top else 'top'} {'left' if x > right else 'right'}" for (_, x, y), _ in found),
        ],
        textfont={"size": 13},
        marker={"color": "white", "size": 9, "symbol": "circle", "line": {"color": "black", "width": 1.2}},
        hoverinfo="skip",
        name="leaves",
        meta={"upto": [sum(step <= moment for (step, _, _), _ in found) for moment in clock.moments]},
    )


def _heads(ways: dict[str, np.ndarray], moments: dict[str, list[int]], i: int) -> dict[str, np.ndarray]:
    places = np.stack([ways[name][upto[i]] for name, upto in moments.items()])
    return {"x": places[:, 0], "y": places[:, 1]}


def _head_looks(order: list[Run], follow: str) -> dict[str, object]:
    names = [run.name for run in order]
    return {
        "mode": "markers+text",
        "name": "here",
        "text": [f"<b>{name}</b>" if name == follow else "" for name in names],
        "textposition": "top center",
        "hovertext": names,
        "hoverinfo": "text",
        "textfont": {"size": 14},
        "cliponaxis": False,
        "marker": {
            "color": [look(name).color for name in names],
            "symbol": [look(name).marker for name in names],
            "size": [15 if name == follow else 10 for name in names],
            "line": {"color": "white", "width": 1.5},
        },
    }


def _caption(race: Race, box: Box, known: Ground) -> str:
    surface = SURFACES[race.surface.surface]
    goals = known.goals
    if not goals:
        where = "The picture holds no minimum."
    elif len(goals) == 1:
        what = "cusp" if goals[0].kind == "cusp" else "minimum"
        where = f"The lowest {what}, ({say(goals[0].x)}, {say(goals[0].y)}), has f = {say(goals[0].value)}."
    else:
        where = f"{len(goals)} minima are lowest, with f = {say(goals[0].value)}."
    gone = [run.name for run in race.runs if left_at(run, box) is not None]
    out = f" Outside of the picture at the end: {', '.join(gone)}." if gone else ""
    return (
        f"**Click anywhere to start there.** {surface.label}, brighter is higher. ★ minimum, ✕ saddle, ▲ maximum, "
        f"○ start at ({say(race.surface.x)}, {say(race.surface.y)}). {where}{out}"
    )


def _table(race: Race, follow: str) -> pd.DataFrame:
    run = race.of(follow) or race.runs[0]
    return pd.DataFrame(
        {
            f"step of {run.name}": range(run.steps + 1),
            "gradients taken": run.gradients_taken.tolist(),
            "x": run.path[:, 0].tolist(),
            "y": run.path[:, 1].tolist(),
            "f": run.loss.tolist(),
            "length of the gradient": gradient_norms(run).tolist(),
        }
    )


def moment_label(race: Race, clock: Clock, moment: int, follow: str) -> str:
    """What the scrubber says at a moment."""
    run = race.of(follow) or race.runs[0]
    at = clock.index(run, moment)
    head = "At the start" if moment == 0 else f"After {counted(moment, clock.unit)}"
    x, y = run.path[at].tolist()
    return f"{head}: {run.name} at ({say(x)}, {say(y)}), f = {say(run.loss[at].item())}."
