"""More data: training and holdout error against the number of training points."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.generalization.learning_curve import LearningCurve
from figures.axis import log_axis
from figures.band import add_band
from figures.generalization.fit import short
from figures.picture import Picture
from figures.style import GREY, HOLDOUT, TRAIN, axes
from figures.words import fmt, full, plural

LEAST = 1e-3  # the axis ends there
MOST = 30.0
TRAIN_TRACES = (0, 1, 2)  # of the figure, which a guess is about


@cached
def two_curves(found: LearningCurve) -> Picture:
    """The middle of 200 data sets of each size, and where eight of ten lie."""
    figure, n = go.Figure(), np.array(found.sizes, dtype=np.int32)
    for runs, name, line in ((found.train, "training", TRAIN), (found.holdout, "new points", HOLDOUT)):
        add_band(figure, n, runs, name, line, runs.median(dim=1).values, least=LEAST / 10)
    noise = found.settings.noise**2
    if noise:
        line = {"color": GREY, "width": 2, "dash": "dot"}
        figure.add_scatter(x=n, y=np.full(len(n), noise), name="noise σ²", mode="lines", line=line)
    axes(figure, "training points n (log scale)", "mean squared error, log scale").update_layout(height=440)
    ticks = [int(n[0]), *(t for t in (5, 10, 20, 40, 80, 160, 320) if t > 1.5 * n[0])]
    figure.update_xaxes(type="log", tickvals=ticks, ticktext=[str(t) for t in ticks])
    both = torch.cat([found.train_median, found.holdout_median]).clamp(LEAST, MOST)
    log_axis(figure, both.numpy())
    ends = [short(m[i].item()) for i in (0, -1) for m in (found.train_median, found.holdout_median)]
    caption = (
        f"Middle error of 200 data sets, and where eight of ten lie. With {plural(int(n[0]), 'point')}: {ends[0]} on "
        f"the training points and {ends[1]} on new ones; with {n[-1]}: {ends[2]} and {ends[3]}."
    )
    table = pd.DataFrame(
        {"points": n, "training error": found.train_median, "error on new points": found.holdout_median}
    )
    return Picture(figure, caption, f"Two lines with bands: errors against the number of points. {caption}", table)


def guess_words(found: LearningCurve) -> str:
    """What the training error did."""
    first, last = (fmt(found.train_median[i].item(), 3) for i in (0, -1))
    few, many = plural(found.sizes[0], "point"), found.sizes[-1]
    if found.train_error_moves == "rises":
        return f"From {first} with {few}, which the curve can reach, to {last} with {many}, which it cannot."
    return f"It is {first} with {few} and {last} with {many}."


def by_hand(found: LearningCurve) -> str:
    """What is left beside the noise."""
    last, square = (float(f"{t:.4g}") for t in (found.holdout_median[-1].item(), found.settings.noise**2))
    return (
        f"With {found.sizes[-1]} points the error on new ones is {fmt(last)}. The noise alone makes σ² = "
        f"{full(found.settings.noise)}² = {fmt(square)}. What is left, {fmt(last)} − {fmt(square)} = "
        f"**{fmt(last - square)}**, is bias², the variance that so many points still leave, and chance."
    )
