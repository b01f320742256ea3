"""Where the network can add and where it cannot, and what its weights have to do with it."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.cache import cached
from core.nn import Weights
from core.training_loop.addition import LocalPlane, error_map
from core.training_loop.health import all_finite
from core.training_loop.run import Run
from figures.picture import Picture
from figures.style import BLUE, VERMILLION, axes, numbers
from figures.training_loop.trouble import DIVERGED
from figures.words import fmt, point

FINEST, COARSEST = -2.0, 3.0  # powers of ten of the error between which colours differ
LEVELS = 250


@cached
def error_maps(run: Run) -> Picture:
    """The absolute error over the plane, one frame a snapshot, coded in one byte a cell."""
    maps = [error_map(snapshot.weights, run.settings.data_range) for snapshot in run.snapshots]
    (grid, errors, inside), coded = maps[-1], [_coded(errors) for _, errors, _ in maps]
    low, high = run.settings.data_range[0], run.settings.data_range[1] - 1
    marks = ["≤ 0.01", "0.1", "1", "10", "100", "≥ 1000"]
    bar = {"title": {"text": "error", "side": "top"}, "thickness": 14, "ticktext": marks}
    bar |= {"tickvals": [LEVELS * i / 5 for i in range(6)]}
    scale = {"zmin": 0, "zmax": LEVELS, "colorscale": "Cividis", "colorbar": bar}
    hover = "a = %{x:.1f}, b = %{y:.1f}<extra></extra>"
    figure = go.Figure(go.Heatmap(x=numbers(grid), y=numbers(grid), z=coded[-1], hovertemplate=hover, **scale))
    figure.add_shape(type="rect", x0=low, x1=high, y0=low, y1=high, line={"color": "white", "width": 3})
    frame = {"x": (low + high) / 2, "y": high, "yshift": 12, "showarrow": False, "font": {"color": "white"}}
    figure.add_annotation(text="trained in here", **frame)
    axes(figure, "first number a", "second number b")
    figure.update_layout(height=430)
    within, beyond = (fmt(errors[mask].abs().max().item(), 3) for mask in (inside, ~inside))
    end = f"At the end the largest error on this grid is {within} in the white frame and {beyond} outside of it."
    caption = (
        "Colour: by how much the answer is wrong, ten times as much at each mark of the bar. "
        f"{end if all_finite(errors) else DIVERGED}"
    )
    second, first = torch.meshgrid(grid, grid, indexing="ij")
    columns = {"a": first, "b": second, "answer − sum": errors, "in the frame": inside}
    table = pd.DataFrame({name: values.flatten().numpy() for name, values in columns.items()})
    frames = [{"data": [{"z": z}], "traces": [0]} for z in coded]
    return Picture(figure, caption, "Map of the error over pairs of numbers. " + caption, table, frames)


def _coded(errors: Tensor) -> np.ndarray:
    """log10 of the absolute error, from FINEST to COARSEST in LEVELS steps; what is not finite counts as coarsest."""
    power = errors.abs().nan_to_num(nan=torch.inf).clamp_min(1e-9).log10()
    return ((power.clamp(FINEST, COARSEST) - FINEST) / (COARSEST - FINEST) * LEVELS).round().numpy().astype(np.uint8)


def hidden_units(weights: Weights, plane: LocalPlane, a: float, b: float) -> Picture:
    """Each hidden unit by its two input weights; a unit that answers to a and b alike lies on the diagonal."""
    w, out = weights["hidden_layer.weight"], weights["output_layer.weight"][0]
    size, figure = 6 + 40 * out.abs().clamp(max=1), go.Figure()
    kinds = ((plane.active, "switched on", BLUE, "circle"), (~plane.active, "switched off", VERMILLION, "x-thin-open"))
    for mask, name, color, symbol in kinds:
        style = {"color": color, "symbol": symbol, "opacity": 0.75, "line": {"width": 2, "color": color}}
        style |= {"size": numbers(size[mask])}
        x, y, name = numbers(w[mask, 0]), numbers(w[mask, 1]), f"{name} at {point((a, b), 8)}"
        figure.add_scatter(x=x, y=y, name=name, mode="markers", marker=style)
    axes(figure, "weight from a", "weight from b")
    figure.update_layout(height=430)
    caption = (
        f"One mark for each hidden unit, the larger, the more it counts in the answer. At {point((a, b), 8)}, "
        f"{int(plane.active.sum())} of {len(w)} are switched on."
    )
    columns = {"weight from a": w[:, 0], "weight from b": w[:, 1], "bias": weights["hidden_layer.bias"]}
    columns |= {"output weight": out, "switched on": plane.active, "adds to the answer": plane.contributions}
    table = pd.DataFrame({"unit": range(len(w))} | {name: values.numpy() for name, values in columns.items()})
    return Picture(figure, caption, "Scatter chart of the hidden units' weights. " + caption, table)


def plane_sentence(plane: LocalPlane, a: float, b: float) -> str:
    """The formula that the network computes near the pair, against a + b."""
    s1, s2 = plane.slopes.tolist()
    value = s1 * a + s2 * b + plane.intercept
    return (
        f"Near this pair the network computes {fmt(s1, decimals=4)} · a {'+' if s2 >= 0 else '−'} {abs(s2):.4f} · b "
        f"{'+' if plane.intercept >= 0 else '−'} {abs(plane.intercept):.4f} = {fmt(value, decimals=4)}; "
        f"addition is 1 · a + 1 · b + 0 = {fmt(a + b, 6)}."
    )
