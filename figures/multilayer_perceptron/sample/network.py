"""The network with one point in it: its answers and gradients in the nodes, gradients as links."""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.cache import cached
from core.multilayer_perceptron.data import HALF
from core.multilayer_perceptron.maps import neuron_names
from core.multilayer_perceptron.sample import Lesson, places
from core.multilayer_perceptron.settings import PlaygroundSettings
from core.multilayer_perceptron.watch import Run
from figures.picture import Picture
from figures.style import BLUE, GREY, VERMILLION, axes
from figures.words import fmt, typeset

SHARES = (0.5, 0.2, 0.05, 0.01)  # of the largest gradient; a link has the width of the first that its own reaches
WIDTHS = (6.0, 3.5, 1.8, 0.8)
PALE_NODES = ((0, "#a9cbe6"), (0.5, "#f4f2ee"), (1, "#f2b48c"))  # black text can be read on them
LEVELS = 127  # on either side of 0 in a node's colour
QUIET = {"showlegend": False, "hoverinfo": "skip"}


class Plan(NamedTuple):
    """Where everything stands in the drawing.

    Attributes:
        x, y: of each node, layer by layer, inputs first. first: the number of each layer's first node.
        start, end: the nodes of each link. weight: its place in a row of all weights.
    """

    x: np.ndarray
    y: np.ndarray
    first: list[int]
    start: np.ndarray
    end: np.ndarray
    weight: np.ndarray


def plan(settings: PlaygroundSettings) -> Plan:
    """One column a layer, its nodes around the middle."""
    sizes = settings.sizes
    first = np.cumsum([0, *sizes]).tolist()
    x = np.concatenate([np.full(size, layer) for layer, size in enumerate(sizes)])
    y = np.concatenate([(size - 1) / 2 - np.arange(size) for size in sizes])
    start, end, weight = [], [], []
    for layer, (matrix, _) in enumerate(places(settings)):
        outputs, inputs = np.indices(matrix.shape)
        start.append(first[layer] + inputs.ravel())
        end.append(first[layer + 1] + outputs.ravel())
        weight.append(matrix.numpy().ravel())
    return Plan(x, y, first, *map(np.concatenate, (start, end, weight)))


@cached
def network_pass(run: Run, found: Lesson, updated: bool, layer: int, neuron: int) -> Picture:
    """The drawing, a frame a recorded moment.

    Args:
        updated: after the update instead of before it. layer, neuron: the one that is marked, 1 for the first layer.
    """
    s, drawn, figure = run.settings, plan(run.settings), go.Figure()
    most, names = max(s.sizes), [name for layer in neuron_names(s) for name in layer]
    figure.add_scatter(**lines(drawn, np.arange(len(drawn.start))), mode="lines", line={"color": GREY, "width": 0.4})
    for color in (VERMILLION, BLUE):
        for width in WIDTHS:
            figure.add_scatter(mode="lines", line={"color": color, "width": width})
    node, size = drawn.first[layer] + neuron, 40 if most <= 5 else 28
    ring = {"symbol": "square-open", "size": size + 6, "line": {"width": 3}, "color": GREY}
    figure.add_scatter(x=drawn.x[[node]], y=drawn.y[[node]], mode="markers", marker=ring)
    n = s.sizes[0]
    figure.add_scatter(x=drawn.x[:n] - 0.45, y=drawn.y[:n], mode="text", text=names[:n])
    figure.update_traces(**QUIET)
    marker = {"symbol": "square", "size": size, "colorscale": PALE_NODES, "cmin": 0, "cmax": 2 * LEVELS}
    figure.add_scatter(
        x=drawn.x,
        y=drawn.y,
        mode="markers+text",
        marker=marker | {"line": {"color": GREY, "width": 1}},
        textfont={"color": "black", "size": 11 if most <= 5 else 8.5},
        hovertext=names,
        hoverinfo="text",
        showlegend=False,
    )
    before = slice(drawn.first[layer - 1], drawn.first[layer])
    middle = [0.5 * values[before] + 0.5 * values[node] for values in (drawn.x, drawn.y)]
    chip = {"mode": "markers+text", "marker": {"size": 23, "color": "#fdfcf9", "line": {"color": GREY, "width": 1}}}
    figure.add_scatter(x=middle[0], y=middle[1], **chip, textfont={"size": 9, "color": "black"}, **QUIET)
    figure.add_scatter(x=[len(s.sizes) - 0.1], y=[0], mode="text", textfont={"size": 13}, **QUIET)
    axes(figure, "layer", "neuron").update_layout(height=430)
    last = "sum" if s.output == "linear" and not s.is_regression else "answer"  # whose sigmoid is the answer
    titles = ["inputs", *(f"layer {i + 1}" for i in range(len(s.hidden))), last]
    figure.update_xaxes(tickvals=list(range(len(titles))), ticktext=titles, range=[-0.7, len(s.sizes) + 0.35])
    figure.update_yaxes(showticklabels=False, showgrid=False, zeroline=False, range=[-most / 2 - 0.1, most / 2 + 0.1])
    caption = (
        f"In a neuron: its answer (bold) and the gradient δ of its sum, {'after' if updated else 'before'} the update. "
        "A link is as wide as its weight's gradient is large, orange where that is positive: there the update lowers "
        "the weight."
    )
    alt = f"The network as squares with lines between them, with the numbers of one point. {caption}"
    frames = [_frame(found, drawn, i, updated, (layer, neuron)) for i in range(len(run.updates))]
    return Picture(figure, caption, alt, frames=frames)


def _frame(found: Lesson, drawn: Plan, index: int, updated: bool, chosen: tuple[int, int]) -> dict[str, list]:
    """What changes from moment to moment: the links by sign and width, the nodes, some gradients, and the loss."""
    passes = found.after if updated else found.before
    gradient = passes.gradient[index].numpy()
    links = [lines(drawn, which) for which in by_width(gradient[drawn.weight])]
    given, answers = found.given, [layer[index] for layer in passes.answers]
    shown = [f"<b>{short(value)}</b>" for value in given.tolist()]
    for h, slope in zip(
        torch.cat(answers).tolist(), torch.cat([d[index] for d in passes.by_sums]).tolist(), strict=True
    ):
        shown.append(f"<b>{short(h)}</b><br>{short(slope)}")
    colors = _colors(torch.cat([given / HALF, *answers]))
    weight, _ = places(found.settings)[chosen[0] - 1]
    into = [short(v) for v in gradient[weight[chosen[1]].numpy()].tolist()]
    what = "target" if found.settings.is_regression else "class"
    loss = f"loss<br><b>{fmt(passes.loss[index].item(), 3)}</b><br>{what} {fmt(found.target, 2)}"
    nodes = len(links) + 3  # after the thin links, the wide ones, the mark and the inputs' names
    return {
        "traces": [*range(1, len(links) + 1), *range(nodes, nodes + 3)],
        "data": [*links, {"text": shown, "marker": {"color": colors}}, {"text": into}, {"text": [loss]}],
    }


def lines(drawn: Plan, which: np.ndarray) -> dict[str, np.ndarray]:
    """Some links as one trace, with gaps between them."""
    gap = np.full(len(which), np.nan)
    start, end = drawn.start[which], drawn.end[which]
    return {
        name: np.stack([values[start], values[end], gap], axis=1).ravel().astype(np.float32)
        for name, values in (("x", drawn.x), ("y", drawn.y))
    }


def by_width(gradient: np.ndarray) -> list[np.ndarray]:
    """Which links are positive and of each width, then which are negative; those below every share are in none."""
    size = np.abs(gradient)
    size = size / size.max() if np.isfinite(size).all() and size.max() > 0 else np.zeros_like(size)
    bounds = list(zip(SHARES, (np.inf, *SHARES), strict=False))
    return [
        np.flatnonzero((np.sign(gradient) == sign) & (size >= low) & (size < high))
        for sign in (1, -1)
        for low, high in bounds
    ]


def node_at(settings: PlaygroundSettings, x: float | str, y: float | str) -> tuple[int, int] | None:
    """The layer, from 1, and the place of the neuron that was pressed; None for an input or for what is none."""
    drawn = plan(settings)
    for node in np.flatnonzero(drawn.x):
        if (drawn.x[node], drawn.y[node]) == (x, y):
            layer = int(drawn.x[node])
            return layer, int(node) - drawn.first[layer]
    return None


def short(value: float) -> str:
    """A number in at most five letters or so: 0.83, −12, 4e−3."""
    if value != value or abs(value) == float("inf"):
        return "?"
    size = abs(value)
    if size == 0 or 0.01 <= size < 9.995:
        return typeset(f"{value:.2f}") if size else "0"
    return typeset(f"{value:.0f}") if 1 <= size < 999.5 else typeset(f"{value:.0e}")


def _colors(values: Tensor) -> np.ndarray:
    """From −1 and below to 1 and above as bytes."""
    return ((values.nan_to_num().clamp(-1, 1) + 1) * LEVELS).round().byte().numpy()
