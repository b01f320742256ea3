"""The cost of every line as a bowl over slope and intercept, and the line itself through the points."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.cache import cached
from core.gradient_descent.regression import LineRun, costs
from core.gradient_descent.settings import BATCHES, FEATURES, SCALES
from figures.gradient_descent.bowl import moments_of
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, PURPLE, VERMILLION, axes, numbers
from figures.words import fmt, plural

CELLS = 61
FAR = 20.0
OTHERS = {"all": (GREEN, "solid"), "some": (PURPLE, "dash"), "one": (BLUE, "dot")}


def moments(run: LineRun) -> list[int]:
    """The updates that can be looked at."""
    return moments_of(run.updates)


def _frame(run: LineRun) -> tuple[Tensor, Tensor]:
    """Middle and half width of the picture: start, best line and what of the path is near them, with room around."""
    corners = torch.stack([torch.zeros(2, dtype=torch.float64), torch.tensor(run.best[:2], dtype=torch.float64)])
    low, high = corners.amin(dim=0), corners.amax(dim=0)
    span = torch.maximum(high - low, 0.1 * (high - low).max())
    near = run.line[((run.line > low - 1.5 * span) & (run.line < high + 1.5 * span)).all(dim=1)]
    near = torch.cat([near, corners])
    low, high = near.amin(dim=0), near.amax(dim=0)
    return (low + high) / 2, (high - low) * 0.6 + 0.1 * span


@cached
def cost_bowl(runs: tuple[tuple[str, LineRun], ...], chosen: str) -> Picture:
    """The rings of equal cost, the chosen path, and thin lines for the two other ways to take batches."""
    run = dict(runs)[chosen]
    middle, half = _frame(run)
    side = torch.linspace(-1, 1, CELLS, dtype=torch.float64)
    intercept, slope = torch.meshgrid(middle[1] + half[1] * side, middle[0] + half[0] * side, indexing="ij")
    excess = costs(torch.stack([slope, intercept], dim=-1), run.rows) - run.best[2]
    figure = go.Figure(
        [
            go.Contour(
                x=numbers(slope[0]),
                y=numbers(intercept[:, 0]),
                z=numbers(excess.clamp_min(0).sqrt()),  # rounding may put a cell a hair below the lowest cost
                colorscale="Cividis",
                ncontours=16,
                line={"width": 0.7},
                hoverinfo="skip",
                opacity=0.6,  # paths in three colours have to be seen on it
                colorbar={"title": {"text": "√(cost − lowest)", "side": "top"}, "thickness": 14},
            )
        ]
    )
    for name, other in runs:
        if name != chosen:
            color, dash = OTHERS[name]
            figure.add_scatter(
                **_path(other, other.updates, middle, half),
                name=BATCHES[name],
                mode="lines",
                line={"color": color, "dash": dash, "width": 2},
                opacity=0.55,
            )
    figure.add_scatter(
        x=[run.best[0]],
        y=[run.best[1]],
        name="least squares",
        showlegend=False,
        mode="markers",
        marker={"symbol": "star", "size": 15, "color": "white", "line": {"color": "black", "width": 1.5}},
    )
    place = len(figure.data)
    figure.add_scatter(
        **_path(run, 0, middle, half),
        name=BATCHES[chosen],
        mode="lines+markers",
        line={"color": VERMILLION, "width": 2.5},
        marker={"size": 5},
    )
    figure.add_scatter(
        **_here(run, 0, middle, half),
        name="line shown",
        showlegend=False,
        mode="markers",
        marker={"color": VERMILLION, "size": 14, "symbol": "diamond", "line": {"color": "white", "width": 2}},
    )
    frames = [
        {"data": [_path(run, at, middle, half), _here(run, at, middle, half)], "traces": [place, place + 1]}
        for at in moments(run)
    ]
    axes(figure, f"slope (progression / {_unit(run)})", "intercept (progression)")
    (x, y), (dx, dy) = middle.tolist(), half.tolist()
    figure.update_xaxes(range=[x - dx, x + dx])
    figure.update_yaxes(range=[y - dy, y + dy])
    figure.update_layout(height=420)
    caption = _caption(run, runs)
    return Picture(
        figure, caption, f"Rings of equal cost over slope and intercept. {caption}", _table(run), frames=frames
    )


def _unit(run: LineRun) -> str:
    return {"unit": "whole range", "standard": "spread", "own": "unit of the feature"}[run.settings.scale]


def _path(run: LineRun, at: int, middle: Tensor, half: Tensor) -> dict[str, np.ndarray]:
    places = run.line[: at + 1]
    far = (~(((places - middle) / half).abs().amax(dim=1) <= FAR)).nonzero()
    if len(far):
        places = places[: int(far[0])]
    return {"x": numbers(places[:, 0]), "y": numbers(places[:, 1])}


def _here(run: LineRun, at: int, middle: Tensor, half: Tensor) -> dict[str, list[float]]:
    place = run.line[min(at, run.updates)]
    if not bool((((place - middle) / half).abs() <= FAR).all()):
        return {"x": [], "y": []}
    return {"x": [place[0].item()], "y": [place[1].item()]}


@cached
def line_through(run: LineRun) -> Picture:
    """The points and the line at each moment."""
    x, y = run.rows.x, run.rows.y
    ends = torch.stack([x.min(), x.max()])
    slope, intercept, lowest = run.best
    figure = go.Figure(
        [
            go.Scatter(
                x=numbers(x),
                y=numbers(y),
                name="a patient",
                mode="markers",
                marker={"color": BLUE, "size": 5, "opacity": 0.55},
            ),
            go.Scatter(
                x=numbers(ends),
                y=numbers(slope * ends + intercept),
                name="least squares",
                mode="lines",
                line={"color": GREY, "width": 4, "dash": "dash"},
            ),
            go.Scatter(
                x=numbers(ends),
                y=_line(run, 0, ends),
                name="line",
                mode="lines",
                line={"color": VERMILLION, "width": 3},
            ),
        ]
    )
    frames = [{"data": [{"y": _line(run, at, ends)}], "traces": [2]} for at in moments(run)]
    feature = FEATURES[run.settings.feature]
    axes(figure, f"{feature}, {SCALES[run.settings.scale]}", "progression after a year")
    figure.update_yaxes(range=[-10, 370])
    figure.update_layout(height=420)
    a, b = run.line[-1].tolist()
    caption = (
        f"{len(x)} patients. The line after {plural(run.updates, 'update')}: progression = {fmt(a)} · {feature} + "
        f"{fmt(b)}, mean squared error {fmt(run.cost[-1].item())}. Least squares: {fmt(slope)} and {fmt(intercept)}, "
        f"{fmt(lowest)}."
    )
    return Picture(figure, caption, f"Points and a line through them. {caption}", frames=frames)


def _line(run: LineRun, at: int, ends: Tensor) -> np.ndarray:
    a, b = run.line[min(at, run.updates)]
    y = a * ends + b
    return numbers(y) if bool((y.abs() < 1e6).all()) else np.full(2, np.nan, np.float32)


def label(run: LineRun, at: int) -> str:
    """What the scrubber says at an update."""
    a, b = run.line[at].tolist()
    return (
        f"After {at} of {plural(run.updates, 'update')}: slope {fmt(a)}, intercept {fmt(b)}, mean squared error over "
        f"all rows {fmt(run.cost[at].item())}."
    )


def _caption(run: LineRun, runs: tuple[tuple[str, LineRun], ...]) -> str:
    ends = "; ".join(
        f"{BATCHES[name]} ({other.batch_size:,}) "
        + (
            f"diverged at update {other.diverged_at}"
            if other.diverged_at is not None
            else f"{fmt(other.cost[-1].item() - other.best[2])}"
        )
        for name, other in runs
    )
    return (
        "Every place is a line (star: least squares), its colour the square root of how much more it costs than the "
        "best. All three ways "
        f"start at the line 0. Cost above the lowest, {fmt(run.best[2])}, after "
        f"{plural(run.settings.updates, 'update')}:"
        f" {ends}."
    )


def stability_words(run: LineRun) -> str:
    """Curvatures, condition number and limit of this cost."""
    low, high = run.curvatures.tolist()
    lr, most = run.settings.lr, 2 / high
    side = "below" if lr < most else "above"
    text = (
        f"This cost bends by {fmt(low)} in its flattest direction and by {fmt(high)} in its steepest: condition number "
        f"κ = **{fmt(high / low)}**. With all rows a step is stable up to 2/L = {fmt(most)}; lr = {fmt(lr)} is {side} "
        "it."
    )
    if run.diverged_at is not None:
        return f"{text} **The run diverged**: after update {run.diverged_at} its numbers are no longer finite."
    if run.cost[-1] > run.cost[0]:
        return f"{text} **The cost has grown**: it ends higher than it began."
    if lr < most and run.settings.batch == "all":
        slow = abs(1 - lr * low)
        return f"{text} Along the flat direction each step leaves {fmt(slow)} of the distance."
    if run.settings.batch != "all":
        return (
            f"{text} From a part of the rows the gradient is only right on average, so the path trembles around the "
            "lowest point and does not settle while lr stays the same."
        )
    return text


def _table(run: LineRun) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "update": range(run.updates + 1),
            "slope": run.line[:, 0].tolist(),
            "intercept": run.line[:, 1].tolist(),
            "mean squared error": run.cost.tolist(),
        }
    )
