"""Networks of several widths: their errors, and the curves of one width through the points."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.generalization.polynomials import GRID, true_curve
from core.generalization.settings import WIDTHS
from core.generalization.width import Widths, answers
from figures.axis import decades, log_axis
from figures.band import add_band
from figures.generalization.fit import MARGIN, short
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, HOLDOUT, TRAIN, VERMILLION, axes, numbers
from figures.words import fmt, full, plural

HEIGHT = 440
LEAST, MOST = 1e-3, 30.0  # the axis ends there


@cached
def width_errors(run: Widths, width: int) -> Picture:
    """Training and holdout error against the width: the mean of the seeds, and from the best to the worst of them."""
    figure, at = go.Figure(), np.array(run.widths, dtype=np.int32)
    lines = ((run.train_error, "training", TRAIN), (run.holdout_error, "new points", HOLDOUT))
    for errors, name, line in lines:
        add_band(figure, at, errors, name, line, errors.mean(dim=1), least=LEAST / 10, within=(0.0, 1.0))
    noise = run.curve.noise**2
    if noise:
        line = {"color": GREY, "width": 2, "dash": "dot"}
        ends = [WIDTHS[0], WIDTHS[-1]]
        figure.add_scatter(x=ends, y=[noise] * 2, name="noise σ²", mode="lines", line=line)
    here = run.widths[run.place(width)]
    line, said = {"color": GREEN, "width": 2, "dash": "dot"}, {"annotation_text": f"width {here}"}
    said |= {"annotation_x": math.log10(here), "annotation_position": f"top {'left' if here > 8 else 'right'}"}
    figure.add_vline(x=here, line=line, **said)
    axes(figure, "width: hidden neurons (log scale)", "mean squared error, log scale").update_layout(height=HEIGHT)
    figure.update_xaxes(type="log", tickvals=WIDTHS, ticktext=[str(w) for w in WIDTHS], range=[-0.06, 1.87])
    every = torch.stack([run.train_error, run.holdout_error]).clamp(LEAST, MOST).numpy()
    decades(log_axis(figure, every), every)
    a, b, c, d = (short(m[i].item()) for m in (run.train_mean, run.holdout_mean) for i in (0, -1))
    starts = plural(run.settings.n_seeds, "random start")
    caption = (
        f"Means of {starts}, and bands from the best to the worst. From width {run.widths[0]} to {run.widths[-1]} the "
        f"training error goes from {a} to {b}, that on new points from {c} to {d}; there width "
        f"{run.widths[run.best]} is best."
    )
    table = pd.DataFrame(
        {
            "width": run.widths,
            "numbers to learn": [learned(w) for w in run.widths],
            "training error": run.train_mean.tolist(),
            "error on new points": run.holdout_mean.tolist(),
        }
    )
    return Picture(figure, caption, f"Two lines with bands: errors against the width. {caption}", table)


def learned(width: int) -> int:
    """How many numbers such a network learns: a weight and a bias into each neuron, a weight out, and a bias."""
    return 3 * width + 1


@cached
def width_curves(run: Widths, width: int) -> Picture:
    """The points, the true curve, and what the networks of one width say."""
    place, points = run.place(width), run.points
    said, figure = answers(run.weights[place], GRID), go.Figure()
    truth = {"color": GREY, "width": 4, "dash": "dot"}
    figure.add_scatter(x=numbers(GRID), y=numbers(true_curve(run.curve, GRID)), name="true curve", line=truth)
    new, mark = {"x": numbers(points.x_holdout), "y": numbers(points.y_holdout)}, {"color": VERMILLION, "symbol": "x"}
    figure.add_scatter(**new, name="new points", mode="markers", marker=mark | {"size": 5, "opacity": 0.7})
    for seed in range(len(said) - 1, -1, -1):
        line = {"color": BLUE, "width": 1.2 if seed else 3}
        name = "other starts" if seed else "first start"
        shown = {"name": name, "legendgroup": name, "showlegend": seed < 2}
        figure.add_scatter(x=numbers(GRID), y=numbers(said[seed]), mode="lines", line=line, **shown)
    dot = {"color": BLUE, "size": 10, "line": {"color": "white", "width": 1}}
    figure.add_scatter(x=numbers(points.x), y=numbers(points.y), name="training points", mode="markers", marker=dot)
    axes(figure, "x", "y").update_layout(height=HEIGHT)
    y = torch.cat([points.y, points.y_holdout])
    figure.update_yaxes(range=[y.min().item() - MARGIN, y.max().item() + MARGIN])
    w, train, holdout = run.widths[place], run.train_mean[place].item(), run.holdout_mean[place].item()
    caption = (
        f"One curve for each random start. Width {w} learns {learned(w)} numbers from {len(points.x)} points: mean "
        f"error {short(train)} on the training points and {short(holdout)} on new ones."
    )
    table = pd.DataFrame({"seed": range(len(said)), "training error": run.train_error[place].tolist()}).assign(
        **{"error on new points": run.holdout_error[place].tolist()}
    )
    return Picture(figure, caption, f"Noisy points and the curves of trained networks. {caption}", table)


def guess_words(run: Widths) -> str:
    """The errors of the narrowest, the best and the widest network, and how the widest does."""
    last, mean = len(run.widths) - 1, run.holdout_mean
    found = "; ".join(f"width {run.widths[i]}: {short(mean[i].item())}" for i in sorted({0, run.best, last}))
    how = {
        "best": "and is the best",
        "close": "and is at most 10% worse than the best",
        "worse": f"and its error is {fmt((mean[-1] / mean[run.best]).item(), 3)} times that of the best",
    }[run.widest]
    wide = f"The widest learns {learned(run.widths[-1])} numbers from {len(run.points.x)} points, {how}."
    return f"Mean errors on new points: {found}. {wide}"


def by_hand(run: Widths, width: int) -> str:
    """How many weights the chosen width has, and the mean of its seeds."""
    place = run.place(width)
    w, each = run.widths[place], [float(f"{e:.4g}") for e in run.holdout_error[place].tolist()]
    total, n = float(f"{sum(each):.10g}"), len(each)
    square = float(f"{run.curve.noise**2:.4g}")
    return (
        f"Width {w}: each hidden neuron has a weight and a bias, and a weight to the output, which has a bias: "
        f"3 · {w} + 1 = **{learned(w)}** numbers to learn from {len(run.points.x)} points. Errors on new points: "
        f"({' + '.join(fmt(e) for e in each)}) / {n} = {fmt(total)} / {n} = **{fmt(total / n)}**. The noise alone "
        f"makes about σ² = {full(run.curve.noise)}² = {fmt(square)}."
    )
