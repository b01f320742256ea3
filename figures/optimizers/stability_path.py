"""The path of the chosen cell of the map of learning rate and momentum."""

import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.optimizers.momentum import (
    StabilityMap,
    cell_run,
    momenta,
)
from core.optimizers.race import Run
from core.plane.surfaces import box_of, box_with, function_of, points_of
from figures.optimizers.rings import rings
from figures.picture import Picture
from figures.style import VERMILLION, axes, numbers
from figures.words import fmt, plural

FAR = 3.0  # widths of the plane beyond which nothing is sent to the browser


@cached
def path_picture(found: StabilityMap, column: int, row: int) -> Picture:
    """The path of the chosen cell over the rings of the surface."""
    lr, b = found.lr[column].item(), momenta()[row]
    run = cell_run(found.surface, found.nesterov, lr, b)
    surface = found.surface
    box = box_with(box_of(surface.surface, surface.text), [(surface.x, surface.y)])
    figure = go.Figure([rings(function_of(surface.surface, surface.text), box), *_minima(found, box)])
    shown = _in_reach(run, box)
    figure.add_scatter(
        x=numbers(shown[:, 0]),
        y=numbers(shown[:, 1]),
        mode="lines+markers",
        name="path",
        showlegend=False,
        line={"color": VERMILLION, "width": 2},
        marker={"size": 5},
    )
    figure.add_scatter(
        x=[surface.x],
        y=[surface.y],
        mode="markers",
        name="start",
        marker={"symbol": "square", "size": 10, "color": "white", "line": {"color": "black", "width": 2}},
    )
    axes(figure, "x", "y")
    figure.update_xaxes(range=box[:2])
    figure.update_yaxes(range=box[2:])
    figure.update_layout(height=440)
    caption = _path_caption(run, box, lr, b)
    steps = range(len(run.path))
    table = pd.DataFrame(
        {"step": steps, "x": run.path[:, 0].tolist(), "y": run.path[:, 1].tolist(), "f": run.loss.tolist()}
    )
    return Picture(figure, caption, f"A path over rings of equal height. {caption}", table)


def _path_caption(run: Run, box: tuple[float, ...], lr: float, b: float) -> str:
    x, y = run.path[:, 0], run.path[:, 1]
    outside = (~((x >= box[0]) & (x <= box[1]) & (y >= box[2]) & (y <= box[3]))).nonzero()
    leaves = f" It leaves the picture at step {int(outside[0])}." if len(outside) else ""
    if run.diverged_at is not None:
        end = f"Lost after step {run.diverged_at}: {run.diverged}."
    else:
        end = f"It ends at ({fmt(x[-1].item(), 3)}, {fmt(y[-1].item(), 3)})."
    return f"The chosen cell, lr = {fmt(lr)}, b = {fmt(b, 3)}: {plural(run.steps)}.{leaves} {end}"


def _in_reach(run: Run, box: tuple[float, ...]) -> torch.Tensor:
    """The path up to where it goes far away; the step that does is drawn as far as it is in reach."""
    width = max(box[1] - box[0], box[3] - box[2])
    return in_reach(run.path, torch.tensor([(box[0] + box[1]) / 2, (box[2] + box[3]) / 2]), FAR * width)


def in_reach(path: torch.Tensor, middle: torch.Tensor, reach: float) -> torch.Tensor:
    """A path up to the first place further from the middle than that, and of the way to it the part within reach."""
    away = (path - middle).abs().amax(dim=1)
    gone = (~(away <= reach)).nonzero()
    if not len(gone):
        return path
    first = int(gone[0])
    if not first or not bool(torch.isfinite(path[first]).all()):
        return path[:first]
    before, move = path[first - 1], path[first] - path[first - 1]
    part = (reach - away[first - 1]) / move.abs().max()
    return torch.cat([path[:first], (before + part * move)[None]])


def _minima(found: StabilityMap, box: tuple[float, ...]) -> list[go.Scatter]:
    points = [p for p in points_of(found.surface.surface, found.surface.text) if p.kind in ("minimum", "cusp")]
    if not points:
        return []
    return [
        go.Scatter(
            x=[p.x for p in points],
            y=[p.y for p in points],
            mode="markers",
            name="minimum",
            marker={"symbol": "star", "size": 10, "color": "white", "line": {"color": "black", "width": 1}},
            hovertemplate="minimum (%{x:.3g}, %{y:.3g})<extra></extra>",
        )
    ]
