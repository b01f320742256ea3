"""What came of a mistake beside what comes of the right way: two bars."""

import pandas as pd
import plotly.graph_objects as go

from figures.picture import Picture
from figures.style import BLUE, VERMILLION, axes

WRONG = 1  # the place of the mistake's bar among the traces


def right_and_wrong(quantity: str, right: int, wrong: int, raises: bool) -> Picture:
    """How many in either way.

    Args:
        quantity: what is counted. raises: whether the mistake ends in an error, which the page shows below.
    """
    figure = go.Figure()
    bars = (("the right way", right, BLUE, ""), ("the mistake", wrong, VERMILLION, "/"))
    for name, count, color, hatching in bars:
        marker = {"color": color, "pattern": {"shape": hatching}}
        text = {"text": [f"{count:,}"], "textposition": "outside", "textfont": {"size": 16}, "cliponaxis": False}
        figure.add_bar(x=[count], y=[name], orientation="h", marker=marker, name=name, hoverinfo="skip", **text)
    axes(figure, quantity, "way").update_layout(height=260, showlegend=False, barmode="overlay", bargap=0.35)
    figure.update_xaxes(range=[0, 1.15 * max(right, wrong, 1)], rangemode="tozero")
    figure.update_yaxes(categoryorder="array", categoryarray=["the right way", "the mistake"], autorange="reversed")
    end = "and ends in the error below" if raises else "and raises no error"
    caption = f"What is counted: {quantity}. The right way gives {right:,}; the mistake {wrong:,}, {end}."
    table = pd.DataFrame({"way": [bar[0] for bar in bars], quantity: [bar[1] for bar in bars]})
    return Picture(figure, caption, f"Two bars. {caption}", table)
