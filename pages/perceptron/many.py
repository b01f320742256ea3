"""A thousand random problems at once: does the bound hold, and how far below it do the runs end?"""

import streamlit as st

from core.perceptron.many import run_many
from core.perceptron.program import many_program
from core.perceptron.settings import ManySettings
from figures.perceptron.many import many_problems
from ui.chart import chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.program import program_panel


def show(controls: Controls) -> None:
    st.markdown(
        "**How near to the bound do real runs come?** Every dot is a whole perceptron; all 1,000 learn side by side, "
        "as one batch of tensors."
    )
    layout = view_layout()
    with layout.side:
        controls.show("many.dimensions", "many.n_samples", "many.seed")
        controls.reset_button()
        st.markdown("**Find out.** Do more samples bring the dots nearer to the line, or more inputs?")
    found = run_many(controls.read(ManySettings))
    with layout.stage:
        chart(many_problems(found), "many", layout.words)
    program_panel(many_program(found))
