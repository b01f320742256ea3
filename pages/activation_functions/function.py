"""The function: what comes out of a neuron, and its slope."""

import streamlit as st

from core.activation_functions.function import compared, curve
from core.activation_functions.modules import parameters_of
from core.activation_functions.program import function_program
from core.activation_functions.settings import REACH, ActivationSettings, FunctionSettings
from figures.activation_functions.function import (
    by_hand,
    corner_words,
    curves_and_slopes,
    formula_words,
    guess_words,
    sum_alone,
    table,
)
from figures.words import full
from pages.activation_functions.shared import activation, show_activation
from ui.chart import chart, held_chart, rounded
from ui.controls import Controls
from ui.layout import view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Course: ReLU": ("“A broader range of outputs”: here a sum of 2.", {"function.z": 2.0}),
    "Course: the step": ("“Originally a step function”: 0 or 1.", {"name": "Step", "function.z": 2.0}),
    "Course: sigmoid": ("Any sum becomes a number between 0 and 1.", {"name": "Sigmoid", "function.z": 2.0}),
    "Sigmoid and tanh": (
        "One curve, stretched: tanh z = 2·sigmoid(2z) − 1.",
        {"name": "Tanh", "function.second": "Sigmoid"},
    ),
    "The leak": ("Below 0 a leaky ReLU keeps a slope.", {"name": "LeakyReLU", "function.second": "ReLU"}),
    "Today's smooth ones": (
        "GELU, SiLU and Mish dip below 0.",
        {"name": "GELU", "function.second": "SiLU", "function.third": "Mish", "function.fourth": "ReLU"},
    ),
    "At the corner": ("ReLU has no slope at 0, and torch returns one.", {"function.z": 0.0}),
}
GUESSES = {"same": "The sum, unchanged", "zero": "0", "other": "Another number"}


def show(controls: Controls) -> None:
    st.markdown(
        "**What comes out of a neuron, and how steep is it there?** The neuron adds up inputs times weights and a "
        "bias: the sum z. What it passes on is f(z)."
    )
    layout = view_layout()
    with layout.side:
        show_activation(controls)
        controls.show("function.z", "function.second")
        _show_more(controls)
        controls.show_presets(PRESETS, ActivationSettings, FunctionSettings)
    settings = controls.read(FunctionSettings)
    names = compared(controls.values["name"], settings)
    curves = [curve(activation(controls, name), settings.z) for name in names]
    first = curves[0]
    with layout.stage:
        question = f"The sum is {full(first.at)}. What does {first.name} pass on?"
        right = [GUESSES[key] for key in (("same", "zero") if first.passes == "both" else (first.passes,))]
        about = (first.activation, first.at)
        if not prediction(controls, layout, question, list(GUESSES.values()), right, guess_words(first), about):
            held_chart(sum_alone(first.at), "function", layout.words)
            return
        picture = curves_and_slopes(curves, settings.curvature)

        def stand_at(z: float, _: float) -> None:
            """Goes to the clicked place, if it is on the axis."""
            if -REACH <= z <= REACH:
                controls.set(**{"function.z": rounded(z, -REACH, REACH)})

        chart(picture, "function", layout.words, on_place=stand_at, on_place_y2=stand_at)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(table(curves, settings.curvature))
        st.markdown(f"{formula_words(first)}\n\n{corner_words(first)}")
    with right:
        worked_step(by_hand(first))
        st.markdown(
            "**Find out.** Which functions are steeper than 1 somewhere? Which still let something of an error through "
            "at z = −6?"
        )
    program_panel(function_program(curves, settings.curvature))


def _show_more(controls: Controls) -> None:
    """Further curves, one after the other, with the parameters of all that are drawn beside the first."""
    others = [name for name in ("second", "third", "fourth") if controls.values[f"function.{name}"] != "none"]
    chosen = dict.fromkeys(controls.values[f"function.{name}"] for name in others)
    chosen.pop(controls.values["name"], None)
    names = [f"function.{name}" for i, name in enumerate(("third", "fourth")) if i < len(others) or name in others]
    parameters = [field for name in chosen for field in parameters_of(name)]
    controls.show_more("function.curvature", *names, *parameters)
