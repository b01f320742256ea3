"""Two losses against the probability of the right class, and their slopes."""

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.loss_functions.probability import TwoLosses
from figures.picture import Picture
from figures.style import SEQUENCE, axes, numbers
from figures.words import fmt

TITLES = ("loss", "slope")
LOWEST_SLOPE = -20.0  # the slope of cross-entropy has no end; the axis has


def probability(found: TwoLosses) -> Picture:
    """The losses on the left, their slopes on the right; the chosen probability marked on each line."""
    figure = make_subplots(1, 2, horizontal_spacing=0.14)
    for column, curves in enumerate((found.losses, found.slopes)):
        for (name, values), (color, dash, marker) in zip(curves.items(), SEQUENCE, strict=False):
            line = go.Scatter(x=numbers(found.p), y=numbers(values), name=name, line={"color": color, "dash": dash})
            mark = {"color": color, "size": 13, "symbol": marker, "line": {"color": "white", "width": 1}}
            here = go.Scatter(x=[found.settings.p], y=[found.chosen[name][column]], mode="markers", marker=mark)
            figure.add_trace(line.update(showlegend=not column, mode="lines"), 1, column + 1)
            figure.add_trace(here.update(showlegend=False, name=name), 1, column + 1)
    axes(figure, "probability of the right class p", f"loss (cross-entropy in {found.settings.unit})")
    figure.update_xaxes(title_text="probability of the right class p", range=[0, 1])
    figure.update_yaxes(title_text="slope by p", range=[min(LOWEST_SLOPE, found.chosen["cross-entropy"][1]), 1], col=2)
    (ce, ce_slope), (mse, mse_slope) = found.chosen.values()
    caption = (
        "Left: what the right class's probability costs; right: how hard each loss pushes it up. At "
        f"p = {fmt(found.settings.p)} cross-entropy is {fmt(ce)} with slope {fmt(ce_slope)}, the squared error "
        f"{fmt(mse)} with slope {fmt(mse_slope)}."
    )
    table = pd.DataFrame({"p": found.p.numpy()})
    for title, curves in zip(TITLES, (found.losses, found.slopes), strict=True):
        table = table.assign(**{f"{name}, {title}": values.numpy() for name, values in curves.items()})
    return Picture(figure, caption, f"Two line charts over the probability of the right class. {caption}", table)
