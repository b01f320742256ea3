"""Does it know addition? Inside and outside of what it was trained on."""

import streamlit as st

from core.training_loop.addition import answer, local_plane
from core.training_loop.record import Run
from figures.training_loop.addition import error_maps, hidden_units, plane_sentence
from pages.training_loop.runs import program_of, run_on_screen, time_slider
from ui.chart import chart
from ui.controls import Controls


def show(controls: Controls) -> None:
    one, two, result = st.columns([1, 1, 2], gap="large")
    with one:
        controls.show("a")
    with two:
        controls.show("b")
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("num_epochs", "hidden", "seed")
        controls.show_more("lr", "optimizer", "batch_size", "data_low", "data_high")
        controls.reset_button()
    with picture:
        run = run_on_screen(controls, "map_at")
        if run is None:
            return
        index = time_slider(controls, run, ["error_map"], "map_at")
        chart(error_maps(run), "error_map")
    with result:
        _try(controls, run, index)
    st.subheader("Do its weights say “plus”?")
    weights, a, b = run.moments[index].weights, controls.values["a"], controls.values["b"]
    plane = local_plane(weights, a, b)
    st.markdown(
        "Where the same hidden units stay switched on, the network is one flat plane. Adding means: slope 1 along "
        "a, slope 1 "
        f"along b, nothing else. {plane_sentence(plane, a, b)}"
    )
    chart(hidden_units(weights, plane, a, b), "hidden_units")
    st.markdown(
        "**Find out by moving the controls.** How far outside of the frame is the first error of 1? Train on −50 "
        "to 49 instead "
        "of 0 to 99: does it get better at negative numbers, and why? Can 2 hidden units add?"
    )
    program_of(run.settings, run)


def _try(controls: Controls, run: Run, index: int) -> None:
    a, b = controls.values["a"], controls.values["b"]
    said = answer(run.moments[index].weights, a, b)
    low, high = run.settings.data_low, run.settings.data_high - 1
    inside = low <= a <= high and low <= b <= high
    st.markdown(
        f"**model([{a:g}, {b:g}]) = {said:.4f}**  \nThe sum is {a + b:g}, so it is off by {said - (a + b):.4g}. "
        + (
            f"It trained on such pairs ({low} to {high})."
            if inside
            else f"It has never seen such a pair: it trained on {low} to {high}."
        )
    )
