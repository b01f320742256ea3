"""The gradients of a graph a second time, without derivatives: by small changes of each value."""

import torch
from torch import Tensor

from core.backpropagation.graph import Graph
from core.cache import cached

STEP = 5e-6  # about the third root of float64's rounding, where both errors of a central difference are small
KINKED = {"relu", "abs", "max", "min"}


def central_differences(graph: Graph) -> Tensor:
    """(result with the value plus h − result with the value minus h) / 2h for each node, shape (nodes,).

    h is `STEP`, or `STEP` times the value where that is above 1. All nodes are changed at once, each in its own row.
    """
    return _changed(graph)[0]


def kinks(graph: Graph) -> tuple[int, ...]:
    """The operations of which some of these changes meets a kink: left and right of it the slopes differ."""
    return _changed(graph)[1]


@cached
def _changed(graph: Graph) -> tuple[Tensor, tuple[int, ...]]:
    n, values, met = len(graph.nodes), [], []
    steps = torch.stack([_step(node.value) for node in graph.nodes])
    changes = torch.cat([torch.diag(steps), -torch.diag(steps)])  # (2n, n): row i changes node i, row n + i backwards
    for i, node in enumerate(graph.nodes):
        inputs = [values[p] for p in node.parents]
        value = node.call(*inputs) if inputs else node.value.expand(2 * n)
        if KINKED.intersection(node.sign.split()):
            side = (value - inputs[0]).sign()  # 0 where the first input is what comes out
            if ((side[:n] - side[n:]).abs() > 0).any():
                met.append(i)
        values.append(value + changes[:, i])
    return (values[-1][:n] - values[-1][n:]) / (2 * steps), tuple(met)


def _step(value: Tensor) -> Tensor:
    """h, by which a single number is changed."""
    return STEP * value.abs().clamp_min(1.0)


def changed_result(graph: Graph, place: int, by: float | Tensor) -> float:
    """The result if the value of one node is larger by so much; may be infinite or NaN."""
    values: list[Tensor] = []
    for i, node in enumerate(graph.nodes):
        value = node.call(*(values[p] for p in node.parents)) if node.parents else node.value
        values.append(value + by if i == place else value)
    return values[-1].item()


def entry_difference(graph: Graph, place: int, entry: int) -> float:
    """The central difference by one number of one node, counted along its rows."""
    value = graph.nodes[place].value
    by = torch.zeros(value.numel(), dtype=value.dtype)
    h = by[entry] = _step(value.flatten()[entry])
    up, down = (changed_result(graph, place, sign * by.view(value.shape)) for sign in (1, -1))
    return (up - down) / (2 * h.item())


def close(gradient: Tensor, difference: Tensor | float) -> bool:
    """Whether a gradient is the central difference but for rounding."""
    return torch.isclose(gradient, torch.as_tensor(difference, dtype=gradient.dtype), rtol=1e-4, atol=1e-6).item()
