"""Losses as curves over one prediction, with their slopes below; cross-entropy over two scores as map and surface."""

import math

import pandas as pd
import plotly.graph_objects as go

from core.loss_functions.curve import REACH, Curves, Surface, steepest
from figures.picture import Picture
from figures.style import GREY, SEQUENCE, VERMILLION, axes, numbers
from figures.words import fmt, listed

HIGHEST = 9.0  # of the curves' axis unless the reader stands higher; squares would flatten everything else
STEEPEST = 1.6  # the same for the slopes
ARROW = 1.5  # length of the arrow on the map; the gradient gives its direction
HERE = {"color": VERMILLION, "symbol": "diamond", "line": {"color": "white", "width": 2}}


def curves_and_slopes(found: Curves) -> Picture:
    """Above the loss, below its slope, over the same prediction; marks show where the reader stands."""
    figure, at, x = go.Figure(), found.settings.at, numbers(found.x)
    columns: dict[str, object] = {"prediction": x}
    for name, (color, dash, marker) in zip(found.at, SEQUENCE, strict=False):
        columns |= {name: numbers(found.losses[name]), f"slope of {name}": numbers(found.slopes[name])}
        line = {"color": color, "dash": dash, "width": 3}
        mark = {"color": color, "symbol": marker, "size": 12, "line": {"color": "white", "width": 1.5}}
        for yaxis, column, here in zip(("y", "y2"), (name, f"slope of {name}"), found.at[name], strict=True):
            shared = {"name": name, "legendgroup": name, "yaxis": yaxis}
            figure.add_scatter(x=x, y=columns[column], mode="lines", line=line, showlegend=yaxis == "y", **shared)
            figure.add_scatter(x=[at], y=[here], mode="markers", marker=mark, showlegend=False, **shared)
    figure.add_vline(x=at, line={"color": GREY, "width": 1, "dash": "dot"})
    top = max(HIGHEST, *(loss for loss, _ in found.at.values()))
    slope = max(STEEPEST, *(abs(slope) for _, slope in found.at.values()))
    axes(figure, "error (prediction − target)" if found.settings.shape == "numbers" else "score x", "loss")
    figure.update_layout(
        xaxis_anchor="y2",
        yaxis={"domain": [0.48, 1], "range": [-0.05 * top, 1.08 * top]},
        yaxis2={"domain": [0, 0.42], "range": [-1.15 * slope, 1.15 * slope], "title": "slope", "anchor": "x"},
        height=520,
    )
    hard = steepest(found)
    hardest = f"{'are' if len(hard) > 1 else 'is'} {listed(hard) or 'none, all slopes are 0'}"
    out = [
        name
        for name in found.at
        if found.losses[name].max() > 1.08 * top or found.slopes[name].abs().max() > 1.15 * slope
    ]
    leaves = f"; {listed(out)} {'leaves' if len(out) == 1 else 'leave'} the picture" if out else ""
    caption = f"Above the loss, below its slope, which training follows{leaves}. At {fmt(at)} the steepest {hardest}."
    alt = f"Curves of {len(found.at)} losses and their slopes. {caption}"
    return Picture(figure, caption, alt, pd.DataFrame(columns))


def two_scores(found: Surface) -> Picture:
    """Cross-entropy over both scores: as a map with the downhill direction, or as a surface."""
    figure = _map(found) if found.settings.shape == "map" else _surface(found)
    axes(figure, "score of class 0", "score of class 1").update_layout(height=470, margin={"t": 15})
    s = found.settings
    caption = (
        "Only the difference of the scores counts, so every diagonal has one loss. "
        f"You stand at the scores {fmt(s.at)} and {fmt(s.second)}"
        + ("; the arrow points downhill." if s.shape == "map" and any(found.gradient) else ".")
    )
    table = pd.DataFrame(numbers(found.losses), columns=[f"score 0 = {v:.1f}" for v in found.scores.tolist()])
    table.insert(0, "score of class 1", numbers(found.scores))
    return Picture(figure, caption, f"Cross-entropy over the two scores. {caption}", table)


def _losses(found: Surface) -> dict[str, object]:
    bar = {"title": {"text": "loss<br>(nats)"}, "thickness": 14}
    grid = {"x": numbers(found.scores), "y": numbers(found.scores), "z": numbers(found.losses)}
    return grid | {"colorscale": "Cividis", "colorbar": bar}


def _map(found: Surface) -> go.Figure:
    s = found.settings
    figure = go.Figure(
        go.Contour(
            **_losses(found),
            contours={"showlabels": True, "labelfont": {"color": "white", "size": 12}},
            hovertemplate="score 0: %{x:.1f}<br>score 1: %{y:.1f}<br>loss %{z:.4f}<extra></extra>",
        )
    )
    here = HERE | {"size": 15}
    figure.add_scatter(x=[s.at], y=[s.second], mode="markers", name="you are here", showlegend=False, marker=here)
    if any(found.gradient):
        dx, dy = (-ARROW / math.hypot(*found.gradient) * part for part in found.gradient)
        head = {"symbol": "arrow", "size": [0, 16], "angleref": "previous", "color": VERMILLION}
        way = {"x": [s.at, s.at + dx], "y": [s.second, s.second + dy], "mode": "lines+markers", "marker": head}
        figure.add_scatter(**way, line_color=VERMILLION, showlegend=False)
    return figure.update_xaxes(range=[-REACH, REACH]).update_yaxes(range=[-REACH, REACH])


def _surface(found: Surface) -> go.Figure:
    s = found.settings
    point = {"x": [s.at], "y": [s.second], "z": [found.loss]}
    here = go.Scatter3d(**point, mode="markers", name="you are here", showlegend=False, marker=HERE | {"size": 7})
    titles = {"xaxis": "score of class 0", "yaxis": "score of class 1", "zaxis": "loss (nats)"}
    scene = {axis: {"title": {"text": text}} for axis, text in titles.items()}
    side = 1 if s.target == "1" else -1  # the reader stands where the loss is low
    camera = {"eye": {"x": -1.3 * side, "y": 1.75 * side, "z": 1.1}}
    return go.Figure([go.Surface(**_losses(found), opacity=0.95), here]).update_layout(scene=scene | {"camera": camera})
