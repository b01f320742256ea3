"""A matrix and its optimizers: gradient, momentum and update with their singular values, and the losses."""

from functools import lru_cache

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from plotly.subplots import make_subplots
from torch import Tensor

from core.optimizers.matrix import COLUMNS, ROWS, Problem, problem
from core.optimizers.matrix_runs import MatrixRun, left_over, shape_factor, singular_values
from figures.optimizers.look import look
from figures.picture import Picture
from figures.style import BLUE, GREEN, KEPT_FIGURES, PURPLE, VERMILLION, axes, drawn, log_axis, numbers
from figures.words import counted, say

MOST_MOMENTS = 50
HEIGHT = 410
LOWEST = -6  # the power of ten at which the axis of singular values begins
AROUND_ZERO = ((0.0, BLUE), (0.5, "#e6e6e6"), (1.0, VERMILLION))
BARS = (BLUE, GREEN, PURPLE)


def moments_of(steps: int) -> list[int]:
    """The steps, counted from 1, that can be looked at; the last included."""
    stride = -(-steps // MOST_MOMENTS)
    return sorted({1, *range(stride, steps + 1, stride), steps})


def relative(matrices: Tensor) -> Tensor:
    """Singular values, each divided by the largest; shape (..., 12)."""
    sizes = singular_values(matrices)
    return sizes / sizes[..., :1].clamp(min=1e-300)


def spread(matrices: Tensor) -> float:
    """How many times the largest singular value is the smallest, in the median over the steps."""
    sizes = singular_values(matrices)
    ratio = sizes[:, 0] / sizes[:, -1].clamp(min=1e-300)
    ratio = ratio[torch.isfinite(ratio)]
    return ratio.median().item() if len(ratio) else float("nan")


@lru_cache(maxsize=KEPT_FIGURES)
def matrix_parts(found: MatrixRun, moments: tuple[int, ...]) -> Picture:
    """Gradient, momentum and update of one optimizer, one frame a moment."""
    parts = (found.gradient, found.memory, found.update)
    memory = "no momentum" if torch.equal(found.memory, found.gradient) else "momentum"
    titles = ("gradient", memory, "update")
    figure = make_subplots(rows=2, cols=3, subplot_titles=titles, row_heights=[0.58, 0.42], vertical_spacing=0.14)
    figure.update_layout(xaxis_title="column of W")
    heights = [numbers(relative(part)) for part in parts]
    colours = [_colours(part) for part in parts]
    for i in range(3):
        figure.add_heatmap(
            z=colours[i][0],
            zmin=-1,
            zmax=1,
            colorscale=AROUND_ZERO,
            showscale=False,
            hoverinfo="skip",
            row=1,
            col=i + 1,
        )
        bars = {"marker": {"color": BARS[i]}, "showlegend": False, "name": titles[i]}
        figure.add_bar(x=np.arange(1, COLUMNS + 1), y=drawn(heights[i][0]), **bars, row=2, col=i + 1)
    figure.frames = [
        {
            "name": str(number),
            "data": [
                trace
                for i in range(3)
                for trace in (
                    {"type": "heatmap", "z": colours[i][min(t, found.steps) - 1]},
                    {"type": "bar", "y": drawn(heights[i][min(t, found.steps) - 1])},
                )
            ],
            "traces": list(range(6)),
        }
        for number, t in enumerate(moments)
    ]
    figure.update_layout(height=HEIGHT, margin={"l": 10, "r": 10, "t": 40, "b": 10}, bargap=0.25)
    figure.update_xaxes(showticklabels=False, ticks="", title="column of W", row=1)
    figure.update_yaxes(showticklabels=False, ticks="", autorange="reversed", row=1)
    figure.update_yaxes(title="row of W", row=1, col=1)
    figure.update_xaxes(title="direction", dtick=3, row=2)
    figure.update_yaxes(type="log", range=[LOWEST, 0.2], dtick=2, exponentformat="power", row=2)
    figure.update_yaxes(title="singular value ÷ largest", row=2, col=1)
    for i in (2, 3):
        figure.update_yaxes(showticklabels=False, row=2, col=i)
    caption = _parts_caption(found)
    alt = f"Three heat maps of {ROWS} by {COLUMNS} numbers, each over a bar chart of its singular values. {caption}"
    return Picture(figure, caption, alt, _singular_table(found))


def _colours(matrices: Tensor) -> np.ndarray:
    """Each matrix divided by its largest entry, so that -1 to 1 is its scale."""
    largest = matrices.abs().amax(dim=(1, 2), keepdim=True).clamp(min=1e-300)
    return numbers(torch.where(torch.isfinite(matrices), matrices / largest, torch.nan))


def _parts_caption(found: MatrixRun) -> str:
    gradient, update = spread(found.gradient), spread(found.update)
    text = (
        "Blue is negative, orange positive, each map on a scale of its own. Bars on a log scale: how much the matrix "
        f"holds of each of {COLUMNS} directions, the strongest is 1. In the median step of this run the gradient's "
        f"strongest direction is {_times(gradient)} times the weakest, that of {found.name}'s update "
        f"{_times(update)} times."
    )
    lost = f" After {counted(found.lost_at)} a number is not finite: the run ends." if found.lost_at is not None else ""
    return text + lost


def _singular_table(found: MatrixRun) -> pd.DataFrame:
    columns: dict[str, object] = {"step": range(1, found.steps + 1)}
    for name, part in (("gradient", found.gradient), ("momentum", found.memory), ("update", found.update)):
        sizes = singular_values(part)
        columns |= {f"{name} {i + 1}": sizes[:, i].tolist() for i in (0, COLUMNS // 2, COLUMNS - 1)}
    return pd.DataFrame(columns)


@lru_cache(maxsize=KEPT_FIGURES)
def matrix_losses(runs: tuple[MatrixRun, ...], moments: tuple[int, ...]) -> Picture:
    """The loss of every optimizer, with a cursor; one frame a moment."""
    figure = go.Figure()
    values = {run.name: drawn(numbers(torch.where(run.loss < 1e30, run.loss, torch.nan))) for run in runs}
    for run in runs:
        style = look(run.name)
        line = {"color": style.color, "dash": style.dash, "width": 2.5}
        steps = np.arange(len(run.loss), dtype=np.int32)
        figure.add_scatter(x=steps, y=values[run.name], name=run.name, mode="lines", line=line)
    cursor = len(figure.data)
    symbols = [look(run.name).marker for run in runs]
    colours = [look(run.name).color for run in runs]
    marker = {"symbol": symbols, "color": colours, "size": 12, "line": {"color": "white", "width": 1.5}}
    figure.add_scatter(
        **_cursor(values, moments[0]), mode="markers", marker=marker, showlegend=False, name="you are here"
    )
    figure.frames = [{"name": str(i), "data": [_cursor(values, t)], "traces": [cursor]} for i, t in enumerate(moments)]
    axes(figure, "step", "loss, log scale")
    log_axis(figure, np.concatenate(list(values.values())))
    figure.update_layout(height=HEIGHT)
    order = sorted(runs, key=lambda run: _end(run))
    ends = ", ".join(f"{run.name} {say(run.loss[-1].item(), 3)}" for run in order)
    lost = "".join(f" {run.name} is lost after {counted(run.lost_at)}." for run in runs if run.lost_at is not None)
    caption = f"From {say(runs[0].loss[0].item(), 3)}, after {counted(max(run.steps for run in runs))}: {ends}.{lost}"
    table = pd.DataFrame({"step": range(max(len(run.loss) for run in runs))})
    table = table.join(pd.DataFrame({run.name: pd.Series(run.loss.tolist()) for run in runs}))
    return Picture(figure, caption, f"Line chart of the loss on a logarithmic scale. {caption}", table)


def _cursor(values: dict[str, np.ndarray], t: int) -> dict[str, list[float | None]]:
    """The marks in step t, one for each run: at the loss before it."""
    here = [(min(t - 1, len(loss) - 1), loss[min(t - 1, len(loss) - 1)]) for loss in values.values()]
    return {"x": [step for step, _ in here], "y": [None if np.isnan(loss) else float(loss) for _, loss in here]}


def _end(run: MatrixRun) -> float:
    last = run.loss[-1].item()
    return last if np.isfinite(last) else float("inf")


@lru_cache(maxsize=KEPT_FIGURES)
def spectra(runs: tuple[MatrixRun, ...], moments: tuple[int, ...]) -> Picture:
    """The singular values of every optimizer's update; one frame a moment."""
    figure, sizes = go.Figure(), {run.name: drawn(numbers(relative(run.update))) for run in runs}
    for run in runs:
        style = look(run.name)
        figure.add_scatter(
            x=np.arange(1, COLUMNS + 1),
            y=sizes[run.name][0],
            name=run.name,
            mode="lines+markers",
            line={"color": style.color, "dash": style.dash, "width": 2.5},
            marker={"symbol": style.marker, "size": 8},
        )
    figure.frames = [
        {
            "name": str(i),
            "data": [{"y": sizes[run.name][min(t, run.steps) - 1]} for run in runs],
            "traces": list(range(len(runs))),
        }
        for i, t in enumerate(moments)
    ]
    axes(figure, "direction, the update's strongest first", "singular value ÷ largest")
    figure.update_yaxes(type="log", range=[LOWEST, 0.2], dtick=1, exponentformat="power")
    order = sorted(runs, key=lambda run: spread(run.update))
    said = ", ".join(f"{run.name} {_times(spread(run.update))}" for run in order)
    caption = f"A flat line goes equally far in all directions. Strongest ÷ weakest in the median step: {said}."
    return Picture(figure, caption, f"Line chart of the singular values of each optimizer's update. {caption}")


def matrix_label(found: MatrixRun, t: int) -> str:
    """What the scrubber says in step t."""
    here = min(t, found.steps) - 1
    low, high = singular_values(found.update[here])[[-1, 0]].tolist()
    small, large = singular_values(found.gradient[here])[[-1, 0]].tolist()
    return (
        f"Step {t}: singular values of the gradient {say(large, 2)} to {say(small, 2)}, of {found.name}'s update "
        f"{say(high, 2)} to {say(low, 2)}."
    )


def contest_table(runs: tuple[MatrixRun, ...], condition: float, seed: int) -> str:
    """How far each optimizer got, the lowest loss first, as a table."""
    data = problem(condition, seed)
    rows = []
    for run in sorted(runs, key=_end):
        rest = left_over(run, data)
        rows.append(
            f"| {run.name} | {say(run.entry.lr)} | {say(run.loss[-1].item(), 3)} | {_times(spread(run.update))} | "
            f"{_percent(rest[0].item())} | {_percent(rest[-1].item())} |"
        )
    head = (
        "| optimizer | lr | loss at the end | its update: strongest ÷ weakest | to go in the strongest direction of A "
        "| to go in the weakest |"
    )
    return "\n".join([head, "|---|---|---|---|---|---|", *rows])


def gradient_words(found: MatrixRun, condition: float) -> str:
    """What the data do to the gradient in this run."""
    first = spread(found.gradient[:1])
    if condition == 1:
        reach = (
            "At κ = 1 the data A reach equally far in all directions; what spread the gradient has is the solution's"
        )
    else:
        reach = (
            f"The data A reach κ = {say(condition)} times further in their strongest direction than in their weakest"
        )
    left = ": a step along it leaves the weak directions nearly as they were" if first >= 100 else ""
    return f"{reach}. The first gradient's strongest direction is {_times(first)} times its weakest{left}."


def muon_words(muon: MatrixRun) -> str:
    """What Muon does to its gradients in this run."""
    return (
        "**Muon** takes the matrix as a whole and brings its singular values close to each other: in the median step "
        f"of its run the gradient's strongest is {_times(spread(muon.gradient))} times the weakest, the update's "
        f"{_times(spread(muon.update))} times."
    )


def weight_decay_words(muon: MatrixRun, data: Problem) -> str:
    """What the weight decay may do to W, and how large W is at the end of this run."""
    decay = muon.entry.weight_decay
    if not decay:
        return "Muon's weight decay is off here; by default it is 0.1."
    kept = (1 - muon.lr * decay).prod().item()
    default = ", by default," if decay == 0.1 else ""
    text = (
        f"Muon also takes lr·λ of W off in each step{default} with λ = {say(decay)}: over this run "
        f"a W without any gradient would lose {say(100 * (1 - kept), 3)} % of its size."
    )
    if muon.lost_at is not None:
        return text
    stretch = shape_factor(muon.entry) * singular_values(muon.update).max().item()
    if muon.entry.lr * decay <= 1:
        text += (
            f" No update of this run stretched by more than {say(stretch, 3)}·lr, so no singular value of W can exceed "
            f"{say(stretch, 3)}/λ = {say(stretch / decay, 3)}; the solution's largest is "
            f"{say(singular_values(data.solution)[0].item(), 3)}."
        )
    ratio = (muon.W.norm() / data.solution.norm()).item()
    return f"{text} At the end |W| is {say(ratio, 5)} times |solution|."


def _percent(share: float) -> str:
    return f"{_times(100 * share, 2)} %" if share < 1e4 else "lost"


def _times(value: float, digits: int = 3) -> str:
    """A ratio for a sentence, in full where it is large."""
    return f"{value:,.0f}" if 100 <= value < 1e7 else say(value, digits)
