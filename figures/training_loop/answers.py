"""What the network answers against the true sums, moment by moment."""

import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.training_loop.addition import sums_along_the_diagonal
from core.training_loop.record import Run
from figures.picture import Picture
from figures.style import BLUE, GREY, VERMILLION, axes, numbers


@cached
def answers(run: Run) -> Picture:
    """Points on the grey line are right; one frame a recorded moment."""
    sums, inside, said = sums_along_the_diagonal(run)
    figure = go.Figure(
        [
            go.Scatter(x=numbers(sums), y=numbers(sums), name="right", mode="lines", line={"color": GREY, "width": 3}),
            go.Scatter(
                x=numbers(sums[inside]),
                y=numbers(said[0][inside]),
                name="numbers it trained on",
                mode="markers",
                marker={"color": BLUE, "size": 9},
            ),
            go.Scatter(
                x=numbers(sums[~inside]),
                y=numbers(said[0][~inside]),
                name="numbers it never saw",
                mode="markers",
                marker={"color": VERMILLION, "size": 9, "symbol": "x"},
            ),
        ]
    )
    frames = [{"data": [{"y": numbers(row[inside])}, {"y": numbers(row[~inside])}], "traces": [1, 2]} for row in said]
    shown = torch.cat([sums, said[-1]])
    shown = shown[torch.isfinite(shown) & (shown.abs() < 20 * sums.abs().max())]
    margin = 0.08 * (shown.max() - shown.min()).item()
    axes(
        figure,
        "true sum a + b (of pairs a = b)",
        "the network's answer",
        yaxis_range=[shown.min().item() - margin, shown.max().item() + margin],
    )
    table = pd.DataFrame(
        {"true sum": numbers(sums), "trained on": inside.numpy(), "answer at the end": numbers(said[-1])}
    )
    caption = _caption(run, sums, inside, said)
    return Picture(figure, caption, "Answers of the network against the true sums. " + caption, table, frames=frames)


def _caption(run: Run, sums: torch.Tensor, inside: torch.Tensor, said: torch.Tensor) -> str:
    errors = (said - sums).abs()
    start, end, outside = errors[0][inside].mean(), errors[-1][inside].mean(), errors[-1][~inside].mean()
    how = "On the grey line an answer is right."
    if not torch.isfinite(end):
        return f"{how} At the end of these {run.updates:,} updates the network answers no number at all (NaN)."
    before = "before training" if not run.first_epoch else "before these epochs"
    change = "falls" if end < start else "rises"
    return (
        f"{how} For pairs of equal numbers as it trained on, the mean error {change} from {start:.3g} {before} to "
        f"{end:.3g} at the end; for numbers it never saw, it ends at {outside:.3g}."
    )
