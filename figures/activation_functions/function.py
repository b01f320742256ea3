"""Activation functions over the neuron's sum: above what comes out, below the slope."""

import math

import pandas as pd
import plotly.graph_objects as go

from core.activation_functions.function import FLAT, Corner, Curve, H
from core.activation_functions.settings import REACH
from figures.picture import Picture
from figures.style import BLUE, GREY, SEQUENCE, VERMILLION, axes, numbers
from figures.words import apart, fmt, full, listed

EVERY = 4  # so many computed points to a drawn one
TANGENT = 1.2  # how far it is drawn to each side
BAND = {"fillcolor": GREY, "opacity": 0.2, "line_width": 0, "layer": "below"}


def curves_and_slopes(curves: list[Curve], curvature: bool) -> Picture:
    """Every function and below it its slope; the saturated stretches of the first are shaded."""
    figure, first = _empty(curves[0].at), curves[0]
    columns: dict[str, object] = {"z": numbers(first.z[::EVERY])}
    for curve, style in zip(curves, SEQUENCE, strict=False):
        columns |= _add(figure, curve, style)
    if curvature:
        for curve in curves:
            columns |= _add_curvature(figure, curve)
    low, high = min(curve.values.min().item() for curve in curves), max(curve.values.max().item() for curve in curves)
    pad = 0.1 * max(high - low, 0.1)
    figure.update_layout(yaxis_range=[low - pad, high + pad])  # not by the line f(z) = z, which flattens a sigmoid
    for low, high in first.saturated:
        figure.add_shape(type="rect", x0=low, x1=high, y0=0, y1=1, yref="paper", **BAND)
    if first.corners:
        mark = {"symbol": "circle-open", "size": 12, "color": VERMILLION, "line": {"width": 3}}
        at = {"x": [c.z for c in first.corners], "y": [c.torch_slope for c in first.corners], "yaxis": "y2"}
        figure.add_scatter(**at, mode="markers", name="torch's slope at a corner", marker=mark)
    caption = _caption(first)
    alt = f"Curves of {listed([curve.name for curve in curves])} with their slopes below. {caption}"
    return Picture(figure, caption, alt, pd.DataFrame(columns))


def sum_alone(at: float) -> Picture:
    """Before the guess: only the sum, and the line of what would leave it unchanged."""
    return Picture(_empty(at), "", "")


def _empty(at: float) -> go.Figure:
    """The axes, the line f(z) = z, and where the reader stands."""
    figure = go.Figure()
    same = {"x": [-REACH, REACH], "y": [-REACH, REACH], "mode": "lines", "name": "z itself"}
    figure.add_scatter(**same, line={"color": GREY, "width": 1.5, "dash": "dot"}, hoverinfo="skip")
    figure.add_vline(x=at, line={"color": GREY, "width": 1, "dash": "dot"})
    axes(figure, "the neuron's sum z", "f(z)").update_layout(
        xaxis={"anchor": "y2", "range": [-REACH, REACH]},
        yaxis={"domain": [0.46, 1]},
        yaxis2={"domain": [0, 0.4], "title": "slope f′(z)", "anchor": "x"},
        height=500,
        showlegend=True,  # also where one line is all there is
    )
    return figure


def _add(figure: go.Figure, curve: Curve, style: tuple[str, str, str]) -> dict[str, object]:
    color, dash, symbol = style
    x, shared = numbers(curve.z[::EVERY]), {"name": curve.name, "legendgroup": curve.name}
    parts = {"y": (numbers(curve.values[::EVERY]), curve.value), "y2": (numbers(curve.slopes[::EVERY]), curve.slope)}
    line = {"color": color, "dash": dash, "width": 3}
    mark = {"color": color, "symbol": symbol, "size": 12, "line": {"color": "white", "width": 1.5}}
    for yaxis, (drawn, here) in parts.items():
        on = shared | {"yaxis": yaxis}
        figure.add_scatter(x=x, y=drawn, mode="lines", line=line, showlegend=yaxis == "y", **on)
        figure.add_scatter(x=[curve.at], y=[here], mode="markers", marker=mark, showlegend=False, **on)
    across = [max(curve.at - TANGENT, -REACH), min(curve.at + TANGENT, REACH)]
    along = [curve.value + curve.slope * (x - curve.at) for x in across]
    tangent = {"color": VERMILLION if color == BLUE else color, "width": 2}
    named = {"name": "tangent", "legendgroup": curve.name, "showlegend": color == BLUE}
    figure.add_scatter(x=across, y=along, mode="lines", line=tangent, hoverinfo="skip", **named)
    return {curve.name: parts["y"][0], f"slope of {curve.name}": parts["y2"][0]}


def _add_curvature(figure: go.Figure, curve: Curve) -> dict[str, object]:
    if curve.curvatures is None:
        return {}
    name, y = f"f″ of {curve.name}", numbers(curve.curvatures[::EVERY])
    line = {"color": GREY, "width": 2, "dash": "longdash"}
    figure.add_scatter(x=numbers(curve.z[::EVERY]), y=y, mode="lines", name=name, line=line, yaxis="y2")
    return {name: y}


def _caption(curve: Curve) -> str:
    shaded = f"; where it is shaded, the slope is below {FLAT}" if curve.saturated else ""
    return (
        "Above is what comes out, below the slope, by which training multiplies an error on its way back. "
        f"At z = {full(curve.at)} {curve.name} passes on {passed(curve)}, with slope {fmt(curve.slope)}{shaded}."
    )


def passed(curve: Curve) -> str:
    """What comes out, as different from the sum as it is."""
    return full(curve.at) if curve.value == curve.at else apart(curve.at, curve.value)[1]


def guess_words(curve: Curve) -> str:
    """What comes out, and what it means for learning."""
    back = "no error comes back" if curve.slope == 0 else f"an error of 1 comes back as {fmt(curve.slope)}"
    return f"{curve.name} makes {passed(curve)} of {full(curve.at)}, and its slope there is {fmt(curve.slope)}: {back}."


def formula_words(curve: Curve) -> str:
    """The formula, what the function is for, and where it is saturated."""
    known = curve.known
    told = f"**{curve.name}**: f(z) = {known.formula}. {known.idea}" if known else f"**{curve.name}**."
    where = listed([_stretch(*ends) for ends in curve.saturated]) or "nowhere on this axis"
    return f"{told} It is *saturated* (|f′| < {FLAT}: less than a twentieth of an error comes back) {where}."


def _stretch(low: float, high: float) -> str:
    if (low, high) == (-REACH, REACH):
        return "everywhere"
    if low == -REACH:
        return f"below {fmt(high, 3)}"
    return f"above {fmt(low, 3)}" if high == REACH else f"from {fmt(low, 3)} to {fmt(high, 3)}"


def corner_words(curve: Curve) -> str:
    """What autograd returns where there is no one slope."""
    if not curve.corners:
        return f"{curve.name} has no corner here: its slope never jumps."
    return " ".join(_one_corner(corner) for corner in curve.corners)


def _one_corner(corner: Corner) -> str:
    what, sides = ("value", corner.values) if corner.is_jump else ("slope", corner.slopes)
    left, right = apart(*sides)
    return (
        f"At z = {fmt(corner.z, 6)} the {what} jumps from {left} to {right}; exactly there autograd returns the "
        f"slope {fmt(corner.torch_slope)}."
    )


def by_hand(curve: Curve) -> str:
    """The slope as a difference quotient, from values rounded as they are shown."""
    z, (left, right, rise, digits) = curve.at, _run(curve)
    ends = [full(float(f"{end:.15g}")) for end in (z - H, z + H)]
    quotient, slope = fmt(rise / (2 * H), 5), fmt(curve.slope, 5)
    from_, to, up = (fmt(value, digits) for value in (left, right, rise))
    step = (
        f"The slope is rise over run: from f({ends[0]}) = {from_} to f({ends[1]}) = {to} the rise is {up}, and {up} / "
        f"{2 * H:g} = **{quotient}**; autograd returns {slope}."
    )
    if any(abs(corner.z - z) <= H + 1e-9 for corner in curve.corners):
        return f"{step} A corner lies in this run, so they need not agree."
    why = f"the run is {2 * H:g} and not endlessly short"
    if abs(rise) <= 1e-10 * max(abs(left), abs(right)):
        why = "f changes so little here that its 16 digits hardly show it"
    return step if quotient == slope else f"{step} They differ, since {why}."


def _run(curve: Curve) -> tuple[float, float, float, int]:
    """f on both sides and the rise, with as few digits as leave the quotient's five; and how many these are."""
    most, wanted = max(map(abs, curve.around)), fmt((curve.around[1] - curve.around[0]) / (2 * H), 5)
    first = -math.floor(math.log10(most)) if most else 0  # the place of the first digit
    for digits in range(6, 17):
        left, right = (round(value, first + digits - 1) for value in curve.around)
        rise = round(right - left, first + digits - 1)
        if fmt(rise / (2 * H), 5) == wanted:
            break
    return left, right, rise, digits


def table(curves: list[Curve], curvature: bool) -> str:
    """Every function where the reader stands."""
    head = "| f | f(z) | slope f′(z) |" + " f″(z) |" * curvature
    rows = [head, "|" + "---|" * (3 + curvature)]
    for curve in curves:
        row = f"| {curve.name} | {passed(curve)} | {fmt(curve.slope)} |"
        if curvature:
            row += " torch has none |" if curve.curvature is None else f" {fmt(curve.curvature)} |"
        rows.append(row)
    return "\n".join(rows)
