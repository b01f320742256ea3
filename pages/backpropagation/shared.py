"""What the views with a graph share: its steps, the choice of a node, and the clicks on it."""

import streamlit as st

from core.backpropagation.graph import Graph
from figures.backpropagation.graph import graph_picture, node_near
from figures.backpropagation.labels import labels
from figures.backpropagation.tensors import agreement, entry_by_hand, gradient_words, message_words
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout
from ui.scrubber import scrubber
from ui.worked_step import worked_step


def choose_node(controls: Controls, field: str, graph: Graph) -> int:
    """A slider over the nodes by their names; returns the chosen one."""
    last = len(graph.nodes) - 1
    controls.show(field, say=lambda i: graph.nodes[min(i, last)].name, most=last)
    return min(controls.values[field], last)


def show_graph(
    controls: Controls, layout: Layout, graph: Graph, said: str, key: str, fields: tuple[str, str], run: str
) -> None:
    """The graph with its steps.

    Args:
        said: the caption. key: of the chart. fields: of the chosen node and of the step. run: changes with the graph.
    """
    node, at = fields
    chosen = min(controls.values[node], len(graph.nodes) - 1)

    def press(x: float, y: float) -> None:
        near = node_near(graph, x, y)
        if near is not None:
            controls.set(**{node: near})

    scrubber(controls, at, list(range(len(graph.moments))), labels(graph), [key], run, "Step")
    chart(graph_picture(graph, chosen, said), key, layout.words, on_place=press)


def hold_graph(controls: Controls, layout: Layout, graph: Graph, key: str, node: str) -> None:
    """Its start, before the guess."""
    chosen = min(controls.values[node], len(graph.nodes) - 1)
    with layout.stage:
        held_chart(graph_picture(graph, chosen, ""), key, layout.words)


def show_messages(graph: Graph, chosen: int) -> None:
    """The messages to a tensor, as matrices, and their sum in numbers."""
    st.markdown(gradient_words(graph, chosen))
    if graph.nodes[chosen].gradient is None:
        return
    for edge in graph.incoming(chosen):
        said, tex = message_words(graph, edge)
        st.markdown(said)
        st.latex(tex)
    if step := entry_by_hand(graph, chosen):
        worked_step(step)
    st.markdown(agreement(graph, chosen))
