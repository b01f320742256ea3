"""The state_dict, the first weights, what can be frozen, and what named_parameters() finds."""

import streamlit as st

from core.neural_networks.parameters import Entry, Parameters, list_parameters, spread
from core.neural_networks.program import parameters_program
from core.neural_networks.settings import ModelSettings, ParameterSettings
from figures.neural_networks.parameters import (
    BARS,
    attribute_table,
    bound_by_hand,
    container_table,
    histogram,
    tensor_bars,
)
from figures.words import fmt
from pages.neural_networks.shared import PRESETS as MODELS
from pages.neural_networks.shared import model_controls
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

NORM = "Flatten(), Linear(64, 16), BatchNorm1d(16), ReLU(), Linear(16, 10)"
PRESETS = {
    "The course's MLP": MODELS["The course's MLP"],
    "First layer frozen": ("Only the output layer learns.", MODELS["The course's MLP"][1] | {"parameters.frozen": 1}),
    "Batch norm": ("It keeps three buffers, which are saved but not learned.", {"layers": NORM, "shape": "4, 1, 8, 8"}),
    "A small CNN": MODELS["A small CNN"],
}
SPREADS = {"even": "Evenly between two bounds", "bell": "Like a bell around 0", "same": "All are the same"}
HOW = {
    "even": "The bars of the histogram are about equally high, and end at the dashed bounds.",
    "bell": "The bars of the histogram are highest in the middle.",
    "same": "The histogram has a single bar.",
}


def show(controls: Controls) -> None:
    st.markdown("**Which numbers does a model learn, and with which does it begin?**")
    layout = view_layout()
    with layout.side:
        built = model_controls(controls)
        learning = sum(step.count > 0 for step in built.steps)
        if learning:
            controls.show("parameters.frozen", most=learning)
        found = list_parameters(built.settings, controls.read(ParameterSettings))
        last = len(found.entries) - 1
        if last > 0:
            controls.show("tensor", most=last)
        controls.show_more("seed")
        controls.show_presets(PRESETS, ModelSettings, ParameterSettings)
    if not learning:
        layout.stage.info("This model has no layer with parameters: nothing is learned, saved or frozen.")
        program_panel(parameters_program(found, None))
        return
    chosen = min(controls.values["tensor"], last)
    entry = found.entries[chosen]
    with layout.stage:
        guessed = _guess(controls, layout, entry, built.settings)
        chart(
            tensor_bars(found, chosen), "tensors", layout.words, on_mark=lambda _, name: _choose(controls, found, name)
        )
    with layout.beside:
        if not guessed:
            held_chart(histogram(entry), "histogram", layout.words, hidden=[BARS])
            return
        chart(histogram(entry), "histogram")
    with layout.below:
        (worked_step if entry.bound else st.markdown)(bound_by_hand(entry))
        st.markdown("The same layers as an attribute `layers` of a module: what `named_parameters()` finds.")
        st.table(container_table(found))
        st.markdown(
            "A tensor of its own, kept by a module in three ways. Statistics, such as batch norm's, are buffers."
        )
        st.table(attribute_table())
        st.markdown("**Find out.** How many inputs make the first weights ten times smaller?")
    program_panel(parameters_program(found, chosen))


def _choose(controls: Controls, found: Parameters, name: object) -> None:
    """Takes the tensor whose bar was clicked."""
    names = [entry.name for entry in found.entries]
    if name in names:
        controls.set(tensor=names.index(name))


def _guess(controls: Controls, layout: Layout, entry: Entry, about: ModelSettings) -> bool:
    kind = spread(entry.values)
    if kind not in SPREADS or entry.bound is None:
        return True
    question = f"`{entry.name}` is drawn at random. How are its {entry.values.numel():,} first values spread?"
    why = f"{HOW[kind]} They lie between {fmt(entry.values.min().item())} and {fmt(entry.values.max().item())}."
    return prediction(controls, layout, question, list(SPREADS.values()), [SPREADS[kind]], why, (about, entry.name))
