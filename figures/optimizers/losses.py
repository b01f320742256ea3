"""The loss of every optimizer after each step."""

import numpy as np
import plotly.graph_objects as go

from core.optimizers.race import Race
from figures.optimizers.look import look
from figures.picture import Picture
from figures.style import axes, drawn, log_axis, numbers


def losses(race: Race) -> Picture:
    """One line an optimizer."""
    figure = go.Figure()
    for run in race.runs:
        style = look(run.name)
        figure.add_scatter(
            x=np.arange(run.steps + 1),
            y=drawn(numbers(run.loss)),
            name=run.name,
            mode="lines",
            line={"color": style.color, "dash": style.dash, "width": 2},
        )
    axes(figure, "step", "f, log scale")
    log_axis(figure, np.concatenate([numbers(run.loss) for run in race.runs]))
    return Picture(figure, f"{len(race.runs)} runs.", "Line chart.", None)
