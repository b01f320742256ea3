"""One step as arrows: its terms head to tail, over lines of equal height around the place."""

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
from figures.optimizers.update_labels import placed
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, KEPT_FIGURES, PURPLE, VERMILLION, axes
from figures.words import counted, say

CELLS = (25, 17)  # of the rings, across and up
REACH = (1.85, 1.25)  # of the rings, in half widths of what the arrows need
EVEN = 0.35  # the least level that half of what is drawn lies below
TRAIL = 12  # earlier places that are drawn
SAME_WAY = 0.14  # radians between the step and downhill at which one name is enough
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
ACROSS, UPWARDS = ("left", "center", "right"), ("bottom", "middle", "top")
Points = dict[str, list[float | None]]
Window = tuple[float, float, float]  # middle and half width of what is drawn around a step


@lru_cache(maxsize=KEPT_FIGURES)
def update(run: Walk) -> Picture:
    """The arrows of every step; one frame a step."""
    windows = [_window(run, at) for at in range(run.steps)]
    rings = _rings(run, windows)
    path, chains = run.path.numpy(), [chain(run, at).numpy() for at in range(run.steps)]
    downs, names = _downhill(run, windows), _said(run, chains, windows)
    frames = [
        [rings[at], *_moment(run, path[max(0, at - TRAIL) : at + 1], chains[at], downs[at], windows[at]), names[at]]
        for at in range(run.steps)
    ]
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
                name="steps before",
                mode="lines+markers",
                line={"color": color, "width": 1.5},
                marker={"size": 5},
            ),
            _arrow("downhill", GREY, "dot", 1.5, 11),
            _arrow("the step", GREY, "solid", 7, 22).update(opacity=0.75),
            *(_arrow(name, *LOOKS[kind], 3, 13) for kind, name in _drawn(run)),
            go.Scatter(
                name="labels",
                mode="text",
                text=[f"<b>{name}</b>" if name == "step" else name for name in _named(run)],
                textfont={"size": 14},
                showlegend=False,
            ),
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


def _named(run: Walk) -> list[str]:
    return [*(name.split(",")[0] for _, name in _drawn(run)), "step", "downhill"]


def chain(run: Walk, at: int) -> Tensor:
    """Where the terms lead, head to tail from (0, 0); shape (terms + 1, 2)."""
    return torch.cat([torch.zeros(1, 2, dtype=torch.float64), run.terms[at].cumsum(dim=0)])


def _window(run: Walk, at: int) -> Window:
    """Middle and half width of what is drawn around a step, relative to its place."""
    corners = chain(run, at)
    if not torch.isfinite(corners).all() or corners.abs().max() > 1e100:
        return (0.0, 0.0, 1.0)
    low, high = corners.amin(dim=0), corners.amax(dim=0)
    x, y = ((low + high) / 2).tolist()
    half = 0.75 * (high - low).max().item()
    return (x, y, half) if half > 1e-250 else (0.0, 0.0, 1e-3)


def _rings(run: Walk, windows: list[Window]) -> list[dict[str, object]]:
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


def _points(places: np.ndarray) -> Points:
    if not np.isfinite(places).all():
        return {"x": [None], "y": [None]}
    return _pairs(places)


def _downhill(run: Walk, windows: list[Window]) -> np.ndarray:
    """The end of the arrow downhill at each step; (0, 0) where the ground is level."""
    slope = run.gradient[: run.steps].numpy()
    size = np.hypot(slope[:, :1], slope[:, 1:])
    half = np.array([window[2] for window in windows]).reshape(-1, 1)
    return np.where((size > 0) & np.isfinite(size), -slope / np.where(size > 0, size, 1) * 0.6 * half, 0.0)


def _moment(
    run: Walk, last: np.ndarray, corners: np.ndarray, down: np.ndarray, window: Window
) -> list[dict[str, object]]:
    """The way here, downhill, the step and its terms.

    Args:
        last: the place and some before it, shape (places, 2). corners: `chain` of this step.
    """
    zero = np.zeros(2)
    terms = [corners] if run.optimizer == "LBFGS" else [corners[i : i + 2] for i in range(len(corners) - 1)]
    return list(map(_points, (_way(last, window), np.stack([zero, down]), np.stack([zero, corners[-1]]), *terms)))


def _way(places: np.ndarray, window: Window) -> np.ndarray:
    """The last places relative to this one, as far as they lie in the picture."""
    half, places = window[2], places - places[-1]
    outside = (np.abs(places - window[:2]) > half * np.array(REACH)).any(axis=1).nonzero()[0]
    if not len(outside):
        return places
    last = int(outside[-1])
    inside = places[last + 1 :]
    if not len(inside):
        return places[-1:]
    way = places[last] - inside[0]
    entry = inside[0] + way * min(1.0, half / max(np.abs(way).max(), 1e-300))
    return np.concatenate([entry[None], inside])


def _said(run: Walk, chains: list[np.ndarray], windows: list[Window]) -> list[dict[str, object]]:
    """The places of the names at each step."""
    if not run.steps:
        return []
    most = max(map(len, chains))
    corners = np.stack([np.pad(places, ((0, most - len(places)), (0, 0)), mode="edge") for places in chains])
    step, down = corners[:, -1], _downhill(run, windows)
    terms = [corners] if run.optimizer == "LBFGS" else [corners[:, i : i + 2] for i in range(most - 1)]
    turned = step[:, 0] * down[:, 1] - step[:, 1] * down[:, 0], (step * down).sum(axis=1)
    down = np.where((np.abs(np.arctan2(*turned)) > SAME_WAY)[:, None], down, 0.0)
    ends = [np.stack([np.zeros_like(end), end], axis=1) for end in (step, down)]
    places, leans = placed([*terms, *ends], _named(run), np.array(windows), REACH)
    sides = np.array([[f"{up} {along}" for along in ACROSS] for up in UPWARDS])[
        tuple(leans[:, :, k].astype(int) + 1 for k in (1, 0))
    ].tolist()
    return [_pairs(places[at]) | {"textposition": sides[at]} for at in range(run.steps)]


def _pairs(places: np.ndarray) -> Points:
    return {axis: [None if v != v else float(f"{v:.4g}") for v in places[:, k].tolist()] for k, axis in enumerate("xy")}


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
        f"grey arrow, the step. Thin lines join places of equal height; the picture is as large as the step needs. The "
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
