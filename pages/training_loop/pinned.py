"""Runs that are pinned for comparison."""

import streamlit as st

from core.pinned import MOST_PINNED, title
from core.training_loop.run import Run
from core.training_loop.train import number_sum_training
from figures.training_loop.mistakes import compared
from ui.chart import chart
from ui.controls import Controls
from ui.long_work import results
from ui.pinned import pinned_runs

USUAL = "the course's run"


def show(controls: Controls, run: Run) -> None:
    st.subheader("Compare runs")
    st.markdown("Pin a run, change a setting, and both stay in the picture (and in the link).")
    help_text = f"Up to {MOST_PINNED} runs; only whole runs from fresh weights."
    pinned = pinned_runs(controls, run.settings, USUAL, help_text, run.finished and run.start is None)
    tasks = [number_sum_training(settings) for settings in pinned]
    found = results(tasks, "training_loop-pinned", run_label="Run the pinned runs") if tasks else None
    if found:
        names = [f"{i}: {title(settings, USUAL)}" for i, settings in enumerate(pinned, start=1)]
        on_screen = {} if run.settings in pinned else {f"on screen: {title(run.settings, USUAL)}": run}
        chart(compared(dict(zip(names, found, strict=True)) | on_screen), "compared")
