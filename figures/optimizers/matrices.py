"""What each optimizer's update makes of the directions that it takes in, beside Muon's polynomial; and the losses."""

from dataclasses import replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.optim.hyperparameters import Hyperparameters
from core.optimizers.matrices import COLUMNS, MatrixRun, Problem, clear_lowest
from core.optimizers.newton_schulz import BFLOAT16, coefficients, directions, most_even, rounds, spread
from figures.axis import drawn
from figures.line_chart import line_chart
from figures.optimizers.optimizer_style import OptimizerStyle, style
from figures.picture import Picture
from figures.style import GREEN, GREY, axes, numbers
from figures.words import apart, fmt, listed, plural

N_FRAMES = 50
LOWEST = 1e-6  # singular value that is drawn
HEIGHT = 430


def frame_steps(runs: tuple[MatrixRun, ...]) -> list[int]:
    """The steps, counted from 1, that can be looked at; the last included."""
    steps = max(run.steps for run in runs)
    stride = -(-steps // N_FRAMES)
    return sorted({1, *range(stride, steps + 1, stride), steps})


def style_of(name: str) -> OptimizerStyle:
    """Muon, which this view is about, has a colour of its own."""
    return replace(style(name), color=GREEN, dash="solid") if name == "Muon" else style(name)


@cached
def singular_values(runs: tuple[MatrixRun, ...], muon: Hyperparameters) -> Picture:
    """The directions of every optimizer's update, and the polynomial of Muon; one frame a moment."""
    steps, (a, b, c), n = frame_steps(runs), coefficients(muon), muon.ns_steps
    figure, x = go.Figure(), torch.logspace(np.log10(LOWEST), 0, 400, dtype=torch.float64)
    looks = {0: (GREY, "dot", "unchanged")}
    looks |= {1: (GREEN, "dash", "Muon, 1 round"), n: (GREEN, "solid", f"Muon, {plural(n, 'round')}")}
    for k, (color, dash, name) in looks.items():
        y, line = drawn(numbers(rounds(x, (a, b, c), k))), {"color": color, "dash": dash, "width": 2.5}
        figure.add_scatter(x=numbers(x), y=y, name=name, mode="lines", line=line)
    moving, traces = [], list(range(len(figure.data), len(figure.data) + len(runs)))
    for run in runs:
        style, parts = style_of(run.name), [drawn(numbers(part)) for part in directions(run, steps)]
        moving.append([{"x": before, "y": after} for before, after in zip(*parts, strict=True)])
        marker = {"color": style.color, "symbol": style.marker, "size": 10, "line": {"color": "white", "width": 1}}
        figure.add_scatter(**moving[-1][0], name=run.name, mode="markers", marker=marker)
    frames = [{"data": list(data), "traces": traces} for data in zip(*moving, strict=True)]
    axes(figure, "factor before, log scale", "factor in the update, log scale").update_layout(height=HEIGHT)
    figure.add_vrect(x0=LOWEST, x1=BFLOAT16, fillcolor=GREY, opacity=0.13, line_width=0)
    corner = {"x": np.log10(BFLOAT16), "y": np.log10(LOWEST), "xanchor": "right", "yanchor": "bottom"}
    figure.add_annotation(**corner, text="Muon's bfloat16 rounds this away", showarrow=False)
    log = {"type": "log", "range": [np.log10(LOWEST), 0.2], "dtick": 1, "exponentformat": "power"}
    figure.update_xaxes(log).update_yaxes(log)
    caption = (
        f"A matrix stretches {COLUMNS} directions, each by its own factor (singular value): a mark is one, before and "
        f"after an optimizer. {_most_even(runs)}"
    ).rstrip()
    alt = f"Strength of each direction in the update against its strength before, on logarithmic scales. {caption}"
    return Picture(figure, caption, alt, _numbers(runs, steps), frames)


def _numbers(runs: tuple[MatrixRun, ...], steps: list[int]) -> pd.DataFrame:
    """Every mark of every frame."""
    step, direction = np.repeat(steps, COLUMNS), np.tile(np.arange(1, COLUMNS + 1), len(steps))
    columns = {"step": step, "direction": direction}
    for run in runs:
        before, after = directions(run, steps)
        columns |= {f"{run.name} goes in": before.flatten().numpy(), f"{run.name} update": after.flatten().numpy()}
    return pd.DataFrame(columns)


def _most_even(runs: tuple[MatrixRun, ...]) -> str:
    """Whose updates go most evenly in all directions; nothing where none has a finite ratio."""
    names = most_even(runs)
    if not names:
        return ""
    (ratio,) = {spread(run.update) for run in runs if run.name in names}
    most = "Most even are the updates of" if len(runs) > 1 else "The updates of"
    return f"{most} {listed(names)}: the strongest direction is {times(ratio)} times the weakest (median step)."


@cached
def matrix_losses(runs: tuple[MatrixRun, ...]) -> Picture:
    """The loss of every optimizer, with a cursor; one frame a moment."""
    styles = {run.name: style_of(run.name) for run in runs}
    return line_chart(
        {run.name: run.loss.numpy() for run in runs},
        [step - 1 for step in frame_steps(runs)],
        "loss",
        _furthest(runs),
        styles={name: (style.color, style.dash, style.marker) for name, style in styles.items()},
    )


def _furthest(runs: tuple[MatrixRun, ...]) -> str:
    """Who comes down furthest; all begin alike."""
    lowest = clear_lowest(runs)
    if not any(run.comes_down for run in runs):
        return "No optimizer ends below its start."
    if lowest is None:
        return "No optimizer ends lower than all others."
    how = "comes down furthest, to" if len(runs) > 1 else "ends at"
    first, last = apart(lowest.loss[0].item(), lowest.last_loss, digits=3)
    return f"From {first}, {lowest.name} {how} {last}."


def label(runs: tuple[MatrixRun, ...], step: int) -> str:
    """What the scrubber says: the loss before a step."""
    losses = [f"{run.name} {fmt(run.loss[min(step, run.steps) - 1].item(), 2)}" for run in runs]
    return f"Step {step} of {max(run.steps for run in runs)}. Loss before it: {', '.join(losses)}."


def ends_words(runs: tuple[MatrixRun, ...]) -> str:
    """The losses at the end."""
    ends = apart(*(run.last_loss for run in runs), digits=3)
    return f"The losses at the end: {', '.join(f'{run.name} {end}' for run, end in zip(runs, ends, strict=True))}."


def matrix_table(runs: tuple[MatrixRun, ...], data: Problem) -> str:
    """How far each optimizer got, the lowest loss first, as a table."""
    head = (
        "| optimizer | lr | loss at the end | gradient: strongest ÷ weakest | update: strongest ÷ weakest "
        "| to go in the strongest direction of A | in the weakest |"
    )
    rows = []
    for run in sorted(runs, key=lambda run: run.last_loss if np.isfinite(run.last_loss) else np.inf):
        end = fmt(run.last_loss, 3) if run.diverged_at is None else f"diverged after {plural(run.diverged_at)}"
        rest = ((run.W - data.solution) @ data.directions).norm(dim=0) / (data.solution @ data.directions).norm(dim=0)
        cells = [run.name, fmt(run.hparams.lr), end, times(spread(run.gradient)), times(spread(run.update))]
        cells += [f"{times(100 * share, 2)}%" for share in (rest[0].item(), rest[-1].item())]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join([head, "|---" * 7 + "|", *rows])


def times(value: float, digits: int = 3) -> str:
    """A ratio for a sentence, in full where it is large."""
    return f"{value:,.0f}" if 10**digits - 0.5 <= value < 1e7 else fmt(value, digits)
