"""The digits: who was taken for whom, the mistakes as images, and what a hidden neuron looks for."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.cache import cached
from core.datasets import BRIGHTEST
from core.multilayer_perceptron.digits import (
    CLASSES,
    DigitsRun,
    confusion,
    mistakes,
    most_confused,
    standard_error,
    unit_weights,
)
from core.multilayer_perceptron.drawing import SIDE, answers_to, surest
from figures.axis import decades
from figures.picture import Picture
from figures.style import BLUE, PALE, VERMILLION, axes, numbers
from figures.words import fmt, plural

ACROSS, MOST_IMAGES = 4, 12  # of images in one picture
DIVERGING = [[0.0, BLUE], [0.5, "#e8e8e8"], [1.0, VERMILLION]]
INK = {"colorscale": "Greys", "zmin": 0, "zmax": BRIGHTEST, "showscale": False, "hoverinfo": "skip"}


@cached
def confusion_matrix(run: DigitsRun) -> Picture:
    """How many of the kept-out images of each digit (row) got each answer (column)."""
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
            hovertemplate="a %{y} taken for a %{x}: %{z}<extra></extra>",
        )
    )
    ticks = {"tickvals": list(range(CLASSES)), "showgrid": False, "zeroline": False}
    axes(figure, "the network's answer", "the digit", xaxis=ticks, yaxis=ticks | {"autorange": "reversed"})
    figure.update_layout(height=430)
    caption = f"On the diagonal the network is right: in {accuracy_words(run)}. {_worst(run)}"
    table = pd.DataFrame(counts.numpy(), columns=[f"answered {i}" for i in range(CLASSES)])
    table.insert(0, "digit", range(CLASSES))
    return Picture(figure, caption, f"Confusion matrix of ten digits. {caption}", table)


def accuracy_words(run: DigitsRun) -> str:
    """The accuracy with its uncertainty; where nothing went wrong, the standard error says nothing, and 3/n does."""
    right, n = run.n_right[-1], len(run.y)
    if right == n:
        return f"all {n} of the images that were kept out (of all such images at most about {3 / n:.1%} go wrong)"
    return f"{right} of {n} images that were kept out, {run.accuracy:.1%} ± {standard_error(run):.1%} (standard error)"


def share(p: float) -> str:
    """A probability in per cent, never rounded to certainty."""
    return "more than 99.9%" if 0.9995 <= p < 1 else f"{p:.1%}"


def _worst(run: DigitsRun) -> str:
    found = most_confused(run)
    if found:
        digit, answer, times = found
        return f"The most frequent mistake: a {digit} is taken for a {answer}, {plural(times, 'time')}."
    return "Elsewhere stand the mistakes." if run.n_right[-1] < len(run.y) else "There is no mistake."


def accuracy_by_hand(run: DigitsRun) -> str:
    """The accuracy and its standard error as arithmetic, from the rounded numbers that are shown."""
    right, n = run.n_right[-1], len(run.y)
    share = float(f"{right / n:.4f}")
    error = math.sqrt(share * (1 - share) / n)
    return (
        f"{right} / {n} = **{share:.4f}** are named right. Chance in which images were kept out moves this by about "
        f"√({share:.4f} · {1 - share:.4f} / {n}) = **{error:.4f}**, the standard error."
    )


def unseen(run: DigitsRun) -> Picture:
    """The first images that were kept out, before anything is said about them."""
    caption = (
        f"{MOST_IMAGES} of the {len(run.y)} images that the network never sees in its training, 8 × 8 pixels each."
    )
    return _wall(run.images[:MOST_IMAGES], [f"{y}" for y in run.y[:MOST_IMAGES].tolist()], caption)


@cached
def wrong_images(run: DigitsRun) -> Picture:
    """The mistakes as images, the surest first, each with its answer and the truth."""
    places = mistakes(run)
    shown = places[:MOST_IMAGES]
    labels = [f"{run.y[i]}, not {run.answers[i]}" for i in shown.tolist()]
    first = "There is no mistake to show."
    if len(shown):
        i = int(shown[0])
        sure = share(run.probabilities[i, run.answers[i]].item())
        first = (
            f"{len(shown)} of {plural(len(places), 'mistake')}, the surest first; below stands the digit, then the "
            f"answer. The first is a {run.y[i]}, for which the network gave {run.answers[i]} the probability {sure}."
        )
    table = pd.DataFrame(
        {
            "image": places.numpy(),
            "digit": run.y[places].numpy(),
            "answer": run.answers[places].numpy(),
            "probability of the answer": run.probabilities[places].amax(dim=1).numpy(),
        }
    )
    return _wall(run.images[shown], labels, first, table)


def _wall(images: Tensor, labels: list[str], caption: str, table: pd.DataFrame | None = None) -> Picture:
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


def unit_picture(run: DigitsRun, unit: int) -> Picture:
    """The weights with which a neuron of the first hidden layer takes in the 64 pixels."""
    weights, bias = unit_weights(run, unit)
    far = max(weights.abs().max().item(), 1e-9)
    ticks = {"tickvals": [-far, 0, far], "ticktext": [fmt(v, 3) for v in (-far, 0.0, far)], "thickness": 12}
    figure = go.Figure(
        go.Heatmap(
            z=numbers(weights),
            zmin=-far,
            zmax=far,
            colorscale=DIVERGING,
            colorbar=ticks | {"title": {"text": "weight", "side": "top"}},
            hovertemplate="row %{y}, column %{x}: %{z:.3f}<extra></extra>",
        )
    )
    axes(figure, "column of pixels", "row of pixels").update_layout(height=300)
    figure.update_xaxes(constrain="domain", showgrid=False, zeroline=False)
    figure.update_yaxes(autorange="reversed", scaleanchor="x", constrain="domain", showgrid=False, zeroline=False)
    row, column = divmod(int(weights.abs().argmax()), SIDE)
    caption = (
        f"Hidden neuron {unit} sums the pixels with these weights and its bias {fmt(bias)}: ink on orange raises "
        f"its sum, ink on blue lowers it. Its largest weight is {fmt(weights[row, column].item())}, in row {row}, "
        f"column {column}."
    )
    places = torch.arange(SIDE)
    table = pd.DataFrame(
        {
            "row": places.repeat_interleave(SIDE).numpy(),
            "column": places.repeat(SIDE).numpy(),
            "weight": weights.flatten().numpy(),
        }
    )
    return Picture(figure, caption, f"The 64 weights of a neuron as an image. {caption}", table)


def drawn_answers(run: DigitsRun, pixels: list[int]) -> Picture:
    """The probability of each digit for what the reader has drawn."""
    probabilities = answers_to(run.weights, pixels)
    best, figure = surest(probabilities), go.Figure()
    colors = [VERMILLION if digit in best else BLUE for digit in range(CLASSES)]
    texts = [f"{p:.0%}" for p in probabilities.tolist()]
    figure.add_bar(
        x=list(range(CLASSES)), y=numbers(probabilities), text=texts, textposition="outside", marker={"color": colors}
    )
    axes(figure, "digit", "probability", xaxis={"tickvals": list(range(CLASSES))}).update_layout(height=300)
    figure.update_yaxes(range=[0, 1.15], tickvals=[0, 0.5, 1])
    said = f"a {best[0]}, with a probability of {share(probabilities.max().item())}"
    said = said if len(best) == 1 else "several digits, equally probable"
    empty = "" if any(pixels) else " of an empty square"
    caption = f"What the network makes{empty or ' of the drawing'}: {said}. The ten probabilities add up to 1."
    table = pd.DataFrame({"digit": range(CLASSES), "probability": probabilities.numpy()})
    return Picture(figure, caption, f"Bar chart of ten probabilities. {caption}", table)


@cached
def digit_losses(run: DigitsRun) -> Picture:
    """Training and holdout loss after each epoch."""
    figure, epochs = go.Figure(), list(range(len(run.train_loss)))
    both = torch.tensor([run.train_loss, run.holdout_loss], dtype=torch.float64)
    dashed = {"color": VERMILLION, "width": 3, "dash": "dash"}
    figure.add_scatter(x=epochs, y=numbers(both[0]), name="training", line={"color": BLUE, "width": 3})
    figure.add_scatter(x=epochs, y=numbers(both[1]), name="kept out", line=dashed)
    decades(axes(figure, "epoch", "loss (cross-entropy, nats, log scale)").update_layout(height=300), both.flatten())
    trained, kept_out = (fmt(loss) for loss in both[:, -1].tolist())
    caption = f"The loss ends at {trained} on the training images and at {kept_out} on those that were kept out."
    if run.diverged:
        caption = f"In epoch {epochs[-1]} a number of the network was no longer finite: diverged. Try a smaller lr."
    table = pd.DataFrame({"epoch": epochs, "training": run.train_loss, "kept out": run.holdout_loss})
    table["kept out, right"] = run.n_right
    return Picture(figure, caption, f"Line chart of two losses against epochs. {caption}", table)
