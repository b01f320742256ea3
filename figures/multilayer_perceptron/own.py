"""Your points: how the loss falls, what the plane shows, and one point's loss as arithmetic."""

import math

import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.multilayer_perceptron.own import all_right_since, last_sum, n_right
from core.multilayer_perceptron.watch import Run
from core.points import Point
from figures.axis import decades
from figures.multilayer_perceptron.watch import UNITS, cursor, outcome
from figures.picture import Picture
from figures.style import BLUE, GREY, HERE, axes, numbers
from figures.words import bracketed, fmt, plural
from figures.words import point as typeset_point

ALL = ("train_loss",)  # all points are for training


@cached
def fit(run: Run) -> Picture:
    """The loss over all points after each epoch; one frame a moment."""
    losses, figure = run.curve("train_loss"), go.Figure()
    epochs = torch.arange(run.epochs + 1, dtype=torch.int32).numpy()
    line = {"color": BLUE, "width": 3}
    figure.add_scatter(x=epochs, y=numbers(losses), name="all points", mode="lines", line=line)
    figure.add_scatter(**cursor(run, -1, ALL), name="you are here", mode="markers", marker=HERE)
    decades(axes(figure, "epoch", f"loss ({UNITS[run.settings.loss]}, log scale)"), losses)
    figure.update_layout(height=300)
    if run.diverged_at is not None:
        at = run.epoch_at(run.diverged_at)
        figure.add_vline(x=at, line={"color": GREY, "dash": "dash"}, annotation_text="diverged")
    frames = [{"data": [cursor(run, i, ALL)], "traces": [1]} for i in range(len(run.updates))]
    table = pd.DataFrame({"epoch": epochs, "loss": losses.numpy(), "points on the right side": n_right(run)})
    caption = fitted(run)
    return Picture(figure, caption, f"Line chart of the loss against epochs, log scale. {caption}", table, frames)


def fitted(run: Run) -> str:
    """How many points are on the right side at the end, and since when if it is all of them."""
    if run.diverged_at is not None:
        return outcome(run)
    right, since, n = n_right(run)[-1], all_right_since(run), run.data.n_train
    loss = f"the loss ends at {fmt(run.curve('train_loss')[-1].item())}"
    if since is None:
        return f"At the end {right} of {n} points are on the right side of the border; {loss}."
    every = "both" if n == 2 else f"all {n}"
    return f"From epoch {since} on {every} points are on the right side of the border; {loss}."


def moment(run: Run, index: int) -> str:
    """What a recorded moment is, and how many points were on the right side after its last whole epoch."""
    update = run.updates[index]
    epoch = update // run.per_epoch
    said = f"Epoch {run.epoch_at(update):.4g} of {run.epochs:,}" if update else "Before the first update"
    if epoch * run.per_epoch != update:
        return f"{said} (update {update:,})"
    loss = fmt(run.curve("train_loss")[epoch].item())
    return f"{said}: loss {loss}, {n_right(run)[epoch]} of {run.data.n_train} points on the right side"


def canvas_caption(points: list[Point]) -> str:
    """How to read the plane, and how to set points by the keyboard."""
    ones = sum(p.y for p in points)
    return (
        f"{plural(len(points) - ones, 'point')} of class 0 (circles), {ones} of class 1 (crosses); the tint is the "
        "network's answer, and on the thick line it is undecided. With the keyboard, arrows move a cross-hair, Enter "
        "adds, Delete removes."
    )


def first_point(run: Run, points: list[Point]) -> str:
    """The loss of the first point at the end, computed from the sum as it is shown; empty after divergence."""
    z = last_sum(run, 0)
    if run.diverged_at is not None or not math.isfinite(z):
        return ""
    z, first = float(f"{z:.4f}"), points[0]
    sum_, target = torch.tensor(z, dtype=torch.float64), 2 * first.y - 1
    shown, minus = fmt(z, decimals=4), fmt(-z, decimals=4)
    said = f"At the end the sum for the first point {typeset_point(first[:2])}, of class {first.y}, is {shown}"
    if run.settings.loss == "squared":
        answer = float(f"{torch.tanh(sum_).item():.4f}")
        loss = f"½ ({fmt(answer, decimals=4)} − {bracketed(target)})² = **{fmt(0.5 * (answer - target) ** 2)}**"
        return f"{said}, so it answers tanh({shown}) = {fmt(answer, decimals=4)}, and its loss is {loss}."
    p, loss = torch.sigmoid(sum_).item(), torch.nn.functional.softplus(-target * sum_).item()
    return (
        f"{said}, so its probability of class 1 is 1 / (1 + e^({minus})) = {p:.4f}, and its loss is "
        f"ln(1 + e^({minus if target > 0 else shown})) = **{fmt(loss)}**."
    )
