"""What the powers of two kinds of matrices count: walks in a graph, and the probabilities of a Markov chain."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.tensors.power import Power, stationary
from figures.picture import Picture
from figures.style import BLUE, SEQUENCE, axes
from figures.tensors.power import HEIGHT
from figures.words import fmt, plain, plural

NODE = "#0b5c8f"
ARROW = {
    "axref": "x",
    "ayref": "y",
    "arrowhead": 2,
    "arrowcolor": BLUE,
    "standoff": 16,
    "startstandoff": 16,
    "text": "",
}
MORE_STYLES = (*SEQUENCE, ("#E69F00", "longdashdot", "cross"))


def graph(found: Power) -> Picture:
    """The matrix as a graph: entry (i, j) counts the arrows from i to j, and its power the walks."""
    k, n = len(found.a), found.n
    counts = found.a.long().tolist()
    angle = np.pi / 2 - 2 * np.pi * np.arange(k) / k
    x, y = np.cos(angle), np.sin(angle)
    figure = axes(go.Figure(), "node numbers are A's rows", "the place has no meaning", showlegend=False)
    for i, j in np.ndindex(k, k):
        if counts[i][j] and i != j:
            ends = {"x": x[j], "y": y[j], "ax": x[i], "ay": y[i]}
            figure.add_annotation(**ends, **ARROW, arrowwidth=1 + min(counts[i][j], 3))
    _labels(figure, x, y, [f"<b>{i}</b>" for i in range(k)], 30)
    # How many arrows there are, where it is more than 1: beside their beginning; of a loop outside of its node.
    at_x, at_y, texts = [], [], []
    for i, j in np.ndindex(k, k):
        if counts[i][j] > 1 or (i == j and counts[i][j]):
            at_x.append(1.45 * x[i] if i == j else 0.7 * x[i] + 0.3 * x[j] + 0.12 * (y[j] - y[i]))
            at_y.append(1.45 * y[i] if i == j else 0.7 * y[i] + 0.3 * y[j] - 0.12 * (x[j] - x[i]))
            texts.append(f"{'↻ ' if i == j else ''}{counts[i][j]}")
    _labels(figure, at_x, at_y, texts, 24)
    hidden = {"range": [-1.7, 1.7], "showticklabels": False, "showgrid": False, "zeroline": False}
    figure.update_xaxes(**hidden).update_yaxes(**hidden, scaleanchor="x", constrain="domain")
    figure.update_layout(height=HEIGHT)
    caption = (
        f"A as a graph: entry (i, j) of A is the number of arrows from i to j. Entry [0, {k - 1}] of its power {n} "
        f"counts the walks of {plural(n)} from node 0 to node {k - 1}: {found.exact[0, k - 1]:,}."
    )
    return Picture(figure, caption, f"Graph of the matrix. {plain(caption)}")


def _labels(figure: go.Figure, x: object, y: object, text: list[str], size: int) -> None:
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers+text",
        text=text,
        textfont={"color": "#ffffff", "size": 12},
        marker={"size": size, "color": NODE},
        hoverinfo="skip",
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
    ends = (start[-1], stationary(found.a))
    end, rest = (", ".join(fmt(p if abs(p) > 1e-12 else 0.0) for p in values.tolist()) for values in ends)
    caption = (
        f"After {plural(len(steps) - 1)} from state 0 the states have the probabilities {end}. A distribution that a "
        f"further step does not change: {rest}."
    )
    frame = pd.DataFrame({"steps": steps} | {f"state {s}": start[:, s] for s in range(start.shape[1])})
    return Picture(figure, caption, f"Line chart of the chain's probabilities. {plain(caption)}", frame)
