"""Gates: a value, and a second sum that decides how much of it passes."""

import streamlit as st

from core.activation_functions.gated import gated
from core.activation_functions.program import gated_program
from core.activation_functions.settings import GATED, HIGHEST_VALUE, REACH, GatedSettings
from figures.activation_functions.gated import by_hand, gate_map, passing_words, two_lines
from figures.words import full
from ui.chart import chart, held_chart, rounded
from ui.controls import Controls
from ui.layout import view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Nearly shut": ("A sigmoid gate at g = −3.", {}),
    "Wide open": ("At g = 4 almost all of it passes.", {"gated.g": 4.0}),
    "SwiGLU, as in Llama": ("Beyond 1, the gate even multiplies.", {"gated.gate": "swiglu", "gated.g": 3.0}),
    "A gate that turns the sign": ("SiLU dips below 0.", {"gated.gate": "swiglu", "gated.g": -1.28}),
    "No gate at all": ("Two sums multiplied: still no straight line.", {"gated.gate": "bilinear", "gated.g": 2.0}),
}
GUESSES = {
    "none": "Almost nothing",
    "part": "A part of it",
    "all": "Almost all of it, or more",
    "turned": "It comes out with the other sign",
}


def show(controls: Controls) -> None:
    st.markdown(
        "**What is a gate?** A gated unit has two sums: the value a, and the gate's sum g, which decides how much of a "
        "passes. The output is a·σ(g); many large language models have such units in every block."
    )
    layout = view_layout()
    with layout.side:
        controls.show("gated.gate", "gated.a", "gated.g")
        controls.show_presets(PRESETS, GatedSettings)
    found = gated(controls.read(GatedSettings))
    settings = found.settings
    with layout.stage:
        gate, a = GATED[settings.gate], full(settings.a)
        question = f"The gate is a {gate}, and its sum is {full(settings.g)}. How much of the value {a} passes?"
        right, why = [GUESSES[found.passes]], passing_words(found)
        asks = settings.a != 0  # of nothing there is no part
        if asks and not prediction(controls, layout, question, list(GUESSES.values()), right, why, settings):
            held_chart(gate_map(found, outputs=False), "gate_map", layout.words)
            return
        chart(gate_map(found), "gate_map", layout.words, on_place=lambda g, a: _stand_at(controls, g, a))
    with layout.beside:
        chart(two_lines(found), "two_lines")
    left, right = st.columns(2, gap="large")
    with left:
        worked_step(by_hand(found))
    with right:
        st.markdown(
            "Click the map to go there.\n\n**Find out.** Where can the value learn nothing, and where the gate? Which "
            "gates let more through than there was?"
        )
    program_panel(gated_program(found))


def _stand_at(controls: Controls, g: float, a: float) -> None:
    """Goes to the clicked place, if it is on the map."""
    if -REACH <= g <= REACH and -HIGHEST_VALUE <= a <= HIGHEST_VALUE:
        place = {"g": rounded(g, -REACH, REACH), "a": rounded(a, -HIGHEST_VALUE, HIGHEST_VALUE)}
        controls.set(**{f"gated.{name}": value for name, value in place.items()})
