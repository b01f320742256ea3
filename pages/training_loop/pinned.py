"""Runs kept for comparison."""

import streamlit as st

from core.training_loop.pins import MOST_PINS, read_pins, title, write_pins
from core.training_loop.record import Run
from core.training_loop.settings import TrainingLoopSettings
from figures.training_loop.losses import compared
from pages.training_loop.runs import job
from ui.chart import chart
from ui.controls import Controls
from ui.long_work import results


def show(controls: Controls, run: Run) -> None:
    st.subheader("Compare runs")
    try:
        pins = read_pins(controls.values["pins"])
    except ValueError as error:
        st.warning(f"{error} No run is pinned.")
        pins = []
    with st.container(horizontal=True):
        st.button(
            "Pin this run",
            disabled=run.settings in pins or len(pins) == MOST_PINS or not run.finished or run.first_epoch > 0,
            help=f"Keep the run on screen for comparison, up to {MOST_PINS}. Only whole runs from fresh weights.",
            on_click=_pin,
            args=(controls, [*pins, run.settings]),
            key="training_loop-pin",
        )
        for number, pin in enumerate(pins):
            st.button(
                f"Unpin: {title(pin)}",
                on_click=_pin,
                args=(controls, pins[:number] + pins[number + 1 :]),
                key=f"training_loop-unpin-{number}",
            )
    if not pins:
        st.markdown("Pin a run, change a setting, and both stay in the picture (and in the link).")
        return
    found = results([job(pin) for pin in pins], "training_loop-pins", run_label="Run the pinned runs")
    if found:
        runs = dict(zip([f"{i + 1}: {title(pin)}" for i, pin in enumerate(pins)], found, strict=True))
        on_screen = {} if run.settings in pins else {f"on screen: {title(run.settings)}": run}
        chart(compared(runs | on_screen), "compared")


def _pin(controls: Controls, pins: list[TrainingLoopSettings]) -> None:
    controls.set(pins=write_pins(pins))
