"""More data: what 200 data sets of each size do to the errors."""

import streamlit as st

from core.generalization.learning_curve import learn
from core.generalization.program import learning_curve_program
from core.generalization.settings import CurveSettings, DegreeSettings
from figures.generalization.learning_curve import TRAIN_TRACES, by_hand, guess_words, two_curves
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Degree 3": ("Too stiff for the wave: more data soon stops helping.", {"degree": 3}),
    "Degree 7": ("More data help until only the noise is left.", {"degree": 7}),
    "Degree 14": ("Hopeless with 15 points, nearly as good as degree 7 with 320.", {"degree": 14}),
}
GUESSES = {"falls": "It falls", "stays": "It stays the same", "rises": "It rises"}
BEFORE = "The error on new points. That on the training points is drawn after your guess."


def show(controls: Controls) -> None:
    st.markdown(
        "**Do more data help?** For each number of training points, 200 data sets of the same curve are drawn and "
        "fitted."
    )
    layout = view_layout()
    with layout.side:
        controls.show("degree", "noise", "curve", "seed")
        controls.show_presets(PRESETS, CurveSettings, DegreeSettings)
    found = learn(controls.read(CurveSettings), controls.read(DegreeSettings).degree)
    with layout.stage:
        question = f"The degree stays {found.degree}. With more training points, what happens to the error on them?"
        right, about = [GUESSES[found.train_error_moves]], (found.settings, found.degree)
        if not prediction(controls, layout, question, list(GUESSES.values()), right, guess_words(found), about):
            held_chart(two_curves(found), "learning", layout.words, hidden=TRAIN_TRACES, said=BEFORE)
            return
        chart(two_curves(found), "learning", layout.words)
    left, right = st.columns(2, gap="large")
    with left:
        worked_step(by_hand(found))
    with right:
        st.markdown(
            "**Find out.** Degree 3 or degree 14: which is better with 20 points, and which with 320? From how many "
            "points on do more of them hardly help?"
        )
    program_panel(learning_curve_program(found))
