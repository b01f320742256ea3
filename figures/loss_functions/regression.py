"""The losses of a number: every sample on the curve of its loss over the error."""

import plotly.graph_objects as go

from core.loss_functions.calculation import Calculation
from core.loss_functions.regression import loss_over_errors
from figures.loss_functions.calculation import beside_gradient, losses_and_gradient, samples
from figures.picture import Picture
from figures.style import SEQUENCE, numbers


def losses_on_curve(found: Calculation, row: int) -> Picture:
    """Left: the loss over the error, with every sample on it; as bars where it depends on more than the error."""
    curve = loss_over_errors(found)
    if curve is None:
        return losses_and_gradient(found, row)
    (blue, *_), (color, *_), *_ = SEQUENCE
    x, y = numbers(found.step("error e")), numbers(found.each)
    fill = [color if i == row else "white" for i in range(len(x))]
    marker = {"color": fill, "symbol": "diamond", "size": 12, "line": {"color": color, "width": 2}}
    text = {"text": samples(found), "textposition": "top center"}
    traces = [
        go.Scatter(x=numbers(curve[0]), y=numbers(curve[1]), mode="lines", line_color=blue, showlegend=False),
        go.Scatter(x=x, y=y, mode="markers+text", name="sample", marker=marker, **text),
    ]
    return beside_gradient(found, row, traces, "error (predicted − actual)", "the loss over the error")
