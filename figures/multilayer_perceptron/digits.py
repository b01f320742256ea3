"""The digits: how many are read, what a hidden neuron looks for, and what it makes of a drawing."""

import math

import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.digits import CLASSES, SIDE, standard_error
from core.multilayer_perceptron.digits import DigitsRun, unit_weights
from core.multilayer_perceptron.drawing import answers_to, surest
from figures.axis import decades
from figures.digits import MOST_IMAGES, image_wall, share
from figures.picture import Picture
from figures.style import BLUE, DIVERGING, VERMILLION, axes, numbers
from figures.words import a, fmt


def accuracy_words(run: DigitsRun) -> str:
    """The accuracy with its uncertainty; where nothing went wrong, the standard error says nothing, and 3/n does."""
    right, n = run.n_right[-1], len(run.y)
    if right == n:
        return f"all {n:,} of the images that were kept out (of all such images at most about {3 / n:.1%} go wrong)"
    error = standard_error(run)
    return f"{right:,} of {n:,} images that were kept out, {run.accuracy:.1%} ± {error:.1%} (standard error)"


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
    return image_wall(run.images[:MOST_IMAGES], [f"{y}" for y in run.y[:MOST_IMAGES].tolist()], caption)


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
        f"its sum, ink on blue lowers it. The weight of the largest size is {fmt(weights[row, column].item())}, in row "
        f"{row}, column {column}."
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
    said = f"{a(best[0])}, with a probability of {share(probabilities.max().item())}"
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
    decades(axes(figure, "epoch", "loss (cross-entropy, log scale)").update_layout(height=300), both.flatten())
    trained, kept_out = (fmt(loss) for loss in both[:, -1].tolist())
    caption = f"The loss ends at {trained} on the training images and at {kept_out} on those that were kept out."
    if run.diverged:
        caption = f"In epoch {epochs[-1]} a number of the network was no longer finite: diverged. Try a smaller lr."
    table = pd.DataFrame({"epoch": epochs, "training": run.train_loss, "kept out": run.holdout_loss})
    table["kept out, right"] = run.n_right
    return Picture(figure, caption, f"Line chart of two losses against epochs. {caption}", table)
