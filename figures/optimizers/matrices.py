"""A matrix and its optimizer: gradient, momentum and update with their singular values."""

import numpy as np
import pandas as pd
import torch
from plotly.subplots import make_subplots
from torch import Tensor

from core.cache import cached
from core.optimizers.matrices import COLUMNS, ROWS
from core.optimizers.matrices_runs import MatrixRun, singular_values
from figures.axis import drawn
from figures.optimizers.matrix_spread import LOWEST, relative, spread, times
from figures.picture import Picture
from figures.style import BLUE, GREEN, PURPLE, VERMILLION, numbers
from figures.words import plural

MOST_MOMENTS = 50
HEIGHT = 410
AROUND_ZERO = ((0.0, BLUE), (0.5, "#e6e6e6"), (1.0, VERMILLION))
BARS = (BLUE, GREEN, PURPLE)


def moments_of(steps: int) -> list[int]:
    """The steps, counted from 1, that can be looked at; the last included."""
    stride = -(-steps // MOST_MOMENTS)
    return sorted({1, *range(stride, steps + 1, stride), steps})


@cached
def matrix_parts(found: MatrixRun, moments: tuple[int, ...]) -> Picture:
    """Gradient, momentum and update of one optimizer, one frame a moment."""
    parts = (found.gradient, found.memory, found.update)
    memory = "no momentum" if torch.equal(found.memory, found.gradient) else "momentum"
    titles = ("gradient", memory, "update")
    figure = make_subplots(rows=2, cols=3, subplot_titles=titles, row_heights=[0.58, 0.42], vertical_spacing=0.14)
    figure.update_layout(xaxis_title="column of W")
    heights = [numbers(relative(part)) for part in parts]
    colours = [_colours(part) for part in parts]
    for i in range(3):
        figure.add_heatmap(
            z=colours[i][0],
            zmin=-1,
            zmax=1,
            colorscale=AROUND_ZERO,
            showscale=False,
            hoverinfo="skip",
            row=1,
            col=i + 1,
        )
        bars = {"marker": {"color": BARS[i]}, "showlegend": False, "name": titles[i]}
        figure.add_bar(x=np.arange(1, COLUMNS + 1), y=drawn(heights[i][0]), **bars, row=2, col=i + 1)
    frames = [
        {
            "data": [
                trace
                for i in range(3)
                for trace in (
                    {"z": colours[i][min(t, found.steps) - 1]},
                    {"y": drawn(heights[i][min(t, found.steps) - 1])},
                )
            ],
            "traces": list(range(6)),
        }
        for t in moments
    ]
    figure.update_layout(height=HEIGHT, margin={"l": 10, "r": 10, "t": 40, "b": 10}, bargap=0.25)
    figure.update_xaxes(showticklabels=False, ticks="", title="column of W", row=1)
    figure.update_yaxes(showticklabels=False, ticks="", autorange="reversed", row=1)
    figure.update_yaxes(title="row of W", row=1, col=1)
    figure.update_xaxes(title="direction", dtick=3, row=2)
    figure.update_yaxes(type="log", range=[LOWEST, 0.2], dtick=2, exponentformat="power", row=2)
    figure.update_yaxes(title="singular value ÷ largest", row=2, col=1)
    for i in (2, 3):
        figure.update_yaxes(showticklabels=False, row=2, col=i)
    caption = _parts_caption(found)
    alt = f"Three heat maps of {ROWS} by {COLUMNS} numbers, each over a bar chart of its singular values. {caption}"
    return Picture(figure, caption, alt, _singular_table(found), frames=frames)


def _colours(matrices: Tensor) -> np.ndarray:
    """Each matrix divided by its largest hparams, so that -1 to 1 is its scale."""
    largest = matrices.abs().amax(dim=(1, 2), keepdim=True).clamp(min=1e-300)
    return numbers(torch.where(torch.isfinite(matrices), matrices / largest, torch.nan))


def _parts_caption(found: MatrixRun) -> str:
    gradient, update = spread(found.gradient), spread(found.update)
    text = (
        "Blue is negative, orange positive, each map on a scale of its own. Bars on a log scale: how much the matrix "
        f"holds of each of {COLUMNS} directions, the strongest is 1. In the median step of this run the gradient's "
        f"strongest direction is {times(gradient)} times the weakest, that of {found.name}'s update "
        f"{times(update)} times."
    )
    lost = (
        f" After {plural(found.diverged_at)} a number is not finite: the run ends."
        if found.diverged_at is not None
        else ""
    )
    return text + lost


def _singular_table(found: MatrixRun) -> pd.DataFrame:
    columns: dict[str, object] = {"step": range(1, found.steps + 1)}
    for name, part in (("gradient", found.gradient), ("momentum", found.memory), ("update", found.update)):
        sizes = singular_values(part)
        columns |= {f"{name} {i + 1}": sizes[:, i].tolist() for i in (0, COLUMNS // 2, COLUMNS - 1)}
    return pd.DataFrame(columns)
