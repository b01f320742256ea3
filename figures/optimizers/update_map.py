"""Where in the plane the explained step is taken, and how far a unit of gradient moves each coordinate."""

from functools import lru_cache

import numpy as np
import plotly.graph_objects as go
import torch

from core.optimizers.surfaces import box_of, with_places
from core.optimizers.update import Walk
from figures.optimizers.look import look
from figures.picture import Picture
from figures.style import BLUE, GREY, KEPT_FIGURES, VERMILLION, axes, drawn, log_axis, numbers
from figures.words import say

CELLS = 61
THICK = 12  # last steps that are drawn thick
FAR = 10.0  # widths of the picture beyond which nothing is sent to the browser
HEIGHT = 180


@lru_cache(maxsize=KEPT_FIGURES)
def plane(run: Walk) -> Picture:
    """The whole path, and where in it the step is; one frame a step."""
    x_low, x_high, y_low, y_high = box = with_places(
        box_of(run.surface.surface, run.surface.text), [(run.surface.x, run.surface.y)]
    )
    side_x, side_y, z = _heights(run, box)
    style = look(run.entry.contestant)
    line = {"color": style.color, "width": 1}
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
        go.Frame(name=str(at), data=list(map(go.Scatter, data)), traces=[2, 3]) for at, data in enumerate(moments)
    ]
    axes(figure, "x", "y", showlegend=False)
    figure.update_xaxes(range=[x_low, x_high])
    figure.update_yaxes(range=[y_low, y_high], title_standoff=0)
    figure.update_layout(height=HEIGHT, margin={"l": 5, "r": 5, "t": 5, "b": 5})
    ends = f"({say(run.path[0, 0].item(), 3)}, {say(run.path[0, 1].item(), 3)})"
    caption = f"The path from {ends}; thick: the {THICK} steps before. Brighter is higher."
    return Picture(figure, caption, f"A map of the surface with the path of {run.entry.contestant}. {caption}")


def _heights(run: Walk, box: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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


def _way(run: Walk, first: int, last: int, box: tuple[float, ...]) -> dict[str, list[float]]:
    """The places from one moment to another, as far as they are not far away."""
    x_low, x_high, y_low, y_high = box
    middle = torch.tensor([(x_low + x_high) / 2, (y_low + y_high) / 2], dtype=torch.float64)
    places = run.path[first : last + 1]
    places = places[((places - middle).abs().amax(dim=1) <= FAR * max(x_high - x_low, y_high - y_low))]
    return {axis: [float(f"{v:.5g}") for v in places[:, k].tolist()] for k, axis in enumerate("xy")}


@lru_cache(maxsize=KEPT_FIGURES)
def rates(run: Walk) -> Picture:
    """What a unit of gradient is worth in each coordinate; one frame a step."""
    steps, values = np.arange(1, run.steps + 1), drawn(run.rates.numpy())
    values = np.where(values < 1e30, values, np.nan).astype(np.float32)
    figure = go.Figure()
    for k, (axis, color, dash) in enumerate((("x", BLUE, "solid"), ("y", VERMILLION, "dash"))):
        line = {"color": color, "dash": dash, "width": 2}
        figure.add_scatter(x=steps, y=values[:, k], name=f"for {axis}", mode="lines+markers", line=line)
        figure.data[-1].marker.size = 7 if run.steps < 12 else 0.1
    good = values[np.isfinite(values)]
    low, high = (float(good.min()) / 1.6, float(good.max()) * 1.6) if len(good) else (0.1, 1.0)
    figure.add_scatter(
        x=[1, 1], y=[low, high], mode="lines", line={"color": GREY, "width": 2}, name="this step", showlegend=False
    )
    figure.frames = [
        go.Frame(name=str(at), data=[go.Scatter(x=[at + 1, at + 1], y=[low, high])], traces=[2])
        for at in range(run.steps)
    ]
    axes(figure, "step", run.rate_formula or "lr")
    log_axis(figure, good)
    figure.update_layout(height=HEIGHT, margin={"l": 5, "r": 5, "t": 25, "b": 5})
    caption = _rates_caption(run)
    return Picture(figure, caption, f"Two lines over the steps, one for each coordinate. {caption}")


def _rates_caption(run: Walk) -> str:
    if not run.steps:
        return "No step was taken: 0 of them can be drawn."
    (x, y), (x_end, y_end) = run.rates[0].tolist(), run.rates[-1].tolist()
    said = run.rate_formula[0].upper() + run.rate_formula[1:] if run.rate_formula[:3].isalpha() else run.rate_formula
    return (
        f"{said}: at step 1 {say(x, 3)} for x and {say(y, 3)} for y, at step {run.steps:,} {say(x_end, 3)} and "
        f"{say(y_end, 3)}. The grey line is this step."
    )
