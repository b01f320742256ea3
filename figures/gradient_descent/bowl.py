"""The path over a surface in the plane, and the two directions in which the surface bends."""

import math

import pandas as pd
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.cache import cached
from core.gradient_descent.bowl import BowlRun, matrix, shares_left
from core.plane.derivatives import PlaneFunction
from core.plane.stability import factor, limit, predicted
from core.plane.surfaces import Box
from figures.gradient_descent.words import THEORY
from figures.line_chart import line_chart
from figures.picture import Picture
from figures.plane import contours, left_at, root_map, visible_path
from figures.style import VERMILLION, axes
from figures.words import fmt, plural

CELLS = 61
LAST = 20  # steps over which the factor of a run is measured
PATH = {"color": VERMILLION, "width": 2.5}
BALL = {"color": VERMILLION, "size": 14, "symbol": "diamond", "line": {"color": "white", "width": 2}}
BAR = {"orientation": "v", "y": 0.5, "yanchor": "middle", "thickness": 14}


def map_of(function: PlaneFunction, box: Box, low: float | None, cells: int, title: str) -> go.Contour:
    """The contours of a surface at even steps of the square root of its height; `title` is that of the colour bar."""
    bar = BAR | {"title": {"text": title, "side": "top"}}
    return contours(root_map(function, box, low, cells)).update(colorbar=bar)


def path_frames(run: BowlRun, steps: list[int], line: dict, ball: dict) -> tuple[list[go.Scatter], list[list[dict]]]:
    """The path, which grows with time, and the ball; and for each of some steps what changes of the ball."""
    points = visible_path(run.path, run.box)
    upto = [min(step, run.steps) for step in steps]
    x, y = points[:, 0], points[:, 1]
    marker = {"size": 6, "color": line["color"]}
    traces = [
        go.Scatter(x=x, y=y, name="path", mode="lines+markers", line=line, marker=marker, meta={"upto": upto}),
        go.Scatter(x=x[:1], y=y[:1], name="ball", mode="markers", marker=ball),
    ]
    return traces, [[{"x": x[at : at + 1], "y": y[at : at + 1]}] for at in upto]


@cached
def bowl(run: BowlRun) -> Picture:
    """The path over the contours, with the two directions of a quadratic bowl; one frame a step."""
    box = run.box
    figure = go.Figure(map_of(run.function, box, None, CELLS, "√ height"))
    if run.settings.surface == "bowl":
        _, directions = torch.linalg.eigh(matrix(run.settings.condition, run.settings.angle))
        for (dx, dy), dash in zip(directions.T.tolist(), ("dash", "dot"), strict=True):
            line = {"color": "white", "width": 1.5, "dash": dash}
            figure.add_scatter(
                x=[dx * box[0], dx * box[1]], y=[dy * box[0], dy * box[1]], mode="lines", line=line, hoverinfo="skip"
            )
    traces, changes = path_frames(run, list(range(run.steps + 1)), PATH, BALL)
    figure.add_traces(traces)
    frames = [{"data": change, "traces": [len(figure.data) - 1]} for change in changes]
    axes(figure, "x", "y", dragmode=False, showlegend=False)  # a click sets the start, so nothing zooms
    figure.update_xaxes(range=box[:2], constrain="domain", fixedrange=True)
    figure.update_yaxes(range=box[2:], scaleanchor="x", constrain="domain", fixedrange=True)
    figure.update_layout(height=440)
    high = root_map(run.function, box, None, CELLS).high
    cut = f"; heights above {fmt(high)} share one colour" if math.isfinite(high) else ""
    caption = (
        "**Click anywhere to start there.** Lines join points of equal height; without momentum each step crosses its "
        f"line at a right angle{cut}. {end_words(run)}"
    )
    table = {"step": range(run.steps + 1), "x": run.path[:, 0].tolist(), "y": run.path[:, 1].tolist()}
    table |= {"f": run.losses.tolist(), "df/dx": run.gradients[:, 0].tolist(), "df/dy": run.gradients[:, 1].tolist()}
    return Picture(figure, caption, f"Lines of equal height and a path. {caption}", pd.DataFrame(table), frames)


def end_words(run: BowlRun) -> str:
    """How a run ends, in one sentence."""
    left = left_at(run.path, run.box)
    gone = f", outside of the picture since step {left}" if left is not None else ""
    if run.diverged_at is not None:
        return f"After {plural(run.steps)} {run.diverged}{gone}."
    return f"After {plural(run.steps)} f is {fmt(run.losses[-1].item())}{gone}."


def left_words(run: BowlRun) -> str:
    """How much of the way is left in both directions."""
    along, across = (f"{fmt(100 * share, 3)}%" for share in shares_left(run))
    return (
        f"After {plural(run.steps)}, {along} of the distance along the valley is left, and {across} of that across it."
    )


def label(run: BowlRun, at: int) -> str:
    """What the scrubber says at a step."""
    (x, y), (dx, dy) = ((fmt(value) for value in part[at].tolist()) for part in (run.path, run.gradients))
    f = fmt(run.losses[at].item())
    return f"After {at} of {plural(run.steps)}: x = {x}, y = {y}, f = {f}, gradient ({dx}, {dy})."


@cached
def bowl_losses(run: BowlRun) -> Picture:
    """The height after each step; above the lowest of the run where a typed surface goes below 0."""
    lowest = min(0.0, run.losses[torch.isfinite(run.losses)].min().item())
    quantity = f"f + {fmt(-lowest)}" if lowest else "f"
    caption = f"The height before each of the {plural(run.steps)}; a straight line means the same factor in each step."
    return line_chart({"height": (run.losses - lowest).numpy()}, list(range(run.steps + 1)), quantity, caption)


def axis_table(run: BowlRun, at: int) -> str:
    """Both directions in which the surface bends at the ball, as a table."""
    settings, hessian = run.settings, run.hessians[at]
    if not torch.isfinite(hessian).all():
        return "The curvatures are not finite here."
    curvatures, directions = torch.linalg.eigh(hessian)
    lines = [
        "| direction | curvature L | limit for lr | a step, in theory | in the last steps |",
        "|---|---|---|---|---|",
    ]
    drawn = (", dashed", ", dotted") if settings.surface == "bowl" else ("", "")
    for curvature, direction, line in zip(curvatures.tolist(), directions.T, drawn, strict=True):
        x, y = direction.tolist()
        sign = -1 if x < -1e-12 or (abs(x) <= 1e-12 and y < 0) else 1
        kind, most = predicted(settings.lr, curvature, settings.momentum), limit(curvature, settings.momentum)
        most = fmt(most) if curvature > 0 else "none"
        leaves = f", ×{fmt(factor(curvature, settings.lr, settings.momentum))}" if curvature > 0 else ""
        lines.append(
            f"| ({fmt(sign * x + 0.0, 2)}, {fmt(sign * y + 0.0, 2)}){line} | {fmt(curvature)} | {most} "
            f"| {THEORY[kind]}{leaves} | {_measured(run, direction)} |"
        )
    return "\n".join(lines)


def _measured(run: BowlRun, direction: Tensor) -> str:
    """The mean factor of a step on the distance along a direction, over the last steps that can be measured."""
    if run.settings.surface != "bowl":
        return "not a fixed direction"
    distance = (run.path @ direction).abs()
    good = ((distance > 1e-12) & torch.isfinite(distance)).nonzero()[:, 0]
    if len(good) < 2:
        return "nothing to measure"
    last, first = int(good[-1]), int(good[max(0, len(good) - LAST - 1)])
    return f"×{fmt((distance[last] / distance[first]).item() ** (1 / (last - first)))}"
