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
    figure = go.Figure()
    figure.add_scattergl(
        x=numbers(ratio),
        y=numbers(found.mistakes),
        mode="markers",
        name="one problem",
        marker={"color": BLUE, "size": 6, "opacity": 0.55},
        hovertemplate="γ/R = %{x:.3g}, %{y} mistakes<extra></extra>",
    )
    line = {"color": VERMILLION, "width": 4, "dash": "dash"}
    figure.add_scatter(x=grid, y=1 / grid**2, mode="lines", name="Novikoff's bound (R/γ)²", line=line)
    axes(figure, "margin γ / R (log scale)", "mistakes (log scale)")
    figure.update_xaxes(type="log", tickvals=TICKS, ticktext=[f"{tick:g}" for tick in TICKS])
    figure.update_yaxes(type="log", dtick=1)
    figure.update_layout(height=470)
    above, share = int((found.mistakes > found.bound).sum()), (found.mistakes / found.bound).max().item()
    caption = (
        f"Each dot is a problem, learned until every sample was on its side; {above} of {len(ratio):,} dots lie above "
        f"the dashed line, the bound. The one nearest to the line made {share:.0%} of the mistakes that it allows."
    )
    table = pd.DataFrame(
        {
            "margin γ": found.gamma.numpy(),
            "radius R": found.radius.numpy(),
            "mistakes": found.mistakes.numpy(),
            "bound (R/γ)²": found.bound.numpy(),
        }
    )
    alt = f"Scatter chart of mistakes against margin, with the bound as a line. {caption}"
    return Picture(figure, caption, alt, table)
