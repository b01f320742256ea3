"""A mistake beside the right way: two bars."""

import pandas as pd
import plotly.graph_objects as go

from core.neural_networks.mistakes import UNITS, Tried, same_masks
from figures.picture import Picture
from figures.style import BLUE, VERMILLION, axes
from figures.words import fmt, plural

WRONG = 1  # the place of the mistake's bar among the traces


def two_bars(tried: Tried) -> Picture:
    """How many in either way."""
    figure = go.Figure()
    bars = (("the right way", tried.right, BLUE, ""), ("the mistake", tried.wrong, VERMILLION, "/"))
    for name, count, color, hatching in bars:
        marker = {"color": color, "pattern": {"shape": hatching}}
        text = {"text": [f"{count:,}"], "textposition": "outside", "textfont": {"size": 16}, "cliponaxis": False}
        figure.add_bar(x=[count], y=[name], orientation="h", marker=marker, name=name, hoverinfo="skip", **text)
    axes(figure, tried.quantity, "way").update_layout(height=260, showlegend=False, barmode="overlay", bargap=0.35)
    figure.update_xaxes(range=[0, 1.15 * max(tried.right, tried.wrong, 1)], rangemode="tozero")
    figure.update_yaxes(categoryorder="array", categoryarray=["the right way", "the mistake"], autorange="reversed")
    end = "and ends in the error below" if tried.error else "and raises no error"
    caption = (
        f"What is counted: {tried.quantity}. The right way gives {tried.right:,}; the mistake {tried.wrong:,}, {end}."
    )
    table = pd.DataFrame({"way": [bar[0] for bar in bars], tried.quantity: [bar[1] for bar in bars]})
    return Picture(figure, caption, f"Two bars. {caption}", table)


def by_hand(tried: Tried) -> str:
    """A number of the mistake, to be redone; "" where there is nothing to calculate."""
    s, each = tried.settings, UNITS * UNITS + UNITS
    if s.mistake == "plain_list":
        return (
            f"The list holds {s.n_layers} × ({UNITS} × {UNITS} + {UNITS}) = {s.n_layers * each:,} numbers, the output "
            f"layer {UNITS} + 1 = {UNITS + 1}; the right way finds {s.n_layers * each:,} + {UNITS + 1} = "
            f"**{tried.right:,}**."
        )
    if s.mistake == "no_eval":
        same, chance = s.p**2 + (1 - s.p) ** 2, same_masks(s.p)
        return (
            f"Two calls treat a hidden number alike with probability {fmt(s.p)}² + {fmt(1 - s.p)}² = {fmt(same)}, and "
            f"all 64 of them with {fmt(same)}^64 = **{fmt(chance, 3)}**."
        )
    if s.mistake == "in_features":
        return (
            f"64 numbers come in, for {s.in_features} weights a unit: 64 − {s.in_features} = **{64 - s.in_features}**."
        )
    if s.mistake == "forward":
        return (
            f"{plural(s.calls, 'call')} × 1 hook = **{tried.right}**; by `forward` {s.calls} × 0 = **{tried.wrong}**."
        )
    return ""
