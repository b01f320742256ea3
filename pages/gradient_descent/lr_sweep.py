"""200 learning rates at once: the loss after k steps."""

import streamlit as st

from core.gradient_descent.curve import descend
from core.gradient_descent.lr_sweep import HIGHEST, LOWEST, LrSweep, sweep, three_times, worse
from core.gradient_descent.program import lr_sweep_program
from core.gradient_descent.settings import DescentSettings, LrSweepSettings
from figures.gradient_descent.curve import curve
from figures.gradient_descent.lr_sweep import lr_sweep, three_times_words
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel

PRESETS = {
    "A slope and a cliff": ("x²: left of the best lr it is slow, right of 2/L = 1 it diverges.", {}),
    "Ten times the steps": (
        "More of the low rates arrive; the cliff stays where it is.",
        {"lr_sweep.steps": 200},
    ),
    "The start moves the cliff": (
        "x⁴: the cliff is at 1/(2·start²), here at 0.5; from −3 it would be at 0.056.",
        {"curve": "quartic", "start": -1.0},
    ),
    "A kink": ("|x|: no cliff at all, and how near it comes is chance.", {"curve": "abs"}),
    "Two valleys": (
        "Low rates end in the nearer valley, higher ones throw the ball over into the deeper one.",
        {"curve": "wells", "start": 2.0},
    ),
}
BEFORE = "The start, and the first step with the chosen lr. How all 200 end is drawn after your guess."
WORSE = {"larger": "Three times as much", "smaller": "A third", "same": "Both alike"}


def show(controls: Controls) -> None:
    st.markdown(
        "**Which learning rate is best, and how much room is there on both sides of it?** 200 balls start at one "
        "place, each with its own lr. L is the curvature: how strongly the valley bends."
    )
    layout = view_layout()
    with layout.side:
        typed = controls.values["curve"] == "typed"
        controls.show("curve", *(["text"] if typed else []), "start", "lr_sweep.steps", "lr")
        settings, sweep_settings = controls.read_or_last(DescentSettings), controls.read(LrSweepSettings)
        controls.show_presets(PRESETS, DescentSettings, LrSweepSettings)
    found = sweep(settings, sweep_settings.steps)
    with layout.stage:
        if not _guess(controls, layout, found):
            held_chart(curve(descend(settings)), "curve", layout.words, said=BEFORE)
            return
        chart(lr_sweep(found), "lr_sweep", layout.words, on_mark=lambda x, _: _take(controls, x))
    with layout.words:
        st.markdown("Click a mark to make its lr the current one; the button opens the run.")
        st.button(
            f"Watch lr {settings.lr:g} step by step",
            on_click=controls.set,
            kwargs={"view": "curve", "steps": found.k, "at": 0},
            key="gradient_descent-watch",
        )
    st.markdown(
        "**Find out.** Which side of the U is a slope and which a cliff? Where does the cliff stand for twice as many "
        "steps?"
    )
    program_panel(lr_sweep_program(found))


def _guess(controls: Controls, layout: Layout, found: LrSweep) -> bool:
    if found.best is None:
        return True
    ends = three_times(found)
    question = "Take the best of 200 learning rates, and instead of it three times as much, or a third. Which is worse?"
    right, why = [WORSE[worse(*ends)]], three_times_words(found, *ends)
    return prediction(controls, layout, question, list(WORSE.values()), right, why, (found.settings, found.k))


def _take(controls: Controls, lr: object) -> None:
    """Takes the clicked learning rate, rounded as one would write it."""
    if isinstance(lr, int | float) and LOWEST * 0.99 <= lr <= HIGHEST * 1.01:
        controls.set(lr=float(f"{lr:.4g}"))
