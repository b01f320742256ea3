"""A thousand problems: mistakes against the margin, and the bound as a line."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.cache import cached
from core.perceptron.many import Many
from figures.picture import Picture
from figures.style import BLUE, VERMILLION, axes, numbers

TICKS = (0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1)


@cached
def many_problems(found: Many) -> Picture:
    """One mark a problem, on logarithmic scales."""
    ratio = found.gamma / found.radius
    grid = np.geomspace(ratio.min().item(), ratio.max().item(), 40)
    figure = go.Figure(
        [
            go.Scattergl(
                x=numbers(ratio),
                y=numbers(found.mistakes),
                mode="markers",
                name="one problem",
                marker={"color": BLUE, "size": 6, "opacity": 0.55},
                hovertemplate="γ/R = %{x:.3g}, %{y} mistakes<extra></extra>",
            ),
            go.Scatter(
                x=grid,
                y=1 / grid**2,
                mode="lines",
                name="Novikoff's bound (R/γ)²",
                line={"color": VERMILLION, "width": 4, "dash": "dash"},
            ),
        ]
    )
    axes(figure, "margin γ / R (log scale)", "mistakes (log scale)")
    figure.update_xaxes(type="log", tickvals=TICKS, ticktext=[f"{tick:g}" for tick in TICKS])
    figure.update_yaxes(type="log", dtick=1)
    figure.update_layout(height=470)
    above, share = int((found.mistakes > found.bound).sum()), (found.mistakes / found.bound).max().item()
    narrow = ratio < ratio.median()
    caption = (
        f"{len(ratio):,} random problems, each learned until every sample was right: {int(found.mistakes.sum()):,} "
        f"mistakes in all. Above the bound: {above}. The nearest one reached {share:.0%} of its bound. Median "
        f"mistakes: {found.mistakes[narrow].median().item()} in the half with the narrower margins, "
        f"{found.mistakes[~narrow].median().item()} in the other."
    )
    table = pd.DataFrame(
        {
            "margin γ": found.gamma.numpy(),
            "radius R": found.radius.numpy(),
            "mistakes": found.mistakes.numpy(),
            "bound (R/γ)²": found.bound.numpy(),
        }
    )
    return Picture(
        figure, caption, "Scatter chart of mistakes against margin, with the bound as a line. " + caption, table
    )
