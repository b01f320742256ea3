"""The plane of the samples, with the line that the perceptron draws through it."""

import pandas as pd
import plotly.graph_objects as go

from core.cache import cached
from core.perceptron.data import Samples
from core.perceptron.learn import PerceptronRun
from core.perceptron.margin import margin
from figures.perceptron.geometry import Line, Square, clipped, coordinates, foot, half_plane, line_of, square
from figures.perceptron.written import plural
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, PURPLE, VERMILLION, axes, numbers

MARKS = ((0, "class 0", BLUE, "circle"), (1, "class 1", VERMILLION, "x"))
SIDES = ("rgba(0,114,178,0.10)", "rgba(213,94,0,0.12)")
ARROW = {"symbol": ["circle", "arrow"], "angleref": "previous", "size": [1, 15], "opacity": 1}


@cached
def plane(run: PerceptronRun) -> Picture:
    """Samples, line, weight vector and the sample that is wrong; one frame a moment of the run."""
    frame = square(run.samples)
    first = _moment(run, run.moments[0], frame)
    figure = go.Figure(
        [
            go.Scatter(first[0], fill="toself", fillcolor=SIDES[0], mode="none", hoverinfo="skip", showlegend=False),
            go.Scatter(first[1], fill="toself", fillcolor=SIDES[1], mode="none", hoverinfo="skip", showlegend=False),
            *samples_traces(run.samples),
            go.Scatter(first[2], mode="lines", name="line", line={"color": PURPLE, "width": 4}, hoverinfo="skip"),
            go.Scatter(
                first[3],
                mode="lines+markers",
                name="direction of w",
                line={"color": PURPLE, "width": 3},
                marker={"color": PURPLE, **ARROW},
                hoverinfo="skip",
            ),
            go.Scatter(
                first[4],
                mode="markers",
                name="wrong: corrects w",
                marker={"symbol": "circle-open", "size": 24, "color": GREEN, "line": {"width": 4}},
                hoverinfo="skip",
            ),
            go.Scatter(
                first[5],
                mode="lines",
                name="line after it",
                line={"color": GREY, "width": 3, "dash": "dash"},
                hoverinfo="skip",
            ),
        ]
    )
    traces = [0, 1, 4, 5, 6, 7]
    frames = [{"data": _moment(run, at, frame), "traces": traces} for at in run.moments]
    shaped(figure, frame)
    caption = _caption(run)
    alt = "Plane with the samples of two classes, the perceptron's line and the sample that is wrong. " + caption
    return Picture(figure, caption, alt, history_table(run), frames=frames)


def shaped(figure: go.Figure, frame: Square) -> go.Figure:
    """Axes with equal units, so that what is perpendicular looks it."""
    axes(figure, "first input x1", "second input x2")
    figure.update_layout(height=440, margin={"l": 10, "r": 10, "t": 70, "b": 10})
    figure.update_xaxes(range=frame.x, constrain="domain", zeroline=True)
    figure.update_yaxes(range=frame.y, scaleanchor="x", constrain="domain", zeroline=True)
    return figure


def samples_traces(samples: Samples) -> list[go.Scatter]:
    """Class 0 as blue circles, class 1 as vermillion crosses."""
    return [
        go.Scatter(
            x=numbers(samples.X[samples.label == label, 0]),
            y=numbers(samples.X[samples.label == label, 1]),
            mode="markers",
            name=name,
            marker={"color": color, "symbol": symbol, "size": 10},
            hovertemplate=f"{name}: (%{{x}}, %{{y}})<extra></extra>",
        )
        for label, name, color, symbol in MARKS
    ]


def _moment(run: PerceptronRun, at: int, frame: Square) -> list[dict[str, list[float | None]]]:
    """Side of class 0, side of class 1, line, arrow, wrong sample, next line; empty where there is none."""
    w = line_of(run.weights[at], run.samples.bias)
    parts = [half_plane(w, frame, -1), half_plane(w, frame, 1), clipped(w, frame), _normal(w, frame)]
    if at < run.updates:
        x1, x2 = run.samples.X[run.rows[at]].tolist()
        parts += [[(x1, x2)], clipped(line_of(run.weights[at + 1], run.samples.bias), frame)]
    else:
        parts += [[], []]
    return [coordinates(part) for part in parts]


def _normal(w: Line, frame: Square) -> list[tuple[float, float]]:
    start, length = foot(w, frame), (w[0] ** 2 + w[1] ** 2) ** 0.5
    if start is None:
        return []
    step = 0.16 * frame.side / length
    return [start, (start[0] + step * w[0], start[1] + step * w[1])]


def _caption(run: PerceptronRun) -> str:
    found = margin(run.samples)
    n, k = len(run.samples), run.updates
    read = "The arrow is perpendicular to the line and points to the side that is answered with class 1. "
    if run.outcome == "converged":
        passes = f"in {run.n_passes} passes over {n} samples, the last one without a mistake"
        return read + f"{plural(k, 'mistake')} {passes}. No order of these samples can make more than {found.most:,}."
    if run.cycle:
        return read + (
            f"Mistake after mistake: after {plural(run.cycle.length, 'correction')} the weights are back where they "
            f"were, and everything repeats. At least one of the {n} samples stays wrong."
        )
    if found.separable:
        return read + f"Stopped after {plural(k, 'mistake')}; there is a line, and it takes at most {found.most:,}."
    return read + f"Stopped after {plural(k, 'mistake')}; no line separates these {n} samples, so it would never end."


def history_table(run: PerceptronRun) -> pd.DataFrame:
    """Every update: who was wrong, and the weights that it left."""
    table = {"update": range(1, run.updates + 1), "pass": run.passes.numpy(), "sample": run.rows.numpy()}
    chosen = run.samples.X[run.rows]
    table |= {"x1": chosen[:, 0].numpy(), "x2": chosen[:, 1].numpy(), "class": run.samples.label[run.rows].numpy()}
    names = ("w1", "w2", "b") if run.samples.bias else ("w1", "w2")
    table |= {f"{name} after": run.weights[1:, i].numpy() for i, name in enumerate(names)}
    return pd.DataFrame(table)
