"""Bias and variance: 200 data sets of the same curve, fitted at once."""

import streamlit as st

from core.generalization.bias_variance import decompose, grows
from core.generalization.program import bias_variance_program
from core.generalization.settings import CurveSettings, DegreeSettings
from figures.generalization.bias_variance import by_hand, fan, guess_words, parts_chart
from pages.generalization.shared import chosen_degree, show_degree
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Mostly bias": ("Straight lines agree with each other and miss the wave together.", {"degree": 1}),
    "In balance": ("Both parts are smaller than the noise.", {"degree": 5}),
    "Mostly variance": ("Every data set has a wild curve of its own.", {"degree": 11}),
    "A true straight line": ("Degree 1 is enough: hardly any bias is left.", {"curve": "line", "degree": 1}),
}
GUESSES = {
    ("bias",): "The mean of all fits moves away from the true curve",
    ("variance",): "The fits move away from each other",
    ("bias", "variance"): "Both",
    (): "Neither",
}
BEFORE = "Each thin line is a fit to a data set of its own; the green line is their mean."


def show(controls: Controls) -> None:
    st.markdown(
        "**What would have been learned from other data?** 200 data sets of the same curve are drawn, and each is "
        "fitted."
    )
    layout = view_layout()
    with layout.side:
        show_degree(controls)
        controls.show("n_samples", "noise", "curve", "seed")
        controls.show_presets(PRESETS, CurveSettings, DegreeSettings)
    parts = decompose(controls.read(CurveSettings))
    degree, low, high = chosen_degree(controls), 1, (2 * (len(parts.bias) - 1)) // 3
    with layout.stage:
        question = f"From degree {low} to degree {high} the curves may bend more. What happens?"
        right, why = [GUESSES[tuple(grows(parts, low, high))]], guess_words(parts, low, high)
        if not prediction(controls, layout, question, list(GUESSES.values()), right, why, parts.settings):
            held_chart(fan(parts, degree), "fan", layout.words, said=BEFORE)
            return
        chart(fan(parts, degree), "fan", layout.words)
    with layout.beside:
        chart(parts_chart(parts, degree), "parts")
    left, right = st.columns(2, gap="large")
    with left:
        worked_step(by_hand(parts, degree))
    with right:
        st.markdown(
            "**Find out.** Which part does the number of training points change, and which part does it leave alone? "
            "What can no model ever remove?"
        )
    program_panel(bias_variance_program(parts))
