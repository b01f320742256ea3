"""A typed calculation as a graph: forward, backward, and every gradient as a sum of messages."""

import streamlit as st

from core.backpropagation.check import kinks
from core.backpropagation.graph import Graph
from core.backpropagation.program import graph_program
from core.backpropagation.read import read
from core.backpropagation.settings import BackpropagationViewState, GraphSettings
from figures.backpropagation.labels import edge_table
from figures.backpropagation.words import caption, chain_sum, change_words, comparison, effect_words, kink_words
from figures.words import fmt
from pages.backpropagation.shared import choose_node, hold_graph, show_graph
from ui.chart import table
from ui.controls import Controls
from ui.last_good import last_good
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

MICROGRAD = (
    "c = a + b; d = a*b + b^3; c = c + (c + 1); c = c + (1 + c - a); d = d + (d*2 + relu(b + a)); "
    "d = d + (3*d + relu(b - a)); f = (c - d)^2; g = f/2; g + 10/f"
)
PRESETS = {
    "(x + y) · z": ("Two operations, three variables.", {"node": 1}),
    "A neuron": (
        "Two inputs, two weights, a bias, and a sigmoid at the end.",
        {"text": "sigmoid(w1*x1 + w2*x2 + b)", "values": "w1 = 2, x1 = -1, w2 = -3, x2 = -2, b = -3", "node": 0},
    ),
    "x · x": ("One variable, two edges: two messages add up.", {"text": "x*x", "values": "x = 3", "node": 0}),
    "micrograd": (
        "The example of A. Karpathy's micrograd: a and b are used again and again.",
        {"text": MICROGRAD, "values": "a = -4, b = 2", "node": 0},
    ),
    "A kink": (
        "relu at 0 has no derivative: autograd takes 0.",
        {"text": "relu(x) * y", "values": "x = 0, y = 2", "node": 0},
    ),
    "A tie": (
        "max of equal numbers: autograd gives each a half.",
        {"text": "max(x, y)^2", "values": "x = 3, y = 3", "node": 0},
    ),
}
EFFECTS = {"grows": "It grows", "falls": "It falls", "stays": "It hardly moves"}


def show(controls: Controls) -> None:
    st.markdown(
        "**How much does each number change the result?** Its *gradient* says that. It is made of *messages* "
        "that go backward: the gradient of the node they come from, times the derivative of its operation."
    )
    layout = view_layout()
    with layout.side:
        controls.show("text", "values")
        settings, graph = last_good(controls, controls.read(GraphSettings), lambda s: read(s.text, s.values))
        chosen = choose_node(controls, "node", graph)
        controls.show("change")
        controls.show_presets(PRESETS, GraphSettings, BackpropagationViewState)
    if not _guess(controls, layout, settings, graph, chosen):
        hold_graph(controls, layout, graph, "chain_graph", "node")
        return
    with layout.stage:
        said = caption(graph, chosen)
        show_graph(controls, layout, graph, said, "chain_graph", ("node", "at"), f"{hash(settings)}graph")
    with layout.words:
        if kinked := kink_words(graph):
            st.info(kinked)
        if step := chain_sum(graph, chosen):
            worked_step(step)
        st.markdown(comparison(graph, chosen))
        table(edge_table(graph), "chain_edges", "Every edge with its message")
    with layout.below:
        st.markdown(change_words(graph, chosen, controls.values["change"]))
        st.markdown(
            "**Find out.** With the preset x · x: how large is each message, and why is the gradient twice that? With "
            "which x does the neuron's weight w1 get the largest gradient?"
        )
    program_panel(graph_program(settings, graph))


def _guess(controls: Controls, layout: Layout, settings: GraphSettings, graph: Graph, chosen: int) -> bool:
    if kinks(graph) or chosen == len(graph.nodes) - 1:
        return True
    node = graph.nodes[chosen]
    question = f"{node.name} is {fmt(node.value.item())}. It grows by a tiny bit. What becomes of the result?"
    right = [EFFECTS[effect] for effect in graph.effects(chosen)]
    about = (settings, chosen)
    return prediction(controls, layout, question, list(EFFECTS.values()), right, effect_words(graph, chosen), about)
