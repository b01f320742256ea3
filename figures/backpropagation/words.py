"""What is said about a node: its sum by the chain rule, the same by autograd and by central differences, its kinks."""

import math

from core.backpropagation.check import central_differences, changed_result, close, kinks
from core.backpropagation.graph import Graph
from figures.backpropagation.labels import OFF, written
from figures.words import bracketed, fmt, full, listed, plural

ROUNDING = 1e-9  # of the result: what a central difference may be where there is no change


def caption(graph: Graph, chosen: int) -> str:
    """How to read the graph, and what the chosen node's gradient says."""
    node, result = graph.nodes[chosen], graph.result
    how = "Values go from left to right; gradients (←) are collected from right to left, message by message. "
    if node.gradient is None:
        return f"{how}`{node.name}` asks for no gradient."
    if chosen == len(graph.nodes) - 1:
        return f"{how}The green ring marks the result {result.name}, whose gradient by itself is 1."
    if kinks(graph):
        return f"{how}{node.name} (green ring) has the gradient {fmt(node.gradient.item())}, but there is a kink."
    return (
        f"{how}If {node.name} (green ring) grows by a little, the result {result.name} changes by "
        f"{fmt(node.gradient.item())} times as much."
    )


def chain_sum(graph: Graph, chosen: int) -> str:
    """The gradient of a node as the sum of its messages, in numbers; "" where there is none to add up."""
    node, incoming = graph.nodes[chosen], graph.incoming(chosen)
    if node.gradient is None or not incoming:
        return ""
    products = []
    for edge in incoming:
        child = graph.nodes[edge.child]
        derivative = child.derivatives[edge.slot].item()
        products.append(f"{fmt(child.gradient.item(), 7)} × {bracketed(derivative, 7)}")
    total = fmt(node.gradient.item(), 5)
    users = [graph.nodes[edge.child] for edge in incoming]
    made = listed(list(dict.fromkeys(f"{user.name} = {written(user.code)}" for user in users)))
    if len(products) == 1:
        return (
            f"{node.name} is used in {made}. Its gradient is that of {users[0].name}, times the derivative of this "
            f"operation by {node.name}: {products[0]} = **{total}**"
        )
    messages = [fmt(graph.message(edge).item(), 6) for edge in incoming]
    each = ", ".join(f"{product} = {message}" for product, message in zip(products, messages, strict=True))
    added = " + ".join([messages[0], *(bracketed(graph.message(edge).item(), 6) for edge in incoming[1:])])
    return (
        f"{node.name} is used {plural(len(incoming), 'time')}, in {made}, so {len(incoming)} messages come. Each is "
        f"the gradient of the user, times its derivative by {node.name}: {each}. They add up: {added} = **{total}**"
    )


def comparison(graph: Graph, chosen: int) -> str:
    """The gradient three times over, as a table of Markdown."""
    node = graph.nodes[chosen]
    if node.gradient is None:
        return ""
    total, _ = graph.collected(chosen, len(graph.moments) - 1)
    difference = central_differences(graph)[chosen].item()
    if abs(difference) < ROUNDING * max(1.0, abs(graph.result.value.item())):
        difference = 0.0
    cells = " | ".join(fmt(value, 7) for value in (total.item(), node.gradient.item(), difference))
    return (
        f"| sum of the messages | `{node.name}.grad` by autograd | central difference |\n|---|---|---|\n| {cells} |\n\n"
        f"The central difference moves {node.name} by a tiny h to both sides and calculates everything after it anew: "
        f"the result's change over 2h.{'' if close(node.gradient, difference) else OFF}"
    )


def kink_words(graph: Graph) -> str:
    """Which operations stand at a kink, and what that means; "" if none does."""
    those = kinks(graph)
    if not those:
        return ""
    said = []
    for i in those:
        node = graph.nodes[i]
        taken = listed([fmt(d.item()) for d in node.derivatives])
        said.append(f"{written(node.code)} (autograd takes {taken})")
    return (
        f"At a kink: {listed(said)}. Left and right of it the slopes differ, so there is no derivative; autograd takes "
        "a value between them, and a central difference takes their mean."
    )


def effect_words(graph: Graph, chosen: int) -> str:
    """By how much a small change of a node moves the result."""
    node, last = graph.nodes[chosen], graph.result.name
    times = fmt(node.gradient.item())
    return f"The result {last} changes by {times} times the change of {node.name}: that is its gradient."


def change_words(graph: Graph, chosen: int, by: float) -> str:
    """What a change of a node that can be seen does to the result, beside what the gradient promises."""
    node, result = graph.nodes[chosen], graph.result
    before, after = result.value.item(), changed_result(graph, chosen, by)
    gradient, trust = node.gradient.item(), "need not hold, even" if kinks(graph) else "is sure only"
    goes = f"goes from {fmt(before, 6)} to {fmt(after, 6)}, a change of {fmt(after - before)}"
    return (
        f"**Try it.** With {node.name} changed by {full(by)}, the result "
        f"{goes if math.isfinite(after) else 'has no finite value'}. The gradient promises "
        f"{fmt(gradient)} × {bracketed(by)} = {fmt(gradient * by)}; that {trust} for tiny changes."
    )
