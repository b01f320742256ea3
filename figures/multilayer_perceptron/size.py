"""The map of test losses over width and learning rate."""

import pandas as pd
import plotly.graph_objects as go
import torch

from core.multilayer_perceptron.size import LRS, WIDTHS, SizeMap
from figures.picture import Picture
from figures.style import axes, numbers
from figures.words import fmt, plural

RATES = [f"1/{round(1 / lr):,}" for lr in LRS]  # as they stand on the axis
SIZES = [f"{width}" for width in WIDTHS]


def size_map(found: SizeMap) -> Picture:
    """One labelled cell a run. The marks in the cells can be clicked: their x and y are the run's column and row."""
    power = found.test_loss.clamp_min(1e-9).log10()
    finite = power[torch.isfinite(power)]
    low, high = (finite.min().item(), finite.max().item()) if len(finite) else (0.0, 1.0)
    bar = {"title": {"text": "test loss", "side": "top"}, "thickness": 14, "exponentformat": "none"}
    ticks = sorted({low, (low + high) / 2, high})
    bar |= {"tickvals": ticks, "ticktext": [fmt(10.0**p, 2) for p in ticks]}
    scale = {"colorscale": "Cividis", "zmin": low, "zmax": high, "colorbar": bar}
    figure = go.Figure(go.Heatmap(x=RATES, y=SIZES, z=numbers(power), hoverinfo="skip", **scale))
    losses, middle = found.test_loss.flatten().tolist(), (low + high) / 2
    readable = ["#ffffff" if p <= middle else "#000000" for p in power.flatten().tolist()]  # on dark and bright cells
    said = [fmt(loss, 2) if loss == loss else "∞" for loss in losses]
    style = {"textfont": {"size": 11, "color": readable}, "showlegend": False}
    style |= {"marker": {"size": 34, "symbol": "square", "color": "rgba(0,0,0,0)"}}
    x, y = RATES * len(SIZES), [size for size in SIZES for _ in RATES]
    hover = "width %{y}, lr %{x}: test loss %{text}<extra></extra>"
    figure.add_scatter(x=x, y=y, text=said, mode="text+markers", hovertemplate=hover, **style)
    axes(figure, "learning rate lr", "neurons in each hidden layer", xaxis_type="category", yaxis_type="category")
    figure.update_layout(height=430)
    n, s, lost = len(found.settings.hidden), found.settings, "; ∞: diverged" * int(found.test_loss.isnan().any())
    coin = "" if s.is_regression or s.loss == "squared" else "; guessing gives 0.69"  # ln 2: each class has ½
    caption = (
        f"Test loss after {plural(s.num_epochs, 'epoch')} of networks with {plural(n, 'hidden layer')}{coin}{lost}. "
        f"{best_words(found)}"
    )
    cells = [(width, lr) for width in WIDTHS for lr in LRS]
    table = pd.DataFrame(cells, columns=["width", "lr"]).assign(**{"test loss": losses})
    if not s.is_regression:
        table["test accuracy"] = found.test_accuracy.flatten().tolist()
    return Picture(figure, caption, "Map of test losses over width and learning rate. " + caption, table)


def best_words(found: SizeMap) -> str:
    """Where the lowest test loss is."""
    if found.best is None:
        return "All of them diverged."
    row, column = found.best
    loss = fmt(found.test_loss[row, column].item(), 3)
    return f"The lowest, {loss}, has {plural(WIDTHS[row], 'neuron')} a layer and lr {RATES[column]}."
