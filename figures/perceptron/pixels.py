"""One image times the weights, and the sums of all held-out images."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from torch import Tensor

from core.perceptron.pixels import PixelRun
from figures.picture import Picture
from figures.style import BLUE, GREEN, VERMILLION, axes, numbers
from figures.words import bracketed, fmt, plural

DIVERGING = [[0.0, BLUE], [0.5, "#e8e8e8"], [1.0, VERMILLION]]  # negative speaks for class 0, positive for class 1
SIDE = 8  # pixels


def pixel_product(run: PixelRun, index: int) -> tuple[Picture, Picture, Picture]:
    """The image, the weights and their products: three pictures, which a narrow screen stacks."""
    image, weights, digits = run.images[index], run.weights[:64].reshape(SIDE, SIDE), digits_of(run)
    product = image * weights
    shown = f"Held-out image {index}, labelled {digits[run.y[index]]}: 64 pixels from 0 (white) to 1 (black)."
    spoken = f"Vermillion weights speak for {digits[1]}, blue ones for {digits[0]}."
    summed = f"The 64 products of this image sum to {fmt(product.sum().item(), decimals=4)}."
    table = pd.DataFrame(
        {
            "row": np.repeat(np.arange(SIDE), SIDE),
            "column": np.tile(np.arange(SIDE), SIDE),
            "pixel": image.flatten().numpy(),
            "weight": weights.flatten().numpy(),
            "product": product.flatten().numpy(),
        }
    )
    return (
        Picture(_eight(image, "pixels x", "Greys", 0.0), shown, f"8 by 8 picture of the pixels. {shown}"),
        Picture(_eight(weights, "× weights w", DIVERGING), spoken, f"8 by 8 picture of the weights. {spoken}"),
        Picture(
            _eight(product, "= products w·x", DIVERGING), summed, f"8 by 8 picture of the products. {summed}", table
        ),
    )


def digits_of(run: PixelRun) -> tuple[int, int]:
    """The digits of class 0 and class 1."""
    return run.settings.zero, run.settings.one


def _eight(values: Tensor, name: str, colors: str | list, low: float | None = None) -> go.Figure:
    """Square pixels, row 0 on top, the scale below; from low to 1, or evenly around 0."""
    high = 1.0 if low is not None else max(values.abs().max().item(), 1e-9)
    low = -high if low is None else low
    ticks = sorted({low, 0.0, high})
    scale = {"tickvals": ticks, "ticktext": [fmt(value, 3) for value in ticks]}
    figure = go.Figure(
        go.Heatmap(
            z=numbers(values),
            zmin=low,
            zmax=high,
            colorscale=colors,
            hovertemplate="row %{y}, column %{x}: %{z:.3f}<extra></extra>",
            colorbar={"orientation": "h", "y": -0.25, "yanchor": "top", "thickness": 12, **scale},
        )
    )
    axes(figure, "pixel column", "pixel row")
    for axis in (figure.update_xaxes, figure.update_yaxes):
        axis(showgrid=False, zeroline=False, tickvals=list(range(SIDE)), constrain="domain")
    figure.update_yaxes(autorange="reversed", scaleanchor="x")
    return figure.update_layout(height=380, title={"text": name, "x": 0.5, "xanchor": "center"})


def answer(run: PixelRun, index: int) -> str:
    """The sum of one image with its numbers, its step, and whether the answer is right."""
    products = (run.images[index].flatten() @ run.weights[:64]).item()
    score, digits = run.scores[index].item(), digits_of(run)
    said, label = digits[run.answers[index]], digits[run.y[index]]
    return (
        f"Image {index}: products {fmt(products, decimals=4)} + bias {bracketed(run.weights[64].item())} = "
        f"**{fmt(score, decimals=4)}**, {'above' if run.answers[index] else 'not above'} 0, so the answer is "
        f"**{said}**. The label is {label}: {'right' if said == label else 'wrong'}."
    )


def pixel_sums(run: PixelRun, index: int) -> Picture:
    """Every held-out image by its weighted sum: the step at 0 decides."""
    scores, digits, figure = run.scores, digits_of(run), go.Figure()
    for label, color, symbol in ((0, BLUE, "circle"), (1, VERMILLION, "x")):
        chosen = (run.y == label).nonzero().flatten()
        figure.add_scatter(
            x=numbers(scores[chosen]),
            y=chosen.numpy(),
            mode="markers",
            name=f"labelled {digits[label]}",
            marker={"color": color, "symbol": symbol, "size": 8},
            hovertemplate=f"image %{{y}}, labelled {digits[label]}: sum %{{x:.3f}}<extra></extra>",
        )
    marker = {"symbol": "diamond-open", "size": 18, "color": GREEN, "line": {"width": 4}}
    figure.add_scatter(x=[scores[index].item()], y=[index], mode="markers", name="this image", marker=marker)
    figure.add_vline(x=0, line={"color": GREEN, "dash": "dash", "width": 2})
    axes(figure, "weighted sum (no unit)", "held-out image (number)")
    caption = (
        f"One mark an image: right of the dashed line the answer is {digits[1]}, else {digits[0]}. Of "
        f"{plural(len(run.y), 'held-out image')}, {len(run.wrong_images)} are answered wrongly."
    )
    table = pd.DataFrame(
        {
            "image": range(len(run.y)),
            "label": np.array(digits)[run.y.numpy()],
            "weighted sum": scores.numpy(),
            "answer": np.array(digits)[run.answers.numpy()],
        }
    )
    return Picture(figure, caption, f"Scatter chart of the weighted sums of all held-out images. {caption}", table)
