"""Margin and radius drawn into the plane of the samples."""

import math

import numpy as np
import plotly.graph_objects as go

from core.cache import cached
from core.perceptron.data import Samples
from core.perceptron.margin import margin
from figures.perceptron.geometry import Line, Square, clipped, line_of
from figures.perceptron.plane import samples_traces, shaped
from figures.perceptron.written import written
from figures.picture import Picture
from figures.style import GREEN, GREY, PURPLE


@cached
def margins(samples: Samples) -> Picture:
    """The line of the largest margin, its strip without samples, and the circle with all samples."""
    found = margin(samples)
    reach = math.sqrt(max(found.radius**2 - (1 if samples.bias else 0), 0.0))
    half = max(1.12 * reach, 1.0)
    frame = Square((-half, half), (-half, half))
    turn = np.linspace(0, 2 * math.pi, 73)
    figure = go.Figure(samples_traces(samples))
    figure.add_scatter(
        x=reach * np.cos(turn),
        y=reach * np.sin(turn),
        mode="lines",
        name="radius",
        line={"color": GREY, "dash": "dot", "width": 2},
        hoverinfo="skip",
    )
    if found.separable:
        u = line_of(found.u, samples.bias)
        for shift, width, dash, shown in (
            (0.0, 4, "solid", True),
            (found.gamma, 2, "dash", False),
            (-found.gamma, 2, "dash", False),
        ):
            _line(figure, (u[0], u[1], u[2] + shift), frame, width, dash, shown)
        support = (found.shares > 1e-9).nonzero().flatten()
        figure.add_scatter(
            x=samples.X[support, 0].numpy(),
            y=samples.X[support, 1].numpy(),
            mode="markers",
            name="nearest samples",
            marker={"symbol": "circle-open", "size": 22, "color": GREEN, "line": {"width": 3}},
            hoverinfo="skip",
        )
    shaped(figure, frame)
    farthest = f"R = {found.radius:.4g} is the length of the longest input"
    farthest += f" (x1, x2, 1); the circle has the radius √(R² − 1) = {reach:.4g}. " if samples.bias else " (x1, x2). "
    if found.separable:
        inside = math.hypot(u[0], u[1])
        along = ", ".join(written(v, ".3f") for v in found.u.tolist())
        caption = farthest + (
            f"Largest margin γ = {found.gamma:.4g}, with u = ({along}). The dashed lines are where u·x = ±γ"
            + (f", {found.gamma / inside:.3g} away from the line." if inside else ".")
        )
    else:
        caption = farthest + f"No line separates these {len(samples)} samples: the largest margin is 0."
    return Picture(figure, caption, "Plane with the samples, the line of the largest margin and a circle. " + caption)


def _line(figure: go.Figure, line: Line, frame: Square, width: int, dash: str, shown: bool) -> None:
    ends = clipped(line, frame)
    figure.add_scatter(
        x=[p[0] for p in ends],
        y=[p[1] for p in ends],
        mode="lines",
        name="line u of the largest margin",
        showlegend=shown,
        line={"color": PURPLE, "width": width, "dash": dash},
        hoverinfo="skip",
    )
