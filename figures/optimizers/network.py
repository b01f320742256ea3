"""The loss of real networks against steps and against time: a median and a band over the seeds."""

import math
from statistics import median_low

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.cache import cached
from core.optimizers.network import RATES, Comparison, NetworkRun, clear_first
from figures.axis import drawn, log_axis
from figures.optimizers.optimizer_style import style
from figures.picture import Picture
from figures.style import HEIGHT, axes, numbers
from figures.words import fmt, listed, plural

LOWEST = 1e-3  # nats; what is lower is drawn there
FEW = 6  # optimizers; the more there are, the higher the legend and the fainter the bands
LEGEND_ROW = 20  # pixels for every two more


@cached
def loss_by_step(found: Comparison) -> Picture:
    """Training loss against steps."""
    figure = _losses(found, {run.name: np.asarray(found.steps, dtype=np.float32) for run in found.runs}, "step")
    n = len(found.settings.all_seeds)
    how = (
        f"A line is the median of {n} seeds, its band their range."
        if n > 1
        else "One seed, so no band: another may say otherwise."
    )
    first = _first(found, "needs the fewest steps", {} if found.target is None else found.steps_to(found.target))
    caption = f"{how} {first}"
    alt = f"Training loss against steps, one line an optimizer. {caption}"
    return Picture(figure, caption, alt, _all_numbers(found))


@cached
def loss_by_time(found: Comparison) -> Picture:
    """Training loss against the processor time that the steps took."""
    figure = _losses(
        found, {run.name: drawn(numbers(run.milliseconds)) for run in found.runs}, "processor time (ms, log scale)"
    )
    figure.update_xaxes(type="log", dtick=1, exponentformat="power")
    costs = {} if found.target is None else found.milliseconds_to(found.target)
    first = _first(found, "needs the least time", costs)
    caption = f"The same losses over the time that the steps took; it is measured anew in each run. {first}"
    return Picture(figure, caption, f"Training loss against processor time, one line an optimizer. {caption}")


def time_words(found: Comparison) -> str:
    """Steps and time of those that are first by the one or the other; there must be both."""
    steps, times = found.steps_to(found.target), found.milliseconds_to(found.target)
    parts = [
        f"{name} needs {plural(int(median_low(steps[name])))} and {fmt(median_low(times[name]), 2)} ms"
        for name in dict.fromkeys([clear_first(steps), clear_first(times)])
    ]
    return f"To a loss of {fmt(found.target)}, {listed(parts)} (median of the seeds)."


def _first(found: Comparison, how: str, costs: dict[str, list[float]]) -> str:
    """Who is ahead of all others, with every seed."""
    one = len(found.settings.all_seeds) == 1
    with_whom = "with this seed" if one else "with every seed"
    if found.target is None:
        goal = f"a loss of {fmt(found.targets[-1])}" if found.targets else "a lower loss that is compared"
        return f"No two optimizers reach {goal} {with_whom}."
    name, goal = clear_first(costs), f"to a loss of {fmt(found.target)}"
    if name is None:
        return f"{'This seed does' if one else 'The seeds do'} not tell which {how} {goal}."
    return f"{name} {how} {goal}, {with_whom}."


def _losses(found: Comparison, xs: dict[str, np.ndarray], x_title: str) -> go.Figure:
    """Bands and medians; where x is NaN nothing is drawn."""
    figure, kept = go.Figure(), []
    opacity = 0.18 if len(found.runs) <= FEW else 0.05
    for run in found.runs:
        drawn_as, x = style(run.name), xs[run.name]
        values = np.where(np.isfinite(numbers(run.loss)), np.maximum(numbers(run.loss), np.float32(LOWEST)), np.nan)
        some = np.isfinite(values).any(axis=0) & np.isfinite(x)
        if len(values) > 1 and some.any():
            low, high = np.nanmin(values[:, some], axis=0), np.nanmax(values[:, some], axis=0)
            figure.add_scatter(
                x=np.concatenate([x[some], x[some][::-1]]),
                y=np.concatenate([high, low[::-1]]),
                fill="toself",
                fillcolor=_see_through(drawn_as.color, opacity),
                line={"width": 0},
                mode="lines",
                hoverinfo="skip",
                showlegend=False,
                name=f"{run.name}, all seeds",
            )
        median = np.maximum(numbers(run.median_loss), np.float32(LOWEST))
        line = {"color": drawn_as.color, "dash": drawn_as.dash, "width": 3}
        figure.add_scatter(x=x, y=drawn(median), name=run.name, mode="lines", line=line)
        kept.append(values.ravel())
    axes(figure, x_title, f"training loss (nats, log scale from {LOWEST:g})")
    figure.update_layout(height=HEIGHT + LEGEND_ROW * max(len(found.runs) - FEW, 0) // 2)
    return log_axis(figure, np.concatenate(kept))


def _see_through(color: str, opacity: float) -> str:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"


def summary(found: Comparison) -> pd.DataFrame:
    """One row an optimizer, the lowest loss first."""
    rows, steps = [], found.steps_to(found.target) if found.target else {}
    for run in found.ranking:
        row = {
            "optimizer": run.name,
            "lr": fmt(run.hparams.lr),
            "training loss": _median_and_range(run.loss[:, -1].tolist(), "diverged"),
            "validation %": _median_and_range((100 * run.accuracy[:, -1]).tolist()),
            "ms a step": f"{run.milliseconds[-1].item() / max(found.steps[-1], 1):.2f}",
        }
        if steps:
            row[f"steps to {fmt(found.target)}"] = _median_and_range(steps[run.name], "not reached")
        rows.append(row | {"diverged": _diverged(found, run)})
    return pd.DataFrame(rows)


def _median_and_range(values: list[float], endless: str = "") -> str:
    """2 (1 to 3), or 2 where all are the same; what is not a number counts as infinite."""
    ordered = sorted(math.inf if math.isnan(value) else value for value in values)
    low, middle, high = ordered[0], ordered[(len(ordered) - 1) // 2], ordered[-1]
    if math.isinf(middle):
        return endless
    return fmt(middle, 3) if low == high else f"{fmt(middle, 3)} ({fmt(low, 3)} to {fmt(high, 3)})"


def _diverged(found: Comparison, run: NetworkRun) -> str:
    each = zip(found.settings.all_seeds, run.diverged_at, run.diverged, strict=True)
    return "; ".join(f"seed {seed} after {plural(at)}: {why}" for seed, at, why in each if at is not None)


def tried_rates(found: Comparison) -> pd.DataFrame:
    """The last loss of each rate that was tried, one row an optimizer."""
    return pd.DataFrame(
        [
            {"optimizer": run.name}
            | {f"lr {rate:g}": fmt(loss, 3) for rate, loss in zip(RATES, run.tried, strict=True)}
            for run in found.runs
        ]
    )


def _all_numbers(found: Comparison) -> pd.DataFrame:
    """Every seed of every optimizer at every recorded step."""
    frames = [
        pd.DataFrame(
            {
                "optimizer": run.name,
                "seed": seed,
                "step": found.steps,
                "training loss": run.loss[i].tolist(),
                "validation accuracy": run.accuracy[i].tolist(),
                "processor time (ms)": (1000 * run.seconds[i]).tolist(),
            }
        )
        for run in found.runs
        for i, seed in enumerate(found.settings.all_seeds)
    ]
    return pd.concat(frames, ignore_index=True)
