"""The loss of real networks against steps and against time, and their accuracy: a median and a band over the seeds."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.cache import cached
from core.optimizers.network import Comparison, Learned, middle
from core.optimizers.network_data import split
from core.settings import ladder
from figures.axis import drawn, log_axis
from figures.optimizers.optimizer_style import look
from figures.picture import Picture
from figures.style import HEIGHT, axes, numbers
from figures.words import fmt, plural

LOWEST = 1e-6  # a loss that is lower is not told apart
EDGES = ladder(-6, 1)
FAR_BELOW = 1000  # times; a optimizer that ends so much lower than the next goes below the picture
ROOM = 1.08  # beyond the longest time that is shown
CUT = 1.05  # beyond it, a mark would be cut by the edge
FEW = 6  # optimizers; the more there are, the higher the legend and the fainter the bands
LEGEND_ROW = 20  # pixels
FARTHEST = 4  # times the typical length: a slower optimizer leaves the picture of the time


@cached
def loss_by_step(found: Comparison, follow: str) -> Picture:
    """Training loss against steps."""
    xs = {run.name: np.asarray(found.moments, dtype=np.float32) for run in found.runs}
    figure, frames = _losses(found, xs, follow)
    axes(figure, "step", "training loss (nats, log scale)")
    _loss_axis(figure, found)
    figure.update_xaxes(range=_step_range(found))
    caption = f"{_how_to_read(found)} After {plural(found.moments[-1])}: {_ends(found)}.{_below(found)}"
    return Picture(
        figure, caption, f"Training loss against steps, one line an optimizer. {caption}", _table(found), frames=frames
    )


@cached
def loss_by_time(found: Comparison, follow: str) -> Picture:
    """Training loss against the processor time that the steps took."""
    xs = {run.name: 1000 * numbers(run.seconds.median(dim=0).values) for run in found.runs}
    longest = _time_shown(found)
    figure, frames = _losses(found, xs, follow, CUT * longest)
    axes(figure, "processor time (ms)", "training loss (nats, log scale)")
    _loss_axis(figure, found)
    figure.update_xaxes(range=[-0.02 * longest, longest * ROOM])
    each = ", ".join(f"{run.name} {fmt(milliseconds(found, run), 2)}" for run in found.runs)
    beyond = [f"{name} at {x[-1]:.0f} ms" for name, x in xs.items() if x[-1] > longest * CUT]
    more = f" Outside the picture end: {', '.join(beyond)}." if beyond else ""
    caption = (
        f"The same losses over the time that the steps took on this server, without the looking. Milliseconds a step: "
        f"{each}.{more} Times are measured anew in each run and differ a little every time; the losses do not."
    )
    return Picture(
        figure, caption, f"Training loss against processor time, one line an optimizer. {caption}", frames=frames
    )


@cached
def accuracy(found: Comparison, follow: str) -> Picture:
    """Validation accuracy against steps."""
    xs = {run.name: np.asarray(found.moments, dtype=np.float32) for run in found.runs}
    figure = go.Figure()
    for run in found.runs:
        _band(figure, run, xs[run.name], numbers(run.accuracy), follow, _opacity(found, run, follow))
    frames = _heads(figure, found, xs, {run.name: numbers(run.accuracy.median(dim=0).values) for run in found.runs})
    axes(figure, "step", "validation accuracy (share)")
    figure.update_layout(height=_height(found))
    figure.update_xaxes(range=_step_range(found))
    figure.update_yaxes(range=[0, 1.04], tickformat=".0%")
    best = max(found.runs, key=lambda run: run.accuracy[:, -1].median().item())
    low, high = (100 * value for value in (best.accuracy[:, -1].min().item(), best.accuracy[:, -1].max().item()))
    kept_out = len(split(found.settings.data, found.settings.seed).y_validation)
    caption = (
        f"The share of {kept_out} kept-out samples that are named right. At the end {best.name} has "
        f"the highest median, {100 * best.accuracy[:, -1].median().item():.1f} % ({low:.1f} to {high:.1f} %)."
    )
    return Picture(
        figure, caption, f"Validation accuracy against steps, one line an optimizer. {caption}", frames=frames
    )


def milliseconds(found: Comparison, run: Learned) -> float:
    """Processor time of one step, the median over the seeds."""
    return 1000 * run.seconds[:, -1].median().item() / max(found.moments[-1], 1)


def _losses(
    found: Comparison, xs: dict[str, np.ndarray], follow: str, most: float = math.inf
) -> tuple[go.Figure, list[dict]]:
    """Bands, medians and marks, and the frames of these; no mark stands beyond `most`."""
    figure, floor = go.Figure(), _floor(found)
    for run in found.runs:
        _band(figure, run, xs[run.name], _shown(numbers(run.loss), floor), follow, _opacity(found, run, follow))
    typical = {run.name: _shown(numbers(run.typical), floor) for run in found.runs}
    return figure, _heads(figure, found, xs, typical, most)


def _band(figure: go.Figure, run: Learned, x: np.ndarray, values: np.ndarray, follow: str, opacity: float) -> None:
    """The range over the seeds and their median; values: shape (seeds, moments)."""
    style = look(run.name)
    some = np.isfinite(values).any(axis=0)
    filled = np.where(np.isfinite(values), values, np.nan)[:, some]
    if len(values) > 1 and some.any():
        low, high = np.nanmin(filled, axis=0), np.nanmax(filled, axis=0)
        figure.add_scatter(
            x=np.concatenate([x[some], x[some][::-1]]),
            y=np.concatenate([high, low[::-1]]),
            fill="toself",
            fillcolor=_see_through(style.color, opacity),
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
            name=f"{run.name}, all seeds",
        )
    ordered = np.sort(np.where(np.isfinite(values), values, np.inf), axis=0)[(len(values) - 1) // 2]
    figure.add_scatter(
        x=x,
        y=drawn(ordered),
        name=run.name,
        mode="lines",
        line={"color": style.color, "dash": style.dash, "width": 4 if run.name == follow else 2},
    )


def _heads(
    figure: go.Figure,
    found: Comparison,
    xs: dict[str, np.ndarray],
    ys: dict[str, np.ndarray],
    most: float = math.inf,
) -> list[dict]:
    """Adds one mark a optimizer, at the moment of the cursor; its frames, since no other trace moves."""
    looks = [look(run.name) for run in found.runs]

    def at(moment: int) -> dict[str, np.ndarray]:
        x = np.asarray([xs[run.name][moment] for run in found.runs], np.float32)
        y = np.asarray([ys[run.name][moment] for run in found.runs], np.float32)
        return {"x": x, "y": np.where(x <= most, drawn(y), np.nan)}

    figure.add_scatter(
        **at(len(found.moments) - 1),
        mode="markers",
        showlegend=False,
        hoverinfo="skip",
        name="at this moment",
        marker={
            "color": [style.color for style in looks],
            "symbol": [style.marker for style in looks],
            "size": 11,
            "line": {"color": "white", "width": 1},
        },
    )
    place = len(figure.data) - 1
    return [{"data": [at(i)], "traces": [place]} for i in range(len(found.moments))]


def _opacity(found: Comparison, run: Learned, follow: str) -> float:
    return 0.18 if len(found.runs) <= FEW or run.name == follow else 0.05


def _see_through(color: str, opacity: float) -> str:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"


def _floor(found: Comparison) -> float:
    """The lower edge, 1, 2 or 5 in a decade: below all ends, but for one so low that it would flatten all others."""
    ends = sorted(max(run.end, LOWEST) for run in found.runs if math.isfinite(run.end))
    if len(ends) > 1 and ends[0] * FAR_BELOW < ends[1]:
        ends = ends[1:]
    lowest = min([found.start, *ends]) / 1.5
    return max((edge for edge in EDGES if edge <= lowest), default=LOWEST)


def _shown(losses: np.ndarray, floor: float) -> np.ndarray:
    """What is lower than the lower edge lies on it."""
    return np.maximum(losses, np.float32(floor))


def _height(found: Comparison) -> int:
    return HEIGHT + LEGEND_ROW * math.ceil(max(len(found.runs) - FEW, 0) / 2)


def _loss_axis(figure: go.Figure, found: Comparison) -> None:
    figure.update_layout(height=_height(found))
    floor = _floor(found)
    values = np.concatenate([_shown(numbers(run.loss), floor).ravel() for run in found.runs])
    log_axis(figure, np.append(values, floor).astype(float))


def _step_range(found: Comparison) -> list[float]:
    last = max(found.moments[-1], 1)
    return [-0.02 * last, 1.03 * last]


def _time_shown(found: Comparison) -> float:
    """Milliseconds: until all have ended; of those that are far slower than the typical, until the counted loss."""
    lengths = sorted(1000 * run.seconds[:, -1].median().item() for run in found.runs)
    far = FARTHEST * middle(lengths)
    reached = [] if found.target is None else [1000 * max(found.seconds_to(run, found.target)) for run in found.runs]
    longest = max(span for span in (*lengths, *reached) if span <= far)
    for length in lengths:  # who ends at the edge is drawn to the end
        longest = max(longest, length) if length <= longest * ROOM * CUT else longest
    return max(longest, 1e-3)


def _how_to_read(found: Comparison) -> str:
    n = found.settings.seeds
    return f"A line is the median of {n} seeds, its band their range." if n > 1 else "One seed: there is no band."


def _ends(found: Comparison) -> str:
    return ", ".join(f"{run.name} {fmt(run.end, 3)}" for run in sorted(found.runs, key=lambda run: run.end))


def _below(found: Comparison) -> str:
    floor = _floor(found)
    return (
        f" Losses below {fmt(floor)} are drawn on the lower edge."
        if any(bool((run.loss < floor).any()) for run in found.runs)
        else ""
    )


def _table(found: Comparison) -> pd.DataFrame:
    frames = [
        pd.DataFrame(
            {
                "optimizer": run.name,
                "seed": seed,
                "step": found.moments,
                "training loss": run.loss[i].tolist(),
                "validation accuracy": run.accuracy[i].tolist(),
                "processor time (ms)": (1000 * run.seconds[i]).tolist(),
            }
        )
        for run in found.runs
        for i, seed in enumerate(found.settings.all_seeds)
    ]
    return pd.concat(frames, ignore_index=True)
