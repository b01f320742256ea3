"""Watch it learn: every correction of the weights, one after the other."""

import streamlit as st

from core.perceptron.learn import PerceptronRun
from core.perceptron.margin import margin
from core.perceptron.settings import PerceptronSettings
from core.settings import defaults
from figures.perceptron.addition import addition
from figures.perceptron.arithmetic import arithmetic, by_hand, scaling
from figures.perceptron.plane import plane
from figures.perceptron.written import plural
from pages.perceptron.runs import knobs, outcome, program_of, run_on_screen, time_slider
from ui.chart import chart
from ui.controls import Controls
from ui.prediction import prediction
from ui.worked_step import worked_step


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        knobs(controls)
        _presets(controls)
    with picture:
        run = run_on_screen(controls)
        if run is None:
            return
        at = time_slider(controls, run, ["plane", "addition"])
        one, two = st.columns(2)
        with one:
            chart(plane(run), "plane")
        with two:
            chart(addition(run), "addition")
    first, second = st.columns(2, gap="large")
    with first:
        st.subheader("This correction in numbers")
        st.markdown(arithmetic(run, at))
        worked_step(by_hand(run, at))
        st.markdown(scaling(run))
    with second:
        _guess(run)
        st.markdown(outcome(run))
        st.markdown(
            "**Find out by moving the controls.** What does lr change, and what does it leave as it is? Does another "
            "order of the samples give another line? With data AND, why does the line need more than one pass over "
            "four samples?"
        )
    program_of(run)


def _presets(controls: Controls) -> None:
    usual = defaults(PerceptronSettings)
    kept = {name: usual[name] for name in usual if name != "points"}
    with st.container(horizontal=True):  # each at a moment with a line to see
        controls.preset("AND", "1 only if both inputs are 1: 18 corrections.", **kept | {"data": "and", "at": 10})
        controls.preset("OR", "1 if one input is 1: 9 corrections.", **kept | {"data": "or", "at": 5})
        controls.preset("NAND", "The opposite of AND: its weights, turned round.", **kept | {"data": "nand", "at": 10})
        controls.preset("XOR", "1 if the inputs differ: no line can do it.", **kept | {"data": "xor", "at": 6})
        controls.preset("Two blobs", "The page's beginning: 40 points with a gap.", **kept | {"at": 5})
        controls.preset("A narrow gap", "71 corrections to get through.", **kept | {"gap": 0.0625, "seed": 5, "at": 5})


def _guess(run: PerceptronRun) -> None:
    soon, late, never = "Yes, after at most 20 corrections", "Yes, but it takes more than 20", "No, never"

    def reveal(_: str) -> str:
        found = margin(run.samples)
        if run.outcome == "converged":
            right = soon if run.updates <= 20 else late
            return (
                f"This run stops after {plural(run.updates, 'correction')}: {right.lower()}. It had to stop, since "
                f"a line with margin {found.gamma:.3g} separates the classes: then no order of the samples can make "
                f"more than {plural(found.most, 'mistake')}. See “How many mistakes?”."
            )
        if found.separable:
            return (
                f"It was stopped after {plural(run.updates, 'correction')}, but it would end, after at most "
                f"{found.most:,}."
            )
        return (
            f"It never stops ({never.lower()}): no line separates these {len(run.samples)} samples, so each pass finds "
            f"a mistake. The run was ended after {plural(run.updates, 'correction')}. See “When no line fits”."
        )

    prediction("Will the line ever come to rest?", [soon, late, never], reveal, "perceptron")
