"""How many mistakes? Margin, radius, Novikoff's bound and why it holds."""

import streamlit as st

from core.perceptron.bound import margin
from core.perceptron.program import learn_program
from figures.perceptron.bound import margins, novikoff_bounds, why
from pages.perceptron.run_controls import run_controls, run_on_screen, run_scrubber
from ui.chart import chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.program import program_panel


def show(controls: Controls) -> None:
    st.markdown(
        "**How many mistakes can there be?** That depends on the margin γ, how far from 0 the best weights of length 1 "
        "keep every sum, and on the radius R, the length of the longest input."
    )
    layout = view_layout()
    with layout.side:
        run_controls(controls)
        controls.reset_button()
    with layout.stage:
        run = run_on_screen(controls)
        if run is None:
            return
        run_scrubber(controls, run, ["bounds"])
        chart(novikoff_bounds(run), "bounds", layout.words)
    with layout.beside:
        chart(margins(run.samples), "margins")
    found = margin(run.samples)
    st.subheader("Why it must end" if found.separable else "Why it need not end")
    st.markdown(why(found))
    st.markdown("**Find out.** Which control changes the number of mistakes but not the bound?")
    program_panel(learn_program(run))
