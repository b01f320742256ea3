"""Where in the plane the explained step is taken."""

from functools import lru_cache

import numpy as np
import plotly.graph_objects as go
import torch

from core.optimizers.settings import SurfaceSettings
from core.optimizers.surfaces import Box, box_of, with_places
from core.optimizers.update import Walk
from figures.optimizers.look import look
from figures.picture import Picture
from figures.style import KEPT_FIGURES, axes, numbers
from figures.words import counted, say

CELLS = 61
THICK = 12  # last steps that are drawn thick
FAR = 10.0  # widths of the picture beyond which nothing is sent to the browser
HEIGHT = 168


@lru_cache(maxsize=KEPT_FIGURES)
def plane(run: Walk) -> Picture:
    """The whole path, and where in it the step is; one frame a step."""
    x_low, x_high, y_low, y_high = box = box_around(run.surface)
    side_x, side_y, z = _heights(run, box)
    style = look(run.entry.contestant)
    line = {"color": style.color, "width": 1.5}
    figure = go.Figure(
        [
            go.Contour(
                x=side_x,
                y=side_y,
                z=z,
                colorscale="Cividis",
                ncontours=14,
                line={"width": 0.5},
                showscale=False,
                hoverinfo="skip",
                opacity=0.55,
            ),
            go.Scatter(**_way(run, 0, run.steps, box), mode="lines", line=line, name="path"),
            go.Scatter(mode="lines", line={"color": style.color, "width": 4}, name="last steps"),
            go.Scatter(
                mode="markers",
                name="place",
                marker={
                    "color": style.color,
                    "size": 12,
                    "symbol": style.marker,
                    "line": {"color": "white", "width": 2},
                },
            ),
        ]
    )
    moments = [[_way(run, max(0, at - THICK), at, box), _way(run, at, at, box)] for at in range(run.steps)]
    for trace, data in zip(figure.data[2:], moments[0] if moments else (), strict=False):
        trace.update(data)
    figure.frames = [
        {"name": str(at), "data": [points | {"type": "scatter"} for points in data], "traces": [2, 3]}
        for at, data in enumerate(moments)
    ]
    axes(figure, "x", "y", showlegend=False)
    figure.update_xaxes(range=[x_low, x_high])
    figure.update_yaxes(range=[y_low, y_high], title_standoff=0)
    figure.update_layout(height=HEIGHT, margin={"l": 5, "r": 5, "t": 5, "b": 5})
    ends = f"({say(run.path[0, 0].item(), 3)}, {say(run.path[0, 1].item(), 3)})"
    caption = f"The path of {counted(run.steps)} from {ends}; thick: the {THICK} before. Click to start elsewhere."
    return Picture(figure, caption, f"A map of the surface with the path of {run.entry.contestant}. {caption}")


def box_around(surface: SurfaceSettings) -> Box:
    """What is drawn of the plane: the surface's own part, and the start."""
    return with_places(box_of(surface.surface, surface.text), [(surface.x, surface.y)])


def _heights(run: Walk, box: Box) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places along both axes, and the heights on a scale on which valleys and slopes both show."""
    x, y = (torch.linspace(low, high, CELLS, dtype=torch.float64) for low, high in (box[:2], box[2:]))
    grid_y, grid_x = torch.meshgrid(y, x, indexing="ij")
    z = run.function(grid_x, grid_y).detach()
    z[~torch.isfinite(z)] = torch.nan
    finite = z[torch.isfinite(z)]
    if len(finite):
        middle = (finite.median() - finite.min()).clamp(min=1e-12)
        z = torch.log1p(10 * (z - finite.min()) / middle)
    return numbers(x), numbers(y), numbers(z)


def _way(run: Walk, first: int, last: int, box: Box) -> dict[str, list[float]]:
    """The places from one moment to another, as far as they are not far away."""
    x_low, x_high, y_low, y_high = box
    middle = torch.tensor([(x_low + x_high) / 2, (y_low + y_high) / 2], dtype=torch.float64)
    places = run.path[first : last + 1]
    places = places[((places - middle).abs().amax(dim=1) <= FAR * max(x_high - x_low, y_high - y_low))]
    return {axis: [float(f"{v:.5g}") for v in places[:, k].tolist()] for k, axis in enumerate("xy")}
