"""A mistake beside the right way: two bars."""

import pandas as pd
import plotly.graph_objects as go

from core.neural_networks.mistakes import Tried
from figures.picture import Picture
from figures.style import BLUE, VERMILLION, axes

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
