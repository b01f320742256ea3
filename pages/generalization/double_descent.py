"""Double descent: more features than images, and the error falls again."""

import streamlit as st

from core.generalization.double_descent import MOST_FEATURES, descend
from core.generalization.program import double_descent_program
from core.generalization.settings import DoubleSettings
from figures.generalization.double_descent import by_hand, descents, guess_words, lengths
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "40 images": ("The peak stands at 40 features.", {}),
    "80 images": ("The peak moves to 80 features.", {"double_descent.n_samples": 80}),
    "Wrong labels": ("A fifth of the labels is wrong: a higher peak.", {"double_descent.label_noise": 0.2}),
}
GUESSES = {"more": "Even more than before", "same": "About as many as before", "fewer": "Fewer than before"}
BEFORE = "Up to as many features as training images. What more features do is drawn after your guess."


def show(controls: Controls) -> None:
    st.markdown(
        "**Can a model be too large?** Is a digit odd or even? Its pixels are mixed at random into p numbers, the "
        "features; the model gives each a weight, so that the squared error is least."
    )
    layout = view_layout()
    with layout.side:
        controls.show("double_descent.n_samples", "double_descent.label_noise", "double_descent.seed")
        controls.show_presets(PRESETS, DoubleSettings)
    found = descend(controls.read(DoubleSettings))
    n = found.settings.n_samples
    with layout.stage:
        question = (
            f"With p = {n} features the model fits all {n} training images exactly, and does badly on new ones. It "
            f"gets {MOST_FEATURES} features. How many new images will it get wrong?"
        )
        options, right, why = list(GUESSES.values()), [GUESSES[found.goes_on]], guess_words(found)
        if not prediction(controls, layout, question, options, right, why, found.settings):
            held_chart(descents(found, beyond=False), "descents", layout.words, said=BEFORE)
            return
        chart(descents(found), "descents", layout.words)
    with layout.beside:
        chart(lengths(found), "lengths")
    left, right = st.columns(2, gap="large")
    with left:
        worked_step(by_hand(found))
    with right:
        st.markdown(
            "**Find out.** Where does the peak go when there are twice as many images? Does more data always help, "
            "with 40 features and 20, 40 or 80 images?"
        )
    program_panel(double_descent_program(found))
