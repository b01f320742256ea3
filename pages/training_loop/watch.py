"""Watch it learn: the course's run, recorded and scrubbed."""

from math import isfinite

import streamlit as st

from core.datasets import make_number_sums
from core.training_loop.addition import answer, closeness
from core.training_loop.program import printed, program
from core.training_loop.run import Run
from core.training_loop.settings import TrainingLoopSettings
from figures.training_loop.watch import answers, losses
from figures.words import bracketed, fmt
from pages.training_loop import checkpoint, pinned
from pages.training_loop.run import run_controls, run_on_screen, time_slider
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "The course's run": ("Adam, lr 0.001, batches of 100, 10 epochs.", {}),
    "Numbers 1 to 99": ("The range that the course inspects: its first five items are below.", {"data_low": 1}),
    "Too small a step": ("lr 0.00001: it creeps.", {"lr": 1e-5}),
    "Too large a step": ("SGD with lr 0.01 diverges at once.", {"optimizer": "SGD", "lr": 0.01}),
    "One pair at a time": ("Batch size 1: 10,000 updates in one epoch.", {"batch_size": 1, "num_epochs": 1}),
}
CLOSE = {"close": "Yes, to within 1", "rough": "Roughly, to within 10", "far": "No, it is far off"}


def show(controls: Controls) -> None:
    st.markdown("**How does the loss fall, and what does the network answer meanwhile?**")
    layout = view_layout()
    with layout.side:
        run_controls(controls)
        controls.show_presets(PRESETS, TrainingLoopSettings)
    run = run_on_screen(controls, layout)
    if run is None:
        return
    with layout.stage:
        if not _guess(controls, layout, run):
            held_chart(answers(run), "answers", layout.words)
            return
        time_slider(controls, run, ["losses", "answers"])
        chart(losses(run), "losses", layout.words)
    with layout.beside:
        chart(answers(run), "answers")
    st.markdown(
        "**Find out.** What is the largest lr at which the loss falls? How do larger batches change the thin line?"
    )
    pinned.show(controls, run)
    shown = program(run.settings, run)
    if not shown.prints:  # the run was stopped, or goes on from other weights, so that the program prints other lines
        st.subheader("What this run has printed")
        st.code("\n".join(printed(run)), language=None)
    program_panel(shown)
    _by_hand(run)
    checkpoint.show(controls, run)


def _by_hand(run: Run) -> None:
    last, n = run.epoch_sums[-1] if run.epoch_sums else float("nan"), run.per_epoch
    if isfinite(last):
        worked_step(
            f"The last epoch's {n:,} batch losses add up to {last:.5f}, so their mean is {last:.5f} / {n:,} = "
            f"**{last / n:.5g}** squared units. The root of it is the typical error (root mean square) of that epoch: "
            f"√{last / n:.5g} = **{(last / n) ** 0.5:.3g}**."
        )
    with st.expander("The data set: its first five items"):
        X, y = make_number_sums(run.settings.data_range)
        items = [str((X[i], y[i])) for i in range(min(5, len(X)))]
        batches = f"{n:,} {'batch' if n == 1 else 'batches'}"
        st.code("\n".join([f"dataset = NumberSumDataset(data_range={run.settings.data_range})", *items]), language=None)
        st.markdown(f"Every ordered pair of the numbers: {len(X):,} samples, {batches} an epoch.")


def _guess(controls: Controls, layout: Layout, run: Run) -> bool:
    low, high = run.settings.data_low, run.settings.data_high - 1
    number = float(high + max(1, (high + 1 - low) // 2))
    sum_ = f"{fmt(number)} + {bracketed(number)}"
    said, right = answer(run.weights, number, number), CLOSE.get(closeness(run, number))
    if right is None:  # the run has diverged, which is said anyway
        return True
    question = f"The network trains on numbers from {fmt(low)} to {fmt(high)} only. Can it then add {sum_}?"
    why = (
        f"At its end this run says {sum_} = {fmt(said)}. Far outside of what it has seen, it goes on "
        "straight, since its units are lines cut off at zero (ReLU)."
    )
    about = (run.settings, run.updates)
    return prediction(controls, layout, question, list(CLOSE.values()), [right], why, about)
