"""A gated unit as a map over value and gate, and along the two lines through the reader's point."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.activation_functions.gated import GATES, Gated
from core.activation_functions.settings import HIGHEST_VALUE, REACH
from figures.picture import Picture
from figures.style import BLUE, DIVERGING, GREY, HERE, VERMILLION, axes, numbers
from figures.words import fmt, full

BESIDE = 0.5  # how far a tangent is drawn to each side
MARKS = (0.1, 1.0, 3.0, 20.0)  # of the colour bar
BAR = {"title": {"text": "output"}, "thickness": 12}


def gate_map(found: Gated, outputs: bool = True) -> Picture:
    """The output over gate and value.

    Args:
        outputs: whether they are drawn; without them only the point is there.
    """
    figure, settings = go.Figure(), found.settings
    if outputs:
        marks = [sign * mark for sign in (-1, 1) for mark in MARKS if mark <= found.outputs.max()] + [0.0]
        figure.add_heatmap(
            x=numbers(found.g),
            y=numbers(found.a),
            z=np.cbrt(numbers(found.outputs)),
            zmid=0,
            colorscale=DIVERGING,
            colorbar=BAR | {"tickvals": np.cbrt(marks), "ticktext": [fmt(mark) for mark in marks]},
            customdata=numbers(found.outputs),
            hovertemplate="g %{x:.2f}, a %{y:.2f}: %{customdata:.4f}<extra></extra>",
        )
    at = {"x": [settings.g], "y": [settings.a]}
    figure.add_scatter(**at, mode="markers", marker=HERE, name="you are here", showlegend=False)
    axes(figure, "the gate's sum g", "the value a").update_layout(height=420, margin={"t": 15})
    figure.update_xaxes(range=[-REACH, REACH], showgrid=False)
    figure.update_yaxes(range=[-HIGHEST_VALUE, HIGHEST_VALUE], showgrid=False)
    caption = (
        f"The colour is the output a·σ(g), stretched around 0 so that small ones show. At a = {full(settings.a)} and "
        f"g = {full(settings.g)} the gate is {fmt(found.gate)}, and {fmt(found.output)} comes out."
    )
    table = pd.DataFrame(numbers(found.outputs), columns=[f"g = {g:.1f}" for g in found.g.tolist()])
    table.insert(0, "a", numbers(found.a))
    return Picture(figure, caption, f"Map of the output over gate and value. {caption}", table)


def two_lines(found: Gated) -> Picture:
    """The output along g and along a, each with its slope at the point."""
    figure, s = go.Figure(), found.settings
    lines = (
        (found.g, found.along_g, s.g, found.slopes[1], "x", "y", f"along g, a = {full(s.a)}", BLUE, "solid"),
        (found.a, found.along_a, s.a, found.slopes[0], "x2", "y2", f"along a, g = {full(s.g)}", VERMILLION, "dash"),
    )
    for axis, values, at, slope, x, y, name, color, dash in lines:
        on, line = {"xaxis": x, "yaxis": y}, {"color": color, "width": 3, "dash": dash}
        figure.add_scatter(x=numbers(axis), y=numbers(values), mode="lines", name=name, line=line, **on)
        ends = np.array([at - BESIDE, at, at + BESIDE])
        tangent = {"line": {"color": GREY, "width": 2}, "marker": {"color": GREY, "size": [0, 11, 0]}}
        rise = found.output + slope * (ends - at)
        figure.add_scatter(x=ends, y=rise, mode="lines+markers", showlegend=False, hoverinfo="skip", **tangent, **on)
    axes(figure, "the gate's sum g", "output").update_layout(
        height=420,
        yaxis={"domain": [0.62, 1]},
        xaxis2={"anchor": "y2", "title": "the value a"},
        yaxis2={"domain": [0, 0.38], "title": "output"},
    )
    by_a, by_g = (fmt(slope) for slope in found.slopes)
    caption = (
        f"The two lines through the point: along g the slope is {by_g} here; along a it is the gate everywhere, "
        f"{by_a}, for that line is straight."
    )
    table = pd.DataFrame(
        {"g": numbers(found.g), name_of(found, "g"): numbers(found.along_g)}
        | {"a": numbers(found.a), name_of(found, "a"): numbers(found.along_a)}
    )
    return Picture(figure, caption, f"Two line charts of the output. {caption}", table)


def name_of(found: Gated, along: str) -> str:
    """The heading of a column."""
    other = "a" if along == "g" else "g"
    return f"output along {along} ({other} = {full(getattr(found.settings, other))})"


def passing_words(found: Gated) -> str:
    """What the gate does to the value."""
    return (
        f"The gate is σ({full(found.settings.g)}) = {fmt(found.gate)}: of the value {full(found.settings.a)} it makes "
        f"{fmt(found.output)}."
    )


def by_hand(found: Gated) -> str:
    """Output and slopes from factors rounded as they are shown."""
    s, gate = found.settings, GATES[found.settings.gate]
    for digits in range(6, 18):  # as many as leave the four of the products
        factor, slope = (float(f"{value:.{digits}g}") for value in (found.gate, gate.slope(s.g)))
        if (fmt(s.a * factor), fmt(s.a * slope)) == (fmt(found.output), fmt(found.slopes[1])):
            break
    a, opened, steep = (f"({full(value)})" if value < 0 else full(value) for value in (s.a, factor, slope))
    return (
        f"σ(g) = {gate.says} is {full(factor)} here, and its slope σ′(g) is {full(slope)}. The output is a · σ(g) = "
        f"{a} · {opened} = **{fmt(s.a * factor)}**. Its slope by a is σ(g), {fmt(factor)}; by g it is a · σ′(g) = "
        f"{a} · {steep} = **{fmt(s.a * slope)}**. autograd returns {fmt(found.slopes[0])} and {fmt(found.slopes[1])}."
    )
