"""The ball on its curve: tangent, step, and the parabola that the curvature promises."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.gradient_descent.descend import Descent
from figures.gradient_descent.losses import losses
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, PURPLE, VERMILLION, axes, numbers
from figures.words import fmt, plural

POINTS = 401  # of the curve
TRAIL = 30  # places that stay visible behind the ball
FAR = 100.0  # half widths of the picture beyond which nothing is sent to the browser


@cached
def curve(run: Descent) -> Picture:
    """The curve and the ball; one frame a step."""
    x = torch.linspace(-run.half, run.half, POINTS, dtype=torch.float64)
    y = run.function(x)
    finite = y[torch.isfinite(y)]
    low, high = (finite.min().item(), finite.max().item()) if len(finite) else (-1.0, 1.0)
    pad = 0.08 * (high - low) or 1.0
    place = low + 0.9 * (high - low)
    first = [*_moment(run, 0), _outside(run, 0, place)]
    figure = go.Figure(
        [
            go.Scatter(
                x=numbers(x),
                y=numbers(y),
                name="f(x)",
                showlegend=False,
                mode="lines",
                line={"color": BLUE, "width": 3},
            ),
            go.Scatter(
                **first[0],
                name="parabola",
                mode="lines",
                line={"color": GREY, "width": 2, "dash": "dot"},
            ),
            go.Scatter(**first[1], name="tangent", mode="lines", line={"color": GREEN, "width": 2, "dash": "dash"}),
            go.Scatter(**first[2], name="before", showlegend=False, mode="markers", marker={"color": GREY, "size": 7}),
            go.Scatter(
                **first[3],
                name="next step",
                mode="lines+markers",
                line={"color": PURPLE, "width": 3},
                marker={"symbol": ["circle", "arrow", "circle-open"], "size": [1, 14, 11], "angleref": "previous"},
            ),
            go.Scatter(
                **first[4],
                name="ball",
                showlegend=False,
                mode="markers",
                marker={"color": VERMILLION, "size": 16, "line": {"color": "white", "width": 2}},
            ),
            go.Scatter(
                name="the ball is out there",
                showlegend=False,
                mode="markers+text",
                marker={"color": VERMILLION, "size": 14},
            ).update(first[5]),
        ]
    )
    frames = [
        {"data": [*_moment(run, at), _outside(run, at, place)], "traces": [1, 2, 3, 4, 5, 6]}
        for at in range(run.steps + 1)
    ]
    axes(figure, "x", "f(x)")
    figure.update_xaxes(range=[-run.half, run.half])
    figure.update_yaxes(range=[low - pad, high + pad])
    figure.update_layout(height=400)
    caption = _caption(run)
    return Picture(
        figure, caption, f"A ball on the curve f(x) = {run.function.text}. {caption}", _table(run), frames=frames
    )


def _moment(run: Descent, at: int) -> list[dict[str, list[float]]]:
    """Parabola, tangent, trail, next step and ball before step `at + 1`."""
    x, loss, slope, curvature = (part[at].item() for part in (run.x, run.loss, run.slope, run.curvature))
    empty: dict[str, list[float]] = {"x": [], "y": []}
    if not all(map(math.isfinite, (x, loss, slope, curvature))) or abs(x) > FAR * run.half:
        return [empty, empty, _trail(run, at), empty, empty]
    around = np.linspace(-run.half, run.half, 41)
    parabola = loss + slope * (around - x) + curvature / 2 * (around - x) ** 2
    reach = 0.35 * run.half
    tangent = {"x": [x - reach, x + reach], "y": [loss - slope * reach, loss + slope * reach]}
    step = empty
    if at < run.steps:
        after, below = run.x[at + 1].item(), run.loss[at + 1].item()
        if math.isfinite(after) and abs(after) <= FAR * run.half and math.isfinite(below):
            step = {"x": [x, after, after], "y": [loss, loss, below]}
    line = {"x": around.round(4).tolist(), "y": [float(f"{v:.5g}") for v in parabola]} if curvature else empty
    return [line, tangent, _trail(run, at), step, {"x": [x], "y": [loss]}]


def _outside(run: Descent, at: int, y: float) -> dict[str, object]:
    """A mark at the edge that says where the ball is, if it is not in the picture."""
    x = run.x[at].item()
    if abs(x) <= run.half or math.isnan(x):
        return {"x": [], "y": [], "text": []}
    right = x > 0
    return {
        "x": [math.copysign(0.95 * run.half, x)],
        "y": [y],
        "text": [f"x = {fmt(x, 3)} "],
        "textposition": "middle left" if right else "middle right",
        "marker": {"symbol": "triangle-right" if right else "triangle-left"},
    }


def _trail(run: Descent, at: int) -> dict[str, list[float]]:
    begin = max(0, at - TRAIL)
    places = [
        (x, y)
        for x, y in zip(run.x[begin:at].tolist(), run.loss[begin:at].tolist(), strict=True)
        if math.isfinite(x) and math.isfinite(y) and abs(x) <= FAR * run.half
    ]
    return {"x": [x for x, _ in places], "y": [y for _, y in places]}


def label(run: Descent, at: int) -> str:
    """What the scrubber says at a step."""
    outside = "" if abs(run.x[at].item()) <= run.half else ", outside of the picture"
    return (
        f"After {at} of {plural(run.steps)}: x = {fmt(run.x[at].item(), 5)}{outside}, f(x) = "
        f"{fmt(run.loss[at].item(), 5)}, slope {fmt(run.slope[at].item(), 5)}."
    )


def _caption(run: Descent) -> str:
    ends = f"It starts at x = {fmt(run.settings.start)} and after {plural(run.steps)} is at {fmt(run.x[-1].item())}."
    left = f" It leaves the picture at step {run.left_at}." if run.left_at is not None else ""
    return (
        f"Green: the tangent, whose slope is f′(x). Purple: the next step, lr = {fmt(run.settings.lr)} times the "
        f"slope, downhill. Dotted: the parabola with the curve's height, slope and curvature at the ball. {ends}{left}"
    )


def _table(run: Descent) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "step": range(run.steps + 1),
            "x": run.x.tolist(),
            "f(x)": run.loss.tolist(),
            "slope": run.slope.tolist(),
            "curvature": run.curvature.tolist(),
        }
    )


@cached
def heights(run: Descent) -> Picture:
    """f above its lowest known value after each step."""
    finite = run.loss[torch.isfinite(run.loss)]
    lowest = min([m.value for m in run.minima] + ([finite.min().item()] if len(finite) else [0.0]))
    quantity = "f(x)" if lowest == 0 else f"f(x) − {fmt(lowest)}" if lowest > 0 else f"f(x) + {fmt(-lowest)}"
    note = "" if lowest == 0 else f"Heights are counted from the lowest known value, {fmt(lowest)}."
    return losses({"height": (run.loss - lowest).numpy()}, list(range(run.steps + 1)), quantity, note=note)
