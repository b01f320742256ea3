"""What is written at the nodes and edges of a graph, what is said at each step, and the numbers as a table."""

import pandas as pd
from torch import Tensor

from core.backpropagation.check import central_differences
from core.backpropagation.graph import Edge, Graph, Moment, Node
from figures.words import bracketed, fmt, typeset

OFF = " It is off here: within h lies a kink or a jump, or the numbers are too large or bend too fast for it."
SHORT = {"sigmoid": "σ", "Linear": "lin", "E": "½Σ²"}


def signed(node: Node) -> str:
    """What stands in the node."""
    if not node.parents:
        return node.name
    word = node.sign.split()
    return (
        " ".join(SHORT.get(w, w) for w in word).replace("*", "×").replace("/", "÷").replace("-", "−").replace("^ ", "^")
    )


def shown(value: Tensor, digits: int = 4) -> str:
    """A single number as it is, anything else by its shape."""
    return fmt(value.item(), digits) if value.dim() == 0 else f"[{', '.join(map(str, value.shape))}]"


def written(code: str) -> str:
    """A piece of the calculation as mathematicians write it."""
    return typeset(code.replace("**", "^").replace("*", "·").replace("/", "÷"))


def edge_text(graph: Graph, edge: Edge) -> str:
    """ "× derivative = message", from the gradient right of it; for tensors the message's shape."""
    child, message = graph.nodes[edge.child], graph.message(edge)
    if not child.derivatives:
        return f"← {shown(message)}"
    return f"× {bracketed(child.derivatives[edge.slot].item())} = {fmt(message.item())}"


def labels(graph: Graph) -> list[str]:
    """What to say at each moment."""
    return [_said(graph, moment) for moment in graph.moments]


def _said(graph: Graph, moment: Moment) -> str:
    if moment.kind == "start":
        return "Start: the given values."
    if moment.kind == "end":
        return "End: each gradient is the sum of the messages that have come."
    node = graph.nodes[moment.node]
    if moment.kind == "forward":
        return f"Forward: {node.name} = {written(node.code)} = {shown(node.value)}"
    if moment.kind == "seed":
        return f"Backward begins at the result {node.name}: its gradient by itself is 1."
    sent = []
    for slot, parent in enumerate(node.parents):
        if node.messages[slot] is not None:
            text = edge_text(graph, Edge(moment.node, parent, slot))
            by = f"{fmt(node.gradient.item())} {text}" if node.derivatives else text.removeprefix("← ")
            sent.append(f"to {graph.nodes[parent].name}: {by}")
    return f"Backward: {node.name} = {written(node.code)} sends {', '.join(sent)}"


def edge_table(graph: Graph) -> pd.DataFrame:
    """Every edge on which a message is sent: the gradient that has come, the derivative, and their product."""
    edges = [edge for edge in graph.edges if graph.message(edge) is not None]
    return pd.DataFrame(
        {
            "from": [graph.nodes[edge.child].name for edge in edges],
            "to": [graph.nodes[edge.parent].name for edge in edges],
            "gradient": [graph.nodes[edge.child].gradient.item() for edge in edges],
            "× derivative": [graph.nodes[edge.child].derivatives[edge.slot].item() for edge in edges],
            "= message": [graph.message(edge).item() for edge in edges],
        }
    )


def node_table(graph: Graph) -> pd.DataFrame:
    """Every node with its value and gradient; single numbers also with their central differences."""
    single = all(node.value.dim() == 0 for node in graph.nodes)

    def tell(value: Tensor) -> object:
        if single:
            return value.item()
        return str((value.double().round(decimals=6) + 0).tolist())

    columns = {
        "node": [node.name for node in graph.nodes],
        "is": [written(node.code) for node in graph.nodes],
        "value": [tell(node.value) for node in graph.nodes],
        "gradient": [None if node.gradient is None else tell(node.gradient) for node in graph.nodes],
    }
    if single:
        columns["central difference"] = central_differences(graph).tolist()
    return pd.DataFrame(columns)
