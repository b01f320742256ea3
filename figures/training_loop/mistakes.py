"""Several runs side by side: the loops with a mistake, or the runs that a reader has pinned."""

import pandas as pd
import plotly.graph_objects as go

from core.training_loop.run import Run, lowest_at_the_end
from figures.axis import decades
from figures.picture import Picture
from figures.style import SEQUENCE, axes
from figures.training_loop.watch import epoch_table
from figures.words import fmt, listed, plural

WIDTHS = (8, 6.5, 5, 3.5, 2)  # later lines are thinner, so that none hides an equal one


def compared(runs: dict[str, Run]) -> Picture:
    """The epochs' mean losses of several runs, each with a colour, dash and marker of its own."""
    figure = go.Figure()
    for (name, run), (color, dash, marker), width in zip(runs.items(), SEQUENCE, WIDTHS, strict=False):
        epochs = [run.first_epoch + i for i in range(len(run.epoch_sums))]
        line, mark = {"color": color, "dash": dash, "width": width}, {"symbol": marker, "size": 6 + width}
        figure.add_scatter(x=epochs, y=run.epoch_means, name=name, mode="lines+markers", line=line, marker=mark)
    few = max((len(run.epoch_sums) for run in runs.values()), default=0) <= 10
    axes(figure, "epoch", "mean batch loss (squared units, log scale)", xaxis_dtick=1 if few else None, showlegend=True)
    decades(figure, [y for trace in figure.data for y in trace.y])
    figure.update_layout(height=400, legend={"orientation": "v", "y": -0.25, "yanchor": "top"})
    best, loss = lowest_at_the_end(runs)
    end = f"{listed(best)} with {fmt(loss)}" if best else "none, since no run has ended with a finite loss"
    caption = f"Mean batch loss of each epoch, for {plural(len(runs), 'run')}. Lowest in its last epoch: {end}."
    table = pd.concat([epoch_table(run).assign(run=name) for name, run in runs.items()], ignore_index=True)
    return Picture(figure, caption, f"Line chart with one line a run. {caption}", table)


def outcome(run: Run) -> str:
    """How a run ended, with the number that its program prints last."""
    if run.diverged_at:
        return f"diverged at update {run.diverged_at:,}."
    if not run.epoch_sums:
        return "no epoch is finished."
    return f"the batch losses of the last epoch add up to {run.epoch_sums[-1]:.5f}."
