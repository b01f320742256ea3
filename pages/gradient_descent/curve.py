"""One step at a time: a ball on a curve."""

import streamlit as st

from core.gradient_descent.curve import descend
from core.gradient_descent.outcome import fate
from core.gradient_descent.program import curve_program
from core.gradient_descent.settings import DescentSettings, DescentViewState
from figures.gradient_descent.curve import curve, heights, label
from figures.gradient_descent.words import by_hand, outcome_words, theory_table
from figures.words import plural
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber
from ui.worked_step import worked_step

PRESETS = {
    "The lowest point of a valley": ("The course's picture: x², and a step at a time.", {}),
    "Too low: slow": ("The course: a rate that is too low can lead to slow convergence.", {"lr": 0.01}),
    "Too high: overshoots": ("The course: it overshoots the lowest point.", {"lr": 1.1}),
    "Back and forth": ("lr = 2/L exactly: the same two places for ever.", {"lr": 1.0}),
    "The start decides": (
        "x⁴ with a start just past 1/√(2·lr): diverged after a few steps.",
        {"curve": "quartic", "lr": 0.1, "start": 2.25},
    ),
    "Stuck on a plateau": (
        "Far from the valley the ground is almost level.",
        {"curve": "plateau", "start": -2.5, "lr": 0.5},
    ),
    "Never at rest": (
        "At a kink the slope does not shrink, so the steps do not either.",
        {"curve": "abs", "lr": 0.7},
    ),
    "The wrong valley": (
        "It rolls into the valley that is nearer, not the deeper one.",
        {"curve": "wells", "lr": 0.05, "start": 2.0},
    ),
}
FATES = {  # what core.gradient_descent.outcome.fate says
    "rests": "It comes to rest",
    "swings": "It goes to and fro for ever",
    "flies out": "It flies out",
    "moves": "It is still on its way",
}


def show(controls: Controls) -> None:
    st.markdown(
        "**One step, then the next: where does the ball end?** The step is the learning rate lr, times the slope, "
        "downhill."
    )
    layout = view_layout()
    with layout.side:
        controls.show("curve", *(["text"] if controls.values["curve"] == "typed" else []), "lr", "start", "steps")
        run = descend(controls.read_or_last(DescentSettings))
        controls.show_presets(PRESETS, DescentSettings, DescentViewState)
    with layout.stage:
        question, why = f"What becomes of the ball within {plural(run.steps)}?", outcome_words(run)
        if not prediction(controls, layout, question, list(FATES.values()), [FATES[fate(run)]], why, run.settings):
            held_chart(curve(run), "curve", layout.words)
            return
        steps = list(range(run.steps + 1))
        labels = [label(run, at) for at in steps]
        at = scrubber(controls, "at", steps, labels, ["curve", "heights"], f"{hash(run.settings)}curve")
        chart(curve(run), "curve", layout.words)
    with layout.beside:
        chart(heights(run), "heights")
    first, second = st.columns(2, gap="large")
    with first:
        st.subheader("This step in numbers")
        st.markdown(r"The rule: $x \leftarrow x - \mathrm{lr} \cdot f'(x)$")
        worked_step(by_hand(run, at))
        st.markdown(f"{theory_table(run, at)}\n\nThe curve behaves like a parabola only near its point.")
    with second:
        st.subheader("What this run did")
        st.markdown(outcome_words(run))
        st.markdown(
            "**Find out.** In the valley x², which lr needs a single step? On x⁴, where is the border between a start "
            "that stays and one that diverges for lr = 0.1?"
        )
    program_panel(curve_program(run))
