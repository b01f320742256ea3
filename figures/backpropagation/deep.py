"""A chain of layers: how large the gradient is at each of them, and the factor of each layer."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.backpropagation.deep import Chain, fate, mean_factor
from core.cache import cached
from figures.axis import drawn, log_axis
from figures.picture import Picture
from figures.style import BLUE, GREY, VERMILLION, axes
from figures.words import bracketed, fmt

SAID = {
    "zero": "At the input it is 0, which has no dot on this scale.",
    "vanishes": "It vanishes: {left} of it is left at the input",
    "shrinks": "It shrinks: {left} of it is left at the input",
    "keeps": "It keeps about its size: {left} at the input",
    "grows": "It grows to {left} at the input",
    "explodes": "It explodes to {left} at the input",
}


@cached
def sizes(chain: Chain) -> Picture:
    """The size of the gradient at each layer, on a logarithmic scale."""
    found = chain.gradients.abs().numpy()
    layers = np.arange(len(found), dtype=np.int32)
    figure = go.Figure()
    figure.add_scatter(
        x=layers,
        y=drawn(found),
        mode="lines+markers",
        line={"color": VERMILLION, "width": 2},
        marker={"size": 8},
        name="size of the gradient",
        hovertemplate="layer %{x}: %{y:.4g}<extra></extra>",
    )
    axes(figure, "layer, from the input (0) to the output", "size of the gradient, log scale")
    figure.update_layout(showlegend=False)
    log_axis(figure, np.append(found, 1.0))
    caption = f"Read it from right to left: at the output the gradient is 1. {outcome(chain)}"
    return Picture(figure, caption, f"Line chart of the gradient's size against the layer. {caption}", table(chain))


@cached
def forward(chain: Chain) -> Picture:
    """The value of each layer: what is known before the way back."""
    figure = go.Figure()
    layers = np.arange(len(chain.values), dtype=np.int32)
    look = {"mode": "lines+markers", "line": {"color": BLUE, "width": 2}, "marker": {"size": 8}, "name": "value"}
    figure.add_scatter(x=layers, y=chain.values.numpy(), hoverinfo="skip", **look)
    axes(figure, "layer, from the input (0) to the output", "value h").update_layout(showlegend=False)
    return Picture(figure, "", "Line chart of the values of the layers on the way forward.")


@cached
def factors(chain: Chain) -> Picture:
    """The factor of each layer, with a line at 1."""
    found = chain.factors.abs().numpy()
    layers = np.arange(1, len(found) + 1, dtype=np.int32)
    figure = go.Figure()
    figure.add_bar(
        x=layers, y=found, marker={"color": BLUE}, name="factor", hovertemplate="layer %{x}: %{y:.4g}<extra></extra>"
    )
    figure.add_hline(y=1, line={"color": GREY, "dash": "dash", "width": 3})
    axes(figure, "layer", "size of its factor").update_layout(showlegend=False)
    figure.update_yaxes(range=[0, 1.1 * max(found.max(), 1.0)])
    low, high = fmt(found.min()), fmt(found.max())
    those = f"all are {low}" if low == high else f"they are from {low} to {high}"
    caption = (
        f"On its way back, each layer multiplies the gradient by its factor; {those}. "
        "Below the dashed line, 1, the gradient shrinks."
    )
    return Picture(figure, caption, f"Bar chart of the factor of each layer. {caption}")


def outcome(chain: Chain) -> str:
    """What becomes of the gradient until the input, and the factor that, in every layer, would do it."""
    if fate(chain) == "zero":
        return SAID["zero"]
    said = SAID[fate(chain)].format(left=fmt(abs(chain.gradients[0].item())))
    return f"{said}, as if every layer multiplied it by {fmt(mean_factor(chain))}."


def by_hand(chain: Chain) -> str:
    """The last two factors, or the last one, multiplied."""
    s, plus = chain.settings, "1 + " if chain.settings.residual else ""
    last = len(chain.factors) - 1

    def factor(k: int) -> str:
        value = fmt(chain.factors[k].item(), 6)
        weight = (bracketed if plus else fmt)(s.weight, 6)
        made = f"{plus}w · f′(z) = {plus}{weight} × {fmt(chain.slopes[k].item(), 6)}"
        return f"layer {k + 1} has z = {fmt(chain.sums[k].item(), 6)} and the factor {made} = {value}"

    if last == 0:
        one, total = bracketed(chain.factors[0].item(), 6), fmt(chain.gradients[0].item(), 5)
        return f"The only {factor(0).replace('layer 1', 'layer')}; 1 × {one} = **{total}**"
    one, other = chain.factors[last].item(), chain.factors[last - 1].item()
    return (
        f"At the output the gradient is 1; {factor(last)}; {factor(last - 1)}. So the gradient two layers before the "
        f"output is 1 × {bracketed(one, 6)} × {bracketed(other, 6)} = **{fmt(chain.gradients[last - 1].item(), 5)}**"
    )


def table(chain: Chain) -> pd.DataFrame:
    """Every layer with its numbers; the input has none but its value and gradient."""
    nothing = [np.nan]
    return pd.DataFrame(
        {
            "layer": range(len(chain.values)),
            "z": nothing + chain.sums.tolist(),
            "value h": chain.values.tolist(),
            "f′(z)": nothing + chain.slopes.tolist(),
            "factor": nothing + chain.factors.tolist(),
            "gradient by h": chain.gradients.tolist(),
            "gradient by this layer's w": nothing + chain.by_weight.tolist(),
        }
    )
