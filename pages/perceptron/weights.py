"""Weight space: every point is a perceptron, every sample a border."""

import streamlit as st

from core.perceptron.program import learn_program
from core.perceptron.weights import weight_steps
from figures.perceptron.arithmetic import arithmetic
from figures.perceptron.outcome import outcome
from figures.perceptron.weights import border_words, weight_space
from pages.perceptron.run_controls import run_controls, run_on_screen, run_scrubber
from ui.chart import chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.program import program_panel


def show(controls: Controls) -> None:
    st.markdown(
        "**Where among all pairs of weights are the good ones, and how does the run get there?** Each sample cuts the "
        "plane in two along its border; within a piece no answer changes."
    )
    layout = view_layout()
    with layout.side:
        run_controls(controls)
        controls.reset_button()
    with layout.stage:
        run = run_on_screen(controls)
        if run is None:
            return
        at = run_scrubber(controls, run, ["weight_space"], steps=weight_steps(run))
        chart(weight_space(run), "weight_space", layout.words)
    with layout.beside:
        st.markdown(arithmetic(run, at))
        st.markdown(border_words(run, at))
        st.markdown(outcome(run))
        st.markdown("**Find out.** Without a bias the map does not change over time: why?")
    program_panel(learn_program(run))
