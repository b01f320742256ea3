"""What the update from one point changes over the plane: the answer at every other point."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.multilayer_perceptron.data import HALF
from core.multilayer_perceptron.maps import as_bytes, grid
from core.multilayer_perceptron.sample import Lesson, answer_change, is_finite, share_that_falls
from core.multilayer_perceptron.watch import Run
from figures.multilayer_perceptron.watch import sides
from figures.picture import Picture
from figures.style import DIVERGING, GREY, axes, numbers

SIDE = 40  # points along a side of the map


@cached
def changes(run: Run, found: Lesson) -> Picture:
    """The change of the answer as a map, under the training points; a frame a recorded moment."""
    figure, ticks = go.Figure(), numbers(grid(SIDE)[:SIDE, 0])
    change = answer_change(found, grid(SIDE)).nan_to_num()
    reach = change.abs().amax(dim=1, keepdim=True)
    levels = as_bytes(change / reach.clamp(min=1e-300)).reshape(-1, SIDE, SIDE)
    bar = {"title": {"text": "change", "side": "bottom"}, "thickness": 10, "orientation": "h", "y": -0.3}
    bar |= {"tickvals": [16, 128, 240], "ticktext": ["down", "0", "up"], "yanchor": "top"}
    scale = {"zmin": 1, "zmax": 255, "colorscale": DIVERGING, "colorbar": bar, "hoverinfo": "skip", "zsmooth": "best"}
    figure.add_heatmap(x=ticks, y=-ticks, z=levels[-1], **scale)
    points, target = run.data.points[: run.data.n_train], run.data.target[: run.data.n_train]
    marks = ((True, "#003a5c", "circle"), (False, "#5c2900", "x"))
    for (low, color, symbol), name in zip(marks, sides(run.settings), strict=True):
        these = numbers(points[(target < 0) == low])
        marker = {"color": color, "symbol": symbol, "size": 6, "line": {"color": "white", "width": 0.7}}
        figure.add_scatter(x=these[:, 0], y=these[:, 1], mode="markers", marker=marker, name=name, hoverinfo="skip")
    x, y = numbers(points[found.row])
    ring = {"symbol": "circle-open", "size": 17, "color": GREY, "line": {"width": 4}}
    figure.add_scatter(x=[x], y=[y], mode="markers", marker=ring, name=f"point {found.row + 1}", hoverinfo="skip")
    axes(figure, "x₁", "x₂").update_layout(height=430)
    figure.update_xaxes(range=[-HALF, HALF], constrain="domain")
    figure.update_yaxes(range=[-HALF, HALF], scaleanchor="x", constrain="domain")
    caption = (
        "Orange: where the update from the ringed point raises the network's answer; blue: where it lowers it. Press "
        "another point to take it."
    )
    alt = f"Map of the plane with the training points, coloured by the change of the answer. {caption}"
    frames = [{"data": [{"z": level}], "traces": [0]} for level in levels]
    return Picture(figure, caption, alt, _table(run, found, reach[:, 0]), frames)


def _table(run: Run, found: Lesson, reach: torch.Tensor) -> pd.DataFrame:
    """One row a recorded moment."""
    falling = [share_that_falls(found, i) if is_finite(found, i) else np.nan for i in range(len(run.updates))]
    return pd.DataFrame(
        {
            "update": run.updates,
            "loss of the point": found.before.loss.numpy(),
            "after the update": found.after.loss.numpy(),
            "share of others that fall": falling,
            "largest change of the answer": reach.numpy(),
        }
    )


def nearest(run: Run, x: float, y: float) -> int:
    """The row of the training point next to a place in the plane."""
    place = torch.tensor([x, y], dtype=torch.float64)
    return int((run.data.points[: run.data.n_train] - place).square().sum(dim=1).argmin())
