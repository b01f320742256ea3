"""One image times the weights, and the sums of all held-out images."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from torch import Tensor

from core.perceptron.pixels import PixelRun
from figures.perceptron.neuron import circles, decided, decision_traces, draw_without_axes, texts, titles
from figures.picture import Picture
from figures.style import BLUE, DIVERGING, GREEN, VERMILLION, axes, numbers
from figures.words import bracketed, fmt, plain, plural

SIDE = 8  # pixels
FIXED = {"xref": "paper", "yref": "paper", "xanchor": "center", "showarrow": False}  # of an annotation


def pixel_neuron(run: PixelRun, index: int) -> Picture:
    """The image, the weights and their products in a row; below, their sum with the bias, the step and the answer."""
    image, weights, digits = run.images[index], run.weights[:64].reshape(SIDE, SIDE), digits_of(run)
    label, product = int(run.y[index]), image * weights
    summed, score = product.sum().item(), run.scores[index].item()
    fixed, moving = decision_traces(1.3, "sum")
    terms = circles([1.0, 3.0], [1.3] * 2).update(text=[fmt(summed), fmt(run.weights[64].item())])
    signs = texts([2.0, 4.1], [1.3] * 2, text=["+", "="])
    for trace, change in zip(moving, decided(score, label, digits, "label"), strict=True):
        trace.update(change)
    figure = go.Figure([*fixed, titles([1.0, 3.0], [1.3] * 2, ["products", "bias b"]), terms, signs, *moving])
    draw_without_axes(figure, -0.8, 3.0)
    figure.update_yaxes(domain=[0, 0.4])
    images = (
        (image, "pixels x", "Greys", 0.0),
        (weights, "weights w", DIVERGING),
        (product, "products w·x", DIVERGING),
    )
    for place, part in enumerate(images):
        _add_image(figure, place, *part)
    for x, sign in ((0.325, "×"), (0.675, "=")):
        figure.add_annotation(x=x, y=0.8, text=sign, font={"size": 20}, **FIXED)
    caption = f"{answer(run, index)} Orange weights speak for {digits[1]}, blue ones for {digits[0]}."
    table = pd.DataFrame(
        {
            "row": np.repeat(np.arange(SIDE), SIDE),
            "column": np.tile(np.arange(SIDE), SIDE),
            "pixel": image.flatten().numpy(),
            "weight": weights.flatten().numpy(),
            "product": product.flatten().numpy(),
        }
    )
    alt = f"The pixels, the weights and their products, and a neuron with their sum. {plain(caption)}"
    return Picture(figure.update_layout(height=440), caption, alt, table)


def digits_of(run: PixelRun) -> tuple[int, int]:
    """The digits of class 0 and class 1."""
    return run.settings.zero, run.settings.one


def _add_image(
    figure: go.Figure, place: int, values: Tensor, name: str, colors: str | list, low: float | None = None
) -> None:
    """Square pixels, row 0 on top, the scale below; from low to 1, or evenly around 0."""
    high = 1.0 if low is not None else max(values.abs().max().item(), 1e-9)
    low = -high if low is None else low
    ticks, axis, left = sorted({low, 0.0, high}), place + 2, place * 0.35
    bar = {"orientation": "h", "x": left + 0.15, "len": 0.3, "y": 0.59, "yanchor": "top", "thickness": 10}
    bar |= {"tickvals": ticks, "ticktext": [fmt(value, 3) for value in ticks]}
    figure.add_heatmap(
        z=numbers(values),
        zmin=low,
        zmax=high,
        colorscale=colors,
        hovertemplate="row %{y}, column %{x}: %{z:.3f}<extra></extra>",
        colorbar=bar,
        xaxis=f"x{axis}",
        yaxis=f"y{axis}",
    )
    pixels = {"visible": False, "constrain": "domain", "fixedrange": True}
    across = {"domain": [left, left + 0.3], "anchor": f"y{axis}"}
    down = {
        "domain": [0.61, 0.94],
        "constraintoward": "top",
        "anchor": f"x{axis}",
        "autorange": "reversed",
        "scaleanchor": f"x{axis}",
    }
    figure.update_layout({f"xaxis{axis}": pixels | across, f"yaxis{axis}": pixels | down})
    figure.add_annotation(x=left + 0.15, y=0.95, yanchor="bottom", text=name, **FIXED)


def answer(run: PixelRun, index: int) -> str:
    """The sum of one image with its numbers, its step, and whether the answer is right."""
    products = (run.images[index].flatten() @ run.weights[:64]).item()
    score, digits = run.scores[index].item(), digits_of(run)
    said, label = digits[run.answers[index]], digits[run.y[index]]
    side, bias = "above" if run.answers[index] else "not above", bracketed(run.weights[64].item())
    return (
        f"Image {index}, labelled {label}: products {fmt(products, decimals=4)} + bias {bias} = "
        f"**{fmt(score, decimals=4)}**, {side} 0, so the answer is **{said}**, {'right' if said == label else 'wrong'}."
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
