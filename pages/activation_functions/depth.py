"""Many layers: what becomes of signals and errors in a deep network with fresh weights."""

import streamlit as st

from core.activation_functions.depth import gradient_map, run
from core.activation_functions.modules import parameters_of
from core.activation_functions.program import depth_program
from core.activation_functions.settings import ActivationSettings, DepthSettings
from figures.activation_functions.depth import by_hand, cell_at, error_map, fate_words, signals_and_errors
from figures.words import plural
from pages.activation_functions.shared import activation
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "ReLU as PyTorch starts it": ("20 layers, and the first hardly learns.", {}),
    "ReLU with Kaiming": ("Weights √6 times as large: the error arrives.", {"depth.init": "kaiming"}),
    "Sigmoid": ("Its slope is at most 1/4, in every layer.", {"name": "Sigmoid", "depth.init": "xavier"}),
    "Tanh with Xavier": ("What Xavier was made for.", {"name": "Tanh", "depth.init": "xavier"}),
    "No activation, too large": (
        "Nothing bends, and every layer doubles it: it explodes.",
        {"name": "Identity", "depth.init": "normal", "depth.scale": 2.0},
    ),
    "Step": ("No error at all.", {"name": "Step", "depth.init": "kaiming"}),
}
GUESSES = {
    "lost": "Nothing at all",
    "vanishes": "Less than a thousandth",
    "arrives": "A part that can be used",
    "explodes": "More than 1,000 times as much",
}


def show(controls: Controls) -> None:
    st.markdown(
        "**What becomes of signals and errors in a deep network?** Inputs go forward through layers with fresh random "
        "weights. Back comes the error, dL/dz: how much the loss L changes with each sum z."
    )
    layout = view_layout()
    with layout.side:
        scale = ["depth.scale"] * (controls.values["depth.init"] == "normal")
        controls.show("name", "depth.init", *scale, "depth.depth")
        controls.show_more(*parameters_of(controls.values["name"]), "depth.width", "depth.seed")
        controls.show_presets(PRESETS, ActivationSettings, DepthSettings)
    found = run(activation(controls), controls.read(DepthSettings))
    settings = found.settings
    with layout.stage:
        question = (
            f"An error of size 1 goes back through {plural(settings.depth, 'layer')} with {found.activation.name}. How "
            "much of it reaches the first?"
        )
        right, why = [GUESSES[found.error_fate]], fate_words(found)
        about = (found.activation, settings)
        if not prediction(controls, layout, question, list(GUESSES.values()), right, why, about):
            held_chart(signals_and_errors(found, errors=False), "depth", layout.words)
            return
        chart(signals_and_errors(found), "depth", layout.words)
    with layout.beside:
        every = gradient_map(found.activation, settings.width, settings.seed)
        chart(error_map(every, found), "error_map", on_place=lambda x, depth: _open(controls, x, depth))
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(fate_words(found))
        worked_step(by_hand(found))
    with right:
        st.markdown(
            "Click a cell of the map to open its network.\n\n**Find out.** Where do the colours stay grey from "
            "top to bottom, and how does that scale change with the function? Which function has none?"
        )
    program_panel(depth_program(found))


def _open(controls: Controls, x: float, depth: float) -> None:
    """Takes the clicked cell, if there is one."""
    cell = cell_at(x, depth)
    if cell is not None:
        controls.set(**{"depth.init": "normal", "depth.scale": cell[0], "depth.depth": cell[1]})
