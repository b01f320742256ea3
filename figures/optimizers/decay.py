"""Where weight decay moves the minimum, and where three optimizers end for each weight decay."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.optimizers.decay import Decayed, moved_minimum, way_of_minimum
from core.optimizers.surfaces import Box, box_of
from figures.optimizers.look import Look, look
from figures.picture import Picture
from figures.style import GREY, KEPT_FIGURES, PURPLE, axes, numbers
from figures.words import counted, say

CELLS = 81
MOMENTS = 50
FAR = 3.0  # widths of the picture beyond which no path is sent to the browser
ROOM = 0.62  # half of the picture, in widths of what it shows
HEIGHT = 410
ON_LINE = 0.02  # of the minimum's distance from 0: so near to the minimum of f + λ/2·|p|² a run has arrived


def moments_of(steps: int) -> list[int]:
    """The steps that can be looked at, the early ones more closely."""
    return sorted({round(steps * (i / MOMENTS) ** 2) for i in range(MOMENTS + 1)} | {0, steps})


def look_of(name: str) -> Look:
    """The look of a contestant; AdamW, which is compared with Adam here, has another colour than it."""
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


@lru_cache(maxsize=KEPT_FIGURES)
def decay_plane(found: Decayed) -> Picture:
    """The paths of the three over the surface, the way of the moved minimum, and AdamW's square; one frame a moment."""
    box = _box(found)
    figure = go.Figure(_heights(found, box))
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
    for entry, path in zip(found.entries, found.paths, strict=True):
        style = look_of(entry.contestant)
        figure.add_scatter(
            **_path(path, found.steps, box),
            mode="lines",
            name=entry.contestant,
            legendgroup=entry.contestant,
            line={"color": style.color, "dash": style.dash, "width": 3},
        )
    for entry, path in zip(found.entries, found.paths, strict=True):
        style = look_of(entry.contestant)
        ball = {"color": style.color, "symbol": style.marker, "size": 13, "line": {"color": "white", "width": 1.5}}
        figure.add_scatter(
            **_here(path, found.steps, box),
            mode="markers",
            name=entry.contestant,
            legendgroup=entry.contestant,
            showlegend=False,
            marker=ball,
        )
    _add_minimum(figure, found)
    moving = list(range(place, place + 2 * len(found.paths)))
    figure.frames = [
        {
            "name": str(i),
            "data": [_path(path, step, box) for path in found.paths] + [_here(path, step, box) for path in found.paths],
            "traces": moving,
        }
        for i, step in enumerate(moments_of(found.steps))
    ]
    axes(figure, "x", "y")
    figure.update_xaxes(range=box[:2], constrain="domain", showgrid=False, zeroline=False)
    figure.update_yaxes(range=box[2:], scaleanchor="x", constrain="domain", showgrid=False, zeroline=False)
    figure.update_layout(height=HEIGHT)
    caption = _caption(found)
    return Picture(figure, caption, f"Rings of equal height with three paths over them. {caption}", _table(found))


def _heights(found: Decayed, box: Box) -> go.Contour:
    x, y = (torch.linspace(low, high, CELLS, dtype=torch.float64) for low, high in (box[:2], box[2:]))
    rows, columns = torch.meshgrid(y, x, indexing="ij")
    z = found.function(columns, rows)
    good = torch.isfinite(z)
    z = torch.where(good, z, torch.nan)
    lowest = z[good].min() if good.any() else 0.0
    return go.Contour(
        x=numbers(x),
        y=numbers(y),
        z=numbers((z - lowest).log1p()),
        colorscale="Cividis",
        ncontours=18,
        line={"width": 0.6},
        opacity=0.75,
        hoverinfo="skip",
        showscale=False,
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


@lru_cache(maxsize=KEPT_FIGURES)
def decay_sweep(found: Decayed) -> Picture:
    """How far from f's minimum each ends, for 31 weight decays; the reader's is marked."""
    lam, distance = found.swept[1:], found.distance()[:, 1:]
    figure = go.Figure()
    moved = moved_minimum(found.function, found.minimum.x, found.minimum.y, tuple(found.swept.tolist()))
    theory = (moved - torch.tensor([found.minimum.x, found.minimum.y], dtype=torch.float64)).norm(dim=1)[1:]
    figure.add_scatter(
        x=numbers(lam),
        y=numbers(theory),
        mode="lines",
        name="minimum of f + λ/2·|p|²",
        line={"color": GREY, "width": 7},
        showlegend=False,
        hoverinfo="skip",
    )
    for entry, row in zip(found.entries, distance, strict=True):
        style = look_of(entry.contestant)
        figure.add_scatter(
            x=numbers(lam),
            y=drawable(row),
            mode="lines+markers",
            name=entry.contestant,
            line={"color": style.color, "dash": style.dash, "width": 2},
            marker={"symbol": style.marker, "size": 6},
        )
    if found.weight_decay > 0:
        figure.add_vline(x=found.weight_decay, line={"color": GREY, "width": 2})
        figure.add_annotation(
            x=np.log10(found.weight_decay),  # an annotation's place on a log axis is the power of ten
            y=1,
            yref="paper",
            text="λ now",
            showarrow=False,
            xanchor="right",
            yanchor="top",
        )
    axes(figure, "weight decay λ, log scale", "distance from f's minimum")
    figure.update_xaxes(type="log", dtick=1, exponentformat="power")
    figure.update_yaxes(rangemode="tozero")
    figure.update_layout(height=HEIGHT)
    caption = _sweep_caption(found, distance, moved)
    table = pd.DataFrame(
        {"weight decay": lam.tolist(), "minimum of f + λ/2·|p|²": theory.tolist()}
        | {entry.contestant: row.tolist() for entry, row in zip(found.entries, distance, strict=True)}
    )
    return Picture(figure, caption, f"Line chart of distance against weight decay. {caption}", table)


def drawable(values: Tensor) -> np.ndarray:
    """Distances in single precision; what is too far for the picture is a gap."""
    return numbers(torch.where(values < 1e6, values, torch.nan))


def _sweep_caption(found: Decayed, distance: Tensor, moved: Tensor) -> str:
    reach = max(abs(found.minimum.x), abs(found.minimum.y))
    lost = int((~torch.isfinite(distance)).sum())
    text = (
        f"{found.ends.shape[1] - 1} weight decays for each of the three, {counted(found.steps)} each: how far from f's "
        "minimum they end. Broad and grey: the minimum of f + λ/2·|p|². At λ = 1: "
        + ", ".join(
            f"{e.contestant} {say(d.item(), 3) if torch.isfinite(d) else 'lost'}"
            for e, d in zip(found.entries, distance[:, -1], strict=True)
        )
        + "."
    )
    if reach > 1:
        text += f" From λ = {say(1 / reach, 3)} on, f's minimum lies outside of AdamW's square |x|, |y| ≤ 1/λ."
    text += _late(found, moved)
    return text + (f" {counted(lost, 'run')} went out of the numbers, a gap." if lost else "")


def _late(found: Decayed, moved: Tensor) -> str:
    """Whose runs through the gradient have not arrived on the grey line, and at which weight decays."""
    text = ""
    for entry, ends in list(zip(found.entries, found.ends, strict=True))[:2]:
        beside = (ends - moved).norm(dim=1)[1:]
        late = beside > ON_LINE * max(abs(found.minimum.x), abs(found.minimum.y), 1.0)
        if late.any():
            low, high = found.swept[1:][late][[0, -1]].tolist()
            text += (
                f" {entry.contestant} is not on the grey line at {counted(int(late.sum()), 'λ').removesuffix('s')} "
                f"from {say(low, 3)} to {say(high, 3)}, but up to {say(beside[late].max().item(), 3)} beside it: not "
                "there yet, or in another valley."
            )
    return text


def label(found: Decayed, step: int) -> str:
    """What the scrubber says at a step."""
    parts = []
    for entry, path, lost in zip(found.entries, found.paths, found.lost, strict=True):
        x, y = path[min(step, len(path) - 1)].tolist()
        gone = lost and step >= len(path) - 1
        parts.append(f"{entry.contestant} " + ("lost" if gone else f"({say(x, 3)}, {say(y, 3)})"))
    return f"After {step:,} of {counted(found.steps)}: {', '.join(parts)}."


def _caption(found: Decayed) -> str:
    entry = found.entries[0]
    text = f"Three runs with lr = {say(entry.lr)} and λ = {say(found.weight_decay)}, {counted(found.steps)} each. "
    for runner, path, lost in zip(found.entries, found.paths, found.lost, strict=True):
        x, y = path[-1].tolist()
        if lost:
            text += f"{runner.contestant} is lost after {counted(len(path) - 1)}: {lost}. "
        else:
            text += f"{runner.contestant} is at ({say(x)}, {say(y)}). "
    if found.minimum is None:
        return text + "f has no minimum in the picture."
    x, y = way_of_minimum(found)[-1].tolist()
    text += f"White circle: f's minimum ({say(found.minimum.x)}, {say(found.minimum.y)}). "
    if x != x:
        return text + "Weight decay has filled that valley: f + λ/2·|p|² has no minimum there any more."
    return text + f"White line and square: the minimum of f + λ/2·|p|² as λ grows, now ({say(x)}, {say(y)})."


def _table(found: Decayed) -> pd.DataFrame:
    rows = []
    for entry, path in zip(found.entries, found.paths, strict=True):
        x, y = path[-1].tolist()
        rows.append((entry.contestant, x, y, found.function(path[-1, 0], path[-1, 1]).item()))
    if found.minimum is not None:
        rows.append(("minimum of f", found.minimum.x, found.minimum.y, found.minimum.value))
        p = way_of_minimum(found)[-1]
        rows.append(("minimum of f + λ/2·|p|²", *p.tolist(), found.function(p[0], p[1]).item()))
    return pd.DataFrame(rows, columns=["where", "x", "y", "f"])
