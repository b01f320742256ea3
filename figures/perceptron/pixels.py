"""One image times the weights, and the sums of all held-out images."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from torch import Tensor

from core.perceptron.pixels import PixelRun
from figures.picture import Picture
from figures.style import BLUE, GREEN, VERMILLION, axes, numbers

DIVERGING = [[0.0, BLUE], [0.5, "#e8e8e8"], [1.0, VERMILLION]]  # negative speaks for class 0, positive for class 1


def pixel_product(run: PixelRun, index: int) -> Picture:
    """Three pictures in a row: the image, the weights, and their products."""
    image, weights = run.images[index], run.weights[:64].reshape(8, 8)
    product = image * weights
    widest = {name: max(t.abs().max().item(), 1e-9) for name, t in (("weights", weights), ("products", product))}
    figure = go.Figure()
    parts = (
        ("pixels x", image, {"colorscale": "Greys", "zmin": 0, "zmax": 1}),
        ("weights w", weights, {"colorscale": DIVERGING, "zmin": -widest["weights"], "zmax": widest["weights"]}),
        ("products w·x", product, {"colorscale": DIVERGING, "zmin": -widest["products"], "zmax": widest["products"]}),
    )
    for place, (name, values, colors) in enumerate(parts):
        figure.add_heatmap(
            z=numbers(values),
            x0=9 * place,
            y0=0,
            dx=1,
            dy=1,
            showscale=place > 0,
            colorbar={
                "title": {"text": name, "side": "bottom"},
                "orientation": "h",
                "y": -0.28,
                "yanchor": "top",
                "x": (9 * place + 3.5 + 0.5) / 26,
                "len": 0.3,
                "thickness": 12,
                "tickvals": [colors["zmin"], 0, colors["zmax"]],
                "ticktext": [f"{value:.3g}" for value in (colors["zmin"], 0, colors["zmax"])],
            },
            name=name,
            hovertemplate=f"{name}: %{{z:.3f}}<extra></extra>",
            **colors,
        )
        figure.add_annotation(x=9 * place + 3.5, y=-0.5, yanchor="bottom", text=f"<b>{name}</b>", showarrow=False)
    for place, sign in ((8, "×"), (17, "=")):
        figure.add_annotation(x=place, y=3.5, text=f"<b>{sign}</b>", showarrow=False, font={"size": 26})
    _laid_out(figure)
    score = run.scores[index].item()
    caption = (
        f"Vermillion weights speak for {run.settings.one}, blue ones for {run.settings.zero}. The 64 products of this "
        f"image sum to {product.sum():.4f}; with the bias {run.weights[64]:.4f} the sum is {score:.4f}."
    )
    return Picture(
        figure, caption, "Three 8 by 8 pictures: pixels, weights and their products. " + caption, _table(image, weights)
    )


def _laid_out(figure: go.Figure) -> None:
    """Square pixels, row 0 on top, room for the names above."""
    axes(figure, "pixel column (0 to 7 in each picture)", "pixel row")
    figure.update_xaxes(showticklabels=False, showgrid=False, zeroline=False, range=[-0.5, 25.5], constrain="domain")
    figure.update_yaxes(
        autorange=False,
        range=[7.5, -2],
        scaleanchor="x",
        constrain="domain",
        showgrid=False,
        zeroline=False,
        tickvals=list(range(8)),
    )
    figure.update_layout(height=400, margin={"l": 10, "r": 10, "t": 10, "b": 10})


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
