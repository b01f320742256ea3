"""What came of a mistake beside what comes of the right way: two bars."""

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go

from figures.picture import Picture
from figures.style import BLUE, VERMILLION, axes


def right_and_wrong(
    quantity: str,
    right: float | None,
    wrong: float | None,
    raises: bool,
    said: Callable[[float | None], str] = "{:,}".format,
    done: str = "counted",
) -> Picture:
    """How many, or how much, in either way.

    Args:
        quantity: what is counted, or otherwise done. right, wrong: None where nothing comes. raises: whether the
            mistake ends in an error, which the page shows below. said: how a number is written.
    """
    figure = go.Figure()
    bars = (("the right way", right, BLUE, ""), ("the mistake", wrong, VERMILLION, "/"))
    for name, value, color, hatching in bars:
        marker = {"color": color, "pattern": {"shape": hatching}}
        text = {"text": [said(value)], "textposition": "outside", "textfont": {"size": 16}, "cliponaxis": False}
        figure.add_bar(x=[value or 0], y=[name], orientation="h", marker=marker, name=name, hoverinfo="skip", **text)
    axes(figure, quantity, "way").update_layout(height=260, showlegend=False, barmode="overlay", bargap=0.35)
    low, high = (end(0, right or 0, wrong or 0) for end in (min, max))
    room = 0.2 * (high - low or 1)  # for the number at a bar's end
    counts = isinstance(right, int) and isinstance(wrong, int) and high - low <= 10
    ticks = {"dtick": 1} if counts else {}  # no half batches
    figure.update_xaxes(range=[low - room * (low < 0), high + room], exponentformat="power", **ticks)
    figure.update_yaxes(categoryorder="array", categoryarray=["the right way", "the mistake"], autorange="reversed")
    end = "and ends in the error below" if raises else "and raises no error"
    caption = f"What is {done}: {quantity}. The right way gives {said(right)}; the mistake {said(wrong)}, {end}."
    table = pd.DataFrame({"way": [bar[0] for bar in bars], quantity: [bar[1] for bar in bars]})
    return Picture(figure, caption, f"Two bars. {caption}", table)
