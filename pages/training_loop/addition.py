"""Does it know addition? Inside and outside of what it was trained on."""

import streamlit as st

from core.training_loop.addition import answer, local_plane
from core.training_loop.health import all_finite
from core.training_loop.program import program
from figures.training_loop.addition import error_maps, hidden_units, plane_sentence
from figures.training_loop.trouble import DIVERGED
from figures.words import fmt, full
from pages.training_loop.run import run_on_screen, time_slider
from ui.chart import chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.program import program_panel


def show(controls: Controls) -> None:
    st.markdown("**Has it learned to add, or only these sums?**")
    layout = view_layout()
    with layout.side:
        controls.show("addition.a", "addition.b")
        result = st.container()
        controls.show("num_epochs", "hidden", "seed")
        controls.show_more("lr", "optimizer", "batch_size", "data_low", "data_high")
        controls.reset_button()
    run = run_on_screen(controls, layout, "addition.at")
    if run is None:
        return
    with layout.stage:
        index = time_slider(controls, run, ["error_map"], "addition.at")
        chart(error_maps(run), "error_map", layout.words)
    a, b = controls.values["addition.a"], controls.values["addition.b"]
    weights = run.snapshots[index].weights
    said = answer(weights, a, b)
    low, high = (fmt(end) for end in (run.settings.data_low, run.settings.data_high - 1))
    plane = local_plane(weights, a, b)
    if all_finite(*weights.values(), said, plane.slopes, plane.intercept):
        result.markdown(
            f"**model([{full(a)}, {full(b)}]) = {fmt(said, decimals=4)}**  \nThe sum is {fmt(a + b, 6)}, so it "
            f"is off by {fmt(said - (a + b))}. It was trained on numbers from {low} to {high}."
        )
        st.subheader("Do its weights say “plus”?")
        st.markdown(
            "Where the same hidden units stay switched on, the network is one flat plane. Adding means: slope 1 along "
            f"a, slope 1 along b, nothing else. {plane_sentence(plane, a, b)}"
        )
        chart(hidden_units(weights, plane, a, b), "hidden_units")
    else:
        result.markdown(DIVERGED)
    st.markdown("**Find out.** Train on −50 to 49: does it add negative numbers better, and why? Can 2 units add?")
    program_panel(program(run.settings, run, (a, b)))
