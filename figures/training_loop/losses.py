"""Loss against updates, with a cursor that moves through the run."""

import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.training_loop.record import Run
from core.training_loop.settings import TrainingLoopSettings
from figures.axis import decades
from figures.picture import Picture
from figures.style import BLUE, GREY, SEQUENCE, VALIDATION, VERMILLION, axes, numbers


@cached
def losses(run: Run) -> Picture:
    """Every batch's loss, the mean of each epoch, the validation loss; one frame a recorded moment."""
    updates = torch.arange(1, run.updates + 1, dtype=torch.int32).numpy()
    ends = [run.per_epoch * (i + 1) for i in range(len(run.epoch_sums))]
    middles = [end - run.per_epoch / 2 for end in ends]
    means = [total / run.per_epoch for total in run.epoch_sums]
    line = go.Scattergl if run.updates > 2000 else go.Scatter
    figure = go.Figure(
        [
            line(
                x=updates,
                y=numbers(run.batch_losses),
                name="each batch",
                mode="lines",
                line={"color": BLUE, "width": 1},
            ),
            go.Scatter(
                x=middles,
                y=means,
                name="mean of an epoch",
                mode="lines+markers",
                line={"color": BLUE, "width": 3},
                marker={"size": 8},
            ),
            go.Scatter(
                **_cursor(run, 0),
                name="you are here",
                mode="markers",
                marker={"color": VERMILLION, "size": 15, "symbol": "diamond", "line": {"color": "white", "width": 2}},
            ),
        ]
    )
    if run.validation_losses:
        figure.add_scatter(
            x=ends,
            y=list(run.validation_losses),
            name="validation",
            mode="lines+markers",
            line={"color": VALIDATION["color"], "dash": VALIDATION["dash"], "width": 3},
            marker={"symbol": "square", "size": 7},
        )
    frames = [{"data": [_cursor(run, i)], "traces": [2]} for i in range(len(run.moments))]
    if run.diverged_at:
        figure.add_vline(x=run.diverged_at, line={"color": GREY, "dash": "dash"})
        figure.add_annotation(
            x=run.diverged_at, y=1, yref="paper", text="diverged", showarrow=False, xanchor="left", xshift=4
        )
    axes(figure, "update", f"loss ({_unit(run)}, log scale)")
    decades(figure, run.batch_losses)
    return Picture(figure, _caption(run), _alt(run), _table(run), frames=frames)


def losses_so_far(run: Run) -> Picture:
    """Every batch's loss of a run that is still going on; light enough to be drawn again and again."""
    figure = go.Figure(go.Scatter(y=numbers(run.batch_losses), mode="lines", line={"color": BLUE, "width": 1}))
    axes(figure, "update", f"loss ({_unit(run)}, log scale)")
    decades(figure, run.batch_losses)
    figure.update_xaxes(range=[0, run.per_epoch * run.settings.num_epochs])
    caption = f"The loss of every batch so far; the last of {run.updates:,} is {run.batch_losses[-1].item():,.4g}."
    return Picture(figure, caption, f"Line chart of the loss against updates. {caption}")


def _unit(run: Run) -> str:
    if not run.samples.targets.is_floating_point():
        return "nats"
    return "squared units" if isinstance(run.settings, TrainingLoopSettings) else "squared spreads of the target"


def _cursor(run: Run, index: int) -> dict[str, list]:
    """Where the reader stands: at the batch that the next update will see, or at the last one."""
    place = min(run.moments[index].update, run.updates - 1)
    return {"x": [place + 1], "y": [run.batch_losses[place].item()]}


def _caption(run: Run) -> str:
    if not run.updates:
        return "No update has been done yet (0 of the run)."
    first, last = run.batch_losses[0].item(), run.batch_losses[-1].item()
    dots = f"Dots: the mean of each epoch ({_counted(run.per_epoch, 'update')}). " if run.epoch_sums else ""
    best = f" On the validation set it ends at {run.validation_losses[-1]:.4g}." if run.validation_losses else ""
    return (
        f"Thin line: the loss of each of {_counted(run.updates, 'batch', 'batches')}, before its update. {dots}"
        f"The scale is logarithmic: equal heights are equal ratios. From {first:,.4g} at the first batch to "
        f"{last:,.4g} at the last.{best}"
    )


def _counted(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def _alt(run: Run) -> str:
    return (
        f"Line chart of the loss on a logarithmic scale against {run.updates:,} updates in "
        f"{len(run.epoch_sums)} epochs, with a diamond at the chosen moment. " + _caption(run)
    )


def _table(run: Run) -> pd.DataFrame:
    rows = {
        "epoch": [run.first_epoch + i for i in range(len(run.epoch_sums))],
        "sum of batch losses": list(run.epoch_sums),
        "mean batch loss": [total / run.per_epoch for total in run.epoch_sums],
    }
    if run.validation_losses:
        rows["validation loss"] = list(run.validation_losses)
    return pd.DataFrame(rows)


def compared(runs: dict[str, Run]) -> Picture:
    """The epochs' mean losses of several runs, each with a colour, dash and marker of its own."""
    figure = go.Figure()
    for width, ((name, run), (color, dash, marker)) in zip(
        (8, 6.5, 5, 3.5, 2), zip(runs.items(), SEQUENCE, strict=False), strict=False
    ):  # later lines are thinner, so that none hides an equal one
        means = [total / run.per_epoch for total in run.epoch_sums]
        figure.add_scatter(
            x=[run.first_epoch + i for i in range(len(means))],
            y=means,
            name=name,
            mode="lines+markers",
            line={"color": color, "dash": dash, "width": width},
            marker={"symbol": marker, "size": 6 + width},
        )
    axes(figure, "epoch", "mean batch loss (squared units, log scale)")
    decades(figure, [y for trace in figure.data for y in trace.y])
    figure.update_layout(height=400, legend={"orientation": "v", "y": -0.25, "yanchor": "top"})
    ends = ", ".join(f"{name}: {_last(run)}" for name, run in runs.items())
    caption = f"Mean batch loss of each epoch; lower is better. In the last epoch, {ends}."
    return Picture(
        figure, caption, f"Line chart with one line for each of {len(runs)} runs. {caption}", _compared_table(runs)
    )


def _last(run: Run) -> str:
    return f"{run.epoch_sums[-1] / run.per_epoch:.4g}" if run.epoch_sums else "no whole epoch"


def _compared_table(runs: dict[str, Run]) -> pd.DataFrame:
    return pd.concat([_table(run).assign(run=name) for name, run in runs.items()], ignore_index=True)
