"""Losses as curves over one prediction, with their slopes below; cross-entropy over two scores as map and surface."""

import math
from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go

from core.loss_functions.curve import REACH, Curves, Surface
from figures.loss_functions.words import say
from figures.picture import Picture
from figures.style import GREY, SEQUENCE, VERMILLION, axes, numbers

HIGHEST = 9.0  # of the curves' axis; squares would flatten everything else
ROOM = 1.6  # of the slopes' axis: so many times the second steepest line, so that a steep one flattens no other
ARROW = 1.5  # length on the map of the steepest gradient there is, √2 / T


def curves_and_slopes(found: Curves) -> Picture:
    """Above the loss, below its slope, over the same prediction; circles mark where the reader stands."""
    at = found.settings.at
    figure = go.Figure()
    for curve, (color, dash, marker) in zip(found.lines, SEQUENCE, strict=False):
        for yaxis, values, here in (("y", curve.losses, curve.at[0]), ("y2", curve.slopes, curve.at[1])):
            shared = {"name": curve.name, "legendgroup": curve.name, "yaxis": yaxis}
            figure.add_scatter(
                x=numbers(found.x),
                y=numbers(values),
                mode="lines",
                line={"color": color, "dash": dash, "width": 3},
                showlegend=yaxis == "y",
                **shared,
            )
            figure.add_scatter(
                x=[at],
                y=[here],
                mode="markers",
                showlegend=False,
                marker={"color": color, "symbol": marker, "size": 12, "line": {"color": "white", "width": 1.5}},
                **shared,
            )
    figure.add_vline(x=at, line={"color": GREY, "width": 1, "dash": "dot"})
    losses, slopes = reach(found)
    _beyond(figure, at, {c.name: c.at[0] for c in found.lines}, losses, "y")
    _beyond(figure, at, {c.name: c.at[1] for c in found.lines}, slopes, "y2")
    what = "error (prediction − target)" if found.settings.shape == "numbers" else "score x"
    axes(figure, what, "loss")
    figure.update_layout(
        xaxis_anchor="y2",
        yaxis={"domain": [0.48, 1], "range": list(losses)},
        yaxis2={"domain": [0, 0.42], "range": list(slopes), "title": "slope", "anchor": "x"},
        height=520,
    )
    caption = _caption(found)
    return Picture(figure, caption, f"Curves of {len(found.lines)} losses and their slopes. {caption}", _table(found))


def reach(found: Curves) -> tuple[tuple[float, float], tuple[float, float]]:
    """The ranges of the two axes, of the losses and of the slopes; what is steeper than all others leaves them."""
    top = min(max(curve.losses.max().item() for curve in found.lines), HIGHEST)
    *_, second, steepest = sorted(curve.slopes.abs().max().item() for curve in found.lines)
    slope = 1.15 * min(steepest, ROOM * second)
    return (-0.05 * top, 1.08 * top), (-slope, slope)


def _outside(values: dict[str, float], span: tuple[float, float]) -> dict[str, float]:
    return {name.split(",")[0]: value for name, value in values.items() if not span[0] <= value <= span[1]}


def _beyond(figure: go.Figure, at: float, values: dict[str, float], span: tuple[float, float], yaxis: str) -> None:
    """An arrow at the edge for each side on which values lie beyond it, with their names and sizes."""
    outside = _outside(values, span)
    for edge in span:
        there = {name: value for name, value in outside.items() if (value > 0) == (edge > 0)}
        if there:
            figure.add_annotation(
                x=at,
                y=edge,
                yref=yaxis,
                text="<br>".join(f"{name} {say(value, 4)}" for name, value in there.items()),
                ax=-30 if at > 0 else 30,
                ay=24 if edge > 0 else -24,
                xanchor="right" if at > 0 else "left",
                arrowhead=2,
                arrowwidth=2,
                arrowcolor=GREY,
            )


def _caption(found: Curves) -> str:
    values = "; ".join(f"{c.name}: {say(c.at[0])}, slope {say(c.at[1])}" for c in found.lines)
    unit = "squared or plain units" if found.settings.shape == "numbers" else "nats for the first two"
    sizes = {c.name.split(",")[0]: abs(c.at[1]) for c in found.lines}
    losses, slopes = (
        [f"the {what} of {name}" for name in _outside({c.name: c.at[i] for c in found.lines}, span)]
        for i, (what, span) in enumerate(zip(("loss", "slope"), reach(found), strict=True))
    )
    outside = losses + slopes
    beyond = f" Beyond the edge, at an arrow: {', '.join(outside)}." if outside else ""
    return (
        f"Above the loss ({unit}), below its slope, which is what a network feels. At {say(found.settings.at)}, "
        f"{values}. The strongest pull is that of {_those(sizes, max)}, the weakest that of {_those(sizes, min)}."
        f"{beyond}"
    )


def _those(sizes: dict[str, float], which: Callable) -> str:
    """The names of all that have the largest or the smallest size."""
    wanted = which(sizes.values())
    return " and ".join(name for name, size in sizes.items() if size == wanted)


def _table(found: Curves) -> pd.DataFrame:
    columns: dict[str, object] = {"prediction": numbers(found.x)}
    for curve in found.lines:
        columns |= {curve.name: numbers(curve.losses), f"slope of {curve.name}": numbers(curve.slopes)}
    return pd.DataFrame(columns)


def two_scores(found: Surface) -> Picture:
    """Cross-entropy over both scores: as a map with the downhill direction, or as a surface."""
    figure = _map(found) if found.settings.shape == "map" else _surface(found)
    right = int(found.settings.target)
    other = 1 - right
    s = found.settings
    lead = (s.at - s.second) * (1 if right == 0 else -1)
    g = found.gradient
    caption = (
        f"The right class is {right}. At scores {say(s.at)} and {say(s.second)} it leads by {say(lead)}, and the "
        f"loss is log(1 + e^({say(-lead / s.temperature)})) = {say(found.loss, 9)} nats. The loss depends on the "
        f"difference of the scores only, so it is equal along every diagonal. Gradient ({say(g[0])}, {say(g[1])}): "
        f"its two parts add up to {say(round(g[0] + g[1], 7))}, so a step downhill raises score {right} as much as "
        f"it lowers score {other}."
    )
    table = pd.DataFrame(numbers(found.losses), columns=[f"score 0 = {v:.1f}" for v in found.scores.tolist()])
    table.insert(0, "score of class 1", numbers(found.scores))
    return Picture(figure, caption, f"Cross-entropy over the two scores. {caption}", table)


def _map(found: Surface) -> go.Figure:
    s = found.settings
    z = numbers(found.losses)
    figure = go.Figure(
        go.Contour(
            x=numbers(found.scores),
            y=numbers(found.scores),
            z=z,
            colorscale="Cividis",
            contours={"showlabels": True, "labelfont": {"color": "white", "size": 12}},
            colorbar={"title": {"text": "loss<br>(nats)"}, "thickness": 14},
            hovertemplate="score 0: %{x:.1f}<br>score 1: %{y:.1f}<br>loss %{z:.4f}<extra></extra>",
        )
    )
    stretch = ARROW * s.temperature / math.sqrt(2)
    dx, dy = (-stretch * part for part in found.gradient)
    figure.add_scatter(
        x=[s.at],
        y=[s.second],
        mode="markers",
        name="you are here",
        showlegend=False,
        marker={"color": VERMILLION, "size": 15, "symbol": "diamond", "line": {"color": "white", "width": 2}},
    )
    figure.add_annotation(
        x=s.at + dx,
        y=s.second + dy,
        ax=s.at,
        ay=s.second,
        xref="x",
        yref="y",
        axref="x",
        ayref="y",
        text="",
        showarrow=True,
        arrowhead=2,
        arrowwidth=3,
        arrowcolor=VERMILLION,
    )
    axes(figure, "score of class 0", "score of class 1")
    figure.update_xaxes(range=[-REACH, REACH])
    return figure.update_yaxes(range=[-REACH, REACH]).update_layout(height=470, margin={"t": 15})


def _surface(found: Surface) -> go.Figure:
    s = found.settings
    figure = go.Figure(
        [
            go.Surface(
                x=numbers(found.scores),
                y=numbers(found.scores),
                z=numbers(found.losses),
                colorscale="Cividis",
                colorbar={"title": {"text": "loss<br>(nats)"}, "thickness": 14},
                opacity=0.95,
            ),
            go.Scatter3d(
                x=[s.at],
                y=[s.second],
                z=[found.loss],
                mode="markers",
                name="you are here",
                showlegend=False,
                marker={"color": VERMILLION, "size": 7, "symbol": "diamond", "line": {"color": "white", "width": 2}},
            ),
        ]
    )
    axes(figure, "score of class 0", "score of class 1")
    titles = {"xaxis": "score of class 0", "yaxis": "score of class 1", "zaxis": "loss (nats)"}
    scene = {axis: {"title": {"text": text}} for axis, text in titles.items()}
    side = 1 if s.target == "1" else -1  # the reader stands where the loss is low
    camera = {"eye": {"x": -1.3 * side, "y": 1.75 * side, "z": 1.1}}
    return figure.update_layout(scene=scene | {"camera": camera}, height=470, margin={"t": 15})
