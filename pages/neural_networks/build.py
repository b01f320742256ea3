"""A model typed as a list of layers: the class, its picture, its shapes and what it learns."""

import streamlit as st

from core.neural_networks.build import Built, largest
from core.neural_networks.class_code import class_code, model_code
from core.neural_networks.program import build_program
from core.neural_networks.settings import ModelSettings
from figures.neural_networks.build import COUNTS, by_hand, counted, model_picture
from pages.neural_networks.shared import PRESETS, model_controls, show_mismatch, what_may_be_typed
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step


def show(controls: Controls) -> None:
    st.markdown("**What is inside an `nn.Module`?** Layers, one after the other, and the numbers that they learn.")
    layout = view_layout()
    with layout.side:
        built = model_controls(controls)
        show_mismatch(controls, built)
        n = len(built.steps)
        if n > 1:
            controls.show("layer", most=n)
        controls.show_more("seed")
        controls.show_presets(PRESETS, ModelSettings)
        what_may_be_typed()
    marked = min(controls.values["layer"], n) - 1
    picture = model_picture(built, marked)
    with layout.stage:
        if not built.mismatch and not _guess(controls, layout, built):
            held_chart(picture, "model", layout.words, hidden=[COUNTS])
            return
        chart(picture, "model", layout.words)
    with layout.below:
        worked_step(by_hand(built.steps[marked]))
        st.markdown("The class, as the course writes it:")
        st.code(class_code(built.settings.model), language="python")
        st.markdown(f"`model = {model_code(built.settings.model)}`, and what `print(model)` says:")
        st.code(built.printed, language=None)
        if not built.mismatch:
            st.markdown("`print(model(x))`, with random numbers as x:")
            st.code(built.said, language=None, height=110 if built.said.count("\n") > 3 else "content")
        st.markdown(
            "**Find out.** Twice as many hidden units: does the model learn twice as many numbers? And how many with "
            "a second hidden layer of 64?"
        )
    program_panel(build_program(built))


def _guess(controls: Controls, layout: Layout, built: Built) -> bool:
    """Which layer holds the most; asked where there is a choice of at most four, one of them right."""
    names, most = [step.name for step in built.steps], largest(built)
    if not most or not 2 <= len(names) <= 4 or len(most) == len(names):
        return True
    why = "; ".join(f"{step.name}: {counted(step)}" for step in built.steps if step.count)
    return prediction(
        controls,
        layout,
        "Which layer learns the most numbers?",
        names,
        most,
        f"{why}.",
        built.settings,
    )
