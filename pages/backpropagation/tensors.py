"""The same with tensors: a node holds a matrix, a message is one, and every gradient has the shape of its tensor."""

import streamlit as st

from core.backpropagation.graph import Graph
from core.backpropagation.program import tensors_program
from core.backpropagation.settings import BackpropagationViewState, TensorSettings
from core.backpropagation.tensors import language, read_tensors
from core.expression.errors import TorchError
from core.expression.torch_language import in_words
from figures.backpropagation.labels import shown
from figures.backpropagation.tensors import flow
from pages.backpropagation.shared import choose_node, hold_graph, show_graph, show_messages
from ui.controls import Controls
from ui.last_good import last_good
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.what_may_be_typed import what_may_be_typed

PRESETS = {
    "A layer and its error": ("Product, bias, mean squared error.", {}),
    "A bias for a batch": ("b is used in each row: its gradient is a sum.", {"tensors_node": 2}),
    "Only a product": (
        "dA = G Bᵀ and dB = Aᵀ G, with G all ones.",
        {
            "tensors.text": "(A @ B).sum()",
            "tensors.tensors": "A = [[1, 2, 3], [4, 5, 6]]; B = [[1, 0], [0, 1], [2, -1]]",
            "tensors_node": 0,
        },
    ),
    "Used twice": (
        "X meets itself: two messages add up.",
        {"tensors.text": "(X @ X.T).sum()", "tensors.tensors": "X = [[1, 2], [3, 4]]", "tensors_node": 0},
    ),
    "Two layers": (
        "The gradient goes through a ReLU.",
        {
            "tensors.text": "((torch.relu(X @ V) @ W - T) ** 2).sum()",
            "tensors.tensors": "X = [[1, -1], [2, 0.5]]; V = [[1, -1], [0.5, 2]]; W = [[1], [-2]]; T = [[1], [0]]",
            "tensors_node": 1,
        },
    ),
}


def show(controls: Controls) -> None:
    st.markdown("**Which shape does a gradient have, and which product makes it?** A node now holds a whole tensor.")
    layout = view_layout()
    with layout.side:
        controls.show("tensors.text", "tensors.tensors")
        settings, graph = _graph(controls)
        chosen = choose_node(controls, "tensors_node", graph)
        controls.show_presets(PRESETS, TensorSettings, BackpropagationViewState)
        what_may_be_typed("backpropagation-typed", lambda: in_words(language()))
    if not _guess(controls, layout, settings, graph, chosen):
        hold_graph(controls, layout, graph, "tensor_graph", "tensors_node")
        return
    with layout.stage:
        fields, run = ("tensors_node", "tensors_at"), f"{hash(settings)}tensors"
        show_graph(controls, layout, graph, flow(graph, chosen), "tensor_graph", fields, run)
    with layout.words:
        show_messages(graph, chosen)
    with layout.below:
        st.markdown(
            "**Find out.** Give X a fourth row: which gradients change their shape, which only their numbers? Why is "
            "there a transposed matrix in both rules of the product?"
        )
    program_panel(tensors_program(settings, graph))


def _graph(controls: Controls) -> tuple[TensorSettings, Graph]:
    """The typed graph; where it is wrong, the last good one, with torch's own words if it was torch that refused."""

    def compute(settings: TensorSettings) -> Graph:
        try:
            return read_tensors(settings.text, settings.tensors)
        except TorchError as error:
            st.code(f"{error.kind}: {error.said}", language=None, wrap_lines=True)
            raise

    return last_good(controls, controls.read(TensorSettings), compute)


def _guess(controls: Controls, layout: Layout, settings: TensorSettings, graph: Graph, chosen: int) -> bool:
    node = graph.nodes[chosen]
    shape = shown(node.value)
    if node.value.dim() == 0:
        return True
    users = [shown(graph.nodes[edge.child].value) for edge in graph.incoming(chosen)]
    options = list(dict.fromkeys(["a single number", *users[:1], shape]))
    question = f"{node.name} has the shape {shape}. Which shape does its gradient have?"
    why = f"Each of the {node.value.numel()} numbers of {node.name} changes the result by an amount of its own."
    return prediction(controls, layout, question, options, [shape], why, (settings, chosen))
