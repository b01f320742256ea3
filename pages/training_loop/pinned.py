"""Runs that are pinned for comparison."""

import streamlit as st

from core.training_loop.pinned import MOST_PINNED, read_pinned, title, write_pinned
from core.training_loop.run import Run
from core.training_loop.settings import TrainingLoopSettings
from core.training_loop.train import number_sum_training
from figures.training_loop.mistakes import compared
from ui.chart import chart
from ui.controls import Controls
from ui.long_work import results


def show(controls: Controls, run: Run) -> None:
    st.subheader("Compare runs")
    st.markdown("Pin a run, change a setting, and both stay in the picture (and in the link).")
    try:
        pinned = read_pinned(controls.values["pinned"])
    except ValueError as error:
        st.warning(f"{error} No run is pinned.")
        pinned = []
    _buttons(controls, run, pinned)
    tasks = [number_sum_training(settings) for settings in pinned]
    found = results(tasks, "training_loop-pinned", run_label="Run the pinned runs") if tasks else None
    if found:
        names = [f"{i}: {title(settings)}" for i, settings in enumerate(pinned, start=1)]
        on_screen = {} if run.settings in pinned else {f"on screen: {title(run.settings)}": run}
        chart(compared(dict(zip(names, found, strict=True)) | on_screen), "compared")


def _buttons(controls: Controls, run: Run, pinned: list[TrainingLoopSettings]) -> None:
    def pin(*runs: TrainingLoopSettings) -> None:
        controls.set(pinned=write_pinned(list(runs)))

    whole = run.finished and run.start is None
    full = run.settings in pinned or len(pinned) == MOST_PINNED
    with st.container(horizontal=True):
        help_text = f"Up to {MOST_PINNED} runs; only whole runs from fresh weights."
        now = {"on_click": pin, "args": (*pinned, run.settings), "disabled": full or not whole}
        st.button("Pin this run", help=help_text, key="training_loop-pin", **now)
        for i, settings in enumerate(pinned):
            others = (*pinned[:i], *pinned[i + 1 :])
            st.button(f"Unpin: {title(settings)}", on_click=pin, args=others, key=f"training_loop-unpin-{i}")
