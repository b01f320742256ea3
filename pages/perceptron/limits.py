"""When no line fits: the cycle, its reason, and two rules that still give a good answer."""

import streamlit as st

from core.perceptron.program import learn_program
from figures.perceptron.limits import cycle_words, reason, rules_plane
from figures.perceptron.outcome import outcome
from figures.perceptron.wrong_curve import wrong_curve
from pages.perceptron.run_controls import run_on_screen, run_scrubber
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.prediction import prediction
from ui.program import program_panel

OPTIONS = REST, CIRCLE, WANDER = "It comes to rest", "It goes in a circle for ever", "It is never twice in one place"
RULES_LINES = (2, 3, 4)  # traces, without a line before the first correction
FATES = {"converged": [REST], "cycle": [CIRCLE]}  # of a run that was stopped, none is known


def show(controls: Controls) -> None:
    st.markdown("**What does the rule do where no line has every sample on its side, and what helps?**")
    data = controls.values["limit_data"]
    layout = view_layout()
    with layout.side:
        controls.show("limit_data", "order", "seed")
        blobs = ["gap", "n_samples", "noise"] if data == "overlap" else []
        controls.show_more(*blobs, "lr", "bias", "max_updates")
        controls.reset_button()
        if data == "own":
            controls.show_problem("points")
    with layout.stage:
        run = run_on_screen(controls, data)
        if run is None:
            return
        question, right = "What becomes of the line in the end?", FATES.get(run.outcome, [])
        if not prediction(controls, layout, question, OPTIONS, right, outcome(run), run.settings):
            held_chart(rules_plane(run), "rules_plane", layout.words, hidden=RULES_LINES)
            return
        run_scrubber(controls, run, ["rules_plane", "rules_curve"], "limit_at")
        chart(rules_plane(run), "rules_plane", layout.words)
    with layout.beside:
        chart(wrong_curve(run), "rules_curve")
    first, second = st.columns(2, gap="large")
    with first:
        st.subheader("What happens")
        st.markdown(outcome(run))
        st.markdown(cycle_words(run))
        st.markdown(
            "**Two ways out.** The *pocket* keeps the weights with the fewest wrong answers so far. The *average* "
            "takes their mean over all samples visited. A second layer would separate XOR."
        )
        st.markdown(
            "**Find out.** Shuffle the samples: what becomes of the cycle? With overlapping blobs, which of the three "
            "lines ends with the fewest wrong answers?"
        )
    with second:
        st.subheader("Can a line do it?")
        st.markdown(reason(run))
    program_panel(learn_program(run))
