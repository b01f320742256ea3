"""Many runs as one line with a band: the middle, and where eight of ten runs, or all of them, lie."""

import numpy as np
import plotly.graph_objects as go
import torch
from torch import Tensor

from figures.axis import drawn
from figures.style import numbers


def add_band(
    figure: go.Figure,
    x: np.ndarray,
    runs: Tensor,
    name: str,
    line: dict[str, str],
    middle: Tensor,
    least: float = 0.0,
    within: tuple[float, float] = (0.1, 0.9),
) -> None:
    """Adds a line and a band.

    Args:
        runs: shape (places, runs). middle: of the line, shape (places,).
        least: the band ends there, since a logarithmic axis has no 0.
        within: which quantiles of the runs the band lies between; all runs lie between 0 and 1.
    """
    low, high = (torch.quantile(runs, q, dim=1).clamp_min(least) for q in within)
    red, green, blue = (int(line["color"][i : i + 2], 16) for i in (1, 3, 5))
    edge = {"x": x, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    figure.add_scatter(y=numbers(low), **edge)
    figure.add_scatter(y=numbers(high), fill="tonexty", fillcolor=f"rgba({red},{green},{blue},0.18)", **edge)
    y = drawn(numbers(middle)) if least else numbers(middle)
    figure.add_scatter(x=x, y=y, name=name, mode="lines+markers", line=line | {"width": 3})
