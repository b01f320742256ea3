"""A graph of tensors: shapes on the nodes, and the messages as matrices."""

import torch
from torch import Tensor

from core.backpropagation.check import close, entry_difference
from core.backpropagation.graph import Edge, Graph
from core.backpropagation.tensors import rule
from figures.backpropagation.labels import OFF, shown, written
from figures.words import bracketed, fmt, listed, plural

MOST_CELLS = 24  # of a matrix that is written out


def flow(graph: Graph, chosen: int) -> str:
    """How to read the graph, and which shape the chosen node has."""
    node = graph.nodes[chosen]
    how = "In brackets stand shapes: of each tensor and, with an arrow (←), of its gradient. "
    if node.gradient is None:
        return f"{how}{node.name} (green ring) asks for no gradient."
    if node.value.dim() == 0:
        return f"{how}{node.name} (green ring) is a single number, and so is its gradient: {fmt(node.gradient.item())}."
    return f"{how}{node.name} (green ring) holds {plural(node.value.numel(), 'number')}, and its gradient as many."


def matrix(values: Tensor) -> str:
    """A tensor as TeX: a row for a vector, its shape where it is long or has more dimensions."""
    if values.dim() > 2 or values.numel() > MOST_CELLS:
        return rf"\text{{{shown(values)}}}"
    rows = values.reshape(-1, values.shape[-1]).tolist() if values.dim() else [[values.item()]]
    body = r"\\".join("&".join(_cell(value) for value in row) for row in rows)
    return rf"\begin{{bmatrix}}{body}\end{{bmatrix}}" if values.dim() else body


def _cell(value: float) -> str:
    return fmt(value, 4).replace("−", "-") if abs(value) > 1e-12 else "0"


def message_words(graph: Graph, edge: Edge) -> tuple[str, str]:
    """What an edge sends: a sentence, and the matrices as TeX."""
    child, parent, found = graph.nodes[edge.child], graph.nodes[edge.parent], rule(graph, edge)
    value = graph.message(edge)
    if found is None:
        said = f"From {child.name} = {written(child.code)}, of the shape {shown(child.value)}:"
        return said, rf"d{_tex(child.name)} = {matrix(child.gradient)} \;\to\; d{_tex(parent.name)} = {matrix(value)}"
    said = f"From {child.name} = {written(child.code)} by the rule {found.text}:"
    if len(found.parts) == 2:
        product = f"{matrix(found.parts[0])} {matrix(found.parts[1])}"
        return said, rf"\begin{{aligned}}&{product}\\&= {matrix(value)}\end{{aligned}}"  # two lines fit a phone
    return said, rf"{matrix(found.parts[0])} \;\to\; {matrix(value)}"


def _tex(name: str) -> str:
    return rf"\mathit{{{name.replace('′', '{}^{,}')}}}"


def entry_by_hand(graph: Graph, chosen: int) -> str:
    """The first number of a gradient, from a product of a row and a column or from a sum; "" where there is no rule."""
    node, incoming = graph.nodes[chosen], graph.incoming(chosen)
    if len(incoming) != 1 or node.value.dim() == 0:
        return ""
    found = rule(graph, incoming[0])
    if found is None:
        return ""
    total = fmt(found.value.flatten()[0].item(), 4)
    first = f"The first number of d{node.name}"
    if len(found.parts) == 2:
        pairs = zip(found.parts[0][0].tolist(), found.parts[1][:, 0].tolist(), strict=True)
        added = " + ".join(f"{bracketed(a, 6)} × {bracketed(b, 6)}" for a, b in pairs)
        return f"{first}: a row times a column, {added} = **{total}**"
    G, sign = found.parts[0], "−" if found.text.partition("= ")[2].startswith("−") else ""
    stretched = torch.zeros(found.value.numel(), dtype=torch.bool)
    stretched[0] = True
    terms = G[stretched.view(found.value.shape).expand(G.shape)].tolist()
    return f"{first}: {sign}({' + '.join(bracketed(value, 6) for value in terms)}) = **{total}**"


def agreement(graph: Graph, chosen: int) -> str:
    """The first number of the gradient a second time."""
    node = graph.nodes[chosen]
    if node.gradient is None:
        return ""
    difference = entry_difference(graph, chosen, 0)
    value = node.gradient.flatten()[0].item()
    return (
        f"Autograd says {fmt(value, 6)} for the first number of d{node.name}; a central difference, which moves that "
        f"number by a tiny h to both sides, says {fmt(difference, 6) if abs(difference) > 1e-9 else '0'}."
        f"{'' if close(node.gradient.flatten()[0], difference) else OFF}"
    )


def gradient_words(graph: Graph, chosen: int) -> str:
    """Of how many messages the gradient is the sum."""
    node, incoming = graph.nodes[chosen], graph.incoming(chosen)
    if node.gradient is None:
        return f"{node.name} asks for no gradient: it is given, not trained."
    if not incoming:
        return f"{node.name} is the result: its gradient by itself is 1."
    users = listed([graph.nodes[edge.child].name for edge in incoming])
    what = "the message" if len(incoming) == 1 else f"the sum of {len(incoming)} messages,"
    return f"**d{node.name}**, the gradient of {node.name}, is {what} from {users}."
