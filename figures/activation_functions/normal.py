"""Normal sums go in below, pass the curve, and come out on the right."""

import math

import pandas as pd
import plotly.graph_objects as go

from core.activation_functions.normal import WIDEST, Outputs
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, VERMILLION, axes, numbers
from figures.words import apart, fmt, full

TALL = 0.2  # a share whose bar says how large it is


def through_the_curve(found: Outputs) -> Picture:
    """The curve, the density of the sums under it, and the shares of the outputs beside it."""
    figure, middle = _sums(found), (found.edges[:-1] + found.edges[1:]) / 2
    figure.add_scatter(
        x=numbers(found.z), y=numbers(found.values), name="f", mode="lines", line={"color": BLUE, "width": 4}
    )
    figure.add_bar(
        x=numbers(found.shares),
        y=numbers(middle),
        width=[(found.edges[1] - found.edges[0]).item()] * len(middle),
        orientation="h",
        name="what comes out",
        marker={"color": GREEN, "line": {"width": 0}},
        text=[f"{share:.0%}" if share >= TALL else "" for share in found.shares.tolist()],
        textposition="outside",
        constraintext="none",
        cliponaxis=False,
        xaxis="x2",
        hovertemplate="f(z) about %{y:.3g}: %{x:.2%}<extra></extra>",
    )
    mean = {"color": VERMILLION, "width": 2, "dash": "dash"}
    figure.add_shape(type="line", x0=0, x1=1, xref="paper", y0=found.mean, y1=found.mean, line=mean)
    figure.add_scatter(x=[None], y=[None], mode="lines", name="mean of the outputs", line=mean)
    caption = (
        f"Below stands what goes in, on the right what comes out: mean {means(found)[1]} (dashed), variance "
        f"{fmt(found.variance)}. For {found.dead:.1%} of the sums output or slope is exactly 0, and "
        f"{found.saturated:.1%} are saturated (slope below 0.05)."
    )
    table = pd.DataFrame({"f(z) about": middle.numpy(), "share of the outputs": found.shares.numpy()})
    alt = f"The curve of {found.activation.name}, normal sums under it and outputs beside it. {caption}"
    return Picture(figure, caption, alt, table)


def sums_alone(found: Outputs) -> Picture:
    """Before the guess: only what goes in."""
    return Picture(_sums(found).update_layout(xaxis_domain=[0, 1], yaxis2_domain=[0, 1]), "", "")


def _sums(found: Outputs) -> go.Figure:
    figure, low, high = go.Figure(), found.edges[0].item(), found.edges[-1].item()
    area = {"mode": "lines", "fill": "tozeroy", "line": {"color": GREY, "width": 2}}
    figure.add_scatter(x=numbers(found.z), y=numbers(found.density), name="what goes in", yaxis="y2", **area)
    widest = (1.5 if found.shares.max() >= TALL else 1.05) * found.shares.max().item()  # room for what the bar says
    pad, z, title = 0.05 * (high - low), found.z, f"share per {fmt((high - low) / len(found.shares), 2)}"
    axes(figure, "the neuron's sum z", "output f(z)").update_layout(
        xaxis={"domain": [0, 0.7], "anchor": "y2", "range": [z[0].item(), z[-1].item()]},
        xaxis2={"domain": [0.74, 1], "title": title, "tickformat": ".0%", "range": [0, widest], "nticks": 3},
        yaxis={"domain": [0.34, 1], "range": [low - pad, high + pad]},
        yaxis2={"domain": [0, 0.28], "title": "density", "rangemode": "tozero", "nticks": 3},
        height=470,
        bargap=0,
    )
    return figure


def guess_words(found: Outputs) -> str:
    """Where the mean went."""
    before, after = means(found)
    return f"The sums have the mean {before}, what {found.activation.name} makes of them {after}."


def means(found: Outputs) -> tuple[str, str]:
    """Of the sums and of the outputs, which read differently where the mean moves."""
    before, after = found.settings.mean, found.mean
    return full(before), fmt(after) if found.mean_moves == "stays" else apart(before, after)[1]


def table(found: Outputs) -> str:
    """What goes in and what comes out, and the gain that makes up for it."""
    s, torch_gain, (before, after) = found.settings, found.torch_gain, means(found)
    known = "has none" if torch_gain is None else f"has {fmt(torch_gain)}"
    keeps = f"times std / √(mean of squares) = {fmt(found.gain)} they make sums as wide as these again"
    if not found.mean_square:
        keeps = f"all outputs are 0 (for sums within {WIDEST:g} standard deviations), so no factor keeps the sums' size"
    return (
        "| | sums z | outputs f(z) |\n|---|---|---|\n"
        f"| mean | {before} | {after} |\n"
        f"| variance | {fmt(s.std**2)} | {fmt(found.variance)} |\n"
        f"| mean of squares | {fmt(s.mean**2 + s.std**2)} | {fmt(found.mean_square)} |\n\n"
        f"The *gain* is a factor for the next layer's weights: {keeps}. `nn.init.calculate_gain` {known} for it."
    )


def by_hand(found: Outputs) -> str:
    """The variance from the two means, rounded as they are shown; a small one needs more of their digits."""
    exact, most = found.variance, found.mean_square
    places = max(6, 3 - math.floor(math.log10(exact))) if exact else 6
    digits = min(max(places + 2 + math.floor(math.log10(most)), 4), 15) if most else 4
    mean = float(f"{found.mean:.{digits}g}")
    square, squared = round(most, places), round(mean * mean, places)
    variance = round(square - squared, places)
    near = fmt(variance) == fmt(exact) or math.isclose(variance, exact, rel_tol=1e-5)
    more = "" if near else f"; with all digits it is {fmt(exact)}"
    return (
        f"The variance is the mean of the squares minus the square of the mean: {fmt(square, 15)} − ({fmt(mean, 15)})² "
        f"= {fmt(square, 15)} − {fmt(squared, 15)} = **{fmt(variance, 15)}**{more}."
    )
