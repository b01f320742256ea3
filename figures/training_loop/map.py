"""The map of final losses over batch size and learning rate."""

import pandas as pd
import plotly.graph_objects as go
import torch

from core.training_loop.map import LEARNING_RATES, LrMap
from figures.picture import Picture
from figures.style import axes, numbers
from figures.words import fmt, plural, typeset


def lr_map(found: LrMap, num_epochs: int) -> Picture:
    """One labelled cell a run. The marks in the cells can be clicked: their x and y are the run's column and row."""
    rates, sizes = [f"{lr:g}" for lr in LEARNING_RATES], [f"{b:,}" for b in found.batch_sizes]
    power = found.final_loss.clamp_min(1e-9).log10()
    power[~torch.isfinite(power)] = float("nan")
    finite = power[torch.isfinite(power)]
    low, high = (finite.min().item(), finite.max().item()) if len(finite) else (0.0, 1.0)
    ticks = list(range(round(low), round(high) + 1))
    bar = {"title": {"text": "loss", "side": "top"}, "thickness": 14}
    bar |= {"tickvals": ticks, "ticktext": [f"{10.0**p:g}" for p in ticks]}
    scale = {"colorscale": "Cividis", "zmin": low, "zmax": high, "colorbar": bar}
    figure = go.Figure(go.Heatmap(x=rates, y=sizes, z=numbers(power), hoverinfo="skip", **scale))
    losses, middle = found.final_loss.flatten().tolist(), (low + high) / 2
    readable = ["#ffffff" if p <= middle else "#000000" for p in power.flatten().tolist()]  # on dark and bright cells
    x, y, said = rates * len(sizes), [size for size in sizes for _ in rates], [_short(loss) for loss in losses]
    style = {"textfont": {"size": 11, "color": readable}, "showlegend": False}
    style |= {"marker": {"size": 34, "symbol": "square", "color": "rgba(0,0,0,0)"}}
    style |= {"meta": {"phone": {"mode": "markers"}}}  # whose cells are too narrow for numbers
    hover = "lr %{x}, batch size %{y}: loss %{text}<extra></extra>"
    figure.add_scatter(x=x, y=y, text=said, mode="text+markers", hovertemplate=hover, **style)
    axes(figure, "learning rate lr", "batch size (samples)", xaxis_type="category", yaxis_type="category")
    figure.update_layout(height=430)
    best = "All of them diverged."
    if found.best is not None:
        size, lr, loss = found.best
        best = f"The lowest, {fmt(loss, 3)}, has batch size {size:,} and lr {lr:g}."
    caption = (
        f"Mean squared error on the training set after {plural(num_epochs, 'epoch')}, {len(losses)} runs from the same "
        f"first weights; ∞: diverged. {best}"
    )
    cells = [(size, lr) for size in found.batch_sizes for lr in LEARNING_RATES]
    table = pd.DataFrame(cells, columns=["batch size", "lr"]).assign(**{"final loss": losses})
    return Picture(figure, caption, "Map of final losses. " + caption, table)


def _short(value: float) -> str:
    if value != value or value == float("inf"):
        return "∞"
    return typeset(f"{value:.0e}") if value >= 1000 or value < 0.001 else f"{float(f'{value:.2g}'):g}"
