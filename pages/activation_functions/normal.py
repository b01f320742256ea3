"""Normal sums: what comes out of an activation function, and how much of it can learn."""

import streamlit as st

from core.activation_functions.normal import outputs
from core.activation_functions.program import normal_program
from core.activation_functions.settings import ActivationSettings, NormalSettings
from figures.activation_functions.normal import by_hand, guess_words, sums_alone, table, through_the_curve
from figures.words import full
from pages.activation_functions.shared import activation, show_activation
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "ReLU": ("Half of the sums give 0.", {}),
    "A bias of −3": ("Almost no sum is positive: a ReLU that is nearly dead.", {"normal.mean": -3.0}),
    "Sigmoid, wide sums": ("Most of them are saturated.", {"name": "Sigmoid", "normal.std": 5.0}),
    "SELU": ("Made to keep mean 0 and variance 1.", {"name": "SELU"}),
    "GELU": ("Much like ReLU, but nothing is exactly 0.", {"name": "GELU"}),
}
GUESSES = {"down": "Lower than the mean of the sums", "stays": "The same", "up": "Higher"}


def show(controls: Controls) -> None:
    st.markdown(
        "**What comes out when normal sums go in?** A neuron's sum differs from sample to sample; in a fresh network "
        "the sums lie around 0 like a bell, the normal distribution."
    )
    layout = view_layout()
    with layout.side:
        show_activation(controls)
        controls.show("normal.mean", "normal.std")
        controls.show_presets(PRESETS, ActivationSettings, NormalSettings)
    found = outputs(activation(controls), controls.read(NormalSettings))
    with layout.stage:
        question = (
            f"The sums have the mean {full(found.settings.mean)}. Where is the mean of what {found.activation.name} "
            "makes of them?"
        )
        right, about = [GUESSES[found.mean_moves]], (found.activation, found.settings)
        if not prediction(controls, layout, question, list(GUESSES.values()), right, guess_words(found), about):
            held_chart(sums_alone(found), "normal", layout.words)
            return
        chart(through_the_curve(found), "normal", layout.words)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(table(found))
    with right:
        worked_step(by_hand(found))
        st.markdown(
            "**Find out.** For which functions is the variance of the outputs largest, and for which does the mean "
            "stay at 0? How wide must the sums be for half of a sigmoid's to be saturated?"
        )
    program_panel(normal_program(found))
