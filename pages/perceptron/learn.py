"""Watch it learn: every correction of the weights, one after the other."""

import streamlit as st

from core.perceptron.bound import margin
from core.perceptron.learn import PerceptronRun
from core.perceptron.program import learn_program
from core.perceptron.settings import PerceptronSettings
from figures.perceptron.arithmetic import arithmetic, by_hand
from figures.perceptron.learn import addition, samples_plane, scaling
from figures.perceptron.outcome import no_margin
from figures.words import fmt, plural
from pages.perceptron.run_controls import run_controls, run_on_screen, run_scrubber
from ui.chart import chart
from ui.controls import Controls
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {  # each at a step with a line to see
    "AND": ("1 only if both inputs are 1: 18 corrections.", {"data": "and", "at": 10}),
    "OR": ("1 if one input is 1: 9 corrections.", {"data": "or", "at": 5}),
    "NAND": ("The opposite of AND: its weights, turned round.", {"data": "nand", "at": 10}),
    "XOR": ("1 if the inputs differ: no line can do it.", {"data": "xor", "at": 6}),
    "Two blobs": ("The page's beginning: 40 points with a gap.", {"at": 5}),
    "A narrow gap": ("71 corrections to get through.", {"gap": 0.0625, "seed": 5, "at": 5}),
}
OPTIONS = SOON, LATE, NEVER = "Yes, after at most 20 corrections", "Yes, but it takes more than 20", "No, never"


def show(controls: Controls) -> None:
    st.markdown(
        "**How does the line find its place?** Each mistake, a sample whose sum is not on its side of 0, moves it."
    )
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        run_controls(controls)
        kept = {"points": controls.values["points"]}  # the reader's own
        presets = {label: (what, values | kept) for label, (what, values) in PRESETS.items()}
        controls.show_presets(presets, PerceptronSettings)
    with picture:
        run = run_on_screen(controls)
        if run is None:
            return
        at = run_scrubber(controls, run, ["plane", "addition"])
        one, two = st.columns(2)
        with one:
            chart(samples_plane(run), "plane")
        with two:
            chart(addition(run), "addition")
    first, second = st.columns(2, gap="large")
    with first:
        st.subheader("This correction in numbers")
        st.markdown(arithmetic(run, at))
        worked_step(by_hand(run, at))
    with second:
        prediction(
            "Will the line ever come to rest?", list(OPTIONS), lambda _: _reveal(run), "perceptron", about=run.settings
        )
        st.markdown(scaling(run))
        st.markdown("**Find out.** With data AND, why does the line need more than one pass over four samples?")
    program_panel(learn_program(run))


def _reveal(run: PerceptronRun) -> str:
    found, count = margin(run.samples), plural(run.updates, "correction")
    if run.outcome == "converged":
        return (
            f"{SOON if run.updates <= 20 else LATE}: this run ends after {count}. With a margin of {fmt(found.gamma)}, "
            f"no order of the samples can take more than {found.most:,}."
        )
    if found.separable:
        return f"Yes: this run was stopped after {count}, but it would end after at most {found.most:,}."
    if not found.inseparable:
        return f"Not known: {no_margin(found)}. This run was ended after {count}."
    return f"{NEVER}: no line has every sample on its side. This run was ended after {count}."
