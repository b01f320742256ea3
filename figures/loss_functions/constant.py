"""The search for the best constant: four marks that move along the data, and where they end as the outlier moves."""

import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.loss_functions.constant import LOSSES, STEPS, BestConstants, OutlierSweep
from core.loss_functions.settings import ConstantSettings
from figures.loss_functions.words import say
from figures.picture import Picture
from figures.style import GREY, SEQUENCE, axes, numbers

MOMENTS = tuple(range(0, STEPS + 1, 2))  # the steps that can be looked at
CHOICES = ("mean", "median", "Huber's middle", "quantile")


@cached
def search(found: BestConstants) -> Picture:
    """The data on the lowest line, the four constants above it, at first where they end; one frame a moment."""
    usual, outlier = found.data[:-1], found.data[-1:]
    figure = go.Figure(
        [
            go.Scatter(
                x=numbers(usual),
                y=["data"] * len(usual),
                name="data",
                mode="markers",
                marker={"color": GREY, "size": 13},
            ),
            go.Scatter(
                x=numbers(outlier),
                y=["data"],
                name="outlier",
                mode="markers",
                marker={"color": GREY, "size": 18, "symbol": "star"},
            ),
        ]
    )
    for i, (name, (color, dash, _)) in enumerate(zip(LOSSES, SEQUENCE, strict=False)):
        low, high = found.exact[i]
        figure.add_scatter(
            x=[low, high],
            y=[name, name],
            mode="lines+markers",
            name=f"{CHOICES[i]}",
            showlegend=False,
            line={"color": color, "dash": dash, "width": 4},
            marker={"symbol": "line-ns-open", "size": 22, "color": color, "line": {"width": 2}},
        )
    figure.add_scatter(
        x=numbers(found.path[-1]),
        y=list(LOSSES),
        name="constant so far",
        mode="markers",
        marker={
            "color": [color for color, _, _ in SEQUENCE[:4]],
            "symbol": [marker for _, _, marker in SEQUENCE[:4]],
            "size": 15,
            "line": {"color": "white", "width": 1.5},
        },
    )
    moving = len(figure.data) - 1
    frames = [{"data": [{"x": numbers(found.path[step])}], "traces": [moving]} for step in MOMENTS]
    axes(figure, "value (units of the data)", "loss that chooses")
    figure.update_yaxes(categoryorder="array", categoryarray=["data", *reversed(LOSSES)], automargin=True)
    span = (found.data.max() - found.data.min()).item() or 1.0
    figure.update_xaxes(range=[found.data.min().item() - 0.06 * span, found.data.max().item() + 0.06 * span])
    figure.update_layout(height=370)
    caption = _caption(found)
    return Picture(figure, caption, f"Marks of four constants above the data. {caption}", _table(found), frames=frames)


def label(found: BestConstants, step: int) -> str:
    """What the scrubber says at a step."""
    parts = ", ".join(f"{name} {v:.3f}" for name, v in zip(LOSSES, found.path[step].tolist(), strict=True))
    return f"After {step} of {STEPS} steps: {parts}."


def _caption(found: BestConstants) -> str:
    ends = ", ".join(
        f"{name} {say(v)} ({choice}{_exact(found, i)})"
        for i, (name, choice, v) in enumerate(zip(LOSSES, CHOICES, found.path[-1].tolist(), strict=True))
    )
    return (
        "Each mark is one constant on its way from the middle of the data to the lowest mean loss; the upright "
        f"strokes are the closed forms. After {STEPS} steps of Adam: {ends}."
    )


def _exact(found: BestConstants, i: int) -> str:
    low, high = found.exact[i]
    if high - low < 1e-6 * max(1.0, abs(low)):
        return f", exactly {say((low + high) / 2)}"
    return f": every number from {say(low)} to {say(high)} is as good"


def _table(found: BestConstants) -> pd.DataFrame:
    columns: dict[str, object] = {"step": list(MOMENTS)}
    chosen = torch.tensor(MOMENTS)
    for i, name in enumerate(LOSSES):
        columns |= {name: numbers(found.path[chosen, i]), f"mean loss of {name}": numbers(found.losses[chosen, i])}
    return pd.DataFrame(columns)


def follow_the_outlier(found: OutlierSweep, settings: ConstantSettings) -> Picture:
    """Where each constant ends, for every place of the outlier."""
    figure = go.Figure()
    for i, (name, (color, dash, _)) in enumerate(zip(LOSSES, SEQUENCE, strict=False)):
        figure.add_scatter(
            x=numbers(found.outliers),
            y=numbers(found.constants[:, i]),
            name=name,
            mode="lines",
            line={"color": color, "dash": dash, "width": 5 - i},
        )
    if found.outliers[0] <= settings.outlier <= found.outliers[-1]:
        figure.add_vline(x=settings.outlier, line={"color": GREY, "width": 1, "dash": "dot"})
    axes(figure, "where the outlier stands (units of the data)", "best constant (same units)")
    moved = [(found.constants[-1, i] - found.constants[0, i]).item() for i in range(4)]
    said = ", ".join(f"{name} by {say(v, 4)}" for name, v in zip(LOSSES, moved, strict=True))
    caption = (
        f"{len(found.outliers)} searches at once: the outlier moves from {say(found.outliers[0].item())} to "
        f"{say(found.outliers[-1].item())}, and the constants follow: {said}."
    )
    columns = {"outlier": numbers(found.outliers)}
    columns |= {name: numbers(found.constants[:, i]) for i, name in enumerate(LOSSES)}
    return Picture(figure, caption, f"Lines of the best constants. {caption}", pd.DataFrame(columns))
