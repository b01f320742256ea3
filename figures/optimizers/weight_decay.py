"""Where weight decay moves the minimum: the paths of three optimizers over the surface."""

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.cache import cached
from core.optimizers.weight_decay import Decayed, way_of_minimum
from core.plane.surfaces import Box, box_of
from figures.optimizers.decay_caption import describe, table
from figures.optimizers.optimizer_style import Look, look
from figures.optimizers.rings import rings
from figures.picture import Picture
from figures.style import PURPLE, axes, numbers

MOMENTS = 50
FAR = 3.0  # widths of the picture beyond which no path is sent to the browser
ROOM = 0.62  # half of the picture, in widths of what it shows
HEIGHT = 410


def moments_of(steps: int) -> list[int]:
    """The steps that can be looked at, the early ones more closely."""
    return sorted({round(steps * (i / MOMENTS) ** 2) for i in range(MOMENTS + 1)} | {0, steps})


def look_of(name: str) -> Look:
    """The look of a optimizer; AdamW, which is compared with Adam here, has another colour than it."""
    return replace(look(name), color=PURPLE, dash="solid") if name == "AdamW" else look(name)


def _box(found: Decayed) -> Box:
    """A square with the origin, the start, f's minimum and the paths, as far as these stay on the surface's own box."""
    wide = box_of(found.surface.surface, found.surface.text)
    places = torch.cat(found.paths)
    inside = (places >= torch.tensor(wide[::2])) & (places <= torch.tensor(wide[1::2]))
    places = places[inside.all(dim=1)]
    marks = [(0.0, 0.0), (found.surface.x, found.surface.y)]
    marks += [(found.minimum.x, found.minimum.y)] if found.minimum else []
    places = torch.cat([places, torch.tensor(marks, dtype=torch.float64)])
    low, high = places.amin(dim=0), places.amax(dim=0)
    half = ROOM * (high - low).max().item()
    x, y = ((low + high) / 2).tolist()
    return (x - half, x + half, y - half, y + half)


@cached
def decay_plane(found: Decayed) -> Picture:
    """The paths of the three over the surface, the way of the moved minimum, and AdamW's square; one frame a moment."""
    box = _box(found)
    figure = go.Figure(rings(found.function, box))
    edge = 1 / found.weight_decay if found.weight_decay else float("inf")
    if edge < max(map(abs, box)):
        corners = [(-edge, -edge), (edge, -edge), (edge, edge), (-edge, edge), (-edge, -edge)]
        figure.add_scatter(
            x=[x for x, _ in corners],
            y=[y for _, y in corners],
            mode="lines",
            name="|x|, |y| = 1/λ",
            line={"color": "white", "dash": "dot", "width": 2},
            hoverinfo="skip",
            showlegend=False,
        )
        figure.add_annotation(
            x=-edge, y=edge, text="1/λ", showarrow=False, font={"color": "white"}, xanchor="left", yanchor="top"
        )
    place = len(figure.data)
    for hparams, path in zip(found.all_hparams, found.paths, strict=True):
        style = look_of(hparams.name)
        figure.add_scatter(
            **_path(path, found.steps, box),
            mode="lines",
            name=hparams.name,
            legendgroup=hparams.name,
            line={"color": style.color, "dash": style.dash, "width": 3},
        )
    for hparams, path in zip(found.all_hparams, found.paths, strict=True):
        style = look_of(hparams.name)
        ball = {"color": style.color, "symbol": style.marker, "size": 13, "line": {"color": "white", "width": 1.5}}
        figure.add_scatter(
            **_here(path, found.steps, box),
            mode="markers",
            name=hparams.name,
            legendgroup=hparams.name,
            showlegend=False,
            marker=ball,
        )
    _add_minimum(figure, found)
    moving = list(range(place, place + 2 * len(found.paths)))
    frames = [
        {
            "data": [_path(path, step, box) for path in found.paths] + [_here(path, step, box) for path in found.paths],
            "traces": moving,
        }
        for step in moments_of(found.steps)
    ]
    axes(figure, "x", "y")
    figure.update_xaxes(range=box[:2], constrain="domain", showgrid=False, zeroline=False)
    figure.update_yaxes(range=box[2:], scaleanchor="x", constrain="domain", showgrid=False, zeroline=False)
    figure.update_layout(height=HEIGHT)
    caption = describe(found)
    return Picture(
        figure, caption, f"Rings of equal height with three paths over them. {caption}", table(found), frames=frames
    )


def _path(path: Tensor, step: int, box: Box) -> dict[str, np.ndarray]:
    """The way up to a step, at most 150 of its places; where it goes far away, only up to there."""
    places = path[: step + 1]
    reach = FAR * max(box[1] - box[0], box[3] - box[2])
    far = (~(places.abs().amax(dim=1) <= reach)).nonzero()
    places = places[: int(far[0])] if len(far) else places
    if len(places) > 150:  # closely at first, where the steps are longest
        at = (torch.linspace(0, 1, 150, dtype=torch.float64) ** 2 * (len(places) - 1)).round().long().unique()
        places = places[at]
    return {"x": numbers(places[:, 0]), "y": numbers(places[:, 1])}


def _here(path: Tensor, step: int, box: Box) -> dict[str, list[float]]:
    x, y = path[min(step, len(path) - 1)].tolist()
    near = max(abs(x), abs(y)) <= FAR * max(box[1] - box[0], box[3] - box[2])
    return {"x": [x] if near else [], "y": [y] if near else []}


def _add_minimum(figure: go.Figure, found: Decayed) -> None:
    """f's own minimum, the way of the minimum as λ grows, and where it is now."""
    if found.minimum is None:
        return
    way = way_of_minimum(found)
    figure.add_scatter(
        x=numbers(way[:, 0]),
        y=numbers(way[:, 1]),
        mode="lines",
        name="minimum of f + λ/2·|p|²",
        line={"color": "white", "width": 3},
        showlegend=False,
        hoverinfo="skip",
    )
    for x, y, name, symbol in (
        (0.0, 0.0, "0, to which weight decay pulls", "cross-thin"),
        (found.minimum.x, found.minimum.y, "minimum of f", "circle-open"),
        (*way[-1].tolist(), "minimum of f + λ/2·|p|²", "square-open"),
    ):
        figure.add_scatter(
            x=[x],
            y=[y],
            mode="markers",
            name=name,
            marker={"color": "white", "symbol": symbol, "size": 17, "line": {"width": 3, "color": "white"}},
            showlegend=False,
            hovertemplate=name + " (%{x:.4g}, %{y:.4g})<extra></extra>",
        )
