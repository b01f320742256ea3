"""The map of learning rate and momentum on a surface, the path of one cell, and where map and theory part."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.optimizers.momentum import (
    SIDE,
    StabilityMap,
    momenta,
)
from figures.optimizers.heights import ticks, title
from figures.optimizers.stability_words import color_ends, describe
from figures.picture import Picture
from figures.style import VERMILLION, axes
from figures.words import fmt

LEVELS = 250
PALE = "#d9dce0"  # of lost runs: no colour of the scale comes near it, and the line stands out on it


@cached
def map_picture(found: StabilityMap, column: int, row: int) -> Picture:
    """One coloured cell a run, pale grey where it was lost; theory's line over it."""
    x, b = np.log10(found.lr.numpy()), np.array(momenta())
    level, colorbar = _levels(found)
    figure = go.Figure(
        [
            _lost(found, x, b),
            go.Heatmap(
                x=x, y=b, z=level, zmin=0, zmax=LEVELS, colorscale="Viridis", hoverinfo="skip", colorbar=colorbar
            ),
        ]
    )
    if found.minimum:
        line = np.log10(found.line.numpy())
        figure.add_scatter(
            x=line.astype(np.float32),
            y=b.astype(np.float32),
            name="theory's limit",
            mode="lines",
            line={"color": VERMILLION, "width": 3, "dash": "dash"},
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=[x[column]],
        y=[b[row]],
        name="chosen cell",
        mode="markers",
        hoverinfo="skip",
        marker={"color": "white", "symbol": "diamond", "size": 13, "line": {"color": "black", "width": 2}},
    )
    figure.add_scattergl(
        x=np.tile(x, SIDE).astype(np.float32),
        y=np.repeat(b, SIDE).astype(np.float32),
        mode="markers",
        marker={"size": 9, "symbol": "square", "color": "rgba(0,0,0,0)"},
        showlegend=False,
        text=[_cell(found, i) for i in range(SIDE * SIDE)],
        hovertemplate="%{text}<extra></extra>",
    )
    axes(figure, "learning rate lr, log scale", "momentum b")
    half = (x[1] - x[0]) / 2
    marks = _rate_marks(x[0] - half, x[-1] + half)
    figure.update_xaxes(
        range=[x[0] - half, x[-1] + half],
        tickvals=[np.log10(v) for v in marks],
        ticktext=[fmt(v) for v in marks],
        showgrid=False,
    )
    figure.update_yaxes(range=[-0.01, 1.0], showgrid=False)
    figure.update_layout(height=440)
    caption = describe(found)
    return Picture(
        figure, caption, f"Map of {SIDE} x {SIDE} runs: learning rate, momentum, loss. {caption}", table(found)
    )


def _lost(found: StabilityMap, x: np.ndarray, b: np.ndarray) -> go.Heatmap:
    """Pale cells where the loss is no finite number; what lies beneath the colours, which have a gap there."""
    return go.Heatmap(
        x=x,
        y=b,
        z=np.ones((SIDE, SIDE), dtype=np.uint8),
        colorscale=[[0, PALE], [1, PALE]],
        showscale=False,
        hoverinfo="skip",
        opacity=1.0 if bool(found.diverged.any()) else 0.0,
    )


def table(found: StabilityMap) -> pd.DataFrame:
    """Every cell: learning rate, momentum, how it ended, and what theory says."""
    shape = (SIDE, SIDE)
    lr, b = np.broadcast_to(found.lr.numpy(), shape), np.broadcast_to(np.array(momenta())[:, None], shape)
    columns = {"lr": lr.ravel(), "momentum": b.ravel(), "f at the end": found.loss.numpy().ravel()}
    if found.minimum:
        columns["below the line"] = found.stays.numpy().ravel()
    return pd.DataFrame(columns | {"lower than at the start": found.came_down.numpy().ravel()})


def _levels(found: StabilityMap) -> tuple[np.ndarray, dict[str, object]]:
    """The colours, NaN where a run was lost, and what their bar says."""
    power, low, high = color_ends(found)
    level = ((np.clip(power, low, high) - low) / (high - low) * LEVELS).round().astype(np.float32)
    places, words = ticks(low, high, found.lowest)
    bar = {
        "title": {"text": title(found.lowest).replace(", log scale", ""), "side": "right"},
        "tickvals": [(place - low) / (high - low) * LEVELS for place in places],
        "ticktext": words,
        "thickness": 14,
    }
    return level, bar


def _cell(found: StabilityMap, i: int) -> str:
    row, column = divmod(i, SIDE)
    loss = found.loss[row, column].item()
    end = f"f = {loss:.3g}" if np.isfinite(loss) else "lost"
    return f"lr {found.lr[column]:.3g}, b {momenta()[row]:.2f}: {end}"


def _rate_marks(low: float, high: float) -> list[float]:
    """1, 2, 5 in every decade between two powers of ten."""
    found = [m * 10.0**p for p in range(int(np.floor(low)), int(np.ceil(high)) + 1) for m in (1, 2, 5)]
    return [v for v in found if low <= np.log10(v) <= high]


def cell_at(found: StabilityMap, power: float, b: float) -> tuple[int, int] | None:
    """Column and row of the cell at a place of the map, x as the power of ten of lr; None outside of it."""
    x, rows = found.lr.log10(), torch.tensor(momenta(), dtype=torch.float64)
    if not (x[0] - 0.1 <= power <= x[-1] + 0.1 and -0.05 <= b <= 1.05):
        return None
    return int((x - power).abs().argmin()), int((rows - b).abs().argmin())
