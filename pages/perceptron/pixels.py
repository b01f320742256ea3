"""Pixels: the picture of the course with real images, weighed, summed and activated."""

import streamlit as st

from core.perceptron.pixels import run_pixels
from core.perceptron.program import pixels_program
from core.perceptron.settings import PixelSettings
from figures.perceptron.pixels import pixel_neuron, pixel_sums
from ui.chart import chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.program import program_panel


def show(controls: Controls) -> None:
    st.markdown("**Can 64 weights tell two handwritten digits apart?** Pixels times weights, summed, then the step.")
    layout = view_layout()
    with layout.side:
        controls.show("pixels.zero", "pixels.one")
        run = run_pixels(controls.read_or_last(PixelSettings))
        last = len(run.y) - 1
        controls.show("image", most=last)
        index = min(controls.values["image"], last)
        _next_wrong_button(controls, run.wrong_images, index)
        controls.show_more("pixels.num_passes", "pixels.holdout", "pixels.seed")
        controls.reset_button()
    with layout.stage:
        chart(pixel_neuron(run, index), "pixel_neuron", layout.words)
    chart(pixel_sums(run, index), "pixel_sums")
    st.markdown("**Find out.** Which two digits are hardest to tell apart, and which easiest?")
    program_panel(pixels_program(run))


def _next_wrong_button(controls: Controls, wrong: list[int], index: int) -> None:
    following = next((i for i in wrong if i > index), wrong[0] if wrong else index)
    st.button(
        f"Show a wrong one ({len(wrong)})",
        on_click=controls.set,
        kwargs={"image": following},
        key="perceptron-next-wrong",
        disabled=not wrong,
    )
