"""The plane as a hidden layer sees it, beside the plane with the lines where its neurons' sums are 0."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.multilayer_perceptron.activations import ACTIVATIONS
from core.multilayer_perceptron.data import HALF, features
from core.multilayer_perceptron.folded import LEVEL, Folded, grid_lines, layer_sums
from core.multilayer_perceptron.maps import grid, layer_answers
from core.multilayer_perceptron.networks import parts
from core.multilayer_perceptron.watch import Run
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, PURPLE, SEQUENCE, VERMILLION, axes, numbers
from figures.words import bracketed, fmt

SHOWN = 200  # training points that are drawn
ALONG = ((GREEN, "solid", "along x₁"), (PURPLE, "dot", "along x₂"))
KINDS = ((True, BLUE, "circle", "target below 0"), (False, VERMILLION, "x", "target above 0"))
COLORS = [color for color, *_ in SEQUENCE[:4]] * 2 + [GREY]
DASHES = ["solid", "dash", "dot", "dashdot"] + ["longdash", "longdashdot", "10px,2px", "2px,6px"] + ["solid"]
BORDER = "answer 0"


@cached
def as_seen(run: Run, found: Folded) -> Picture:
    """The grid and the points as the layer sees them, one frame a recorded moment of the run."""
    figure, last = go.Figure(), len(found.moments) - 1
    for (color, dash, name), path in zip(ALONG, numbers(found.lines[last]), strict=True):
        line = {"color": color, "width": 1, "dash": dash}
        figure.add_scatter(x=path[:, 0], y=path[:, 1], mode="lines", name=name, line=line, hoverinfo="skip")
    below = (run.data.target[: run.data.n_train] < 0)[:SHOWN]
    for low, color, symbol, name in KINDS:
        marker = {"color": color, "symbol": symbol, "size": 7}
        seen = numbers(found.samples[last, :SHOWN][below == low])
        figure.add_scatter(x=seen[:, 0], y=seen[:, 1], mode="markers", name=name, marker=marker, hoverinfo="skip")
    reach = _reach(found)
    if has_border(run, found):
        line = {"color": GREY, "width": 4}
        ends = _border(run, found, last, reach)
        figure.add_scatter(**ends, mode="lines", name=BORDER, line=line, hoverinfo="skip")
    axes(figure, *_titles(found)).update_layout(height=430)
    figure.update_xaxes(range=reach[0])
    figure.update_yaxes(range=reach[1])
    caption = f"The plane's grid and points, as layer {found.layer} sees them: {_drawn(found)}."
    if has_border(run, found):
        caption += " On the grey line the network's answer is 0; here it is straight, whatever it is in the plane."
    alt = f"A warped grid with the training points on it. {caption}"
    frames = []
    for i in map(found.at, range(len(run.updates))):
        seen = found.samples[i, :SHOWN]
        moved = [*numbers(found.lines[i]), numbers(seen[below]), numbers(seen[~below])]
        data = [{"x": path[:, 0], "y": path[:, 1]} for path in moved]
        data += [_border(run, found, i, reach)] if has_border(run, found) else []
        frames.append({"data": data, "traces": list(range(len(data)))})
    return Picture(figure, caption, alt, cut_table(run, found), frames)


@cached
def hinges(run: Run, found: Folded) -> Picture:
    """The plane with its grid and points, and the line where each neuron's sum is 0; one frame a recorded moment."""
    figure, ticks = go.Figure(), numbers(grid(found.sums.shape[-1])[: found.sums.shape[-1], 0])
    for (color, dash, _), path in zip(ALONG, numbers(grid_lines()), strict=True):
        line = {"color": color, "width": 0.5, "dash": dash}
        figure.add_scatter(x=path[:, 0], y=path[:, 1], mode="lines", line=line, showlegend=False, hoverinfo="skip")
    below = (run.data.target[: run.data.n_train] < 0)[:SHOWN]
    for low, color, symbol, _ in KINDS:
        these = numbers(run.data.points[: run.data.n_train][:SHOWN][below == low])
        marker = {"color": color, "symbol": symbol, "size": 5, "opacity": 0.6}
        plain = {"mode": "markers", "marker": marker, "showlegend": False, "hoverinfo": "skip"}
        figure.add_scatter(x=these[:, 0], y=these[:, 1], **plain)
    first, n = len(figure.data), found.sums.shape[1]
    at_zero = {"start": LEVEL, "end": LEVEL, "size": 1, "coloring": "none"}
    drawn = torch.cat([found.sums, found.answer], dim=1)
    names = [*(f"h{found.layer}.{neuron + 1}" for neuron in range(n)), BORDER]
    for neuron, name in enumerate(names):
        line = {"color": COLORS[neuron], "width": 2.5 if n <= 4 else 1.5, "dash": DASHES[neuron]}
        line = {"color": GREY, "width": 4} if name == BORDER else line
        figure.add_contour(
            x=ticks,
            y=-ticks,
            z=drawn[-1, neuron].numpy(),
            contours=at_zero,
            line=line | {"smoothing": 0},
            name=name,
            showlegend=True,
            showscale=False,
            hoverinfo="skip",
        )
    axes(figure, "x₁", "x₂").update_layout(height=430)
    figure.update_xaxes(range=[-HALF, HALF])
    figure.update_yaxes(range=[-HALF, HALF])
    caption = (
        f"The plane itself: each line is where one neuron of layer {found.layer} has the sum 0. There a ReLU switches "
        "and bends the plane, and a tanh is steepest; on either side of the wide grey line is one class."
    )
    alt = f"The plane with the training points and a line for each neuron of the layer. {caption}"
    frames = []
    for i in map(found.at, range(len(run.updates))):
        data = [{"z": sums} for sums in drawn[i].numpy()]
        frames.append({"data": data, "traces": list(range(first, first + n + 1))})
    return Picture(figure, caption, alt, None, frames)


def has_border(run: Run, found: Folded) -> bool:
    """Whether the places where the network's answer is 0 make a straight line in this drawing."""
    return found.layer == len(run.settings.hidden) and len(found.directions) <= 2


def _border(run: Run, found: Folded, place: int, reach: list[list[float]]) -> dict[str, np.ndarray]:
    """Two points of the line w · h + b = 0, far outside of the picture; gaps where there is no such line."""
    weight, bias = parts(run.weights[found.moments[place]][None], run.settings.sizes)[-1]
    normal = torch.zeros(2, dtype=torch.float64)
    normal[: weight.shape[2]] = weight[0, 0]
    foot = -bias[0, 0] * normal / normal.square().sum()
    far = 3 * (max(abs(end) for ends in reach for end in ends) + foot.abs().max())
    along = torch.stack([-normal[1], normal[0]]) / normal.norm() * far
    ends = numbers(torch.stack([foot - along, foot + along]))
    return {"x": ends[:, 0], "y": ends[:, 1]}


def _reach(found: Folded) -> list[list[float]]:
    """The ranges of both axes: of all moments, without those that are much larger than most, before it diverges."""
    size = found.lines.abs().amax(dim=(1, 2, 3))
    lines = found.lines[size <= 20 * size.median()].reshape(-1, 2)
    low, high = lines.amin(dim=0), lines.amax(dim=0)
    pad = torch.where(high > low, 0.06 * (high - low), 1.0)
    return torch.stack([low - pad, high + pad], dim=1).tolist()


def _titles(found: Folded) -> tuple[str, str]:
    n, name = len(found.directions), f"answer of h{found.layer}"
    if n > 2:
        return "first principal direction", "second principal direction"
    return f"{name}.1", f"{name}.2" if n == 2 else "(the layer has one neuron)"


def _drawn(found: Folded) -> str:
    """What the axes are."""
    n = len(found.directions)
    if n <= 2:
        return "its two neurons are the axes" if n == 2 else "on one line, since it has one neuron"
    share = found.variance[-1].item()
    said = "none, since its answers do not vary" if math.isnan(share) else f"{share:.0%} of their variance"
    return f"drawn are the two directions in which its answers vary most at the end ({said})"


def cut_table(run: Run, found: Folded) -> pd.DataFrame:
    """How well a straight cut parts the points, and the drawn share of variance, one row a moment with numbers."""
    names = ["in the plane", *(f"as layer {i + 1} sees them" for i in range(len(run.settings.hidden)))]
    columns = dict(zip(names, found.cuts.T.numpy(), strict=True))
    updates = {"update": [run.updates[moment] for moment in found.moments]}
    return pd.DataFrame(updates | columns | {"variance that is drawn": found.variance.numpy()})


def cut_words(run: Run, found: Folded, index: int) -> str:
    """How well a straight cut does in the plane, and as the layer sees it at a moment."""
    cuts = found.cuts[found.at(index)]
    plane, seen = (f"{cuts[place].item():.1%}" for place in (0, found.layer))
    ended = "" if index in found.moments else "The run has diverged; these are its last numbers. "
    if run.settings.is_regression:
        return (
            f"{ended}One weighted sum of x₁ and x₂ explains {plane} of the target's variance; one of what "
            f"layer {found.layer} answers, {seen}."
        )
    return (
        f"{ended}A straight cut through the plane, fitted by least squares, has {plane} of the training points on the "
        f"right side; through what layer {found.layer} sees, {seen}."
    )


def landing(run: Run, found: Folded, index: int) -> str:
    """Where a training point lands on the layer's first neuron, from the rounded numbers that are shown.

    The one whose sum is nearest to 1, so that most activations show what they do.
    """
    s, moment, points = run.settings, found.moments[found.at(index)], run.data.points[: run.data.n_train]
    vectors = run.weights[moment][None]
    row = int((layer_sums(s, vectors, points, found.layer)[0, 0] - 1).abs().argmin())
    point = points[row : row + 1]
    layers = [features(point, s.features)[None], *layer_answers(s, vectors, point)]
    weight, bias = parts(vectors, s.sizes)[found.layer - 1]
    w, h = ([round(v, 3) for v in values.tolist()] for values in (weight[0, 0], layers[found.layer - 1][0, 0]))
    b = round(bias[0, 0, 0].item(), 3)
    total = round(sum(v * u for v, u in zip(w, h, strict=True)) + b, 4)
    activation = ACTIVATIONS[s.hidden[found.layer - 1].activation]
    answer = activation.forward(torch.tensor(total, dtype=torch.float64)).item()
    terms = " + ".join(f"{bracketed(v, 15)} · {bracketed(u, 15)}" for v, u in zip(w, h, strict=True))
    shown, name = fmt(total, decimals=4), f"h{found.layer}.1"
    does = "its answer" if activation.module == "Identity()" else f"{activation.label}({shown})"
    return (
        f"Training point {row + 1} gives {name} the sum {terms} + {bracketed(b, 15)} = {shown}, and "
        f"{does} = **{fmt(answer, decimals=4)}**."
    )
