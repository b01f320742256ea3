"""Noisy runs with a constant learning rate and with a schedule: their clouds over the surface, and their losses."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.optimizers.noisy_runs import RUNS, NoisyRuns, median_distance
from core.optimizers.schedules import SCHEDULES
from core.optimizers.settings import SurfaceSettings
from core.optimizers.stationary_variance import Cloud, ellipse
from figures.axis import drawn, log_axis
from figures.picture import Picture
from figures.plane import critical_marks, height_map, visible_path
from figures.style import BLUE, GREEN, GREY, VERMILLION, axes, numbers
from figures.words import fmt, plural

HEIGHT = 430
CELLS = 71
MOST_STARS = 12  # where there are more minima, the lowest are marked
OUTSIDE = 0.01  # of the points may lie outside of the picture, on each side
WIDEST = 3.0  # boxes of the surface that the picture may be wide
MARGIN = 0.1  # of the cloud's width, between it and the edge
RING = {"symbol": "circle-open", "color": BLUE, "size": 6, "line": {"color": BLUE, "width": 1.2}}
DIAMOND = {"symbol": "diamond", "color": VERMILLION, "size": 6, "line": {"color": "white", "width": 0.6}}
CONSTANT = {"color": BLUE, "dash": "dash", "marker": RING, "shade": "rgba(0, 114, 178, 0.22)"}
CHANGING = {"color": VERMILLION, "dash": "solid", "marker": DIAMOND, "shade": "rgba(213, 94, 0, 0.30)"}


def compared(runs: tuple[NoisyRuns, ...]) -> list[tuple[str, NoisyRuns, dict]]:
    """Name, runs and style of the constant lr and of the schedule; one alone where both are the same."""
    names = ["constant lr", SCHEDULES[runs[-1].settings.schedule].split(" (")[0]]
    return list(zip(names, runs, (CONSTANT, CHANGING), strict=False))


@cached
def clouds(surface: SurfaceSettings, runs: tuple[NoisyRuns, ...], theory: Cloud | None) -> Picture:
    """The clouds over the lines of equal height, with one run's path; one frame a moment."""
    shape, box = surface.shape, _box_around(surface, runs)
    height = height_map(shape.function, box, shape.minima[0].value if shape.minima else None, CELLS)
    line = {"width": 0.7, "color": GREY}  # lines alone: they are seen on a light page and on a dark one
    contours = {"coloring": "none"}
    figure = go.Figure(
        go.Contour(x=height.x, y=height.y, z=height.z, contours=contours, ncontours=18, line=line, hoverinfo="skip")
    )
    figure.update_traces(showscale=False, showlegend=False)
    path, upto = visible_path(runs[-1].path, box), {"upto": list(runs[-1].frame_steps)}
    figure.add_scatter(
        x=path[:, 0], y=path[:, 1], name="one run", mode="lines", line={"color": GREY, "width": 1}, meta=upto
    )
    shown = compared(runs)
    for name, each, style in shown:
        figure.add_scatter(**_points(each, 0, box), name=name, mode="markers", marker=style["marker"], hoverinfo="skip")
    if theory is not None:
        x, y = numbers(ellipse(theory)).T
        line = {"color": GREEN, "width": 2.5, "dash": "dot"}
        figure.add_scatter(x=x, y=y, name="90% by theory", mode="lines", line=line)
    stars = shape.minima if len(shape.minima) <= MOST_STARS else shape.lowest
    figure.add_traces(critical_marks(stars, box))
    axes(figure, "x", "y", legend_itemsizing="constant")
    figure.update_layout(height=HEIGHT)
    figure.update_xaxes(range=box[:2], showgrid=False, zeroline=False)
    figure.update_yaxes(range=box[2:], showgrid=False, zeroline=False)
    traces = list(range(2, 2 + len(shown)))
    frames = [
        {"data": [_points(each, i, box) for each in runs], "traces": traces} for i in range(len(runs[-1].frame_steps))
    ]
    alike = "each with noise of its own" if runs[-1].settings.noise else "all alike, since there is no noise"
    caption = (
        f"{RUNS} runs of {runs[-1].settings.optimizer} after the same number of steps, {alike}; a "
        f"click starts there. {distance_words(surface, runs)}"
    )
    return Picture(figure, caption, f"Lines of equal height with clouds of marks. {caption}", frames=frames)


def distance_words(surface: SurfaceSettings, runs: tuple[NoisyRuns, ...]) -> str:
    """How far from a minimum half of the runs are at most."""
    distances = [median_distance(surface, each.clouds[-1]) for each in runs]
    return f"Median distance to {goal_of(surface)} at the end: {_ends(compared(runs), distances)}."


def goal_of(surface: SurfaceSettings) -> str:
    """What `median_distance` is measured from."""
    return "a minimum" if surface.shape.minima else "their middle"


def _points(runs: NoisyRuns, frame: int, box: tuple[float, ...]) -> dict[str, np.ndarray]:
    """A cloud as plotly takes it; what is far outside of the picture is a gap."""
    x, y = runs.clouds[frame].T
    near = ((x - box[0]).abs() < 50 * (box[1] - box[0])) & ((y - box[2]).abs() < 50 * (box[3] - box[2]))
    return {"x": numbers(torch.where(near, x, torch.nan)), "y": numbers(torch.where(near, y, torch.nan))}


def _ends(shown: list[tuple[str, NoisyRuns, dict]], values: list[float]) -> str:
    return ", ".join(f"{name} {_or_diverged(value)}" for (name, _, _), value in zip(shown, values, strict=True))


def _box_around(surface: SurfaceSettings, runs: tuple[NoisyRuns, ...]) -> tuple[float, float, float, float]:
    """The part of the plane in which nearly all points of all frames lie, and the start; not much beyond the box."""
    box, edges = surface.shape.box, []
    for axis, start in enumerate((surface.x, surface.y)):
        low, high = box[2 * axis : 2 * axis + 2]
        beyond = (WIDEST - 1) / 2 * (high - low)
        points = torch.cat([each.clouds[..., axis].flatten() for each in runs])
        points = points[torch.isfinite(points)].clamp(low - beyond, high + beyond).sort().values
        first, last = (points[int(share * (len(points) - 1))].item() for share in (OUTSIDE, 1 - OUTSIDE))
        first, last = min(first, start), max(last, start)
        margin = MARGIN * (last - first) + 0.02 * (high - low)
        edges += [first - margin, last + margin]
    return tuple(edges)


@cached
def schedule_losses(surface: SurfaceSettings, runs: tuple[NoisyRuns, ...]) -> Picture:
    """The learning rate of each step over the loss before it, with one cursor; one frame a moment."""
    shown, found, figure = compared(runs), runs[-1], go.Figure()
    base = base_of(surface, runs)
    steps = np.arange(found.steps + 1, dtype=np.int32)
    bands = [_heights(each.band, base) for each in runs]
    for (name, each, style), band in zip(shown, bands, strict=True):
        _add_band(figure, steps, band, name, style)
        line = {"color": style["color"], "dash": style["dash"], "width": 2.5, "shape": "hv"}
        lr = {"x": steps[:-1], "y": numbers(each.lr), "yaxis": "y2", "name": f"lr, {name}"}
        figure.add_scatter(**lr, mode="lines", line=line, showlegend=False)
    quiet = _heights(found.noiseless, base)
    line = {"color": GREY, "dash": "dot", "width": 2.5}
    figure.add_scatter(x=steps, y=quiet, name="without noise", mode="lines", line=line)
    marker = {"symbol": "diamond", "size": 12, "color": shown[-1][2]["color"], "line": {"color": "white", "width": 1.5}}
    cursor = len(figure.data)
    for name, data in _cursor(found, bands[-1], 0).items():
        # On an axis of its own an lr of 0 lies on the edge, so marks are not cut off there.
        more = {"mode": "markers", "marker": marker, "cliponaxis": False, "showlegend": False}
        figure.add_scatter(**data, **more, name=name, yaxis="y2" if name == "lr here" else "y")
    frames = [
        {"data": list(_cursor(found, bands[-1], step).values()), "traces": [cursor, cursor + 1]}
        for step in found.frame_steps
    ]
    axes(figure, "step", "f" if base is None else f"f{_less(base)}, log scale")
    if base is not None:
        seen = np.concatenate([band[np.isfinite(band)] for band in bands])
        near = quiet[quiet > seen.min() / 30] if len(seen) else quiet  # it may come down twenty decades further
        log_axis(figure, np.append(seen, near))
    of_lr = {"title": "learning rate", "rangemode": "tozero", "anchor": "x", "exponentformat": "power", "nticks": 4}
    figure.update_layout(height=HEIGHT, yaxis={"domain": [0, 0.6]}, yaxis2={"domain": [0.68, 1]} | of_lr)
    caption = (
        f"Lines are medians of {RUNS} runs, bands hold the middle 80% of them. Median f after {plural(found.steps)}: "
        f"{_ends(shown, [each.band[-1, 1].item() for each in runs])}."
    )
    alt = f"Above the learning rate of each step, below bands of the loss, over one axis of steps. {caption}"
    return Picture(figure, caption, alt, _table(shown, found), frames=frames)


def base_of(surface: SurfaceSettings, runs: tuple[NoisyRuns, ...]) -> float | None:
    """What losses are counted from on a log axis: the lowest minimum; None without one, or if a run gets below it."""
    minima = surface.shape.minima
    loss = torch.cat([torch.cat([each.band.flatten(), each.noiseless]) for each in runs])
    if not minima or (loss < minima[0].value - 1e-9 * (1 + abs(minima[0].value))).any():
        return None
    return minima[0].value


def _less(base: float) -> str:
    return "" if base == 0 else f" {'−' if base > 0 else '+'} {fmt(abs(base))}"


def _heights(loss: torch.Tensor, base: float | None) -> np.ndarray:
    """Losses as they are drawn; what is too large for single precision or not above 0 on a log axis is a gap."""
    loss = torch.where(loss.abs() < 1e30, loss, torch.nan)
    return numbers(loss) if base is None else drawn(numbers(loss - base))


def _add_band(figure: go.Figure, steps: np.ndarray, band: np.ndarray, name: str, style: dict) -> None:
    edge = {"mode": "lines", "line": {"color": style["color"], "width": 0.5}, "showlegend": False, "hoverinfo": "skip"}
    figure.add_scatter(x=steps, y=band[:, 0], name=f"10%, {name}", **edge)
    figure.add_scatter(x=steps, y=band[:, 2], name=f"90%, {name}", fill="tonexty", fillcolor=style["shade"], **edge)
    line = {"color": style["color"], "dash": style["dash"], "width": 2.5}
    figure.add_scatter(x=steps, y=band[:, 1], name=name, mode="lines", line=line)


def _cursor(found: NoisyRuns, band: np.ndarray, step: int) -> dict[str, dict[str, list[float | None]]]:
    """Where the two marks stand: on the median loss, and on the lr of the next step."""
    median, lr = float(band[step, 1]), found.lr[min(step, found.steps - 1)].item()
    return {
        "you are here": {"x": [step], "y": [None if np.isnan(median) else median]},
        "lr here": {"x": [step], "y": [lr]},
    }


def _or_diverged(value: float) -> str:
    return fmt(value, 3) if math.isfinite(value) else "diverged"


def _table(shown: list[tuple[str, NoisyRuns, dict]], found: NoisyRuns) -> pd.DataFrame:
    columns: dict[str, object] = {"step": range(found.steps + 1)}
    for name, runs, _ in shown:
        columns[f"lr ({name})"] = [*runs.lr.tolist(), None]
        for i, level in enumerate(("10%", "median", "90%")):
            columns[f"f, {level} ({name})"] = runs.band[:, i].tolist()
    return pd.DataFrame(columns | {"f without noise": found.noiseless.tolist()})


def label(runs: tuple[NoisyRuns, ...], frame: int) -> str:
    """What the scrubber says at a frame."""
    found, step = runs[-1], runs[-1].frame_steps[frame]
    medians = ", ".join(f"{name} {_or_diverged(each.band[step, 1].item())}" for name, each, _ in compared(runs))
    lr = found.lr[min(step, found.steps - 1)].item()
    return f"After {step} of {plural(found.steps)}: lr = {fmt(lr, 3)}; median f: {medians}."


def end_table(surface: SurfaceSettings, all_runs: tuple[NoisyRuns, ...]) -> str:
    """Where schedules end, as a table."""
    head = [
        "schedule",
        "lr of the last step",
        "median f",
        "10 to 90%",
        f"median distance to {goal_of(surface)}",
        "diverged",
    ]
    rows = []
    for runs in all_runs:
        low, median, high = (_or_diverged(value) for value in runs.band[-1].tolist())
        lost = f"{runs.diverged} of {RUNS}" + (f", from step {runs.diverged_at} on" if runs.diverged else "")
        far = _or_diverged(median_distance(surface, runs.clouds[-1]))
        most = low if low == high == "diverged" else f"{low} to {high}"
        rows.append([SCHEDULES[runs.settings.schedule], fmt(runs.lr[-1].item(), 3), median, most, far, lost])
    return markdown_table(head, rows)


def theory_table(theory: Cloud) -> str:
    """How wide the cloud of a constant lr is by theory and as measured, in each direction."""
    head = ["curvature h", "spread by theory", "spread of the runs", "steps to get there"]
    columns = (theory.curvatures.tolist(), theory.expected.tolist(), theory.measured.tolist(), theory.burn_in)
    rows = [
        [fmt(h), fmt(wide, 3), fmt(seen, 3), f"about {max(1, round(n)):,}"]
        for h, wide, seen, n in zip(*columns, strict=True)
    ]
    return markdown_table(head, rows)


def markdown_table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])
