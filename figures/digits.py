"""Digits that a network has read: who was taken for whom, and its mistakes as images."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.cache import cached
from core.datasets import BRIGHTEST
from core.digits import CLASSES, SIDE, Reading, confusion, mistakes, most_confused
from figures.picture import Picture
from figures.style import PALE, axes
from figures.words import a, plural

ACROSS, MOST_IMAGES = 4, 12  # of images in one picture
INK = {"colorscale": "Greys", "zmin": 0, "zmax": BRIGHTEST, "showscale": False, "hoverinfo": "skip"}


@cached
def confusion_matrix(run: Reading, right: str) -> Picture:
    """How many of the kept-out images of each digit (row) got each answer (column).

    Args:
        right: how many are named right, in words.
    """
    counts = confusion(run)
    texts = [["" if count == 0 else str(count) for count in row] for row in counts.tolist()]
    bar = {"title": {"text": "images", "side": "top"}, "thickness": 14}
    figure = go.Figure(
        go.Heatmap(
            z=counts.to(torch.int32).numpy(),
            text=texts,
            texttemplate="%{text}",
            textfont={"color": "black"},
            colorscale=PALE,
            zmin=0,
            zmax=int(counts.max()),
            colorbar=bar,
            hovertemplate="digit %{y}, answer %{x}: %{z}<extra></extra>",
        )
    )
    ticks = {"tickvals": list(range(CLASSES)), "showgrid": False, "zeroline": False}
    axes(figure, "the network's answer", "the digit", xaxis=ticks, yaxis=ticks | {"autorange": "reversed"})
    figure.update_layout(height=430)
    caption = f"On the diagonal the network is right: in {right}. {_worst(run)}"
    table = pd.DataFrame(counts.numpy(), columns=[f"answered {i}" for i in range(CLASSES)])
    table.insert(0, "digit", range(CLASSES))
    return Picture(figure, caption, f"Confusion matrix of ten digits. {caption}", table)


def share(p: float) -> str:
    """A probability in per cent, never rounded to certainty."""
    return "more than 99.9%" if 0.9995 <= p < 1 else f"{p:.1%}"


def _worst(run: Reading) -> str:
    found = most_confused(run)
    if found:
        digit, answer, times = found
        return f"The most frequent mistake: {a(digit)} is taken for {a(answer)}, {plural(times, 'time')}."
    return "Elsewhere stand the mistakes." if run.n_correct < len(run.y) else "There is no mistake."


@cached
def wrong_images(run: Reading) -> Picture:
    """The mistakes as images, the surest first, each with its answer and the truth."""
    places = mistakes(run)
    shown = places[:MOST_IMAGES]
    labels = [f"{run.y[i]}, not {run.answers[i]}" for i in shown.tolist()]
    first = "There is no mistake to show."
    if len(shown):
        i = int(shown[0])
        digit, sure = a(int(run.y[i])), share(run.probabilities[i, run.answers[i]].item())
        first = (
            f"{len(shown)} of {plural(len(places), 'mistake')}, the surest first; below stands the digit, then the "
            f"answer. The first is {digit}, for which the network gave {run.answers[i]} the probability {sure}."
        )
    table = pd.DataFrame(
        {
            "image": places.numpy(),
            "digit": run.y[places].numpy(),
            "answer": run.answers[places].numpy(),
            "probability of the answer": run.probabilities[places].amax(dim=1).numpy(),
        }
    )
    return image_wall(run.images[shown], labels, first, table)


def image_wall(images: Tensor, labels: list[str], caption: str, table: pd.DataFrame | None = None) -> Picture:
    """Images side by side, in rows, each with its label below."""
    rows = max(math.ceil(len(images) / ACROSS), 1)
    wall = np.full((rows * (SIDE + 4), ACROSS * (SIDE + 1)), np.nan, dtype=np.float32)
    figure = go.Figure()
    for place, (image, label) in enumerate(zip(images, labels, strict=True)):
        top, left = place // ACROSS * (SIDE + 4), place % ACROSS * (SIDE + 1)
        wall[top : top + SIDE, left : left + SIDE] = image.numpy()
        middle = {"x": left + (SIDE - 1) / 2, "y": top + SIDE + 1.2}
        figure.add_annotation(**middle, text=label, showarrow=False, font={"size": 13})
    figure.add_heatmap(z=wall, **INK)
    axes(figure, "column of pixels", "row of pixels")
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, autorange="reversed", scaleanchor="x", constrain="domain", constraintoward="top")
    figure.update_layout(height=20 + 115 * rows, margin={"l": 0, "r": 0, "t": 10, "b": 10})
    return Picture(figure, caption, f"Handwritten digits as images. {caption}", table)
