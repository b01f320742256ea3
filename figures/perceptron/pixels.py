"""One image times the weights, and the sums of all held-out images."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from torch import Tensor

from core.perceptron.pixels import PixelRun
from figures.perceptron.written import written
from figures.picture import Picture
from figures.style import BLUE, GREEN, VERMILLION, axes, numbers

DIVERGING = [[0.0, BLUE], [0.5, "#e8e8e8"], [1.0, VERMILLION]]  # negative speaks for class 0, positive for class 1


def pixel_product(run: PixelRun, index: int) -> tuple[Picture, Picture, Picture]:
    """The image, the weights and their products: three pictures, which a narrow screen stacks."""
    image, weights = run.images[index], run.weights[:64].reshape(8, 8)
    product, score, (zero, one) = image * weights, run.scores[index].item(), (run.settings.zero, run.settings.one)
    shown = f"Held-out image {index}, a {(zero, one)[int(run.label[index])]}: 64 pixels from 0 (white) to 1 (black)."
    spoken = f"Vermillion weights speak for {one}, blue ones for {zero}."
    summed = (
        f"The 64 products of this image sum to {written(product.sum().item(), '.4f')}; with the bias "
        f"{written(run.weights[64].item(), '.4f')} the sum is {written(score, '.4f')}."
    )
    return (
        Picture(_eight(image, "pixels x", "Greys", 0.0), shown, "8 by 8 picture of the pixels. " + shown),
        Picture(_eight(weights, "× weights w", DIVERGING, None), spoken, "8 by 8 picture of the weights. " + spoken),
        Picture(
            _eight(product, "= products w·x", DIVERGING, None),
            summed,
            "8 by 8 picture of the products. " + summed,
            _table(image, weights),
        ),
    )


def _eight(values: Tensor, name: str, colors: str | list, low: float | None) -> go.Figure:
    """Square pixels, row 0 on top, the scale below; from low, or evenly around 0, to the largest value."""
    high = 1.0 if low is not None else max(values.abs().max().item(), 1e-9)
    low = -high if low is None else low
    ticks = sorted({low, 0.0, high})
    figure = go.Figure(
        go.Heatmap(
            z=numbers(values),
            zmin=low,
            zmax=high,
            colorscale=colors,
            hovertemplate="row %{y}, column %{x}: %{z:.3f}<extra></extra>",
            colorbar={
                "orientation": "h",
                "y": -0.25,
                "yanchor": "top",
                "thickness": 12,
                "tickvals": ticks,
                "ticktext": [written(value, ".3g") for value in ticks],
            },
        )
    )
    axes(figure, "pixel column", "pixel row")
    for axis in (figure.update_xaxes, figure.update_yaxes):
        axis(showgrid=False, zeroline=False, tickvals=list(range(8)), constrain="domain")
    figure.update_yaxes(autorange="reversed", scaleanchor="x")
    figure.update_layout(height=380, title={"text": name, "x": 0.5, "xanchor": "center"})
    return figure


def _table(image: Tensor, weights: Tensor) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row": np.repeat(np.arange(8), 8),
            "column": np.tile(np.arange(8), 8),
            "pixel": image.flatten().numpy(),
            "weight": weights.flatten().numpy(),
            "product": (image * weights).flatten().numpy(),
        }
    )


def pixel_sums(run: PixelRun, index: int) -> Picture:
    """Every held-out image by its weighted sum: the step at 0 decides."""
    scores, figure = run.scores, go.Figure()
    for label, digit, color, symbol in ((0, run.settings.zero, BLUE, "circle"), (1, run.settings.one, VERMILLION, "x")):
        chosen = (run.label == label).nonzero().flatten()
        figure.add_scatter(
            x=numbers(scores[chosen]),
            y=chosen.numpy(),
            mode="markers",
            name=f"a {digit}",
            marker={"color": color, "symbol": symbol, "size": 8},
            hovertemplate=f"image %{{y}}, a {digit}: sum %{{x:.3f}}<extra></extra>",
        )
    figure.add_scatter(
        x=[scores[index].item()],
        y=[index],
        mode="markers",
        name="this image",
        marker={"symbol": "diamond-open", "size": 18, "color": GREEN, "line": {"width": 4}},
    )
    figure.add_vline(x=0, line={"color": GREEN, "dash": "dash", "width": 2})
    axes(figure, "weighted sum (no unit)", "held-out image (number)")
    figure.update_layout(height=360)
    wrong = len(run.wrong_images)
    caption = (
        f"One mark for each of {len(run.label)} held-out images. Right of the dashed line the answer is "
        f"{run.settings.one}, left of it {run.settings.zero}. {wrong} lie on the wrong side: accuracy "
        f"{run.accuracy:.4f}."
    )
    table = pd.DataFrame(
        {
            "image": range(len(run.label)),
            "digit": np.where(run.label.numpy() == 1, run.settings.one, run.settings.zero),
            "weighted sum": scores.numpy(),
            "answer": np.where(run.answers.numpy() == 1, run.settings.one, run.settings.zero),
        }
    )
    return Picture(figure, caption, "Scatter chart of the weighted sums of all held-out images. " + caption, table)
