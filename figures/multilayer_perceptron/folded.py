"""The plane as a hidden layer sees it, beside the plane with the lines where its neurons' sums are 0."""

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
from figures.multilayer_perceptron.watch import sides
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, PURPLE, VERMILLION, axes, numbers
from figures.words import bracketed, fmt

SHOWN = 200  # training points that are drawn
ALONG = ((GREEN, "solid", "along x₁"), (GREEN, "dot", "along x₂"))
KINDS = ((True, BLUE, "circle"), (False, VERMILLION, "x"))
BORDER, CUT, HINGE = "the network's sum is 0", "straight cut at the end", "a neuron's sum is 0"


@cached
def as_seen(run: Run, found: Folded) -> Picture:
    """The grid and the points as the layer sees them, one frame a recorded moment of the run."""
    figure, last = go.Figure(), len(found.moments) - 1
    for (color, dash, name), path in zip(ALONG, numbers(found.lines[last]), strict=True):
        line = {"color": color, "width": 1, "dash": dash}
        look = {"name": name, "line": line, "opacity": 0.5, "hoverinfo": "skip"}
        figure.add_scatter(x=path[:, 0], y=path[:, 1], mode="lines", **look)
    below = (run.data.target[: run.data.n_train] < 0)[:SHOWN]
    for (low, color, symbol), name in zip(KINDS, sides(run.settings), strict=True):
        marker = {"color": color, "symbol": symbol, "size": 7}
        seen = numbers(found.samples[last, :SHOWN][below == low])
        figure.add_scatter(x=seen[:, 0], y=seen[:, 1], mode="markers", name=name, marker=marker, hoverinfo="skip")
    reach = _reach(found)
    if found.border is not None and not run.settings.is_regression:
        ends = {"x": [found.border] * 2, "y": reach[1]}
        line = {"color": GREY, "width": 4, "dash": "dash"}
        figure.add_scatter(**ends, mode="lines", name=CUT, line=line, hoverinfo="skip")
    if has_border(run, found):
        line = {"color": GREY, "width": 4}
        ends = _border(run, found, last, reach)
        figure.add_scatter(**ends, mode="lines", name=BORDER, line=line, hoverinfo="skip")
    axes(figure, *_titles(run, found)).update_layout(height=430)
    figure.update_xaxes(range=reach[0])
    figure.update_yaxes(range=reach[1])
    caption = f"The plane's grid and points, as layer {found.layer} sees them: {_drawn(run, found)}."
    if has_border(run, found):
        caption += " On the grey line the network's own sum is 0; here it is straight, whatever it is in the plane."
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
    for low, color, symbol in KINDS:
        these = numbers(run.data.points[: run.data.n_train][:SHOWN][below == low])
        marker = {"color": color, "symbol": symbol, "size": 5, "opacity": 0.6}
        plain = {"mode": "markers", "marker": marker, "showlegend": False, "hoverinfo": "skip"}
        figure.add_scatter(x=these[:, 0], y=these[:, 1], **plain)
    first, n = len(figure.data), found.sums.shape[1]
    at_zero = {"start": LEVEL, "end": LEVEL, "size": 1, "coloring": "none"}
    drawn = torch.cat([found.sums, found.answer], dim=1)
    for neuron, sums in enumerate(drawn[-1].numpy()):
        is_border = neuron == n
        line = {"color": GREY if is_border else PURPLE, "width": 4 if is_border else 2, "smoothing": 0}
        figure.add_contour(
            x=ticks,
            y=-ticks,
            z=sums,
            contours=at_zero,
            line=line,
            name=BORDER if is_border else HINGE,
            showlegend=neuron in (0, n),
            showscale=False,
            hoverinfo="skip",
        )
    axes(figure, "x₁", "x₂").update_layout(height=430)
    figure.update_xaxes(range=[-HALF, HALF], constrain="domain")
    figure.update_yaxes(range=[-HALF, HALF], scaleanchor="x", constrain="domain")
    caption = (
        f"The plane itself: each purple line is where one neuron of layer {found.layer} has the sum 0. There a ReLU "
        "switches and bends the plane, and a tanh is steepest; on the wide grey line the network's own sum is 0."
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


def _titles(run: Run, found: Folded) -> tuple[str, str]:
    n, name = len(found.directions), f"answer of h{found.layer}"
    if found.border is not None:
        first = "along the best weighted sum" if run.settings.is_regression else "across the straight cut"
        return first, "at a right angle to it"
    return f"{name}.1", f"{name}.2" if n > 1 else "(the layer has one neuron)"


def _drawn(run: Run, found: Folded) -> str:
    """What the axes are."""
    if found.border is not None:
        first = "of the weighted sum" if run.settings.is_regression else "across the straight cut"
        return (
            f"to the right, the direction {first} that fits best at the end; upwards, the one at a right angle to it "
            "in which the layer's answers vary most"
        )
    n = len(found.directions)
    return "on one line, since it has one neuron" if n == 1 else "its first two neurons are the axes"


def cut_table(run: Run, found: Folded) -> pd.DataFrame:
    """How well a straight cut parts the points, one row a moment with numbers."""
    names = ["in the plane", *(f"as layer {i + 1} sees them" for i in range(len(run.settings.hidden)))]
    columns = dict(zip(names, found.cuts.T.numpy(), strict=True))
    updates = {"update": [run.updates[moment] for moment in found.moments]}
    return pd.DataFrame(updates | columns)


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
