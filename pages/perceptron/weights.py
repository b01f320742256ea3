"""Weight space: every point is a perceptron, every sample a border."""

import streamlit as st

from figures.perceptron.arithmetic import arithmetic
from figures.perceptron.weight_space import border_words, weight_moments, weight_space
from pages.perceptron.runs import knobs, outcome, program_of, run_on_screen, time_slider
from ui.chart import chart
from ui.controls import Controls


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        knobs(controls)
    with picture:
        run = run_on_screen(controls)
        if run is None:
            return
        at = time_slider(controls, run, ["weight_space"], moments=weight_moments(run))
        one, two = st.columns([1.7, 1])
        with one:
            chart(weight_space(run), "weight_space")
        with two:
            st.markdown(arithmetic(run, at))
            st.markdown(border_words(run, at))
            st.markdown(outcome(run))
            st.markdown(
                "**Find out by moving the controls.** Where is the map flat, and what would a method that follows "
                "slopes do there? Without a bias the map does not change over time: why? What becomes of the best "
                "piece when the gap gets smaller?"
            )
    program_of(run)
