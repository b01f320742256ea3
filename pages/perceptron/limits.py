"""When no line fits: the cycle, its reason, and two rules that still give a good answer."""

import streamlit as st

from core.perceptron.learn import PerceptronRun
from core.perceptron.limits import meeting
from core.perceptron.margin import margin
from figures.perceptron.limits import rules_curve, rules_plane
from figures.perceptron.reason import cycle_words, reason
from pages.perceptron.runs import outcome, program_of, run_on_screen, time_slider
from ui.chart import chart
from ui.controls import Controls


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("limit_data", "order", "seed")
        controls.show_more(
            *(["gap", "n_samples", "noise"] if controls.values["limit_data"] == "overlap" else []),
            "lr",
            "bias",
            "max_updates",
        )
        controls.reset_button()
        if controls.values["limit_data"] == "own":
            controls.show_problem("points")
    with picture:
        run = run_on_screen(controls, controls.values["limit_data"])
        if run is None:
            return
        time_slider(controls, run, ["rules_plane", "rules_curve"], "limit_at")
        one, two = st.columns(2)
        with one:
            chart(rules_plane(run), "rules_plane")
        with two:
            chart(rules_curve(run), "rules_curve")
    first, second = st.columns(2, gap="large")
    with first:
        st.subheader("What happens")
        st.markdown(outcome(run))
        st.markdown(cycle_words(run))
        st.markdown(
            "**Two ways out.** The *pocket* keeps the best weights that came by. The *average* takes the mean of the "
            "weights over all samples visited, so that weights which survived long count most. Neither makes the data "
            "separable; a second layer does (XOR needs two hidden neurons)."
        )
    with second:
        st.subheader("Why no line can do it")
        st.markdown(_why(run))
        st.markdown(
            "**Find out by moving the controls.** The best line gets 3 of XOR's 4 samples right: does the pocket ever "
            "hold it, and why? Shuffle the samples: what becomes of the cycle? With overlapping blobs, which of the "
            "three rules would you trust if the run had to end at a moment that you cannot choose?"
        )
    program_of(run)


def _why(run: PerceptronRun) -> str:
    found = margin(run.samples)
    if found.separable:
        return (
            f"A line does separate these {len(run.samples)} samples, with margin {found.gamma:.4g}: nothing has to go "
            "in a circle. Choose XOR, or set points of both classes among each other under “Your points”."
        )
    return reason(run, meeting(run, found))
