"""The race seen from above: every way over the map, one moment after the other."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.cache import cached
from core.optimizers.measures import gradient_norms, ground
from core.optimizers.outcome import outcome
from core.optimizers.race import Race, Run
from core.optimizers.time_axis import TimeAxis
from core.plane.surfaces import SURFACES, Box, box_of, box_with, lowest_of, points_of
from figures.optimizers.optimizer_style import look
from figures.picture import Picture
from figures.plane import CROWD, contours, critical_marks, exit_of, height_map, left_at, visible_path
from figures.style import axes
from figures.words import fmt, plural

CELLS = 90
ROOM = 1.45  # times the extent of what must be seen
HEIGHT = 430
FADED = 0.55  # of the ways that are not followed
AHEAD = 5  # steps over which a name sees where its head goes
HALO = 2.4  # pixels of white around a way, so that its colour shows on any height


@cached
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


@cached
def view_of(race: Race) -> Box:
    """The part of the plane that is drawn; the start is in it, and every level place that a run has arrived at."""
    surface, points = race.surface, points_of(race.surface.surface, race.surface.text)
    whole = box_of(surface.surface, surface.text)
    width, places = max(whole[1] - whole[0], whole[3] - whole[2]), [(surface.x, surface.y)]
    for run in race.runs:
        place = None if run.diverged_at is not None else outcome(run, run.steps, race.function, points, width).place
        if place is not None:
            places.append((place.x, place.y))
    return box_with(close_box(surface.surface, surface.text), places)


@cached
def plane(race: Race, clock: TimeAxis, follow: str) -> Picture:
    """The map with all ways; the followed one thick and named; one frame a moment."""
    box, known = view_of(race), ground(race)
    points = points_of(race.surface.surface, race.surface.text)
    figure = go.Figure(contours(height_map(race.function, box, known.goals[0].value if known.goals else None, CELLS)))
    order = sorted(race.runs, key=lambda run: run.name == follow)
    ways = {run.name: visible_path(run.path, box) for run in order}
    moments = {run.name: [clock.index(run, moment) for moment in clock.moments] for run in order}
    for run in order:
        _way(figure, run, ways[run.name], moments[run.name], run.name == follow)
    figure.add_traces(critical_marks(points, box))
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
    shown = [_heads(ways, moments, i) | _names(order, ways, moments, i, follow, box) for i in range(len(clock.moments))]
    figure.add_scatter(**shown[-1], **_head_looks(order, follow))
    frames = [{"data": [heads_then], "traces": [heads]} for heads_then in shown]
    axes(figure, "x", "y", showlegend=False, dragmode=False, hovermode="closest")
    figure.update_layout(height=HEIGHT, margin={"l": 10, "r": 10, "t": 10, "b": 10})
    figure.update_xaxes(range=list(box[:2]), constrain="domain", fixedrange=True, title_standoff=2)
    figure.update_yaxes(range=list(box[2:]), scaleanchor="x", constrain="domain", fixedrange=True, title_standoff=2)
    caption = plane_caption(race, clock, clock.moments[-1])
    return Picture(
        figure,
        caption,
        f"A map of heights with the ways of {len(race.runs)} optimizers. {caption}",
        _table(race, follow),
        frames,
    )


def _way(figure: go.Figure, run: Run, places: np.ndarray, upto: list[int], followed: bool) -> None:
    style, width = look(run.name), 3.5 if followed else 1.7
    for color, wide in (("white", width + HALO), (style.color, width)):
        figure.add_scatter(
            x=places[:, 0],
            y=places[:, 1],
            mode="lines",
            name=run.name,
            line={"color": color, "width": wide},
            opacity=1.0 if followed else FADED,
            hoverinfo="skip",
            meta={"upto": upto},
        )


def _leaving(order: list[Run], box: Box, clock: TimeAxis) -> go.Scatter:
    """Names at the edge, where runs leave the picture, from the moment at which they do."""
    found = sorted((exit_of(run.path, box), run.name) for run in order if exit_of(run.path, box) is not None)
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


def _names(
    order: list[Run], ways: dict[str, np.ndarray], moments: dict[str, list[int]], i: int, follow: str, box: Box
) -> dict[str, list[str]]:
    """The names beside the heads of the followed and of the lowest, on the side to which they go."""
    at = {run.name: moments[run.name][i] for run in order}
    racing = [run for run in order if run.diverged_at is None or at[run.name] < run.diverged_at]
    lowest = min(racing, key=lambda run: run.loss[at[run.name]].item()).name if racing and i else ""
    text, sides = [], []
    for run in order:
        words = f"{run.name} is lowest" if run.name == lowest and len(order) > 1 else run.name
        text.append(f"<b>{words}</b>" if run.name == follow else words if run.name == lowest else "")
        sides.append(_side(ways[run.name], at[run.name], box))
    if follow != lowest and lowest:  # both names where two heads stand close: one above, one below
        two = [[run.name for run in order].index(name) for name in (follow, lowest)]
        here, there = (ways[name][at[name]] for name in (follow, lowest))
        if abs(here[1] - there[1]) < 0.12 * (box[3] - box[2]):
            up = 0 if here[1] >= there[1] else 1
            for k, vertical in ((two[up], "top"), (two[1 - up], "bottom")):
                sides[k] = f"{vertical} {sides[k].split()[1]}"
    return {"text": text, "textposition": sides}


def _side(way: np.ndarray, at: int, box: Box) -> str:
    """Where a name stands: ahead of its way, and inside of the picture."""
    x, y = way[at]
    across, up = (x - box[0]) / (box[1] - box[0]), (y - box[2]) / (box[3] - box[2])
    rises = y >= way[max(at - AHEAD, 0)][1]
    vertical = "bottom" if up > 0.88 or (not rises and up > 0.12) else "top"
    return f"{vertical} {'left' if across > 0.6 else 'right' if across < 0.4 else 'center'}"


def _head_looks(order: list[Run], follow: str) -> dict[str, object]:
    names = [run.name for run in order]
    return {
        "mode": "markers+text",
        "name": "here",
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


def plane_caption(race: Race, clock: TimeAxis, moment: int) -> str:
    """How to read the map, and who is outside of it at a moment."""
    surface, box, known = SURFACES[race.surface.surface], view_of(race), ground(race)
    goals = known.goals
    if not goals:
        where = "The picture holds no minimum."
    elif len(goals) == 1:
        what = "cusp" if goals[0].kind == "cusp" else "minimum"
        where = f"The lowest {what}, ({fmt(goals[0].x)}, {fmt(goals[0].y)}), has f = {fmt(goals[0].value)}."
    else:
        where = f"{len(goals)} minima are lowest, with f = {fmt(goals[0].value)}."
    gone = [run.name for run in race.runs if _outside(run, clock.index(run, moment), box)]
    out = f" Outside of the picture {when(clock, moment)}: {', '.join(gone)}." if gone else ""
    return (
        f"**Click anywhere to start there.** {surface.label}, brighter is higher. ★ minimum, ✕ saddle, ▲ maximum, "
        f"○ start at ({fmt(race.surface.x)}, {fmt(race.surface.y)}). {where}{out}"
    )


def _outside(run: Run, at: int, box: Box) -> bool:
    left = left_at(run.path, box)
    return left is not None and at >= left


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


def when(clock: TimeAxis, moment: int) -> str:
    """A moment in words; the last count of gradients is not everybody's last step."""
    last = moment == clock.moments[-1] and clock.axis == "steps"
    return "at the end" if last else f"after {plural(moment, clock.unit)}"


def moment_label(race: Race, clock: TimeAxis, moment: int, follow: str) -> str:
    """What the scrubber says at a moment."""
    run = race.of(follow) or race.runs[0]
    at = clock.index(run, moment)
    head = "At the start" if moment == 0 else f"After {plural(moment, clock.unit)}"
    x, y = run.path[at].tolist()
    return f"{head}: {run.name} at ({fmt(x)}, {fmt(y)}), f = {fmt(run.loss[at].item())}."
