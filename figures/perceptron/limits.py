"""Last weights, pocket and average on data that no line separates."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.cache import cached
from core.perceptron.learn import PerceptronRun
from core.perceptron.limits import Meeting, meeting, rescue
from core.perceptron.margin import margin
from figures.perceptron.geometry import clipped, coordinates, line_of, square
from figures.perceptron.plane import samples_traces, shaped
from figures.perceptron.written import written
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, PURPLE, axes

RULES = {  # rule -> name, colour, dash, marker, width: the wider lines are drawn first
    "last": ("last weights", GREY, "dot", "circle", 2),
    "pocket": ("pocket", GREEN, "dash", "diamond", 6),
    "averaged": ("averaged", PURPLE, "solid", "square", 3),
}
DRAWN = ("pocket", "averaged", "last")


@cached
def rules_plane(run: PerceptronRun) -> Picture:
    """The lines of the three rules, and the place that is a mix of either class; one frame a moment."""
    found, frame = rescue(run), square(run.samples)

    def lines(at: int) -> list[dict[str, list[float | None]]]:
        ends = [clipped(line_of(found.weights[rule][at], run.samples.bias), frame) for rule in DRAWN]
        return [coordinates(places) for places in ends]

    figure = go.Figure(samples_traces(run.samples))
    for rule, ends in zip(DRAWN, lines(run.moments[0]), strict=True):
        name, color, dash, _, width = RULES[rule]
        figure.add_scatter(
            **ends, mode="lines", name=name, line={"color": color, "dash": dash, "width": width}, hoverinfo="skip"
        )
    frames = [{"data": lines(at), "traces": [2, 3, 4]} for at in run.moments]
    meet = meeting(run, margin(run.samples))
    if meet:
        _draw_meeting(figure, run, meet)
    shaped(figure, frame)
    n, wrong = len(run.samples), {rule: int(found.wrong[rule][-1]) for rule in RULES}
    said = ", ".join(f"{RULES[rule][0]} {count}" for rule, count in wrong.items())
    caption = (
        "Drawn is the moment on the slider; weights with w1 = w2 = 0 give the same answer everywhere and have no line. "
        f"Wrong at the end, of {n} samples: {said}."
    )
    flat = [RULES[rule][0] for rule in RULES if not found.weights[rule][-1, :2].any()]
    if flat:
        caption += f" At the end without a line: {' and '.join(flat)}."
    if meet:
        place = ", ".join(written(value, ".3g") for value in meet.place.tolist())
        caption += f" The star at ({place}) lies between samples of both classes."
    return Picture(figure, caption, "Plane with the samples and the lines of three rules. " + caption, frames=frames)


def _draw_meeting(figure: go.Figure, run: PerceptronRun, meet: Meeting) -> None:
    x, y = [], []
    for rows in meet.rows.values():
        for row in rows:
            x += [run.samples.X[row, 0].item(), meet.place[0].item(), None]
            y += [run.samples.X[row, 1].item(), meet.place[1].item(), None]
    figure.add_scatter(
        x=x, y=y, mode="lines", name="mixed", showlegend=False, line={"color": GREY, "width": 1}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=[meet.place[0].item()],
        y=[meet.place[1].item()],
        mode="markers",
        name="both classes' mix",
        marker={"symbol": "star", "size": 16, "color": GREY},
        hoverinfo="skip",
    )


@cached
def rules_curve(run: PerceptronRun) -> Picture:
    """Samples answered wrongly against updates, for the three rules; one frame a moment."""
    found, k = rescue(run), np.arange(run.updates + 1)
    figure = go.Figure()
    for rule in DRAWN:
        name, color, dash, symbol, width = RULES[rule]
        figure.add_scatter(
            x=k,
            y=found.wrong[rule].numpy(),
            mode="lines+markers" if len(k) < 60 else "lines",
            name=name,
            line={"color": color, "dash": dash, "width": width},
            marker={"symbol": symbol, "size": 8},
        )
    return _with_cursor(figure, run, found.wrong["last"].tolist(), _rules_caption(run), _rules_table(run))


@cached
def wrong_curve(run: PerceptronRun) -> Picture:
    """Samples answered wrongly against updates; one frame a moment."""
    wrong = run.wrong.tolist()
    figure = go.Figure(
        go.Scatter(
            x=list(range(run.updates + 1)),
            y=wrong,
            mode="lines+markers" if run.updates < 60 else "lines",
            name="samples wrong",
            line={"color": PURPLE, "width": 3},
        )
    )
    caption = (
        f"How many of the {len(run.samples)} points are answered wrongly after each correction: {wrong[0]} with zero "
        f"weights, {wrong[-1]} at the end. A correction for one point can spoil others, so the curve may rise."
    )
    table = pd.DataFrame({"update": range(run.updates + 1), "samples wrong": wrong})
    return _with_cursor(figure, run, wrong, caption, table)


def _with_cursor(
    figure: go.Figure, run: PerceptronRun, height: list[int], caption: str, table: pd.DataFrame
) -> Picture:
    place = len(figure.data)
    figure.add_scatter(
        x=[0],
        y=[height[0]],
        mode="markers",
        name="you are here",
        cliponaxis=False,
        marker={"symbol": "diamond-open", "size": 16, "color": BLUE, "line": {"width": 3}},
    )
    frames = [{"data": [{"x": [at], "y": [height[at]]}], "traces": [place]} for at in run.moments]
    axes(figure, "update", "samples answered wrongly")
    figure.update_yaxes(rangemode="tozero", tickformat="d", dtick=1 if len(run.samples) <= 10 else None)
    figure.update_xaxes(tickformat="d", dtick=1 if run.updates <= 10 else None)
    figure.update_layout(height=440, margin={"l": 10, "r": 10, "t": 70, "b": 10})
    return Picture(
        figure, caption, "Line chart of the samples answered wrongly against updates. " + caption, table, frames=frames
    )


def _rules_caption(run: PerceptronRun) -> str:
    found, n = rescue(run), len(run.samples)
    if run.outcome == "converged":
        return (
            f"A line separates these {n} samples: at the end the last weights have 0 wrong, and so has the pocket; the "
            f"average over all visits has {int(found.wrong['averaged'][-1])}."
        )
    last = found.wrong["last"][1:]
    low, high = int(last.min()), int(last.max())
    jumps = f"keep jumping: between {low} and {high}" if low < high else f"stay at {low}"
    return (
        f"From the first update on, the last weights {jumps} of {n} samples wrong. The pocket keeps the best weights "
        f"so far: at the end {int(found.wrong['pocket'][-1])} wrong. {_average_words(run)}"
    )


def _average_words(run: PerceptronRun) -> str:
    """Whether the average's number of wrong samples comes to rest: no change in the second half of the run."""
    wrong = rescue(run).wrong["averaged"]
    half = run.updates // 2
    low, high = int(wrong[half:].min()), int(wrong[half:].max())
    if low == high and half:
        since = int((wrong != low).nonzero().max()) + 1 if (wrong != low).any() else 0
        return f"The average over all visits settles down: {low} wrong from update {since:,} on."
    return (
        f"The average over all visits has between {low} and {high} wrong in the second half of the run, at the end "
        f"{int(wrong[-1])}."
    )


def _rules_table(run: PerceptronRun) -> pd.DataFrame:
    found = rescue(run)
    columns = {f"wrong, {RULES[rule][0]}": found.wrong[rule].numpy() for rule in RULES}
    return pd.DataFrame({"update": range(run.updates + 1)} | columns)
