"""The contest of the optimizers of matrices as lines: their losses, and the singular values of their updates."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.optimizers.matrices import COLUMNS
from core.optimizers.matrices_runs import MatrixRun
from figures.axis import drawn, log_axis
from figures.optimizers.matrices import HEIGHT
from figures.optimizers.matrix_spread import LOWEST, relative, spread, times
from figures.optimizers.optimizer_style import look
from figures.picture import Picture
from figures.style import axes, numbers
from figures.words import fmt, plural


@cached
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
    frames = [{"data": [_cursor(values, t)], "traces": [cursor]} for t in moments]
    axes(figure, "step", "loss, log scale")
    log_axis(figure, np.concatenate(list(values.values())))
    figure.update_layout(height=HEIGHT)
    order = sorted(runs, key=lambda run: end_of(run))
    ends = ", ".join(f"{run.name} {fmt(run.loss[-1].item(), 3)}" for run in order)
    lost = "".join(
        f" {run.name} is lost after {plural(run.diverged_at)}." for run in runs if run.diverged_at is not None
    )
    caption = f"From {fmt(runs[0].loss[0].item(), 3)}, after {plural(max(run.steps for run in runs))}: {ends}.{lost}"
    table = pd.DataFrame({"step": range(max(len(run.loss) for run in runs))})
    table = table.join(pd.DataFrame({run.name: pd.Series(run.loss.tolist()) for run in runs}))
    return Picture(figure, caption, f"Line chart of the loss on a logarithmic scale. {caption}", table, frames=frames)


def _cursor(values: dict[str, np.ndarray], t: int) -> dict[str, list[float | None]]:
    """The marks in step t, one for each run: at the loss before it."""
    here = [(min(t - 1, len(loss) - 1), loss[min(t - 1, len(loss) - 1)]) for loss in values.values()]
    return {"x": [step for step, _ in here], "y": [None if np.isnan(loss) else float(loss) for _, loss in here]}


def end_of(run: MatrixRun) -> float:
    """The last loss, by which runs are ranked; infinite if the run is lost."""
    last = run.loss[-1].item()
    return last if np.isfinite(last) else float("inf")


@cached
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
    frames = [
        {
            "data": [{"y": sizes[run.name][min(t, run.steps) - 1]} for run in runs],
            "traces": list(range(len(runs))),
        }
        for t in moments
    ]
    axes(figure, "direction, the update's strongest first", "singular value ÷ largest")
    figure.update_yaxes(type="log", range=[LOWEST, 0.2], dtick=1, exponentformat="power")
    order = sorted(runs, key=lambda run: spread(run.update))
    said = ", ".join(f"{run.name} {times(spread(run.update))}" for run in order)
    caption = f"A flat line goes equally far in all directions. Strongest ÷ weakest in the median step: {said}."
    return Picture(
        figure, caption, f"Line chart of the singular values of each optimizer's update. {caption}", frames=frames
    )
