"""A small network with one sample: as a graph of numbers, as a graph of layers, and one training step of it."""

import streamlit as st

from core.backpropagation.network import TrainingStep, as_layers, as_numbers, effect, training_step, weight_of
from core.backpropagation.program import network_program
from core.backpropagation.settings import BackpropagationViewState, NetworkSettings
from figures.backpropagation.labels import edge_table
from figures.backpropagation.network import step_table, step_words, update_by_hand
from figures.backpropagation.tensors import flow
from figures.backpropagation.words import caption, chain_sum, comparison
from pages.backpropagation.shared import choose_node, hold_graph, show_graph, show_messages
from ui.chart import table
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Mazur's example": ("2-2-2 with published numbers: E falls from 0.298371109 to 0.291027774.", {}),
    "As layers": ("The same network, one zoom out: a node for each layer.", {"zoom": "layers"}),
    "One output": ("Three hidden neurons and one output.", {"network.network": "2-3-1", "network_node": 2}),
    "Two hidden layers": ("One layer more on the way back.", {"network.network": "2-2-2-1", "network_node": 2}),
    "Too long a step": (
        "lr = 100 with every bias: the step goes far past the valley.",
        {"network.lr": 100.0, "network.biases": True, "network.activation": "tanh"},
    ),
}
ENDS = {"lower": "It is lower", "higher": "It is higher", "same": "It is the same"}


def show(controls: Controls) -> None:
    st.markdown(
        "**How much is each weight to blame for the error, and does one step against it help?** The error E is the "
        "sum of (t − o)² / 2 over the outputs o and their targets t; i are inputs, w weights, b biases."
    )
    layout = view_layout()
    with layout.side:
        controls.show("zoom", "network.network", "network.lr")
        settings = controls.read(NetworkSettings)
        numbers = controls.values["zoom"] == "numbers"
        graph, node = (as_numbers(settings), "network_node") if numbers else (as_layers(settings), "layers_node")
        chosen = choose_node(controls, node, graph)
        seed = [] if settings.network == "mazur" else ["network.seed"]
        controls.show_more("network.activation", "network.biases", *seed)
        controls.show_presets(PRESETS, NetworkSettings, BackpropagationViewState)
    step = training_step(settings)
    if not _guess(controls, layout, step):
        hold_graph(controls, layout, graph, "network_graph", node)
        return
    with layout.stage:
        said = caption(graph, chosen) if numbers else flow(graph, chosen)
        show_graph(
            controls, layout, graph, said, "network_graph", (node, "network_at"), f"{hash(settings)}{numbers}network"
        )
    with layout.words:
        if numbers and (by_hand := chain_sum(graph, chosen)):
            worked_step(by_hand)
            st.markdown(comparison(graph, chosen))
            table(edge_table(graph), "network_edges", "Every edge with its message")
        if not numbers:
            show_messages(graph, chosen)
    with layout.below:
        st.markdown(step_words(step))
        worked_step(update_by_hand(step, weight_of(step, graph.nodes[chosen])))
        table(step_table(step), "network_step", "The training step: every weight before and after")
        st.markdown(
            "**Find out.** Which weights have the larger gradients, those of the first layer or of the last? With "
            "which lr does one step make E higher?"
        )
    program_panel(network_program(step))


def _guess(controls: Controls, layout: Layout, step: TrainingStep) -> bool:
    question = (
        f"Each trained weight takes one step against its gradient, with lr = {step.settings.lr:g}. What becomes of E?"
    )
    right = [ENDS[effect(step)]]
    return prediction(controls, layout, question, list(ENDS.values()), right, step_words(step), step.settings)
