"""How many mistakes? Margin, radius, Novikoff's bound and why it holds."""

import streamlit as st

from core.perceptron.margin import margin
from figures.perceptron.margins import margins
from figures.perceptron.squeeze import squeeze
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
        time_slider(controls, run, ["squeeze"])
        one, two = st.columns(2)
        with one:
            chart(squeeze(run), "squeeze")
        with two:
            chart(margins(run.samples), "margins")
    found = margin(run.samples)
    first, second = st.columns(2, gap="large")
    with first:
        st.subheader("The two invariants")
        st.markdown(
            "Count the mistakes with k. Each adds y·x to w (times lr, which cancels out):\n\n"
            f"- **w gets no longer than √k·R.** The sample was wrong, so y·(w·x) ≤ 0, and adding y·x makes the "
            f"square of w's length grow by at most R² = {found.radius**2:.4g}.\n"
            "- **w gets at least k·γ far along u.** The best direction u has y·(u·x) ≥ γ for every sample"
            + (f", here {found.gamma:.4g}." if found.separable else ", but here there is no such u: γ = 0.")
            + "\n\nA straight line overtakes a root, and where they meet there is no room for another mistake: "
            "k·γ ≤ √k·R, so k ≤ (R/γ)²."
        )
    with second:
        st.markdown(outcome(run))
        st.markdown(
            "**Find out by moving the controls.** Which is the smallest gap at which this bound is below 100? Which "
            "control changes the number of mistakes but not the bound? Move all samples away from the origin, as "
            "“Your points” allows: why do R and the bound grow although the gap stays the same?"
        )
    program_of(run)
