"""What the powers of two kinds of matrices count: walks in a graph, and the probabilities of a Markov chain."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.tensors.exact import walks
from core.tensors.power import Power, stationary
from figures.picture import Picture
from figures.style import BLUE, SEQUENCE, axes
from figures.tensors.facts import plain
from figures.tensors.power import HEIGHT
from figures.words import fmt, plural

MOST_WALKS = 12
NODE = "#0b5c8f"
MORE_STYLES = (*SEQUENCE, ("#E69F00", "longdashdot", "cross"))


def graph(found: Power) -> Picture:
    """The matrix as a graph: entry (i, j) counts the arrows from i to j."""
    k = len(found.a)
    counts = found.a.long().tolist()
    angle = np.pi / 2 - 2 * np.pi * np.arange(k) / k
    nodes = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    figure, marks = go.Figure(), []
    for i, j in np.ndindex(k, k):
        if not counts[i][j]:
            continue
        x, y = _loop(*nodes[i]) if i == j else _arc(*nodes[i], *nodes[j])
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines+markers",
            line={"color": BLUE, "width": 1 + min(counts[i][j], 4)},
            marker={"symbol": "arrow", "size": [0] * (len(x) - 1) + [14], "angleref": "previous"},
        )
        if counts[i][j] > 1:
            marks.append((x[len(x) // 2], y[len(x) // 2], str(counts[i][j])))
    if marks:
        _labels(figure, *zip(*marks, strict=True), 18, "square")
    _labels(figure, nodes[:, 0], nodes[:, 1], [f"<b>{i}</b>" for i in range(k)], 30, "circle")
    axes(figure, "node numbers are A's rows", "the place has no meaning", showlegend=False)
    hidden = {"range": [-1.7, 1.7], "showticklabels": False, "showgrid": False, "zeroline": False}
    figure.update_xaxes(**hidden)
    figure.update_yaxes(**hidden, scaleanchor="x", constrain="domain")
    figure.update_traces(hoverinfo="skip").update_layout(height=HEIGHT)
    caption = (
        f"A as a graph of {plural(k, 'node')} and {plural(sum(map(sum, counts)), 'arrow')}: entry (i, j) of A is the "
        "number of arrows from i to j, written on the line where it is more than 1."
    )
    return Picture(figure, caption, f"Graph of the matrix. {plain(caption)}")


def _labels(figure: go.Figure, x: object, y: object, text: object, size: int, symbol: str) -> None:
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers+text",
        text=text,
        textfont={"color": "#ffffff", "size": 12},
        marker={"size": size, "color": NODE, "symbol": symbol},
    )


def _arc(x0: float, y0: float, x1: float, y1: float) -> tuple[list[float], list[float]]:
    """A bent line between two nodes that ends before it reaches them, so that there and back do not coincide."""
    t = np.linspace(0.12, 0.84, 15)
    bend = 0.22 * np.sin(np.pi * t)
    return (x0 + (x1 - x0) * t - (y1 - y0) * bend).tolist(), (y0 + (y1 - y0) * t + (x1 - x0) * bend).tolist()


def _loop(x: float, y: float) -> tuple[list[float], list[float]]:
    """A small circle outside of a node."""
    turn = np.linspace(0.75, 2 * np.pi - 0.85, 21) + math.atan2(y, x) + np.pi
    return (1.3 * x + 0.27 * np.cos(turn)).tolist(), (1.3 * y + 0.27 * np.sin(turn)).tolist()


def walks_words(found: Power) -> str:
    """The walks from node 0 to the last node, one by one, against the entry that counts them; n >= 0."""
    end = len(found.a) - 1
    count = int(found.exact[0][end])
    some = walks(found.a.long().tolist(), found.n, 0, end, MOST_WALKS)
    listed = "; ".join(" → ".join(map(str, path)) for path in some) or "none"
    rest = f" and {count - len(some):,} more" if count > len(some) else ""
    return (
        f"Entry [0, {end}] of A to the power {found.n} is **{count:,}**: so many walks of {plural(found.n)} lead from "
        f"node 0 to node {end}. Followed arrow by arrow: {listed}{rest}."
    )


def chain(found: Power) -> Picture:
    """The probabilities of all states, from state 0, step by step, and where they settle."""
    figure = go.Figure()
    start = found.powers[:, 0, :].numpy()  # row 0 of A ** i: where one is after i steps from state 0
    steps = np.arange(len(start))
    for state, (colour, dash, marker) in zip(range(start.shape[1]), MORE_STYLES, strict=False):
        figure.add_scatter(
            x=steps,
            y=start[:, state].astype(np.float32),
            name=f"state {state}",
            mode="lines+markers" if len(steps) <= 40 else "lines",
            line={"color": colour, "dash": dash},
            marker={"symbol": marker, "size": 7},
        )
    axes(figure, "steps", "probability, starting in state 0", yaxis_range=[-0.03, 1.03])
    figure.update_layout(height=HEIGHT)
    end, rest = (", ".join(fmt(p) for p in values.tolist()) for values in (start[-1], stationary(found.a)))
    caption = (
        f"After {plural(len(steps) - 1)} from state 0 the states have the probabilities {end}. A distribution that a "
        f"further step does not change: {rest}."
    )
    frame = pd.DataFrame({"steps": steps} | {f"state {s}": start[:, s] for s in range(start.shape[1])})
    return Picture(figure, caption, f"Line chart of the chain's probabilities. {plain(caption)}", frame)
