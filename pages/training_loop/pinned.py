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
    try:
        pinned = read_pinned(controls.values["pinned"])
    except ValueError as error:
        st.warning(f"{error} No run is pinned.")
        pinned = []
    _buttons(controls, run, pinned)
    if not pinned:
        st.markdown("Pin a run, change a setting, and both stay in the picture (and in the link).")
        return
    found = results(
        [number_sum_training(pin) for pin in pinned], "training_loop-pinned", run_label="Run the pinned runs"
    )
    if found:
        names = [f"{i}: {title(pin)}" for i, pin in enumerate(pinned, start=1)]
        on_screen = {} if run.settings in pinned else {f"on screen: {title(run.settings)}": run}
        chart(compared(dict(zip(names, found, strict=True)) | on_screen), "compared")


def _buttons(controls: Controls, run: Run, pinned: list[TrainingLoopSettings]) -> None:
    def pin(runs: list[TrainingLoopSettings]) -> None:
        controls.set(pinned=write_pinned(runs))

    with st.container(horizontal=True):
        st.button(
            "Pin this run",
            disabled=run.settings in pinned or len(pinned) == MOST_PINNED or not run.finished or not run.fresh,
            help=f"Keep the run on screen for comparison, up to {MOST_PINNED}. Only whole runs from fresh weights.",
            on_click=pin,
            args=([*pinned, run.settings],),
            key="training_loop-pin",
        )
        for i, settings in enumerate(pinned):
            others = pinned[:i] + pinned[i + 1 :]
            st.button(f"Unpin: {title(settings)}", on_click=pin, args=(others,), key=f"training_loop-unpin-{i}")
