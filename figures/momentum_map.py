"""The map of learning rate and momentum on any surface, and the path of one of its cells."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from plotly.colors import get_colorscale

from core.cache import cached
from core.plane.critical_points import CriticalPoint
from core.plane.momentum_map import MUCH, SIDE, STEPS, MomentumMap, cell_run, momenta
from core.plane.run import Run
from core.plane.stability import factor, limit_formula
from core.plane.surfaces import Box
from figures.axis import MOST_MARKS
from figures.picture import Picture
from figures.plane import contours, critical_marks, height_map, left_at, visible_path
from figures.style import VERMILLION, axes
from figures.words import fmt, plural

BORDER = {"larger": "At a larger lr", "same": "At the same lr", "smaller": "At a smaller lr"}
LEVELS, DIVERGED = 250, 255  # of the colours, and beyond them that of runs whose numbers are not finite
SCALE = [[share * LEVELS / DIVERGED, color] for share, color in get_colorscale("Cividis")]
PALE = "#d9dce0"
SPAN, ABOVE = 20, 4  # powers of ten that the colours reach below their top, and their top above the start
FLOOR = 1e-18  # heights below it are coloured like it
CELLS = 81


@cached
def momentum_map(found: MomentumMap, column: int, row: int, log: bool) -> Picture:
    """One coloured cell a run, theory's line over it, the chosen cell and the best one.

    Args:
        log: whether the axis of lr is logarithmic.
    """
    x, b = _places(found, log), np.array(momenta())
    level, bar = _levels(found)
    figure = go.Figure(
        go.Heatmap(
            x=x.astype(np.float32),
            y=b.astype(np.float32),
            z=level,
            zmin=0,
            zmax=DIVERGED,
            colorscale=[*SCALE, [(LEVELS + 1) / DIVERGED, PALE], [1, PALE]],
            colorbar=bar,
            text=_cells_in_words(found),
            hovertemplate="%{text}<extra></extra>",
        )
    )
    if found.plan.curvature is not None:
        line = found.line.numpy()
        figure.add_scatter(
            x=np.log10(line) if log else line,
            y=b,
            name="theory's limit",
            mode="lines",
            line={"color": VERMILLION, "width": 3, "dash": "dash"},
            hoverinfo="skip",
        )
    diamond = {"symbol": "diamond", "size": 19, "color": "white", "line": {"color": "black", "width": 2}}
    _mark(figure, x, (column, row), "chosen cell", diamond)
    if found.best:  # smaller and on top: both are seen where they are one
        star = {"symbol": "star", "size": 13, "color": "white", "line": {"color": "black", "width": 1.5}}
        _mark(figure, x, found.best, "lowest f", star)
    axes(figure, "learning rate lr, log scale" if log else "learning rate lr", "momentum b")
    half = (x[1] - x[0]) / 2
    low, high = x[0] - half, x[-1] + half
    figure.update_xaxes(range=[low, high], showgrid=False)
    if log:
        values = [m * 10.0**p for p in range(math.floor(low), math.ceil(high) + 1) for m in (1, 2, 5)]
        figure.update_xaxes(tickvals=[math.log10(v) for v in values], ticktext=[fmt(v) for v in values])
    figure.update_yaxes(range=[-0.01, 1.0], showgrid=False)
    figure.update_layout(height=440)
    caption = _caption(found)
    alt = f"Map of {SIDE} x {SIDE} runs: learning rate, momentum and f at the end as a colour. {caption}"
    return Picture(figure, caption, alt, _table(found))


def _mark(figure: go.Figure, x: np.ndarray, cell: tuple[int, int], name: str, marker: dict[str, object]) -> None:
    column, row = cell
    figure.add_scatter(x=[x[column]], y=[momenta()[row]], name=name, mode="markers", hoverinfo="skip", marker=marker)


def _caption(found: MomentumMap) -> str:
    total, curvature = found.loss.numel(), found.plan.curvature
    grey = ", grey is not finite" if not bool(torch.isfinite(found.loss).all()) else ""
    star = (
        "" if not found.n_best else "; ☆ is lowest" if found.n_best == 1 else f"; ☆ is one of {found.n_best:,} lowest"
    )
    text = f"Each cell is a run of {STEPS} steps: dark ends low, bright high{grey}{star}."
    if curvature is None:
        return f"{text} The picture holds no minimum, so theory has no limit for these {total:,} runs."
    formula = limit_formula(found.plan.nesterov)
    return (
        f"{text} Dashed: theory's limit lr = {formula} with L = {fmt(curvature)}; {found.agreeing:,} of {total:,} runs "
        "do as it says."
    )


def _places(found: MomentumMap, log: bool) -> np.ndarray:
    """Where the columns stand on the axis of lr."""
    lr = found.plan.lr.numpy()
    return np.log10(lr) if log else lr


def _levels(found: MomentumMap) -> tuple[np.ndarray, dict[str, object]]:
    """The colour of each cell, shape (rows, columns), uint8, and the bar that explains it.

    Colours are steps of the power of ten of the height above the lowest minimum. Where there is none, or a run went
    below it, they are steps of the power of ten of 1 + |f|, negative where f is.
    """
    plan = found.plan
    lowest = None if plan.lowest is None or bool(found.fell.any()) else plan.lowest

    def power(loss: np.ndarray) -> np.ndarray:
        if lowest is None:
            return np.sign(loss) * np.log10(1 + np.abs(loss))
        return np.log10(np.maximum(loss - lowest, FLOOR))

    powers = power(found.loss.numpy())
    good = powers[np.isfinite(powers)]
    high = (float(power(np.array(found.first))) if math.isfinite(found.first) else 0.0) + ABOVE
    low = min(float(good.min()) if len(good) else high, high - 1)
    low = low if lowest is None else max(low, high - SPAN)
    level = (np.clip(powers, low, high) - low) / (high - low) * LEVELS
    step = max(1, math.ceil((high - low) / MOST_MARKS))
    marks = [p for p in range(math.ceil(low), math.floor(high) + 1) if p % step == 0]
    if lowest is None:
        words = [f"{'−' if p < 0 else ''}10<sup>{abs(p)}</sup>" if p else "0" for p in marks]
    else:
        words = [f"10<sup>{fmt(p)}</sup>" for p in marks]
    bar = {
        "title": {"text": "f above the lowest minimum" if lowest else "f", "side": "right"},
        "tickvals": [(p - low) / (high - low) * LEVELS for p in marks],
        "ticktext": words,
        "thickness": 14,
    }
    return np.nan_to_num(level.round(), nan=DIVERGED).astype(np.uint8), bar


def _cells_in_words(found: MomentumMap) -> list[list[str]]:
    """What a cell says when the pointer is on it."""
    lr = [fmt(value, 3) for value in found.plan.lr.tolist()]
    return [
        [
            f"lr {rate}, b {b:.2f}: {'diverged' if math.isnan(loss) else f'f = {fmt(loss, 3)}'}"
            for rate, loss in zip(lr, losses, strict=True)
        ]
        for b, losses in zip(momenta(), found.loss.tolist(), strict=True)
    ]


def _table(found: MomentumMap) -> pd.DataFrame:
    lr, b = found.plan.lr.numpy(), np.array(momenta())
    columns = {"lr": np.tile(lr, SIDE), "momentum": np.repeat(b, SIDE), "f at the end": found.loss.numpy().ravel()}
    if found.plan.curvature is not None:
        columns["below the limit"] = found.stays.numpy().ravel()
    return pd.DataFrame(columns | {"lower than at the start": found.came_down.numpy().ravel()})


def cell_at(found: MomentumMap, x: float, b: float, log: bool) -> tuple[int, int] | None:
    """Column and row of the cell at a point of the map; None outside of it."""
    places = _places(found, log)
    if not (float(places[0]) - 0.1 <= x <= float(places[-1]) + 0.1 and -0.05 <= b <= 1.05):
        return None
    return int(np.abs(places - x).argmin()), int(np.abs(np.array(momenta()) - b).argmin())


def border_question(nesterov: bool) -> str:
    """Whether much momentum allows a larger lr; `BORDER` has the answers."""
    b = f"{'Nesterov ' if nesterov else ''}momentum b = {fmt(momenta()[MUCH], 3)}"
    return f"Too large an lr throws the run out. Where is that border with {b}, compared with none?"


def border_words(found: MomentumMap) -> str:
    """The largest learning rates that come down, without momentum and with much of it."""
    without, much = map(found.largest_kept, (0, MUCH))
    if without is None or much is None:
        return "No lr of the map brings the run down in one of the two."
    return (
        f"The largest lr of the map whose run came down is {fmt(without)} without momentum and {fmt(much)} with "
        f"b = {fmt(momenta()[MUCH], 3)}."
    )


def cell_words(found: MomentumMap, column: int, row: int, curvatures: tuple[float, float] | None) -> str:
    """What theory and the run say of the chosen cell.

    Args:
        curvatures: at the minimum, the smaller first; None where there is none.
    """
    plan, lr, b = found.plan, found.plan.lr[column].item(), momenta()[row]
    text = f"**lr = {fmt(lr)}, b = {fmt(b, 3)}.** "
    if curvatures:
        most = found.line[row].item()
        along, across = (fmt(factor(curvature, lr, b, plan.nesterov)) for curvature in curvatures)
        text += (
            f"lr is {'below' if lr < most else 'above'} the limit {fmt(most)}. Near the minimum, in the long run, a "
            f"step multiplies the distance by {across} in the steep direction and by {along} in the flat one. "
        )
    run = cell_run(plan, column, row)
    if run.diverged_at is not None:
        return f"{text}After {plural(run.steps)} {run.diverged}."
    return f"{text}After {plural(run.steps)} f is {fmt(run.losses[-1].item())}, from {fmt(found.first)} at the start."


@cached
def cell_path(found: MomentumMap, column: int, row: int, box: Box, points: tuple[CriticalPoint, ...]) -> Picture:
    """The path of the chosen cell over the contours of the surface.

    Args:
        points: critical points that are marked.
    """
    plan = found.plan
    run = cell_run(plan, column, row)
    path = visible_path(run.path, box)
    surface = contours(height_map(plan.function, box, plan.lowest, CELLS)).update(opacity=0.75, showscale=False)
    figure = go.Figure([surface, *critical_marks(points, box)])
    line = {"mode": "lines+markers", "line": {"color": VERMILLION, "width": 2}, "marker": {"size": 5}}
    figure.add_scatter(x=path[:, 0], y=path[:, 1], name="path", showlegend=False, **line)
    start = {"symbol": "square", "size": 10, "color": "white", "line": {"color": "black", "width": 2}}
    figure.add_scatter(x=[plan.start[0]], y=[plan.start[1]], name="start", mode="markers", marker=start)
    axes(figure, "x", "y")
    figure.update_xaxes(range=box[:2])
    figure.update_yaxes(range=box[2:])
    figure.update_layout(height=440)
    caption = _path_caption(run, box, plan.lr[column].item(), momenta()[row])
    steps = {"step": range(run.steps + 1), "x": run.path[:, 0].tolist(), "y": run.path[:, 1].tolist()}
    table = pd.DataFrame(steps | {"f": run.losses.tolist()})
    return Picture(figure, caption, f"A path over lines of equal height. {caption}", table)


def _path_caption(run: Run, box: Box, lr: float, b: float) -> str:
    left = left_at(run.path, box)
    gone = f"leaves the picture for good at step {left} and " if left is not None else ""
    x, y = (fmt(value, 3) for value in run.path[-1].tolist())
    return (
        f"The path of the chosen cell, lr = {fmt(lr)} and b = {fmt(b, 3)}: in {plural(run.steps)} it {gone}comes to "
        f"({x}, {y})."
    )
