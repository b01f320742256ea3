"""Watch it learn: the course's run, recorded and scrubbed."""

from math import isfinite

import streamlit as st

from core.settings import defaults
from core.training_loop.addition import answer
from core.training_loop.data import NumberSumDataset
from core.training_loop.record import Run
from core.training_loop.settings import TrainingLoopSettings
from figures.training_loop.answers import answers
from figures.training_loop.losses import losses
from pages.training_loop import keep, pinned
from pages.training_loop.runs import knobs, program_of, run_on_screen, time_slider
from ui.chart import chart
from ui.controls import Controls
from ui.prediction import prediction
from ui.worked_step import worked_step


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        knobs(controls)
        _presets(controls)
    with picture:
        run = run_on_screen(controls)
        if run is None:
            return
        time_slider(controls, run, ["losses", "answers"])
        one, two = st.columns(2)
        with one:
            chart(losses(run), "losses")
        with two:
            chart(answers(run), "answers")
    first, second = st.columns(2, gap="large")
    with first:
        _printed(run)
    with second:
        _guess(run)
        st.markdown(
            "**Find out by moving the controls.** Which is the largest learning rate at which the loss still falls? "
            "What happens to the jagged line when the batch gets larger, and what does that cost in epochs? "
            "How few hidden units are enough to add?"
        )
    pinned.show(controls, run)
    program_of(run.settings, run)
    keep.show(controls, run)


def _presets(controls: Controls) -> None:
    usual = defaults(TrainingLoopSettings)
    with st.container(horizontal=True):
        controls.preset("The course's run", "Adam, lr 0.001, batches of 100, 10 epochs.", **usual)
        controls.preset(
            "Numbers 1 to 99",
            "The range that the course inspects: its first five items are below.",
            **usual | {"data_low": 1},
        )
        controls.preset("Too small a step", "lr 0.00001: it creeps.", **usual | {"lr": 1e-5})
        controls.preset(
            "Too large a step", "SGD with lr 0.01 diverges at once.", **usual | {"optimizer": "SGD", "lr": 0.01}
        )
        controls.preset(
            "One pair at a time",
            "Batch size 1: 10,000 updates in one epoch.",
            **usual | {"batch_size": 1, "num_epochs": 1},
        )


def _printed(run: Run) -> None:
    st.subheader("What the loop prints")
    said = answer(run.weights, 3.0, 7.0)
    st.code("\n".join([*run.lines(), f"3 + 7 = {said:.4f}"]), language=None)
    st.markdown(
        f"As in the course, epochs are counted from 0. Its last line, `model(torch.tensor([3.0, 7.0]))`, gives "
        f"`tensor([{said:.4f}])`."
    )
    last = run.epoch_sums[-1] if run.epoch_sums else float("nan")
    if isfinite(last):
        worked_step(
            f"The last epoch's {run.per_epoch:,} batch losses add up to {last:.5f}, so their mean is "
            f"{last:.5f} / {run.per_epoch:,} = **{last / run.per_epoch:.5g}** squared units. The root of it is the "
            f"typical "
            f"error (root mean square) of that epoch: √{last / run.per_epoch:.5g} = "
            f"**{(last / run.per_epoch) ** 0.5:.3g}**."
        )
    with st.expander("The data set: its first five items"):
        dataset = NumberSumDataset(data_range=run.settings.data_range)
        items = [f"dataset = NumberSumDataset(data_range={run.settings.data_range})"]
        items += [str(dataset[i]) for i in range(min(5, len(dataset)))]
        st.code("\n".join(items), language=None)
        st.markdown(
            f"Every ordered pair of {run.settings.data_high - run.settings.data_low} numbers: {len(dataset):,} "
            f"samples, "
            f"{run.per_epoch:,} batches an epoch."
        )


def _guess(run: Run) -> None:
    high = run.settings.data_high - 1
    number = float(high + max(1, (high - run.settings.data_low) // 2))
    wanted = 2 * number
    close, rough, far = "Yes, to within 1", "Roughly, to within 10", "No, it is far off"

    def reveal(_: str) -> str:
        said = answer(run.weights, number, number)
        off = abs(said - wanted)
        if not isfinite(off):
            return f"This run diverged: asked for {wanted:g}, it answers no number at all."
        verdict = close if off <= 1 else rough if off <= 10 else far
        return (
            f"At its end this run says {number:g} + {number:g} = **{said:.2f}**, off by {off:.2g}: {verdict.lower()}. "
            "Beyond the largest number it has seen, this network goes on in a straight line, because its hidden units "
            "are straight lines cut off at zero (ReLU). A sum is a straight line too; whether the slopes agree is a "
            "matter of training and luck. See “Can it add?”."
        )

    prediction(
        f"The network trains on numbers from {run.settings.data_low} to {high} only. Can it then add {number:g} + "
        f"{number:g}?",
        [close, rough, far],
        reveal,
        "training_loop",
    )
