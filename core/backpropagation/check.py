"""The gradients of a graph of numbers a second time, without derivatives: by small changes of each value."""

import torch
from torch import Tensor

from core.backpropagation.graph import Graph, Node
from core.cache import cached

STEP = 5e-6  # about the third root of float64's rounding, where both errors of a central difference are small
KINKED = ("relu", "abs", "max", "min")


@cached
def central_differences(graph: Graph) -> Tensor:
    """(result with the value plus h − result with the value minus h) / 2h for each node, shape (nodes,).

    h is `STEP`, or `STEP` times the value where that is above 1. All nodes are changed at once, each in its own row.
    """
    n = len(graph.nodes)
    steps = torch.stack([step_of(node) for node in graph.nodes])
    changes = torch.cat([torch.diag(steps), -torch.diag(steps)])  # (2n, n): row i changes node i, row n + i backwards
    values: list[Tensor] = []
    for i, node in enumerate(graph.nodes):
        at_first = node.call(*(values[p] for p in node.parents)) if node.parents else node.value.expand(2 * n)
        values.append(at_first + changes[:, i])
    return (values[-1][:n] - values[-1][n:]) / (2 * steps)


def changed_result(graph: Graph, place: int, by: float) -> float:
    """The result if the value of one node is larger by so much; may be infinite or NaN."""
    values: list[Tensor] = []
    for i, node in enumerate(graph.nodes):
        value = node.call(*(values[p] for p in node.parents)) if node.parents else node.value
        values.append(value + by if i == place else value)
    return values[-1].item()


def step_of(node: Node) -> Tensor:
    """h, by which a single number is changed."""
    return STEP * node.value.abs().clamp_min(1.0)


@cached
def kinks(graph: Graph) -> tuple[int, ...]:
    """The operations that have a kink where they stand, or nearer than h: left and right of it the slopes differ."""
    return tuple(i for i, node in enumerate(graph.nodes) if _has_kink(graph, node))


def _has_kink(graph: Graph, node: Node) -> bool:
    if not any(word in KINKED for word in node.sign.split()):
        return False
    inputs = [graph.nodes[p].value for p in node.parents]
    for slot, h in enumerate(step_of(graph.nodes[p]) for p in node.parents):
        left, right = ([v + d * h if i == slot else v for i, v in enumerate(inputs)] for d in (-1, 1))
        slopes = node.call(*inputs) - node.call(*left), node.call(*right) - node.call(*inputs)
        if abs(slopes[1] - slopes[0]) > 1e-3 * h:
            return True
    return False


def agree(graph: Graph) -> bool:
    """Whether each gradient is the sum of its messages, and is the central difference but for rounding.

    Kinks are left out of the second comparison: there the result has no derivative.
    """
    pairs = zip(graph.nodes, central_differences(graph), strict=True)
    close = all(n.gradient is None or torch.isclose(n.gradient, d, rtol=1e-4, atol=1e-6) for n, d in pairs)
    last = len(graph.moments) - 1
    sums = all(
        torch.isclose(graph.collected(i, last)[0], node.gradient, rtol=1e-9, atol=1e-12)
        for i, node in enumerate(graph.nodes)
        if node.gradient is not None
    )
    return sums and (close or bool(kinks(graph)))
