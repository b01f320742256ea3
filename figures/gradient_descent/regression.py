"""The cost of every line as a bowl over slope and intercept, and the line itself through the points."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.gradient_descent.regression import LineRun
from core.gradient_descent.settings import BATCHES, FEATURES, SCALES
from core.plane.stability import limit
from core.plane.surfaces import Box
from figures.gradient_descent.bowl import map_of
from figures.line_chart import frame_steps
from figures.picture import Picture
from figures.plane import visible_path
from figures.style import BLUE, GREEN, GREY, PURPLE, VERMILLION, axes, numbers
from figures.words import apart, bracketed, fmt, plural

CELLS = 61
ENDS = {"all": (GREEN, "square"), "some": (PURPLE, "cross"), "one": (BLUE, "triangle-up")}
WAYS = BATCHES | {"some": "a mini-batch"}
UNITS = {"unit": "whole range", "standard": "spread", "own": "unit of the feature"}


def box_of(run: LineRun) -> Box:
    """What is drawn: start, best line and what of the path is near them, with room around."""
    corners = torch.tensor([[0.0, 0.0], run.rows.best], dtype=torch.float64)
    low, high = corners.amin(dim=0), corners.amax(dim=0)
    span = torch.maximum(high - low, 0.1 * (high - low).max())
    near = run.line[((run.line > low - 1.5 * span) & (run.line < high + 1.5 * span)).all(dim=1)]
    near = torch.cat([near, corners])
    low, high = near.amin(dim=0), near.amax(dim=0)
    half = (high - low) * 0.6 + 0.1 * span
    (x, y), (dx, dy) = ((low + high) / 2).tolist(), half.tolist()
    return (x - dx, x + dx, y - dy, y + dy)


@cached
def cost_bowl(runs: tuple[tuple[str, LineRun], ...], chosen: str) -> Picture:
    """The contours of the cost, the path of the chosen way to take batches, and where the two others end."""
    run = dict(runs)[chosen]
    box = box_of(run)
    figure = go.Figure(map_of(run.rows.cost, box, run.lowest, CELLS, "√(cost − lowest)").update(opacity=0.75))
    slope, intercept = run.rows.best
    star = {"symbol": "star", "size": 15, "color": "white", "line": {"color": "black", "width": 1.5}}
    figure.add_scatter(x=[slope], y=[intercept], name="least squares", mode="markers", marker=star)
    for name, other in runs:
        if name != chosen and other.diverged_at is None:
            color, symbol = ENDS[name]
            marker = {"color": color, "symbol": symbol, "size": 12, "line": {"color": "white", "width": 1.5}}
            x, y = other.line[-1].tolist()
            figure.add_scatter(x=[x], y=[y], name=f"{BATCHES[name]}: end", mode="markers", marker=marker)
    steps, points = frame_steps(run.updates), visible_path(run.line, box)
    figure.add_scatter(
        x=points[:, 0],
        y=points[:, 1],
        name=BATCHES[chosen],
        mode="lines+markers",
        line={"color": VERMILLION, "width": 2.5},
        marker={"size": 5},
        meta={"upto": steps},
    )
    here = {"color": VERMILLION, "size": 14, "symbol": "diamond", "line": {"color": "white", "width": 2}}
    figure.add_scatter(x=points[:1, 0], y=points[:1, 1], mode="markers", marker=here, showlegend=False)
    cursor = [len(figure.data) - 1]
    frames = [{"data": [{"x": points[i : i + 1, 0], "y": points[i : i + 1, 1]}], "traces": cursor} for i in steps]
    axes(figure, f"slope (progression / {UNITS[run.settings.scale]})", "intercept (progression)")
    figure.update_xaxes(range=box[:2])
    figure.update_yaxes(range=box[2:])
    figure.update_layout(height=440)
    caption = (
        "Every point is a line, its colour the square root of what it costs more than the best one, the star: "
        f"{fmt(run.lowest)}. {end_words(run)}"
    )
    table = {"update": range(run.updates + 1), "slope": run.line[:, 0].tolist(), "intercept": run.line[:, 1].tolist()}
    table = pd.DataFrame(table | {"mean squared error": run.cost.tolist()})
    return Picture(figure, caption, f"Lines of equal cost over slope and intercept. {caption}", table, frames)


def end_words(run: LineRun) -> str:
    """How a run ends, in one sentence."""
    way = f"{WAYS[run.settings.batch]} in {'each of ' * (run.updates > 1)}{plural(run.updates, 'update')}"
    if run.diverged_at is not None:
        return f"With {way} the cost is no longer a finite number: the run has diverged."
    return f"With {way} the cost comes from {fmt(run.cost[0].item())} to {fmt(run.cost[-1].item())}."


def costs_words(runs: dict[str, LineRun]) -> str:
    """What the last line costs for each way to take batches, beside the best line."""
    costs = apart(*(run.cost[-1].item() for run in runs.values()), next(iter(runs.values())).lowest)
    ends = [cost if run.diverged_at is None else "diverged" for cost, run in zip(costs, runs.values(), strict=False)]
    listed = ", ".join(f"{BATCHES[name]} {end}" for name, end in zip(runs, ends, strict=True))
    return f"The last line's mean squared error: {listed}; the best line's is {costs[-1]}."


@cached
def line_through(run: LineRun) -> Picture:
    """The points and the line after some of the updates."""
    x, y = run.rows.x, run.rows.y
    ends = torch.stack([x.min(), x.max()])
    slope, intercept = run.rows.best
    patients = {"color": BLUE, "size": 5, "opacity": 0.55}
    best, line = {"color": GREY, "width": 4, "dash": "dash"}, {"color": VERMILLION, "width": 3}
    figure = go.Figure(
        [
            go.Scatter(x=numbers(x), y=numbers(y), name="a patient", mode="markers", marker=patients),
            go.Scatter(
                x=numbers(ends), y=numbers(slope * ends + intercept), name="least squares", mode="lines", line=best
            ),
            go.Scatter(x=numbers(ends), y=_line(run, 0, ends), name="line", mode="lines", line=line),
        ]
    )
    frames = [{"data": [{"y": _line(run, at, ends)}], "traces": [2]} for at in frame_steps(run.updates)]
    feature = FEATURES[run.settings.feature]
    axes(figure, f"{feature}, {SCALES[run.settings.scale]}", "progression after a year")
    figure.update_yaxes(range=[-10, 370])
    figure.update_layout(height=440)
    a, b = run.line[-1].tolist()
    caption = (
        f"{len(x)} patients; least squares: {fmt(slope)} · {feature} + {bracketed(intercept)}. After "
        f"{plural(run.updates, 'update')} the line is {fmt(a)} · {feature} + {bracketed(b)}."
    )
    return Picture(figure, caption, f"Points and a line through them. {caption}", frames=frames)


def _line(run: LineRun, at: int, ends: torch.Tensor) -> np.ndarray:
    a, b = run.line[at]
    y = a * ends + b
    return numbers(y) if bool((y.abs() < 1e6).all()) else np.full(2, np.nan, np.float32)


def label(run: LineRun, at: int) -> str:
    """What the scrubber says at an update."""
    a, b = (fmt(value) for value in run.line[at].tolist())
    cost = fmt(run.cost[at].item())
    return f"After {at} of {plural(run.updates, 'update')}: slope {a}, intercept {b}, mean squared error {cost}."


def curvature_words(run: LineRun) -> str:
    """Curvatures, condition number and limit of this cost."""
    low, high = run.curvatures.tolist()
    lr, most = run.settings.lr, limit(high)
    return (
        f"This cost bends by {fmt(low)} in its flattest direction and by L = {fmt(high)} in its steepest: condition "
        f"number κ = **{fmt(high / low)}**. With all rows a step is stable up to 2/L = {fmt(most)}; lr = {fmt(lr)} is "
        f"{'below' if lr < most else 'not below'} it."
    )
