"""A network that learns for long: losses and shares of right answers over the epochs."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.cache import cached
from core.generalization.training import N_VALIDATION, Training
from figures.axis import drawn, log_axis
from figures.picture import Picture
from figures.style import GREEN, GREY, HOLDOUT, TRAIN, VALIDATION, axes
from figures.words import fmt, plural

HEIGHT = 400
VALIDATION_TRACES = (1, 2)  # of the losses, and the mark, which a guess is about
MARK = {"color": GREEN, "size": 13, "symbol": "diamond", "line": {"color": "white", "width": 2}}


def _lines(figure: go.Figure, lines: dict[str, tuple[np.ndarray, dict[str, str]]]) -> list[dict]:
    """One line each, a mark on all of them, and the frames that move it."""
    for name, (values, line) in lines.items():
        x = np.arange(len(values), dtype=np.int32)
        figure.add_scatter(x=x, y=values, name=name, mode="lines", line=line | {"width": 3})
    all_values = [values.tolist() for values, _ in lines.values()]
    marks = [
        {"x": [epoch] * len(lines), "y": [None if y != y else y for y in ys]}
        for epoch, ys in enumerate(zip(*all_values, strict=True))
    ]
    figure.add_scatter(**marks[0], name="this epoch", mode="markers", marker=MARK, showlegend=False)
    return [{"traces": [len(lines)], "data": [mark]} for mark in marks]


def _stop_line(figure: go.Figure, run: Training) -> None:
    figure.add_vline(x=run.stop, line={"color": GREY, "width": 2, "dash": "dot"}, annotation_text="stop here")


def _at_stop(run: Training) -> str:
    return f"after {plural(run.stop, 'epoch')}" if run.stop else "before the first epoch"


@cached
def losses(run: Training, stop: bool = True) -> Picture:
    """Training and validation loss.

    Args:
        stop: whether the epoch of the smallest validation loss is marked, which a guess is about.
    """
    figure = go.Figure()
    train, validation = (drawn(values.numpy()) for values in run.loss)
    frames = _lines(figure, {"training": (train, TRAIN), "validation": (validation, VALIDATION)})
    axes(figure, "epoch", "loss (nats), log scale").update_layout(height=HEIGHT)
    log_axis(figure, np.concatenate([train, validation]))
    if stop:
        _stop_line(figure, run)
    ends = [fmt(run.loss[i, -1].item(), 3) for i in (0, 1)]
    caption = (
        f"Loss: mean cross-entropy, small where the given label gets a high probability. That of the validation "
        f"images is smallest {_at_stop(run)}, {fmt(run.loss[1, run.stop].item(), 3)}; at the end it is {ends[1]}, and "
        f"{ends[0]} in training."
    )
    if run.diverged:
        caption = "A loss was no longer finite: the training diverged. Try a smaller learning rate."
    return Picture(figure, caption, f"Two lines: losses over the epochs. {caption}", epoch_table(run), frames)


@cached
def right_answers(run: Training) -> Picture:
    """Shares of right answers on training, validation and holdout images."""
    figure = go.Figure()
    names, lines = ("training", "validation", "holdout"), (TRAIN, VALIDATION, HOLDOUT)
    pairs = zip(names, run.accuracy, lines, strict=True)
    frames = _lines(figure, {name: (values.numpy(), line) for name, values, line in pairs})
    axes(figure, "epoch", "share of right answers").update_layout(height=HEIGHT)
    figure.update_yaxes(range=[0, 1.03], tickformat=".0%")
    _stop_line(figure, run)
    train, _, holdout = (values[-1].item() for values in run.accuracy)
    caption = (
        f"At the end {train:.1%} of the {run.settings.n_samples} training labels are learned, and {holdout:.1%} of "
        f"{run.n_holdout:,} holdout images are right; at the stop, {run.accuracy[2, run.stop]:.1%} were."
    )
    if run.settings.label_noise:
        caption += " Validation labels are random as often, holdout labels never."
    return Picture(figure, caption, f"Three lines: right answers over the epochs. {caption}", None, frames)


def epoch_table(run: Training) -> pd.DataFrame:
    """One row an epoch."""
    columns = {"training loss": run.loss[0], "validation loss": run.loss[1]}
    names = ("training right", "validation right", "holdout right")
    columns |= dict(zip(names, run.accuracy, strict=True))
    return pd.DataFrame({"epoch": range(run.loss.shape[1])} | {name: v.numpy() for name, v in columns.items()})


def labels(run: Training) -> list[str]:
    """What to say at each epoch."""
    rows = zip(run.loss[0].tolist(), run.loss[1].tolist(), run.accuracy[2].tolist(), strict=True)
    return [
        f"Epoch {epoch}: loss {fmt(a, 3)} in training, {fmt(b, 3)} in validation; {share:.1%} of holdout images right"
        for epoch, (a, b, share) in enumerate(rows)
    ]


def guess_words(run: Training) -> str:
    """When the network was best, and what going on has cost."""
    if run.diverged:
        return "The training diverged."
    at_stop, at_end = (run.accuracy[2, epoch].item() for epoch in (run.stop, -1))
    return (
        f"The validation loss was smallest {_at_stop(run)}. There {at_stop:.1%} of the holdout "
        f"images were right, at the end {at_end:.1%}."
    )


def by_hand(run: Training) -> str:
    """The share of right answers in validation where the training would stop."""
    right, text = round(run.accuracy[1, run.stop].item() * N_VALIDATION), _at_stop(run)
    return (
        f"{text[0].upper()}{text[1:]} the network names {right} of {N_VALIDATION} validation labels: {right} / "
        f"{N_VALIDATION} = **{right / N_VALIDATION:.4g}**. {run.n_wrong} of the {run.settings.n_samples} training "
        "labels are not the true ones."
    )
