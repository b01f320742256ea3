"""The losses of a number: every sample on the curve of its loss over the error."""

import numpy as np
import plotly.graph_objects as go

from core.loss_functions.calculation import Calculation
from core.loss_functions.regression import loss_over_errors
from figures.loss_functions.calculation import beside_gradient, losses_and_gradient
from figures.picture import Picture
from figures.style import SEQUENCE, numbers

NEAR = (0.06, 0.1)  # of the largest error and loss: labels that are nearer would run together


def shared_labels(x: np.ndarray, y: np.ndarray, highest: float) -> list[str]:
    """The numbers of the samples; those of one place stand together on its first sample."""
    near, labels = (max(NEAR[0] * np.abs(x).max(), 1e-9), max(NEAR[1] * highest, 1e-9)), [[] for _ in x]
    for i in range(len(x)):
        there = (j for j in range(i) if labels[j] and abs(x[i] - x[j]) < near[0] and abs(y[i] - y[j]) < near[1])
        labels[next(there, i)].append(str(i + 1))
    return [", ".join(label) for label in labels]


def losses_on_curve(found: Calculation, row: int) -> Picture:
    """Left: the loss over the error, with every sample on it; as bars where it depends on more than the error."""
    curve = loss_over_errors(found)
    if curve is None:
        return losses_and_gradient(found, row)
    (blue, *_), (color, *_), *_ = SEQUENCE
    x, y = numbers(found.step("error e")), numbers(found.each)
    fill = [color if i == row else "white" for i in range(len(x))]
    marker = {"color": fill, "symbol": "diamond", "size": 12, "line": {"color": color, "width": 2}}
    text = {"text": shared_labels(x, y, y.max()), "textposition": "top center"}
    traces = [
        go.Scatter(x=numbers(curve[0]), y=numbers(curve[1]), mode="lines", line_color=blue, showlegend=False),
        go.Scatter(x=x, y=y, mode="markers+text", name="sample", marker=marker, **text),
    ]
    return beside_gradient(found, row, traces, "error (predicted − actual)", "the loss over the error")
