"""Paths over a surface in the plane, one or four."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.cache import cached
from core.gradient_descent.bowl import KINDS, BowlRun, axes_of, surface
from core.plane.stability import factor, limit
from figures.gradient_descent.losses import losses
from figures.picture import Picture
from figures.style import SEQUENCE, VERMILLION, axes, numbers
from figures.words import fmt, plural

CELLS, COARSE = 61, 41
MOST_MOMENTS = 60
FAR = 20.0  # half widths of the picture beyond which nothing is sent to the browser
PATH = {"color": VERMILLION, "width": 2.5}
BALL = {"color": VERMILLION, "size": 14, "symbol": "diamond", "line": {"color": "white", "width": 2}}


def heights(f: Callable[[Tensor], Tensor], half: float, cells: int) -> tuple[np.ndarray, np.ndarray]:
    """Places along an axis, and the square root of the height above the lowest cell, which spaces a bowl's rings."""
    side = torch.linspace(-half, half, cells, dtype=torch.float64)
    y, x = torch.meshgrid(side, side, indexing="ij")
    z = f(torch.stack([x, y], dim=-1))
    z[~torch.isfinite(z)] = torch.nan
    lowest = z[torch.isfinite(z)].min() if torch.isfinite(z).any() else torch.tensor(0.0)
    return numbers(side), numbers((z - lowest).sqrt())


def contour(side: np.ndarray, z: np.ndarray, bar: bool) -> go.Contour:
    """The rings of equal height."""
    return go.Contour(
        x=side,
        y=side,
        z=z,
        colorscale="Cividis",
        ncontours=16,
        line={"width": 0.7},
        hoverinfo="skip",
        showscale=bar,
        colorbar={"title": {"text": "√ height", "side": "top"}, "thickness": 14},
    )


def moments_of(steps: int) -> list[int]:
    """The steps that can be looked at: all, or about sixty of them, the last included."""
    if steps <= MOST_MOMENTS:
        return list(range(steps + 1))
    return sorted({round(i * steps / MOST_MOMENTS) for i in range(MOST_MOMENTS + 1)})


def path(run: BowlRun, at: int) -> dict[str, np.ndarray]:
    """The way up to a step; where it goes far away, only up to there."""
    places = run.p[: at + 1]
    far = (~(places.abs().amax(dim=1) <= FAR * run.half)).nonzero()
    if len(far):
        places = places[: int(far[0])]
    return {"x": numbers(places[:, 0]), "y": numbers(places[:, 1])}


def here(run: BowlRun, at: int) -> dict[str, list[float]]:
    """The ball; nothing if it is far away."""
    x, y = run.p[min(at, run.steps)].tolist()
    near = max(abs(x), abs(y)) <= FAR * run.half
    return {"x": [x] if near else [], "y": [y] if near else []}


@cached
def bowl(run: BowlRun) -> Picture:
    """The path over the rings, with the two directions of a quadratic bowl; one frame a step."""
    side, z = heights(surface(run.settings), run.half, CELLS)
    figure = go.Figure([contour(side, z, True)])
    if run.settings.surface == "bowl":
        _, directions = axes_of(run.settings)
        names = ("along the valley", "across")
        for name, (dx, dy), dash in zip(names, directions.T.tolist(), ("dash", "dot"), strict=True):
            figure.add_scatter(
                x=[-dx * run.half, dx * run.half],
                y=[-dy * run.half, dy * run.half],
                name=name,
                mode="lines",
                line={"color": "white", "width": 1.5, "dash": dash},
                showlegend=False,
                hoverinfo="skip",
            )
    place = len(figure.data)
    figure.add_scatter(**path(run, 0), name="path", mode="lines+markers", line=PATH, marker={"size": 6})
    figure.add_scatter(**here(run, 0), name="ball", mode="markers", marker=BALL)
    frames = [{"data": [path(run, at), here(run, at)], "traces": [place, place + 1]} for at in range(run.steps + 1)]
    axes(figure, "x", "y", dragmode=False)  # a click sets the start, so nothing zooms
    figure.update_xaxes(range=[-run.half, run.half], constrain="domain", fixedrange=True)
    figure.update_yaxes(range=[-run.half, run.half], scaleanchor="x", constrain="domain", fixedrange=True)
    figure.update_layout(height=440)
    caption = _caption(run)
    return Picture(
        figure, caption, f"Rings of equal height with a path over them. {caption}", _table(run), frames=frames
    )


def label(run: BowlRun, at: int) -> str:
    """What the scrubber says at a step."""
    x, y = run.p[at].tolist()
    outside = "" if max(abs(x), abs(y)) <= run.half else ", outside of the picture"
    return (
        f"After {at} of {plural(run.steps)}: x = {fmt(x)}, y = {fmt(y)}{outside}, f = {fmt(run.loss[at].item())}, "
        f"gradient ({fmt(run.gradient[at, 0].item())}, {fmt(run.gradient[at, 1].item())})."
    )


def _caption(run: BowlRun) -> str:
    x, y = run.p[-1].tolist()
    left = f" It leaves the picture at step {run.left_at}." if run.left_at is not None else ""
    lost = f" After {plural(run.diverged_at)} {run.diverged}: the run ends." if run.diverged_at is not None else ""
    kept = ", plus a share of the step before" if run.settings.momentum else ""
    white = "White: the valley's two directions. " if run.settings.surface == "bowl" else ""
    return (
        "**Click anywhere to start there.** Rings join places of equal height, brighter is higher; each step goes "
        f"straight across the ring it starts from{kept}. {white}After {plural(run.steps)} with "
        f"lr = {fmt(run.settings.lr)}: ({fmt(x)}, {fmt(y)}), f = {fmt(run.loss[-1].item())}.{left}{lost}"
    )


def _table(run: BowlRun) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "step": range(run.steps + 1),
            "x": run.p[:, 0].tolist(),
            "y": run.p[:, 1].tolist(),
            "f": run.loss.tolist(),
            "df/dx": run.gradient[:, 0].tolist(),
            "df/dy": run.gradient[:, 1].tolist(),
        }
    )


@cached
def bowl_losses(run: BowlRun) -> Picture:
    """The height after each step."""
    finite = run.loss[torch.isfinite(run.loss)]
    typed = run.settings.surface == "typed" and len(finite)
    lowest = finite.min().item() if typed and finite.min() <= 0 else 0.0
    quantity = f"f + {fmt(-lowest)}" if lowest else "f"
    note = f"Heights are counted from the lowest of the run, {fmt(lowest)}." if lowest else ""
    return losses({"height": (run.loss - lowest).numpy()}, list(range(run.steps + 1)), quantity, note=note)


def axis_table(run: BowlRun, at: int) -> str:
    """Both directions in which the surface curvatures at the place of the ball, as a table."""
    settings, hessian = run.settings, run.hessian[at]
    if not torch.isfinite(hessian).all():
        return "The curvatures are not finite here: the run is lost."
    curvatures, directions = torch.linalg.eigh(hessian)
    columns = []
    for curvature, direction in zip(curvatures.tolist(), directions.T, strict=True):
        x, y = direction.tolist()
        sign = -1 if x < -1e-12 or (abs(x) <= 1e-12 and y < 0) else 1
        leaves = factor(curvature, settings.lr, settings.momentum)
        columns.append(
            (
                f"({fmt(sign * x + 0.0, 2)}, {fmt(sign * y + 0.0, 2)})",
                fmt(curvature),
                fmt(limit(curvature, settings.momentum)),
                "×" + fmt(leaves) if curvature > 0 else "no valley",
                _kind(settings.lr, curvature, settings.momentum),
                _measured(run, direction),
            )
        )
    names = ("direction", "curvature", "limit for lr", "a step leaves", "theory", "in this run")
    rows = [f"| {' | '.join(row)} |" for row in zip(names, *columns, strict=True)]
    return "\n".join([rows[0], "|---|---|---|", *rows[1:]])


def _kind(lr: float, curvature: float, momentum: float) -> str:
    if curvature <= 0:
        return "curvatures down: no limit"
    most = limit(curvature, momentum)
    if math.isclose(lr, most, rel_tol=1e-9):
        return "back and forth"
    if lr > most:
        return "**diverges**"
    if momentum:
        turns = 1 + momentum - lr * curvature
        return "swings and shrinks" if turns**2 < 4 * momentum or turns < 0 else "shrinks"
    return "shrinks" if lr * curvature <= 1 else "turns and shrinks"


def _measured(run: BowlRun, direction: Tensor) -> str:
    """The factor of a step on the distance along a direction, over the last twenty steps that can be measured."""
    if run.settings.surface != "bowl":
        return "not a fixed direction"
    distance = (run.p @ direction).abs()
    good = ((distance > 1e-12) & torch.isfinite(distance)).nonzero()[:, 0]
    if len(good) < 2:
        return "nothing to measure"
    last = int(good[-1])
    first = int(good[max(0, len(good) - 21)])
    return f"×{fmt((distance[last] / distance[first]).item() ** (1 / (last - first)))}"


def called(name: str, momentum: float) -> str:
    """What one of the four is called; the best learning rate is that only without momentum."""
    return f"{KINDS[name]} without momentum" if name == "best" and momentum else KINDS[name]


@cached
def one_of_four(name: str, run: BowlRun, moments: tuple[int, ...]) -> Picture:
    """A small map with one of the four paths; one frame a moment."""
    color, dash, marker = SEQUENCE[list(KINDS).index(name)]
    side, z = heights(surface(run.settings), run.half, COARSE)
    line = {"color": color, "dash": dash, "width": 2.5}
    ball = {"color": color, "size": 13, "symbol": marker, "line": {"color": "white", "width": 1.5}}
    figure = go.Figure(
        [
            contour(side, z, False).update(opacity=0.5),
            go.Scatter(**path(run, 0), mode="lines+markers", line=line, marker={"size": 5, "color": color}),
            go.Scatter(**here(run, 0), mode="markers", marker=ball),
        ]
    )
    frames = [{"data": [path(run, at), here(run, at)], "traces": [1, 2]} for at in moments]
    axes(figure, "x", "y", showlegend=False)
    figure.update_xaxes(range=[-run.half, run.half])
    figure.update_yaxes(range=[-run.half, run.half], title_standoff=0)
    figure.update_layout(height=230, margin={"l": 5, "r": 5, "t": 5, "b": 5})
    left = f" It leaves the picture at step {run.left_at}." if run.left_at is not None else ""
    if run.diverged_at is not None:
        end = f" After {plural(run.diverged_at)} {run.diverged}."
    else:
        end = f" After {plural(run.steps)}: f = {fmt(run.loss[-1].item(), 3)}."
    who = called(name, run.settings.momentum).capitalize()
    caption = f"**{who}**: lr = {fmt(run.settings.lr, 3)}.{left}{end}"
    return Picture(figure, caption, f"A small map of the bowl with the path of one run. {caption}", frames=frames)


@cached
def four_losses(runs: tuple[tuple[str, BowlRun], ...]) -> Picture:
    """The heights of the four after each step."""
    moments = moments_of(max(run.steps for _, run in runs))
    named = {called(name, run.settings.momentum): run.loss.numpy() for name, run in runs}
    return losses(named, moments, "f")


def four_label(runs: dict[str, BowlRun], at: int) -> str:
    """What the scrubber says at a step."""
    parts = ", ".join(
        f"{called(name, run.settings.momentum)} {fmt(run.loss[min(at, run.steps)].item(), 3)}"
        for name, run in runs.items()
    )
    return f"After {plural(at)}: loss {parts}."
