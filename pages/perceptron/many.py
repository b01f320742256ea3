"""A thousand random problems at once: does the bound hold, and how far below it do the runs end?"""

import streamlit as st

from core.perceptron.many import run_many
from core.perceptron.program import many_lines, many_program
from core.perceptron.settings import ManySettings
from figures.perceptron.many import many_problems
from ui.chart import chart
from ui.controls import Controls
from ui.program import program_panel


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        st.markdown(
            "Every dot is a whole perceptron, trained to its last mistake. All 1,000 learn side by side, as one batch "
            "of tensors."
        )
        controls.show("many.dimensions", "many.n_samples", "many.seed")
        controls.reset_button()
        st.markdown(
            "**Find out.** Do more samples bring the dots nearer to the line, or more inputs? Along which slope do the "
            "worst runs fall, and the typical ones?"
        )
    settings = controls.read_or_explain(ManySettings)
    if settings is None:
        return
    found = run_many(settings)
    with picture:
        chart(many_problems(found), "many")
    st.code("\n".join(many_lines(found)), language=None)
    program_panel(many_program(settings), "perceptron_many", "Run by itself, it prints the two lines above.")
