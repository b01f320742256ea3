"""The loss against updates, and the network's answers against the true sums; both move through the run."""

import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.training_loop.addition import sums_along_the_diagonal
from core.training_loop.run import Run
from core.training_loop.settings import TrainingLoopSettings
from figures.axis import decades
from figures.picture import Picture
from figures.style import BLUE, GREY, VALIDATION, VERMILLION, axes, numbers
from figures.words import fmt

MANY = 2000  # updates, from which on the graphics card draws the line


@cached
def losses(run: Run) -> Picture:
    """Every batch's loss, the mean of each epoch, the validation loss; one frame a snapshot."""
    ends = [run.per_epoch * (i + 1) for i in range(len(run.epoch_sums))]
    figure = go.Figure([_batches(run)])
    figure.add_scatter(
        x=[end - run.per_epoch / 2 for end in ends],
        y=run.epoch_means,
        name="mean of an epoch",
        mode="lines+markers",
        line={"color": BLUE, "width": 3},
        marker={"size": 8},
    )
    figure.add_scatter(
        **_cursor(run, 0),
        name="you are here",
        mode="markers",
        marker={"color": VERMILLION, "size": 15, "symbol": "diamond", "line": {"color": "white", "width": 2}},
    )
    if run.validation_losses:
        figure.add_scatter(
            x=ends,
            y=list(run.validation_losses),
            name="validation",
            mode="lines+markers",
            line=VALIDATION | {"width": 3},
            marker={"symbol": "square", "size": 7},
        )
    if run.diverged_at:
        figure.add_vline(x=run.diverged_at, line={"color": GREY, "dash": "dash"})
        figure.add_annotation(
            x=run.diverged_at, y=1, yref="paper", text="diverged", showarrow=False, xanchor="left", xshift=4
        )
    frames = [{"data": [_cursor(run, i)], "traces": [2]} for i in range(len(run.snapshots))]
    axes(figure, "update", f"loss ({_unit(run)}, log scale)")
    decades(figure, run.batch_losses)
    caption = (
        f"Thin line: the loss of each batch before its update. Dots: the mean of each epoch{_means_in_words(run)}."
    )
    alt = f"Line chart of the loss on a logarithmic scale, with a diamond at the chosen update. {caption}"
    return Picture(figure, caption, alt, epoch_table(run), frames)


def losses_so_far(run: Run) -> Picture:
    """Every batch's loss of a run that is still going on; light enough to be drawn again and again."""
    figure = go.Figure([_batches(run)])
    axes(figure, "update", f"loss ({_unit(run)}, log scale)")
    decades(figure, run.batch_losses)
    figure.update_xaxes(range=[0, run.per_epoch * run.settings.num_epochs])
    caption = f"The loss of every batch so far; update {run.updates:,}: {fmt(run.batch_losses[-1].item())}."
    return Picture(figure, caption, f"Line chart of the loss against updates. {caption}")


def _batches(run: Run) -> go.Scatter | go.Scattergl:
    line = go.Scattergl if run.updates > MANY else go.Scatter
    updates = torch.arange(1, run.updates + 1, dtype=torch.int32).numpy()
    style = {"name": "each batch", "mode": "lines", "line": {"color": BLUE, "width": 1}}
    return line(x=updates, y=numbers(run.batch_losses), **style)


def _unit(run: Run) -> str:
    if not run.y.is_floating_point():
        return "nats"
    return "squared units" if isinstance(run.settings, TrainingLoopSettings) else "squared spreads of the target"


def _cursor(run: Run, index: int) -> dict[str, list]:
    """Where the reader stands: at the batch that the next update will see, or at the last one."""
    place = min(run.snapshots[index].update, run.updates - 1)
    return {"x": [place + 1], "y": [run.batch_losses[place].item()]}


def _means_in_words(run: Run) -> str:
    if not run.epoch_sums:
        return ", of which none is finished"
    first, last = (
        f"{fmt(run.epoch_means[i])} in epoch {range(len(run.epoch_sums))[i] + run.first_epoch}" for i in (0, -1)
    )
    return f", {first}" + (f" and {last}" if len(run.epoch_sums) > 1 else "")


def epoch_table(run: Run) -> pd.DataFrame:
    """One row an epoch."""
    validation = {"validation loss": list(run.validation_losses)} if run.validation_losses else {}
    rows = {
        "epoch": [run.first_epoch + i for i in range(len(run.epoch_sums))],
        "sum of batch losses": list(run.epoch_sums),
        "mean batch loss": run.epoch_means,
    }
    return pd.DataFrame(rows | validation)


@cached
def answers(run: Run) -> Picture:
    """What the network answers against the true sums; points on the grey line are right. One frame a snapshot."""
    sums, inside, said = sums_along_the_diagonal(run)
    figure = go.Figure()
    figure.add_scatter(x=numbers(sums), y=numbers(sums), name="right", mode="lines", line={"color": GREY, "width": 3})
    kinds = ((inside, "numbers it trained on", BLUE, "circle"), (~inside, "numbers it never saw", VERMILLION, "x"))
    for mask, name, color, symbol in kinds:
        marker = {"color": color, "size": 9, "symbol": symbol}
        figure.add_scatter(x=numbers(sums[mask]), y=numbers(said[0][mask]), name=name, mode="markers", marker=marker)
    frames = [{"data": [{"y": numbers(row[inside])}, {"y": numbers(row[~inside])}], "traces": [1, 2]} for row in said]
    shown = torch.cat([sums, said[-1]])
    shown = shown[torch.isfinite(shown) & (shown.abs() < 20 * sums.abs().max())]
    margin = 0.08 * (shown.max() - shown.min()).item()
    bounds = [shown.min().item() - margin, shown.max().item() + margin]
    axes(figure, "true sum a + b (of pairs a = b)", "the network's answer", yaxis_range=bounds)
    errors = (said[-1] - sums).abs()
    table = pd.DataFrame(
        {
            "true sum": numbers(sums),
            "trained on": inside.numpy(),
            "answer at the end": numbers(said[-1]),
            "error at the end": numbers(errors),
        }
    )
    caption = (
        f"On the grey line an answer is right. At the end the largest error is {fmt(errors[inside].max().item(), 3)} "
        f"for pairs as it trained on, and {fmt(errors[~inside].max().item(), 3)} for numbers it never saw."
    )
    return Picture(figure, caption, "Answers of the network against the true sums. " + caption, table, frames)
