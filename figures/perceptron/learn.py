"""Watch it learn: the line in the plane of the samples, the correction as an addition of arrows, what lr changes."""

from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go

from core.cache import cached
from core.perceptron.learn import PerceptronRun, is_scaled, misses_the_cycle, run
from figures.perceptron.outcome import outcome
from figures.perceptron.plane import (
    ARROW,
    Line,
    Points,
    Square,
    clipped,
    coordinates,
    equal_axes,
    foot,
    half_plane,
    line_of,
    samples_traces,
    square,
)
from figures.picture import Picture
from figures.style import GREEN, GREY, PURPLE
from figures.words import fmt

SIDES = ("rgba(0,114,178,0.10)", "rgba(213,94,0,0.12)")
ARROWS = (("w before", PURPLE, "solid", 5), ("+ lr·sign·x", GREEN, "dash", 4), ("w after", GREY, "solid", 3))


@cached
def samples_plane(run: PerceptronRun) -> Picture:
    """Samples, line, weight vector and the sample that corrects it; one frame a step of the run."""
    frame = square(run.samples)
    first = _plane_at(run, run.frame_steps[0], frame)
    unseen = {"hoverinfo": "skip"}
    figure = go.Figure()
    for side, color in zip(first[:2], SIDES, strict=True):
        figure.add_scatter(**side, fill="toself", fillcolor=color, mode="none", showlegend=False, **unseen)
    figure.add_traces(samples_traces(run.samples))
    figure.add_scatter(**first[2], mode="lines", name="line", line={"color": PURPLE, "width": 4}, **unseen)
    arrow = {"line": {"color": PURPLE, "width": 3}, "marker": {"color": PURPLE, **ARROW}}
    figure.add_scatter(**first[3], mode="lines+markers", name="direction of w", **arrow, **unseen)
    ring = {"symbol": "circle-open", "size": 24, "color": GREEN, "line": {"width": 4}}
    figure.add_scatter(**first[4], mode="markers", name="this mistake", marker=ring, **unseen)
    after = {"color": GREY, "width": 3, "dash": "dash"}
    figure.add_scatter(**first[5], mode="lines", name="line after it", line=after, **unseen)
    frames = [{"data": _plane_at(run, at, frame), "traces": [0, 1, 4, 5, 6, 7]} for at in run.frame_steps]
    equal_axes(figure, frame)
    caption = (
        "The line is where the weighted sum is 0, and the arrow, perpendicular to it, points to the side that is "
        f"answered with 1. {outcome(run)}"
    )
    alt = f"Plane with the samples of two classes, the line and the sample that corrects it. {caption}"
    return Picture(figure, caption, alt, history_table(run), frames)


def _plane_at(run: PerceptronRun, at: int, frame: Square) -> list[dict[str, list[float | None]]]:
    """Side of class 0, side of class 1, line, arrow, ringed sample, next line; empty where there is none."""
    w = line_of(run.weights[at], run.samples.bias)
    parts = [half_plane(w, frame, -1), half_plane(w, frame, 1), clipped(w, frame), _normal(w, frame)]
    if at < run.updates:
        x1, x2 = run.samples.X[run.rows[at]].tolist()
        parts += [[(x1, x2)], clipped(line_of(run.weights[at + 1], run.samples.bias), frame)]
    else:
        parts += [[], []]
    return [coordinates(part) for part in parts]


def _normal(w: Line, frame: Square) -> Points:
    start, length = foot(w, frame), (w[0] ** 2 + w[1] ** 2) ** 0.5
    if start is None:
        return []
    step = 0.16 * frame.side / length
    return [start, (start[0] + step * w[0], start[1] + step * w[1])]


def history_table(run: PerceptronRun) -> pd.DataFrame:
    """Every update: which sample made it, and the weights that it left."""
    X = run.samples.X[run.rows]
    table = {"update": range(1, run.updates + 1), "pass": run.passes.numpy(), "sample": run.rows.numpy()}
    table |= {"x1": X[:, 0].numpy(), "x2": X[:, 1].numpy(), "class": run.samples.y[run.rows].numpy()}
    names = ("w1", "w2", "b") if run.samples.bias else ("w1", "w2")
    return pd.DataFrame(table | {f"{name} after": run.weights[1:, i].numpy() for i, name in enumerate(names)})


@cached
def addition(run: PerceptronRun) -> Picture:
    """Old weights, plus lr sign x, are the new weights: three arrows; one frame a step of the run."""
    figure = go.Figure()
    for arrow, (name, color, dash, width) in zip(_arrows(run, run.frame_steps[0]), ARROWS, strict=True):
        line, marker = {"color": color, "dash": dash, "width": width}, {"color": color, **ARROW}
        figure.add_scatter(**arrow, mode="lines+markers", name=name, line=line, marker=marker)
    frames = [{"data": _arrows(run, at), "traces": [0, 1, 2]} for at in run.frame_steps]
    path = run.weights[:, :2]
    low, high = path.amin(0).clamp(max=0), path.amax(0).clamp(min=0)
    half = max(0.6 * (high - low).max().item(), run.settings.lr)
    frame = Square(*((m - half, m + half) for m in ((low + high) / 2).tolist()))
    equal_axes(figure, frame, "first weight w1", "second weight w2")
    end = ", ".join(fmt(value, 6) for value in path[-1].tolist())
    caption = (
        f"A correction adds lr·x for class 1 (sign 1) and takes it away for class 0 (sign −1). At the end, with lr = "
        f"{run.settings.lr:g}, (w1, w2) = ({end})."
    )
    alt = f"Plane of the weights with the correction as an addition of arrows. {caption}"
    return Picture(figure, caption, alt, frames=frames)


def _arrows(run: PerceptronRun, at: int) -> list[dict[str, list[float | None]]]:
    old = run.weights[at, :2].tolist()
    if at == run.updates:
        return [_arrow([0.0, 0.0], old), coordinates([]), coordinates([])]
    new = run.weights[at + 1, :2].tolist()
    return [_arrow([0.0, 0.0], old), _arrow(old, new), _arrow([0.0, 0.0], new)]


def _arrow(start: list[float], end: list[float]) -> dict[str, list[float | None]]:
    """From start to end; nothing where both are the same."""
    return coordinates([]) if start == end else {"x": [start[0], end[0]], "y": [start[1], end[1]]}


def scaling(shown: PerceptronRun) -> str:
    """What lr changes, found out from a second run with another lr."""
    lr = shown.settings.lr
    other = run(replace(shown.settings, lr=2.0 if lr == 1 else 1.0))
    if is_scaled(shown, other):
        return (
            f"**What lr does.** With lr = {other.settings.lr:g} the same samples are corrected in the same order, and "
            f"every weight is {other.settings.lr / lr:g} times as large: from zero weights, lr does not move the line."
        )
    parted = f"rounding puts a sum of 0 to one side, and this run is not the one with lr = {other.settings.lr:g}"
    if misses_the_cycle(shown, other):
        parted = f"rounding keeps the weights from coming back exactly when those of lr = {other.settings.lr:g} do"
    return (
        f"**What lr does.** From zero weights lr should only scale them, but lr = {lr:g} is not a power of two: "
        f"{parted}."
    )
