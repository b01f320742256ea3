"""The map of final losses over batch size and learning rate."""

import pandas as pd
import plotly.graph_objects as go
import torch

from core.training_loop.sweep import BATCH_SIZES, LEARNING_RATES, SweepMap
from figures.picture import Picture
from figures.style import axes, numbers


def sweep_map(found: SweepMap, num_epochs: int) -> Picture:
    """One labelled cell a run. The marks in the cells can be clicked: their x and y are the run's column and row."""
    rates, sizes = [f"{lr:g}" for lr in LEARNING_RATES], [f"{b:,}" for b in BATCH_SIZES]
    power = found.final_loss.clamp_min(1e-9).log10()
    power[~torch.isfinite(power)] = float("nan")
    finite = power[torch.isfinite(power)]
    low, high = (finite.min().item(), finite.max().item()) if len(finite) else (0.0, 1.0)
    figure = go.Figure(
        [
            go.Heatmap(
                x=rates,
                y=sizes,
                z=numbers(power),
                colorscale="Cividis",
                zmin=low,
                zmax=high,
                hoverinfo="skip",
                colorbar={
                    "title": {"text": "loss", "side": "top"},
                    "tickvals": list(range(round(low), round(high) + 1)),
                    "ticktext": [f"{10.0**p:g}" for p in range(round(low), round(high) + 1)],
                    "thickness": 14,
                },
            ),
            go.Scatter(
                x=rates * len(sizes),
                y=[size for size in sizes for _ in rates],
                mode="text+markers",
                text=[_short(value) for value in found.final_loss.flatten().tolist()],
                textfont={
                    "size": 11,
                    "color": [
                        "#000000" if p > (low + high) / 2 or p != p else "#ffffff" for p in power.flatten().tolist()
                    ],
                },
                marker={"size": 34, "symbol": "square", "color": "rgba(0,0,0,0)"},
                hovertemplate="lr %{x}, batch size %{y}: loss %{text}<extra></extra>",
                showlegend=False,
            ),
        ]
    )
    axes(figure, "learning rate lr", "batch size (samples)", xaxis_type="category", yaxis_type="category")
    figure.update_layout(height=430)
    size, lr, loss = found.best
    bad = int((~torch.isfinite(found.final_loss)).sum())
    caption = (
        f"Mean squared error on the training set after {num_epochs} epoch{'s' if num_epochs > 1 else ''}; "
        f"{found.final_loss.numel()} runs from the same first weights. The lowest, {loss:.3g}, has batch size {size:,} "
        f"and lr {lr:g}. {bad} of the runs diverged (marked ∞)."
    )
    table = pd.DataFrame(
        [
            {"batch size": b, "lr": rate, "final loss": found.final_loss[i, j].item()}
            for i, b in enumerate(BATCH_SIZES)
            for j, rate in enumerate(LEARNING_RATES)
        ]
    )
    return Picture(figure, caption, "Map of final losses. " + caption, table)


def _short(value: float) -> str:
    if value != value or value == float("inf"):
        return "∞"
    text = f"{value:.0e}" if value >= 1000 or value < 0.001 else f"{float(f'{value:.2g}'):g}"
    return text.replace("e+0", "e").replace("e-0", "e−")
