"""The loss against updates, and the network's answers against the true sums; both move through the run."""

import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.training_loop.addition import sums_along_the_diagonal
from core.training_loop.health import all_finite
from core.training_loop.run import Run
from core.training_loop.settings import TrainingLoopSettings
from figures.axis import decades
from figures.picture import Picture
from figures.style import BLUE, GREY, VALIDATION, VERMILLION, axes, numbers
from figures.training_loop.trouble import DIVERGED
from figures.words import fmt

MANY = 2000  # updates, from which on the graphics card draws the line


@cached
def losses(run: Run) -> Picture:
    """Every batch's loss, the mean of each epoch, the validation loss; one frame a snapshot."""
    figure = _batch_losses(run)
    ends = [run.per_epoch * (i + 1) for i in range(len(run.epoch_sums))]
    middles, line = [end - run.per_epoch / 2 for end in ends], {"color": BLUE, "width": 3}
    figure.add_scatter(x=middles, y=run.epoch_means, name="mean of an epoch", mode="lines+markers", line=line)
    here = {"color": VERMILLION, "size": 15, "symbol": "diamond", "line": {"color": "white", "width": 2}}
    figure.add_scatter(**_cursor(run, 0), name="you are here", mode="markers", marker=here)
    if run.validation_losses:
        style = {"line": VALIDATION | {"width": 3}, "marker": {"symbol": "square", "size": 7}}
        figure.add_scatter(x=ends, y=list(run.validation_losses), name="validation", mode="lines+markers", **style)
    if run.diverged_at:
        label = {"annotation_text": "diverged", "annotation_position": "top right"}
        figure.add_vline(x=run.diverged_at, line={"color": GREY, "dash": "dash"}, **label)
    means = [fmt(mean) if all_finite(mean) else "not finite" for mean in run.epoch_means]
    ends_at = [f"{mean} in epoch {run.first_epoch + i}" for i, mean in enumerate(means)]
    means = " and ".join(ends_at[:1] + ends_at[1:][-1:]) or "no epoch is finished"
    caption = f"Thin line: the loss of each batch before its update. Dots: the mean of each epoch; {means}."
    alt = f"Line chart of the loss on a logarithmic scale, with a diamond at the chosen update. {caption}"
    frames = [{"data": [_cursor(run, i)], "traces": [2]} for i in range(len(run.snapshots))]
    return Picture(figure, caption, alt, epoch_table(run), frames)


def losses_so_far(run: Run) -> Picture:
    """Every batch's loss of a run that is still going on; light enough to be drawn again and again."""
    figure = _batch_losses(run).update_xaxes(range=[0, run.per_epoch * run.settings.num_epochs])
    caption = f"The loss of every batch so far; update {run.updates:,}: {fmt(run.batch_losses[-1].item())}."
    return Picture(figure, caption, f"Line chart of the loss against updates. {caption}")


def _batch_losses(run: Run) -> go.Figure:
    line = go.Scattergl if run.updates > MANY else go.Scatter
    updates = torch.arange(1, run.updates + 1, dtype=torch.int32).numpy()
    style = {"name": "each batch", "mode": "lines", "line": {"color": BLUE, "width": 1}}
    unit = "squared units" if isinstance(run.settings, TrainingLoopSettings) else "squared spreads of the target"
    figure = go.Figure(line(x=updates, y=numbers(run.batch_losses), **style))
    axes(figure, "update", f"loss ({unit if run.y.is_floating_point() else 'nats'}, log scale)")
    return decades(figure, run.batch_losses)


def _cursor(run: Run, index: int) -> dict[str, list]:
    """Where the reader stands: at the batch that the next update will see, or at the last one."""
    place = min(run.snapshots[index].update, run.updates - 1)
    return {"x": [place + 1], "y": [run.batch_losses[place].item()]}


def epoch_table(run: Run) -> pd.DataFrame:
    """One row an epoch."""
    epochs = range(run.first_epoch, run.first_epoch + len(run.epoch_sums))
    rows = {"epoch": epochs, "sum of batch losses": list(run.epoch_sums), "mean batch loss": run.epoch_means}
    validation = {"validation loss": list(run.validation_losses)} if run.validation_losses else {}
    return pd.DataFrame(rows | validation)


@cached
def answers(run: Run) -> Picture:
    """What the network answers against the true sums; points on the grey line are right. One frame a snapshot."""
    sums, inside, said = sums_along_the_diagonal(run)
    figure, right = go.Figure(), {"mode": "lines", "line": {"color": GREY, "width": 3}}
    figure.add_scatter(x=numbers(sums), y=numbers(sums), name="right", **right)
    kinds = ((inside, "numbers it trained on", BLUE, "circle"), (~inside, "numbers it never saw", VERMILLION, "x"))
    for mask, name, color, symbol in kinds:
        marker = {"color": color, "size": 9, "symbol": symbol}
        figure.add_scatter(x=numbers(sums[mask]), y=numbers(said[0][mask]), name=name, mode="markers", marker=marker)
    shown = torch.cat([sums, said[-1]])
    shown = shown[torch.isfinite(shown) & (shown.abs() < 20 * sums.abs().max())]
    margin = 0.08 * (shown.max() - shown.min()).item()
    bounds = [shown.min().item() - margin, shown.max().item() + margin]
    axes(figure, "true sum a + b (pairs with a = b)", "the network's answer", yaxis_range=bounds)
    errors = (said[-1] - sums).abs()
    columns = {"true sum": sums, "trained on": inside, "answer at the end": said[-1], "error at the end": errors}
    table = pd.DataFrame({name: values.numpy() for name, values in columns.items()})
    low, high = run.settings.data_low, run.settings.data_high - 1
    parts = (inside, ~inside & (sums < 2 * low), ~inside & (sums > 2 * high))
    seen, below, above = (fmt(errors[part].max().item(), 3) for part in parts)
    end = (
        f"At the end the largest error is {seen} for the numbers {fmt(low)} to {fmt(high)}, which it trained on, "
        f"{below} for those below ({fmt(sums.min().item() / 2)} and up) and {above} for those above."
    )
    caption = f"On the grey line an answer is right. {end if all_finite(errors) else DIVERGED}"
    frames = [{"data": [{"y": numbers(row[inside])}, {"y": numbers(row[~inside])}], "traces": [1, 2]} for row in said]
    return Picture(figure, caption, "Answers of the network against the true sums. " + caption, table, frames)
