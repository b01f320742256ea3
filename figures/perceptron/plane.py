"""The plane of the samples: their marks, and lines and half-planes cut off at the edge of what is shown."""

from typing import NamedTuple

import plotly.graph_objects as go
from torch import Tensor

from core.perceptron.samples import Samples
from figures.style import BLUE, VERMILLION, axes, numbers

MARKS = ((0, "class 0", BLUE, "circle"), (1, "class 1", VERMILLION, "x"))
ARROW = {"symbol": ["circle", "arrow"], "angleref": "previous", "size": [1, 15], "opacity": 1}

Line = tuple[float, float, float]  # w1, w2, b: the points with w1 x1 + w2 x2 + b = 0
Points = list[tuple[float, float]]


class Square(NamedTuple):
    """The part of a plane that is shown."""

    x: tuple[float, float]
    y: tuple[float, float]

    @property
    def side(self) -> float:
        return self.x[1] - self.x[0]

    @property
    def corners(self) -> Points:
        (left, right), (low, high) = self
        return [(left, low), (right, low), (right, high), (left, high)]


def square(samples: Samples) -> Square:
    """A square around the samples and the origin, with some room."""
    low, high = samples.X.amin(0).clamp(max=0), samples.X.amax(0).clamp(min=0)
    half = max(0.7 * (high - low).max().item(), 1.0)
    middle = ((low + high) / 2).tolist()
    return Square(*((m - half, m + half) for m in middle))


def line_of(w: Tensor, bias: bool) -> Line:
    """The line of weights: w1, w2 and the bias, 0 where there is none."""
    values = w.tolist()
    return (values[0], values[1], values[2] if bias else 0.0)


def value(line: Line, point: tuple[float, float]) -> float:
    """The weighted sum w1 x1 + w2 x2 + b."""
    return line[0] * point[0] + line[1] * point[1] + line[2]


def half_plane(line: Line, frame: Square, sign: int) -> Points:
    """The polygon of the square's points with a positive (1) or negative (-1) sum; empty where there are none."""
    if not (line[0] or line[1]):
        return frame.corners if sign * line[2] > 0 else []
    found, corners = [], frame.corners
    for one, other in zip(corners, corners[1:] + corners[:1], strict=True):
        here, there = sign * value(line, one), sign * value(line, other)
        if here >= 0:
            found.append(one)
        if here * there < 0:
            found.append(_between(one, other, here / (here - there)))
    return found if any(value(line, point) for point in found) else []


def clipped(line: Line, frame: Square) -> Points:
    """The two ends of the line within the square; empty if it runs elsewhere or is no line."""
    found, corners = [], frame.corners
    for one, other in zip(corners, corners[1:] + corners[:1], strict=True):
        here, there = value(line, one), value(line, other)
        if here * there < 0:
            found.append(_between(one, other, here / (here - there)))
        elif here == 0 and (line[0] or line[1]):
            found.append(one)
    return [min(found), max(found)] if len(set(found)) > 1 else []


def foot(line: Line, frame: Square) -> tuple[float, float] | None:
    """The middle of the line's visible part."""
    ends = clipped(line, frame)
    return ((ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2) if ends else None


def coordinates(points: Points) -> dict[str, list[float | None]]:
    """The points as plotly takes them. Where there is none, one without a number: a trace keeps its legend that way."""
    return {"x": [round(p[0], 4) for p in points] or [None], "y": [round(p[1], 4) for p in points] or [None]}


def equal_axes(figure: go.Figure, frame: Square, x: str = "first input x1", y: str = "second input x2") -> go.Figure:
    """Axes with equal units, so that what is perpendicular looks it."""
    axes(figure, x, y)
    figure.update_layout(height=440, margin={"l": 10, "r": 10, "t": 70, "b": 10})
    figure.update_xaxes(range=frame.x, constrain="domain", zeroline=True)
    figure.update_yaxes(range=frame.y, scaleanchor="x", constrain="domain", zeroline=True)
    return figure


def samples_traces(samples: Samples) -> list[go.Scatter]:
    """Class 0 as blue circles, class 1 as vermillion crosses."""
    return [
        go.Scatter(
            x=numbers(samples.X[samples.y == label, 0]),
            y=numbers(samples.X[samples.y == label, 1]),
            mode="markers",
            name=name,
            marker={"color": color, "symbol": symbol, "size": 10},
            hovertemplate=f"{name}: (%{{x}}, %{{y}})<extra></extra>",
        )
        for label, name, color, symbol in MARKS
    ]


def _between(one: tuple[float, float], other: tuple[float, float], share: float) -> tuple[float, float]:
    return (one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1]))
