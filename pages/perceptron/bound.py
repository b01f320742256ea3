"""How many mistakes? Margin, radius, Novikoff's bound and why it holds."""

import streamlit as st

from core.perceptron.bound import margin
from core.perceptron.program import learn_program
from figures.perceptron.bound import margins, novikoff_bounds
from figures.perceptron.outcome import no_margin
from figures.words import fmt
from pages.perceptron.run_controls import run_controls, run_on_screen, run_scrubber
from ui.chart import chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.program import program_panel


def show(controls: Controls) -> None:
    st.markdown(
        "**How many mistakes can there be?** That depends on the margin γ, how far the nearest sample is from the best "
        "line, and the radius R."
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
    st.subheader("Why it must end")
    st.markdown(
        "Each mistake adds sign·x to w (times lr, which cancels out); k counts them.\n\n"
        "- **w gets no longer than √k·R.** The sample was not on its side, so sign·(w·x) ≤ 0, and adding sign·x makes "
        f"the square of w's length grow by at most R² = {fmt(found.radius**2)}.\n"
        "- **w gets at least k·γ far along u.** The best direction u has sign·(u·x) ≥ γ for every sample"
        + (f", here {fmt(found.gamma)}." if found.separable else f"; here {no_margin(found)}.")
        + "\n\nA straight line overtakes a root, and where they meet there is no room for another mistake: "
        "k·γ ≤ √k·R, so k ≤ (R/γ)²."
    )
    st.markdown("**Find out.** Which control changes the number of mistakes but not the bound?")
    program_panel(learn_program(run))
