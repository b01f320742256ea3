"""The map of learning rate and momentum on a surface, the path of one cell, and where map and theory part."""

from functools import lru_cache

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.gradient_descent.stability import limit
from core.optimizers.race import Run
from core.optimizers.stability import (
    SIDE,
    STEPS,
    StabilityMap,
    StabilitySettings,
    bowl_theory,
    cell_run,
    elsewhere,
    left,
    momenta,
    too_steep,
)
from core.optimizers.surfaces import box_of, function_of, points_of, with_places
from figures.optimizers.heights import scaled, ticks, title
from figures.picture import Picture
from figures.style import KEPT_FIGURES, VERMILLION, axes, numbers
from figures.words import counted, say

LEVELS = 250
SPAN = 20.0  # powers of ten below the top that the colours reach
ABOVE = 4.0  # powers of ten above the height at the start
RINGS = 61  # places along each side of the plane
PALE = "#d9dce0"  # of lost runs: no colour of the scale comes near it, and the line stands out on it
FAR = 3.0  # widths of the plane beyond which nothing is sent to the browser


@lru_cache(maxsize=KEPT_FIGURES)
def map_picture(found: StabilityMap, column: int, row: int) -> Picture:
    """One coloured cell a run, pale grey where it was lost; theory's line over it."""
    x, b = np.log10(found.lr.numpy()), np.array(momenta())
    level, colorbar = _levels(found)
    figure = go.Figure(
        [
            _lost(found, x, b),
            go.Heatmap(
                x=x, y=b, z=level, zmin=0, zmax=LEVELS, colorscale="Viridis", hoverinfo="skip", colorbar=colorbar
            ),
        ]
    )
    if found.minimum:
        line = np.log10(found.line.numpy())
        figure.add_scatter(
            x=line.astype(np.float32),
            y=b.astype(np.float32),
            name="theory's limit",
            mode="lines",
            line={"color": VERMILLION, "width": 3, "dash": "dash"},
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=[x[column]],
        y=[b[row]],
        name="chosen cell",
        mode="markers",
        hoverinfo="skip",
        marker={"color": "white", "symbol": "diamond", "size": 13, "line": {"color": "black", "width": 2}},
    )
    figure.add_scattergl(
        x=np.tile(x, SIDE).astype(np.float32),
        y=np.repeat(b, SIDE).astype(np.float32),
        mode="markers",
        marker={"size": 9, "symbol": "square", "color": "rgba(0,0,0,0)"},
        showlegend=False,
        text=[_cell(found, i) for i in range(SIDE * SIDE)],
        hovertemplate="%{text}<extra></extra>",
    )
    axes(figure, "learning rate lr, log scale", "momentum b")
    half = (x[1] - x[0]) / 2
    marks = _rate_marks(x[0] - half, x[-1] + half)
    figure.update_xaxes(
        range=[x[0] - half, x[-1] + half],
        tickvals=[np.log10(v) for v in marks],
        ticktext=[say(v) for v in marks],
        showgrid=False,
    )
    figure.update_yaxes(range=[-0.01, 1.0], showgrid=False)
    figure.update_layout(height=440)
    caption = describe(found)
    return Picture(
        figure, caption, f"Map of {SIDE} x {SIDE} runs: learning rate, momentum, loss. {caption}", table(found)
    )


def _lost(found: StabilityMap, x: np.ndarray, b: np.ndarray) -> go.Heatmap:
    """Pale cells where the loss is no finite number; what lies beneath the colours, which have a gap there."""
    return go.Heatmap(
        x=x,
        y=b,
        z=np.ones((SIDE, SIDE), dtype=np.uint8),
        colorscale=[[0, PALE], [1, PALE]],
        showscale=False,
        hoverinfo="skip",
        opacity=1.0 if bool(found.lost.any()) else 0.0,
    )


def _ends(found: StabilityMap) -> tuple[np.ndarray, float, float]:
    """The powers of ten of all cells, and those between which the colours differ."""
    power = scaled(found.loss.numpy(), found.lowest)
    start = scaled(np.array([found.first]), found.lowest)[0]
    good = power[np.isfinite(power)]
    start = start if np.isfinite(start) else (good.max() if len(good) else 0.0)
    high = start + ABOVE
    low = good.min() if len(good) else high - 1
    if found.lowest is not None:
        low = max(low, high - SPAN)
    return power, min(low, high - 1), high


def table(found: StabilityMap) -> pd.DataFrame:
    """Every cell: learning rate, momentum, how it ended, and what theory says."""
    shape = (SIDE, SIDE)
    lr, b = np.broadcast_to(found.lr.numpy(), shape), np.broadcast_to(np.array(momenta())[:, None], shape)
    columns = {"lr": lr.ravel(), "momentum": b.ravel(), "f at the end": found.loss.numpy().ravel()}
    if found.minimum:
        columns["below the line"] = found.stays.numpy().ravel()
    return pd.DataFrame(columns | {"lower than at the start": found.came_down.numpy().ravel()})


def _levels(found: StabilityMap) -> tuple[np.ndarray, dict[str, object]]:
    """The colours, NaN where a run was lost, and what their bar says."""
    power, low, high = _ends(found)
    level = ((np.clip(power, low, high) - low) / (high - low) * LEVELS).round().astype(np.float32)
    places, words = ticks(low, high, found.lowest)
    bar = {
        "title": {"text": title(found.lowest).replace(", log scale", ""), "side": "right"},
        "tickvals": [(place - low) / (high - low) * LEVELS for place in places],
        "ticktext": words,
        "thickness": 14,
    }
    return level, bar


def _cell(found: StabilityMap, i: int) -> str:
    row, column = divmod(i, SIDE)
    loss = found.loss[row, column].item()
    end = f"f = {loss:.3g}" if np.isfinite(loss) else "lost"
    return f"lr {found.lr[column]:.3g}, b {momenta()[row]:.2f}: {end}"


def _rate_marks(low: float, high: float) -> list[float]:
    """1, 2, 5 in every decade between two powers of ten."""
    found = [m * 10.0**p for p in range(int(np.floor(low)), int(np.ceil(high)) + 1) for m in (1, 2, 5)]
    return [v for v in found if low <= np.log10(v) <= high]


def cell_at(found: StabilityMap, power: float, b: float) -> tuple[int, int] | None:
    """Column and row of the cell at a place of the map, x as the power of ten of lr; None outside of it."""
    x, rows = found.lr.log10(), torch.tensor(momenta(), dtype=torch.float64)
    if not (x[0] - 0.1 <= power <= x[-1] + 0.1 and -0.05 <= b <= 1.05):
        return None
    return int((x - power).abs().argmin()), int((rows - b).abs().argmin())


def describe(found: StabilityMap) -> str:
    """What the colours say, theory's line, and how far the runs agree with it."""
    text = f"{found.loss.numel():,} runs of {STEPS} steps. Dark: low at the end; bright: high."
    lost = int(found.lost.sum())
    if lost:
        text += f" Pale grey: {lost:,} runs were lost, with a number that is no longer finite."
    if found.minimum is None:
        text += " The picture holds no minimum, so there is no limit to draw."
    else:
        formula = "(2 + 2b)/(1 + 2b)" if found.nesterov else "2·(1 + b)"
        text += (
            f" Dashed: lr·L = {formula} with L = {say(found.curvature)}, the largest curvature at the minimum "
            f"({say(found.minimum.x, 3)}, {say(found.minimum.y, 3)}), the nearest to the start. Line and runs "
            f"agree in {int((found.stays == found.kept).sum()):,} of the cells."
        )
    if found.best and found.lowest is not None:
        row, column = found.best
        text += (
            f" Lowest: f = {say(found.loss[row, column].item())} with lr = {say(found.lr[column].item())}, b = "
            f"{say(momenta()[row], 3)}."
        )
    power, low, high = _ends(found)
    ends = [word for word, out in (("below", power < low), ("above", power > high)) if bool(out.any())]
    if ends:
        text += f" The colours do not go on {' and '.join(ends)} the ends of their bar."
    return text


@lru_cache(maxsize=KEPT_FIGURES)
def why_they_part(found: StabilityMap) -> str:
    """Where the runs do other than the line says, and the reason, from the runs themselves."""
    if found.minimum is None:
        return _nothing_holds(found)
    below, above = found.stays & ~found.kept, ~found.stays & found.kept
    parts = [_below(found, below)] if bool(below.any()) else []
    parts += [_above(found, above)] if bool(above.any()) else []
    if int(below.sum()) + int(above.sum()) <= found.loss.numel() // 100:
        parts = [
            "Line and map all but agree. "
            + (
                "The ground bends alike at the start and at the minimum."
                if _same_bend(found)
                else "From this start the runs meet the ground that theory supposes."
            )
        ]
    if bool(found.fell.any()):
        parts.append(f"{int(found.fell.sum()):,} runs ended below every minimum of the picture and count as unstable.")
    return " ".join(parts)


def _nothing_holds(found: StabilityMap) -> str:
    """On ground without a minimum: how many runs have left, and which have not."""
    gone, total = left(found), found.loss.numel()
    finite = found.loss[torch.isfinite(found.loss)]
    text = "**No lr is stable here.** " if bool(gone.all()) else "**Without a minimum theory has no limit.** "
    text += f"After {STEPS} steps {int(gone.sum()):,} of {total:,} runs have left the picture or are lost"
    text += f", the lowest at f = {say(finite.min().item(), 3)}. " if len(finite) and bool(gone.any()) else ". "
    stay = found.lr[(~gone).any(dim=0)]
    if len(stay) and bool(gone.any()):
        text += f"Those still in it have an lr of {say(stay.max().item(), 3)} or less."
    return text.strip()


def _same_bend(found: StabilityMap) -> bool:
    return abs(found.bend / found.curvature - 1) < 1e-6


def _below(found: StabilityMap, below: torch.Tensor) -> str:
    """Runs that theory lets stay and that did not come down: which ground did the calmest of them meet?"""
    n = int(below.sum())
    column = int(below.any(dim=0).nonzero()[0])
    row = int(below[:, column].nonzero()[0])
    lr, b = found.lr[column].item(), momenta()[row]
    run = cell_run(found.surface, found.nesterov, lr, b)
    met = too_steep(run, function_of(found.surface.surface, found.surface.text), lr, b, found.nesterov)
    text = f"**Below the line, {n:,} runs did not end lower than they began.** "
    cell = f"The one with the smallest lr, {say(lr, 3)} with b = {say(b, 2)},"
    if met is None:
        return text + f"{cell} never met ground too steep for its lr: after {STEPS} steps it is still no lower."
    step, bend = met
    return text + (
        f"Theory looks at the minimum only. {cell} stands {f'at step {step}' if step else 'at its start'} on ground "
        f"with curvature {say(bend, 3)}, {say(bend / found.curvature, 3)} times L; there the limit is "
        f"{say(limit(bend, b, found.nesterov), 3)}, and its lr is above it."
    )


def _above(found: StabilityMap, above: torch.Tensor) -> str:
    """Runs that theory throws out and that ended lower: at another minimum, or at none."""
    n, others = int(above.sum()), elsewhere(found)
    text = f"**Above the line, {n:,} runs ended lower than they began.** "
    home = int((above & found.at_home).sum())
    resting = sum(count for _, count in others)
    if others:
        point, count = others[0]
        flat = f", where 2/L is {say(point.limit, 3)}" if point.kind == "minimum" else ", a cusp"
        text += (
            f"{resting:,} of them are at another minimum, {count:,} at ({say(point.x, 3)}, {say(point.y, 3)}){flat}. "
        )
    if home:
        text += f"{home:,} are at this minimum all the same. "
    rest = n - resting - home
    if rest > 0:
        text += f"{rest:,} are at no minimum."
    return text.strip()


def cell_words(found: StabilityMap, settings: StabilitySettings) -> str:
    """What theory and the run say of the chosen cell."""
    lr, b = found.lr[settings.column].item(), momenta()[settings.row]
    run = cell_run(found.surface, found.nesterov, lr, b)
    text = f"**lr = {say(lr)}, b = {say(b, 3)}.** "
    if found.minimum:
        most = found.line[settings.row].item()
        text += f"Theory's limit is {say(most)}; lr is {'below' if lr < most else 'above'} it. "
    text += _near_the_minimum(found, lr, b)
    if run.lost_at is not None:
        return text + f"The run is lost: {run.lost} after step {run.lost_at}."
    x, y = run.path[-1].tolist()
    return text + (
        f"After {STEPS} steps it is at ({say(x, 3)}, {say(y, 3)}) with f = {say(run.loss[-1].item())}, from "
        f"{say(found.first)}."
    )


def _near_the_minimum(found: StabilityMap, lr: float, b: float) -> str:
    """What a step makes of the distance on the bowl at the minimum, and the best that the heavy ball can do there."""
    theory = bowl_theory(found, lr, b)
    if theory is None:
        return ""
    swing = ("", ", swinging across the valley or along it", ", swinging both across and along")[theory.swings]
    root = " (√b)" if theory.swings == 2 and not found.nesterov else ""
    best_lr, best_b, best = theory.best
    low, high = found.minimum.bends
    return (
        f"On the bowl at the minimum, curvatures {say(low, 3)} and {say(high, 3)}, a step makes the distance "
        f"{say(theory.factor)} times as long in the long run{root}{swing if theory.factor < 1 else ''}. "
        f"Best there without Nesterov: lr = {say(best_lr, 3)}, b = {say(best_b, 3)}, factor {say(best)}. "
    )


@lru_cache(maxsize=KEPT_FIGURES)
def path_picture(found: StabilityMap, column: int, row: int) -> Picture:
    """The path of the chosen cell over the rings of the surface."""
    lr, b = found.lr[column].item(), momenta()[row]
    run = cell_run(found.surface, found.nesterov, lr, b)
    surface = found.surface
    box = with_places(box_of(surface.surface, surface.text), [(surface.x, surface.y)])
    figure = go.Figure([_rings(found, box), *_minima(found, box)])
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
    if run.lost_at is not None:
        end = f"Lost after step {run.lost_at}: {run.lost}."
    else:
        end = f"It ends at ({say(x[-1].item(), 3)}, {say(y[-1].item(), 3)})."
    return f"The chosen cell, lr = {say(lr)}, b = {say(b, 3)}: {counted(run.steps)}.{leaves} {end}"


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


def _rings(found: StabilityMap, box: tuple[float, ...]) -> go.Contour:
    x, y = np.linspace(box[0], box[1], RINGS), np.linspace(box[2], box[3], RINGS)
    across, up = torch.meshgrid(torch.from_numpy(x), torch.from_numpy(y), indexing="xy")
    value = function_of(found.surface.surface, found.surface.text)(across, up).numpy()
    good = value[np.isfinite(value)]
    lowest = good.min() if len(good) else 0.0
    with np.errstate(all="ignore"):
        z = np.log10(1 + np.maximum(value - lowest, 0))
    z = np.where(np.isfinite(z), z, np.nan).astype(np.float32)
    return go.Contour(
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        z=z,
        colorscale="Cividis",
        ncontours=16,
        line={"width": 0.7},
        hoverinfo="skip",
        showscale=False,
        opacity=0.6,
    )


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
