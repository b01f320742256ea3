"""Digits that are kept out: the split, and how sure an accuracy is."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.cache import cached
from core.digits import CLASSES
from core.generalization.digits import SplitRun, Z, wilson
from figures.picture import Picture
from figures.style import BLUE, GREY, HATCHED, VERMILLION, axes
from figures.words import plural

ALL = "all"


@cached
def split_bars(run: SplitRun) -> Picture:
    """How many images of each digit are in both parts."""
    figure, digits = go.Figure(), [str(digit) for digit in range(CLASSES)]
    figure.add_bar(x=digits, y=run.n_train.numpy(), name="training", marker={"color": BLUE})
    pattern = HATCHED
    figure.add_bar(x=digits, y=run.n_holdout.numpy(), name="holdout", marker=pattern)
    axes(figure, "digit", "images", barmode="stack").update_layout(height=340)
    figure.update_xaxes(type="category")
    shares = (run.n_holdout / (run.n_holdout + run.n_train)).tolist()
    kind = "Drawn digit by digit (stratified)" if run.settings.stratified else "Drawn at random"
    caption = (
        f"{kind}: of each digit between {min(shares):.1%} and {max(shares):.1%} are kept out, "
        f"{len(run.y):,} images in all."
    )
    table = pd.DataFrame({"digit": range(CLASSES), "training": run.n_train, "holdout": run.n_holdout})
    return Picture(figure, caption, f"Bars: images of each digit in both parts. {caption}", table)


@cached
def intervals(run: SplitRun) -> Picture:
    """The accuracy on the holdout images and its interval, of all digits and of each."""
    names, counts = [ALL, *map(str, range(CLASSES))], [(run.n_correct, len(run.y)), *run.each]
    shown = [(name, right, n, *wilson(right, n)) for name, (right, n) in zip(names, counts, strict=True)]
    p = np.array([right / n if n else math.nan for _, right, n, _, _ in shown])
    low, high = (np.array([row[i] for row in shown]) for i in (3, 4))
    figure = go.Figure()
    figure.add_scatter(
        x=names,
        y=p,
        mode="markers",
        name="holdout images",
        marker={"color": VERMILLION, "symbol": "x", "size": 12},
        error_y={"array": high - p, "arrayminus": p - low, "thickness": 3, "width": 7, "color": VERMILLION},
    )
    figure.add_hline(y=run.train_accuracy, line={"color": BLUE, "width": 2}, annotation_text="training")
    figure.add_vline(x=0.5, line={"color": GREY, "width": 1, "dash": "dot"})
    axes(figure, "digits", "share of right answers").update_layout(height=400)
    figure.update_xaxes(type="category")
    figure.update_yaxes(tickformat=".0%")
    first, last = run.interval
    caption = (
        f"{run.n_correct:,} of {len(run.y):,} holdout images are right, {run.accuracy:.1%}. The bar shows which shares "
        f"of all such images fit to that (Wilson's 95% interval): {first:.1%} to {last:.1%}."
    )
    table = pd.DataFrame(shown, columns=["digit", "right", "images", "interval from", "to"])
    table.insert(3, "share", p)
    return Picture(figure, caption, f"Accuracy with its interval, of all digits and of each. {caption}", table)


def right_words(run: SplitRun) -> str:
    """How many are right, as the confusion matrix says it."""
    return f"{run.n_correct:,} of {plural(len(run.y), 'holdout image')}"


def guess_words(run: SplitRun) -> str:
    """The interval in words."""
    low, high = run.interval
    return (
        f"{run.n_correct:,} of {len(run.y):,} are right, {run.accuracy:.1%}. Of all such digits it may well be "
        f"anything from {low:.1%} to {high:.1%}."
    )


def by_hand(run: SplitRun) -> str:
    """The interval as arithmetic, from the rounded numbers that are shown."""
    k, n, z2 = run.n_correct, len(run.y), round(Z * Z, 4)
    middle = (k + z2 / 2) / (n + z2)
    half = math.sqrt(z2 * (k * (n - k) / n + z2 / 4)) / (n + z2)
    middle, half = round(middle, 6), round(half, 6)
    return (
        f"{k} / {n} = **{k / n:.4f}**. Wilson's interval, with z² = {Z:.6f}² = {z2}: its middle is ({k} + {z2} / 2) / "
        f"({n} + {z2}) = {middle:.6f}, and √({z2} · ({k} · {n - k} / {n} + {z2} / 4)) / ({n} + {z2}) = {half:.6f} to "
        f"both sides: **{middle - half:.4f}** to **{middle + half:.4f}**."
    )
