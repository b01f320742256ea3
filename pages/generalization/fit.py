"""The fit: a polynomial of a chosen degree through noisy points, and what it says about new ones."""

import streamlit as st

from core.generalization.fit import BANDS, fit_all
from core.generalization.program import fit_program
from core.generalization.settings import CurveSettings, DegreeSettings
from figures.generalization.fit import by_hand, curve_fit, degree_errors, guess_words
from pages.generalization.shared import chosen_degree, show_degree
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Too stiff": ("A straight line misses the wave everywhere, on old and on new points.", {"degree": 1}),
    "About right": ("It follows the wave: no other degree does better on these new points.", {"degree": 7}),
    "Learned by heart": ("As many coefficients as points: no training error is left.", {"degree": 14}),
    "No noise": ("Without noise there is nothing wrong to learn.", {"degree": 14, "noise": 0.0}),
}
BEFORE = "The errors of all degrees are drawn after your guess."


def show(controls: Controls) -> None:
    st.markdown(
        "**Which curve does best on new points?** The model sees only the blue points; the crosses are kept out. Its "
        "degree says how much it may bend."
    )
    layout = view_layout()
    with layout.side:
        show_degree(controls)
        controls.show("n_samples", "noise", "curve", "seed")
        controls.show_presets(PRESETS, CurveSettings, DegreeSettings)
    fits = fit_all(controls.read(CurveSettings))
    degree = chosen_degree(controls)
    with layout.stage:
        question = "Which degree comes closest to new points of the same curve?"
        right, about = fits.bands, fits.settings
        if not prediction(controls, layout, question, list(BANDS), right, guess_words(fits), about):
            held_chart(curve_fit(fits, degree), "fit", layout.words, said=BEFORE)
            return
        chart(curve_fit(fits, degree), "fit", layout.words)
    with layout.beside:
        chart(degree_errors(fits, degree), "degree_errors")
    left, right = st.columns(2, gap="large")
    with left:
        worked_step(by_hand(fits, degree))
    with right:
        st.markdown(
            "**Find out.** Is the best degree the same for other seeds? How does it move when the noise grows, and "
            "when the true curve is a straight line?"
        )
    program_panel(fit_program(fits, degree))
