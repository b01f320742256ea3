"""Watch it learn: every correction of the weights, one after the other."""

import streamlit as st

from core.perceptron.limits import SOON, comes_to_rest
from core.perceptron.program import learn_program
from core.perceptron.settings import PerceptronSettings
from figures.perceptron.arithmetic import arithmetic, by_hand
from figures.perceptron.learn import addition, samples_plane, scaling
from figures.perceptron.neuron import neuron
from figures.perceptron.outcome import rest_words
from pages.perceptron.run_controls import run_controls, run_on_screen, run_scrubber
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {  # each at a step with a line to see
    "AND": ("1 only if both inputs are 1: 18 corrections.", {"data": "and", "at": 10}),
    "OR": ("1 if at least one input is 1: 9 corrections.", {"data": "or", "at": 5}),
    "NAND": ("The opposite of AND: its weights, turned round.", {"data": "nand", "at": 10}),
    "XOR": ("1 if the inputs differ: no line can do it.", {"data": "xor", "at": 6}),
    "Two blobs": ("The page's beginning: 40 points with a gap.", {"at": 5}),
    "A narrow gap": ("71 corrections to get through.", {"gap": 0.0625, "seed": 5, "at": 5}),
}
NO_LINE = (4, 5)  # line and arrow, of which zero weights have none
RESTS = {  # what core.perceptron.limits.comes_to_rest says
    "soon": f"Yes, after at most {SOON} corrections",
    "late": f"Yes, but it takes more than {SOON}",
    "never": "No, never",
}


def show(controls: Controls) -> None:
    st.markdown(
        "**How does the line find its place?** A sample of class 1 should have a sum above 0, one of class 0 below 0; "
        "each mistake moves the line."
    )
    layout = view_layout()
    with layout.side:
        run_controls(controls)
        controls.show_presets(PRESETS, PerceptronSettings)
    with layout.stage:
        run = run_on_screen(controls)
        if run is None:
            return
        question, right = "Will the line ever come to rest?", RESTS.keys() & {comes_to_rest(run)}
        right = [RESTS[name] for name in right]
        guessed = prediction(controls, layout, question, list(RESTS.values()), right, rest_words(run), run.settings)
        at = run_scrubber(controls, run, ["neuron", "plane", "addition"]) if guessed else 0
        if guessed:
            chart(samples_plane(run), "plane", layout.words)
        else:
            held_chart(samples_plane(run), "plane", layout.words, hidden=NO_LINE)
    with layout.beside:
        chart(neuron(run), "neuron")
    if not guessed:
        return
    first, second = st.columns(2, gap="large")
    with first:
        st.subheader("This correction in numbers")
        st.markdown(arithmetic(run, at))
        worked_step(by_hand(run, at))
    with second:
        chart(addition(run), "addition")
        st.markdown(scaling(run))
        st.markdown("**Find out.** With data AND, why does the line need more than one pass over four samples?")
    program_panel(learn_program(run))
