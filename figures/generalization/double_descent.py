"""Double descent: errors against the number of features, and the length of the weights that explains them."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.generalization.double_descent import MOST_FEATURES, N_HOLDOUT, Descent
from figures.axis import log_axis
from figures.band import add_band
from figures.picture import Picture
from figures.style import GREEN, GREY, HOLDOUT, TRAIN, axes, numbers
from figures.words import fmt, plural

HEIGHT = 440
TICKS = (1, 2, 5, 10, 20, 40, 100, 200, 400)


def _features_axis(figure: go.Figure, n: int) -> None:
    figure.update_xaxes(type="log", tickvals=TICKS, ticktext=[str(t) for t in TICKS], range=[-0.05, 2.65])
    figure.add_vline(x=n, line={"color": GREY, "width": 2, "dash": "dot"})


@cached
def descents(found: Descent, beyond: bool = True) -> Picture:
    """Share of wrong answers on new and on training images.

    Args:
        beyond: whether more features than images are drawn, too, which a guess is about.
    """
    n = found.settings.n_samples
    upto = len(found.sizes) if beyond else sum(p <= n for p in found.sizes)
    figure, p = go.Figure(), np.array(found.sizes[:upto], dtype=np.int32)
    add_band(figure, p, found.train_wrong[:upto], "training images", TRAIN, found.train_mean[:upto])
    add_band(figure, p, found.wrong[:upto], "new images", HOLDOUT, found.mean[:upto])
    axes(figure, "features p (log scale)", "share of wrong answers").update_layout(height=HEIGHT)
    figure.update_yaxes(range=[-0.02, 0.62], tickformat=".0%")
    _features_axis(figure, n)
    valley, peak = (found.mean[i].item() for i in (found.valley, found.peak))
    caption = (
        f"Means of 200 data sets of {n} images, and where eight of ten lie; the dotted line is p = n. On new images "
        f"{valley:.1%} are wrong with {plural(found.sizes[found.valley], 'feature')}, {peak:.1%} with "
        f"{found.sizes[found.peak]}, {found.mean[-1]:.1%} with {MOST_FEATURES}."
    )
    table = pd.DataFrame(
        {
            "features": found.sizes[:upto],
            "wrong, training images": found.train_mean[:upto],
            "wrong, new images": found.mean[:upto],
            "length of the weights (median)": found.norm.median(dim=1).values[:upto],
        }
    )
    return Picture(figure, caption, f"Lines with bands: wrong answers against the number of features. {caption}", table)


def lengths(found: Descent) -> Picture:
    """The length of the weights against the number of features."""
    figure, p, middle = go.Figure(), np.array(found.sizes, dtype=np.int32), found.norm.median(dim=1).values
    line = {"color": GREEN, "dash": "solid"}
    add_band(figure, p, found.norm, "weights", line, middle, least=1e-6)
    axes(figure, "features p (log scale)", "length of the weights, log scale").update_layout(height=HEIGHT)
    log_axis(figure, torch.quantile(found.norm, torch.tensor([0.1, 0.9], dtype=torch.float64), dim=1).numpy())
    _features_axis(figure, found.settings.n_samples)
    at = found.sizes.index(found.settings.n_samples)
    caption = (
        f"With p = n only one set of weights fits every training image, and it is long: {fmt(middle[at].item(), 3)}. "
        f"With {MOST_FEATURES} features many fit, and the shortest has length {fmt(middle[-1].item(), 3)}."
    )
    table = pd.DataFrame({"features": found.sizes, "median length": numbers(middle)})
    return Picture(figure, caption, f"A line: length of the weights against the number of features. {caption}", table)


def guess_words(found: Descent) -> str:
    """The errors at p = n and at the end."""
    n = found.settings.n_samples
    at = found.mean[found.sizes.index(n)].item()
    return (
        f"With {n} features {at:.1%} of the new images are wrong, with {MOST_FEATURES} it is {found.mean[-1]:.1%}. Of "
        "all weights that fit, the shortest are taken, those with the smallest sum of squares: see the second figure."
    )


def by_hand(found: Descent) -> str:
    """The share of the first data set at p = n."""
    place = found.sizes.index(found.settings.n_samples)
    wrong = round(found.wrong[place, 0].item() * N_HOLDOUT)
    return (
        f"In the first data set, {found.sizes[place]} features get {wrong} of {N_HOLDOUT} new images wrong. "
        f"{wrong} / {N_HOLDOUT} = **{wrong / N_HOLDOUT:.4g}**. Tossing a coin would get about half of them wrong."
    )
