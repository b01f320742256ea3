"""Many runs as one line with a band: the middle, and where most runs, or all of them, lie."""

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
    mode: str = "lines+markers",
) -> tuple[Tensor, Tensor]:
    """Adds a line and a band, and returns the ends of the band.

    Args:
        runs: shape (places, runs); what is NaN is left out. middle: of the line, shape (places,).
        least: the band ends there, since a logarithmic axis has no 0.
        within: which quantiles of the runs the band lies between; all runs lie between 0 and 1.
    """
    low, high = (torch.nanquantile(runs, q, dim=1) for q in within)
    if least:
        low, high = low.clamp_min(least), high.clamp_min(least)
    red, green, blue = (int(line["color"][i : i + 2], 16) for i in (1, 3, 5))
    edge = {"x": x, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    figure.add_scatter(y=numbers(low), **edge)
    figure.add_scatter(y=numbers(high), fill="tonexty", fillcolor=f"rgba({red},{green},{blue},0.18)", **edge)
    y = drawn(numbers(middle)) if least else numbers(middle)
    figure.add_scatter(x=x, y=y, name=name, mode=mode, line=line | {"width": 3})
    return low, high
