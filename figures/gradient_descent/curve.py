"""The ball on its curve: tangent, step, the parabola that the curvature promises, and Newton's step to its turn."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.gradient_descent.curve import Descent
from core.gradient_descent.newton import newton_steps
from figures.line_chart import line_chart
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, PURPLE, VERMILLION, axes, numbers
from figures.words import fmt, plural

POINTS = 401  # of the curve
TRAIL = 30  # points that stay visible behind the ball
FAR = 100.0  # half widths of the picture beyond which nothing is sent to the browser
TALL = 30  # times the spread of the heights in the middle: what is further up or down may leave the picture
WHOLE = 2  # a curve at most so many times as tall as what would be shown is shown as a whole
PAD = 0.08  # of the height, above and below
MARKS = {  # what moves, for the caption
    "tangent": "green: the tangent",
    "next step": "purple: the next step",
    "parabola": "dotted, after a click in the legend: the parabola of the same height, slope and curvature",
    "Newton's step": "diamonds, likewise: Newton's step to its turning point",
}
EMPTY: dict[str, list[float]] = {"x": [], "y": []}


@cached
def curve(run: Descent) -> Picture:
    """The curve and the ball; one frame a step."""
    x = torch.linspace(-run.half, run.half, POINTS, dtype=torch.float64)
    y = run.function(x)
    low, high, leaves = _heights(run, y[torch.isfinite(y)])
    edge, span = low + 0.9 * (high - low), high - low
    y = torch.where((y - low).abs() < 4 * span, y, torch.nan)  # no line leads across a pole
    figure = go.Figure(go.Scatter(x=numbers(x), y=numbers(y), line={"color": BLUE, "width": 3}, showlegend=False))
    arrow = {"symbol": ["circle", "arrow", "circle-open"], "size": [1, 14, 11], "angleref": "previous"}
    ball = {"color": VERMILLION, "size": 16, "line": {"color": "white", "width": 2}}
    diamonds = {"symbol": ["diamond-open", "diamond"], "size": 11}
    moving = [  # in the order of _frame
        {"name": "parabola", "mode": "lines", "line": {"color": GREY, "width": 2, "dash": "dot"}},
        {"name": "tangent", "mode": "lines", "line": {"color": GREEN, "width": 2, "dash": "dash"}},
        {"name": "before", "mode": "markers", "marker": {"color": GREY, "size": 7}, "showlegend": False},
        {"name": "next step", "mode": "lines+markers", "line": {"color": PURPLE, "width": 3}, "marker": arrow},
        {"name": "ball", "mode": "markers", "marker": ball, "showlegend": False},
        {"mode": "markers+text", "marker": {"color": VERMILLION, "size": 14}, "showlegend": False},
        {"name": "Newton's step", "mode": "lines+markers", "line": {"color": GREY, "width": 2}, "marker": diamonds},
    ]
    for trace in (moving[0], moving[-1]):  # for whoever asks: the first picture is of the ball and its step
        trace["visible"] = "legendonly"
    for trace, first in zip(moving, _frame(run, 0, edge), strict=True):
        figure.add_trace(go.Scatter(trace).update(first))
    traces = list(range(1, 1 + len(moving)))
    frames = [{"data": _frame(run, at, edge), "traces": traces} for at in range(run.steps + 1)]
    axes(figure, "x", "f(x)")
    pad = PAD * span
    figure.update_xaxes(range=[-run.half, run.half])
    figure.update_yaxes(range=[low - pad, high + pad])
    figure.update_layout(height=400)
    left = f" The ball leaves the picture at step {run.left_at}." if run.left_at is not None else ""
    drawn = {trace.get("name") for i, trace in enumerate(moving) if any(frame["data"][i]["x"] for frame in frames)}
    marks = "; ".join(words for name, words in MARKS.items() if name in drawn)
    caption = f"{marks[:1].upper()}{marks[1:]}{leaves}.{left}"
    columns = {"x": run.path, "f(x)": run.losses, "slope": run.gradients, "curvature": run.curvatures}
    table = pd.DataFrame({"step": range(run.steps + 1)} | {name: part.tolist() for name, part in columns.items()})
    return Picture(figure, caption, f"A ball on the curve f(x) = {run.function.text}. {caption}", table, frames)


def _heights(run: Descent, y: torch.Tensor) -> tuple[float, float, str]:
    """The lowest and highest f of the picture, and words that say so where the curve leaves it, as next to a pole.

    Args:
        y: the finite values of the curve.
    """
    start = run.losses[0].item()
    quarter, middle, three = y.quantile(torch.tensor([0.25, 0.5, 0.75], dtype=torch.float64)).tolist()
    reach = TALL * min(middle - quarter, three - middle)
    inside = [start, *(m.value for m in run.minima if abs(m.x) <= run.half)]
    low = max(y.min().item(), min(middle - reach, *inside))
    high = min(y.max().item(), max(middle + reach, *inside))
    if y.max().item() - y.min().item() <= WHOLE * (high - low):
        low, high = y.min().item(), y.max().item()
    if not low < high:
        low, high = start - 1, start + 1
    pad = PAD * (high - low)
    return low, high, "; the curve leaves the picture" if bool(((y < low - pad) | (y > high + pad)).any()) else ""


def _frame(run: Descent, at: int, edge: float) -> list[dict[str, object]]:
    """What moves, before a step; where the ball is outside, a mark at the edge says so."""
    parts = (run.path, run.losses, run.gradients, run.curvatures)
    x, loss, slope, curvature = (part[at].item() for part in parts)
    before = slice(max(0, at - TRAIL), at)
    trail = [p for p in zip(run.path[before].tolist(), run.losses[before].tolist(), strict=True) if _near(run, *p)]
    behind = {"x": [p[0] for p in trail], "y": [p[1] for p in trail]}
    if not (_near(run, x, loss) and math.isfinite(slope) and math.isfinite(curvature)):
        return [EMPTY, EMPTY, behind, EMPTY, EMPTY, _outside(run, x, edge), EMPTY]
    around = np.linspace(-run.half, run.half, 41)
    parabola = loss + slope * (around - x) + curvature / 2 * (around - x) ** 2
    reach = 0.35 * run.half
    return [
        {"x": around.round(4).tolist(), "y": [float(f"{v:.5g}") for v in parabola]} if curvature else EMPTY,
        {"x": [x - reach, x + reach], "y": [loss - slope * reach, loss + slope * reach]},
        behind,
        _step(run, at),
        {"x": [x], "y": [loss]},
        _outside(run, x, edge),
        _newton(run, at),
    ]


def _near(run: Descent, x: float, loss: float) -> bool:
    return abs(x) <= FAR * run.half and math.isfinite(loss)


def _step(run: Descent, at: int) -> dict[str, list[float]]:
    """The next step, sideways and then onto the curve."""
    if at == run.steps:
        return EMPTY
    (x, after), (loss, below) = run.path[at : at + 2].tolist(), run.losses[at : at + 2].tolist()
    return {"x": [x, after, after], "y": [loss, loss, below]} if _near(run, after, below) else EMPTY


def _newton(run: Descent, at: int) -> dict[str, list[float]]:
    """The turning point of the parabola, and the curve above or below it."""
    x, loss, turn = (part[at].item() for part in vars(newton_steps(run)).values())
    return {"x": [x, x], "y": [turn, loss]} if _near(run, x, loss) and math.isfinite(turn) else EMPTY


def _outside(run: Descent, x: float, y: float) -> dict[str, object]:
    """A mark at the edge that says where the ball is, if it is not in the picture."""
    if abs(x) <= run.half or math.isnan(x):
        return {"x": [], "y": [], "text": []}
    side = "right" if x > 0 else "left"
    return {
        "x": [math.copysign(0.95 * run.half, x)],
        "y": [y],
        "text": [f"x = {fmt(x, 3)} "],
        "textposition": "middle left" if x > 0 else "middle right",
        "marker": {"symbol": f"triangle-{side}"},
    }


def label(run: Descent, at: int) -> str:
    """What the scrubber says at a step."""
    outside = "" if abs(run.path[at].item()) <= run.half else ", outside of the picture"
    x, loss, slope = (fmt(part[at].item(), 5) for part in (run.path, run.losses, run.gradients))
    return f"After {at} of {plural(run.steps)}: x = {x}{outside}, f(x) = {loss}, slope {slope}."


@cached
def heights(run: Descent) -> Picture:
    """f after each step, above its lowest known value where there is one."""
    finite = run.losses[torch.isfinite(run.losses)].tolist()
    known = [m.value for m in run.minima]
    lowest = min(known + finite) if known or min(finite) <= 0 else 0.0
    quantity = "f(x)" if lowest == 0 else f"f(x) − {fmt(lowest)}" if lowest > 0 else f"f(x) + {fmt(-lowest)}"
    above = f"The height above the lowest known value, {fmt(lowest)}," if lowest else "f(x)"
    caption = f"{above} before each step; a log scale has no room for 0."
    return line_chart({"height": (run.losses - lowest).numpy()}, list(range(run.steps + 1)), quantity, caption)
