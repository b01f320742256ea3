"""One step as arrows: its terms head to tail, over rings of equal height around the place."""

import math
from functools import lru_cache

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.derivatives import hessians
from core.optimizers.update import Walk
from figures.optimizers.look import look
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, KEPT_FIGURES, PURPLE, VERMILLION, axes
from figures.words import counted, say

CELLS = (25, 17)  # of the rings, across and up
REACH = (1.85, 1.25)  # of the rings, in half widths of what the arrows need
EVEN = 0.35  # the least level that half of what is drawn lies below
TRAIL = 12  # earlier places that are drawn
OFF = 0.05  # of the picture, between an arrow and its label
CROWDED = 0.45  # of the picture: nearer to another label downhill is named by the legend alone
VISIBLE = 0.07  # of the picture: shorter arrows get no label
SAME_WAY = 0.14  # radians between the step and downhill at which one label is enough
ROUGH = 1e-7  # of f: smaller differences are drawn from the derivatives, since rounding would show
MOST_MOVES = 26
ARROW = {"angleref": "previous", "opacity": 1}
LOOKS = {  # kind of term -> colour and dash
    "gradient": (BLUE, "solid"),
    "kept": (GREEN, "dash"),
    "decay": (PURPLE, "dot"),
    "size": (GREEN, "dash"),
    "limit": (VERMILLION, "dashdot"),
    "move": (BLUE, "solid"),
}
Points = dict[str, list[float | None]]


@lru_cache(maxsize=KEPT_FIGURES)
def update(run: Walk) -> Picture:
    """The arrows of every step; one frame a step."""
    windows = [_window(run, at) for at in range(run.steps)]
    rings = _rings(run, windows)
    frames = [[rings[at], *_moment(run, at, windows[at])] for at in range(run.steps)]
    color = look(run.entry.contestant).color
    figure = go.Figure(
        [
            go.Contour(
                **(frames[0][0] if frames else {}),
                contours={"start": 20, "end": 240, "size": 20, "coloring": "none"},
                line={"color": GREY, "width": 0.8},
                showscale=False,
                showlegend=False,
                hoverinfo="skip",
                name="rings",
            ),
            go.Scatter(
                name="way here",
                showlegend=False,
                mode="lines+markers",
                line={"color": color, "width": 1.5},
                marker={"size": 5},
            ),
            _arrow("downhill", GREY, "dot", 1.5, 11),
            _arrow("the step", GREY, "solid", 7, 22).update(opacity=0.75, showlegend=False),
            *(_arrow(name, *LOOKS[kind], 3, 13) for kind, name in _drawn(run)),
            go.Scatter(name="labels", mode="text", text=_labels(run), textfont={"size": 14}, showlegend=False),
        ]
    )
    for trace, data in zip(figure.data[1:], frames[0][1:] if frames else (), strict=False):
        trace.update(data)
    traces = list(range(len(figure.data)))  # frames as dictionaries are built four times as quick as objects
    figure.frames = [
        {
            "name": str(at),
            "data": [data[0] | {"type": "contour"}, *(points | {"type": "scatter"} for points in data[1:])],
            "traces": traces,
        }
        for at, data in enumerate(frames)
    ]
    axes(figure, "change of x in this step", "change of y in this step")
    figure.update_xaxes(zeroline=False, nticks=7)
    figure.update_yaxes(zeroline=False, scaleanchor="x", nticks=7)
    figure.update_layout(height=430)
    caption = _caption(run)
    return Picture(figure, caption, f"Arrows that show the parts of one step of an optimizer. {caption}", _table(run))


def _arrow(name: str, color: str, dash: str, width: float, head: float) -> go.Scatter:
    sizes = [0, *[head] * (MOST_MOVES - 1)]
    marker = {"symbol": "arrow", "size": sizes, "color": color} | ARROW
    return go.Scatter(
        name=name, mode="lines+markers", line={"color": color, "width": width, "dash": dash}, marker=marker
    )


def _drawn(run: Walk) -> tuple[tuple[str, str], ...]:
    """Kind and name of each arrow of the chain; the moves of L-BFGS share one."""
    return (("move", "moves"),) if run.optimizer == "LBFGS" else run.names


def _labels(run: Walk) -> list[str]:
    short = [name.split(",")[0] for _, name in _drawn(run)]
    return [*short, "<b>step</b>", "downhill"]


def chain(run: Walk, at: int) -> Tensor:
    """Where the terms lead, head to tail from (0, 0); shape (terms + 1, 2)."""
    return torch.cat([torch.zeros(1, 2, dtype=torch.float64), run.terms[at].cumsum(dim=0)])


def _window(run: Walk, at: int) -> tuple[float, float, float]:
    """Middle and half width of what is drawn around a step, relative to its place."""
    corners = chain(run, at)
    if not torch.isfinite(corners).all() or corners.abs().max() > 1e100:
        return (0.0, 0.0, 1.0)
    low, high = corners.amin(dim=0), corners.amax(dim=0)
    x, y = ((low + high) / 2).tolist()
    half = 0.75 * (high - low).max().item()
    return (x, y, half) if half > 1e-250 else (0.0, 0.0, 1e-3)


def _rings(run: Walk, windows: list[tuple[float, float, float]]) -> list[dict[str, object]]:
    """Heights around every place in 255 levels of their own."""
    if not windows:
        return []
    n = len(windows)
    x, y, half = torch.tensor(windows, dtype=torch.float64).T
    across, up = (
        middle[:, None] + half[:, None] * torch.linspace(-reach, reach, cells, dtype=torch.float64)
        for middle, reach, cells in zip((x, y), REACH, CELLS, strict=True)
    )
    dx, dy = across[:, None, :].expand(n, CELLS[1], CELLS[0]), up[:, :, None].expand(n, CELLS[1], CELLS[0])
    p, g = run.path[:n, :, None, None], run.gradient[:n, :, None, None]
    f = run.function(p[:, 0] + dx, p[:, 1] + dy).detach()
    h = hessians(run.function, run.path[:n])[:, :, :, None, None]
    near = g[:, 0] * dx + g[:, 1] * dy + (h[:, 0, 0] * dx * dx + 2 * h[:, 0, 1] * dx * dy + h[:, 1, 1] * dy * dy) / 2
    spread, size = f.flatten(1).amax(dim=1) - f.flatten(1).amin(dim=1), f.flatten(1).abs().amax(dim=1)
    f = torch.where((spread <= ROUGH * size)[:, None, None], near, f)
    low, high = f.flatten(1).amin(dim=1)[:, None, None], f.flatten(1).amax(dim=1)[:, None, None]
    share = ((f - low) / (high - low)).nan_to_num(0, 0, 0).clamp(0, 1)
    middle = share.flatten(1).median(dim=1).values.clamp(1e-6, 0.9)[:, None, None]
    power = torch.where(middle < EVEN, math.log(EVEN) / middle.log(), 1.0)  # else all rings lie on the steep side
    level = (255 * share**power).round().to(torch.uint8).numpy()
    return [
        {
            "z": level[at],
            "x0": _short(across[at, 0].item(), 5),
            "dx": _short((across[at, 1] - across[at, 0]).item(), 6),
            "y0": _short(up[at, 0].item(), 5),
            "dy": _short((up[at, 1] - up[at, 0]).item(), 6),
        }
        for at in range(n)
    ]


def _short(value: float, digits: int = 4) -> float | None:
    return float(f"{value:.{digits}g}") if np.isfinite(value) else None


def _points(places: Tensor) -> Points:
    if not torch.isfinite(places).all():
        return {"x": [None], "y": [None]}
    return {"x": [_short(v) for v in places[:, 0].tolist()], "y": [_short(v) for v in places[:, 1].tolist()]}


def _moment(run: Walk, at: int, window: tuple[float, float, float]) -> list[dict[str, object]]:
    """The way here, downhill, the step, its terms and the labels."""
    corners = chain(run, at)
    step, down = corners[-1], -run.gradient[at]
    down = down / down.norm() * 0.6 * window[2] if down.norm() > 0 else torch.zeros_like(down)
    zero = torch.zeros(1, 2, dtype=torch.float64)
    terms = [corners] if run.optimizer == "LBFGS" else [corners[i : i + 2] for i in range(len(corners) - 1)]
    arrows = [torch.cat([zero, down[None]]), torch.cat([zero, step[None]]), *terms]
    return [_points(_way(run, at, window)), *map(_points, arrows), _said(terms, step, down, window)]


def _way(run: Walk, at: int, window: tuple[float, float, float]) -> Tensor:
    """The last places relative to this one, as far as they lie in the picture."""
    x, y, half = window
    places = run.path[max(0, at - TRAIL) : at + 1] - run.path[at]
    outside = ((places - torch.tensor([x, y])).abs() > half * torch.tensor(REACH)).any(dim=1).nonzero()
    if not len(outside):
        return places
    last = int(outside[-1])
    inside = places[last + 1 :]
    if not len(inside):
        return places[-1:]
    way, reach = places[last] - inside[0], half
    entry = inside[0] + way * min(1.0, reach / max(way.abs().max().item(), 1e-300))
    return torch.cat([entry[None], inside])


def _said(terms: list[Tensor], step: Tensor, down: Tensor, window: tuple[float, float, float]) -> dict[str, object]:
    """Places of the labels: beside the middle of each arrow, on its outer side."""
    half, center = window[2], torch.tensor(window[:2], dtype=torch.float64)
    found, sides = [], []
    for places in (*terms, torch.stack([torch.zeros_like(step), 0.9 * step])):
        way, middle = places[-1] - places[0], places[len(places) // 2] if len(places) > 2 else places.mean(dim=0)
        across = torch.stack([-way[1], way[0]]) / way.norm().clamp(min=1e-300)
        outward = across @ (middle - center)
        if outward.abs() < 0.02 * half:  # all on one line: the step's label on one side, the others on the other
            outward = across @ torch.tensor([1.0, 0.5], dtype=torch.float64) * (1 if len(found) < len(terms) else -1)
        found.append(middle if way.norm() > VISIBLE * half and len(places) > 1 else None)
        sides.append(across if outward > 0 else -across)
    angle = torch.atan2(step[0] * down[1] - step[1] * down[0], step @ down).abs()
    near = any(place is not None and (place - down).norm() < CROWDED * half for place in found)
    found.append(down if angle > SAME_WAY and not near and down.any() else None)
    sides.append(down / down.norm().clamp(min=1e-300))
    places = [
        (None, None) if place is None else tuple(map(_short, (place + OFF * half * side).tolist()))
        for place, side in zip(found, sides, strict=True)
    ]
    return {
        "x": [place[0] for place in places],
        "y": [place[1] for place in places],
        "textposition": [_compass(side) for side in sides],
    }


def _compass(side: Tensor) -> str:
    x, y = side.tolist()
    up = "top" if y > 0.38 else "bottom" if y < -0.38 else "middle"
    along = "right" if x > 0.38 else "left" if x < -0.38 else "center"
    return "middle right" if (up, along) == ("middle", "center") else f"{up} {along}"


def label(run: Walk, at: int) -> str:
    """What the scrubber says at a step."""
    (x, y), (dx, dy) = run.path[at].tolist(), (run.path[at + 1] - run.path[at]).tolist()
    return (
        f"Step {at + 1} of {run.steps:,}, from ({say(x)}, {say(y)}): by ({say(dx, 3)}, {say(dy, 3)}), f from "
        f"{say(run.loss[at].item())} to {say(run.loss[at + 1].item())}."
    )


def _caption(run: Walk) -> str:
    names = {"moves": "the moves within the step, one after the other"}
    parts = ", then ".join(names.get(name, name) for _, name in _drawn(run))
    lost = f" After {counted(run.lost_at)} {run.lost}: the run ends." if run.lost_at is not None else ""
    if not run.steps:
        return f"No step: {run.lost} at the start, after {counted(0)}."
    lengths = (run.path[1:] - run.path[:-1]).norm(dim=1)
    return (
        f"The place is at (0, 0), and the arrows lead to the next one, head to tail: {parts}. Together they are the "
        f"grey arrow, the step. Thin rings join places of equal height; the picture is as large as the step needs. The "
        f"longest of {counted(run.steps)} is {say(lengths.max().item(), 3)}, the shortest "
        f"{say(lengths.min().item(), 3)}.{lost}"
    )


def _table(run: Walk) -> pd.DataFrame:
    steps = run.path[1:] - run.path[:-1]
    columns = {
        "step": range(1, run.steps + 1),
        "x": run.path[:-1, 0].tolist(),
        "y": run.path[:-1, 1].tolist(),
        "df/dx": run.gradient[: run.steps, 0].tolist(),
        "df/dy": run.gradient[: run.steps, 1].tolist(),
    }
    if run.optimizer != "LBFGS":
        for i, (_, name) in enumerate(run.names):
            columns |= {f"{name}, {axis}": [t[i, k].item() for t in run.terms] for k, axis in enumerate("xy")}
    return pd.DataFrame(columns | {"change of x": steps[:, 0].tolist(), "change of y": steps[:, 1].tolist()})
