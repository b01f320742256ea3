"""The search for the best constant: four marks that move along the data, and where they end as the outlier moves."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.loss_functions.constant import LOSSES, OUTLIERS, STEPS, BestConstants, pulls
from figures.picture import Picture
from figures.style import GREY, SEQUENCE, axes, numbers
from figures.words import fmt

FRAME_STEPS = tuple(range(0, STEPS + 1, 2))  # the steps that can be looked at
STYLES = dict(zip(LOSSES, SEQUENCE, strict=False))


@cached
def search(found: BestConstants) -> Picture:
    """The data on the lowest line, the four constants above it, at first where they end; one frame for two steps."""
    usual, outlier = found.data[:-1], found.data[-1:]
    figure = go.Figure()
    for values, name, symbol, size in ((usual, "data", "circle", 13), (outlier, "outlier", "star", 18)):
        marker = {"color": GREY, "size": size, "symbol": symbol}
        figure.add_scatter(x=numbers(values), y=["data"] * len(values), name=name, mode="markers", marker=marker)
    for (name, (color, dash, _)), ends in zip(STYLES.items(), found.exact, strict=True):
        stroke = {"symbol": "line-ns-open", "size": 22, "color": color, "line": {"width": 2}}
        line = {"color": color, "dash": dash, "width": 4}
        figure.add_scatter(x=ends, y=[name, name], mode="lines+markers", showlegend=False, line=line, marker=stroke)
    colors, _, symbols = zip(*STYLES.values(), strict=True)
    marker = {"color": colors, "symbol": symbols, "size": 15, "line": {"color": "white", "width": 1.5}}
    moving = len(figure.data)
    end = numbers(found.path[-1])
    figure.add_scatter(x=end, y=list(LOSSES), name="constant so far", mode="markers", marker=marker)
    frames = [{"data": [{"x": numbers(found.path[step])}], "traces": [moving]} for step in FRAME_STEPS]
    axes(figure, "value (units of the data)", "loss that chooses").update_layout(height=370)
    figure.update_yaxes(categoryorder="array", categoryarray=["data", *reversed(LOSSES)], automargin=True)
    low, high = found.data.min().item(), found.data.max().item()
    pad = 0.06 * ((high - low) or 1.0)
    figure.update_xaxes(range=[low - pad, high + pad])
    caption = (
        f"Each mark is one constant on its way to the lowest mean loss, {STEPS} steps of Adam. Upright strokes are the "
        "exact answers: two where every number between them is as good."
    )
    table = pd.DataFrame(numbers(found.path[::2]), columns=list(LOSSES))
    table.insert(0, "step", FRAME_STEPS)
    return Picture(figure, caption, f"Marks of four constants above the data. {caption}", table, frames=frames)


def pull_words(found: BestConstants, names: Sequence[str]) -> str:
    """How far the outlier pulls the best constants of some losses."""
    far = pulls(found.settings)
    parts = ", ".join(f"{name} by {fmt(far[name])}" for name in names)
    return f"Against the best constant without it, the outlier pulls {parts}."


def label(found: BestConstants, step: int) -> str:
    """What the scrubber says at a step."""
    parts = ", ".join(f"{name} {v:.3f}" for name, v in zip(LOSSES, found.path[step].tolist(), strict=True))
    return f"After {step} of {STEPS} steps: {parts}."


def follow_the_outlier(constants: torch.Tensor, outlier: float) -> Picture:
    """Where each constant ends, for every place of the outlier; constants of shape (outliers, 4)."""
    figure, columns = go.Figure(), {"outlier": list(OUTLIERS)}
    for i, (name, (color, dash, _)) in enumerate(STYLES.items()):
        columns[name] = numbers(constants[:, i])
        line = {"color": color, "dash": dash, "width": 5 - i}
        figure.add_scatter(x=OUTLIERS, y=columns[name], name=name, mode="lines", line=line)
    if OUTLIERS[0] <= outlier <= OUTLIERS[-1]:
        figure.add_vline(x=outlier, line={"color": GREY, "width": 1, "dash": "dot"})
    axes(figure, "where the outlier stands (units of the data)", "best constant (same units)")
    caption = f"{len(OUTLIERS)} searches at once, with the outlier from {fmt(OUTLIERS[0])} to {fmt(OUTLIERS[-1])}."
    return Picture(figure, caption, f"Lines of the best constants. {caption}", pd.DataFrame(columns))
