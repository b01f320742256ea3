"""One data set: the fit of a degree through its points, and the errors of all degrees."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.generalization.fit import Fits
from core.generalization.polynomials import GRID, true_curve
from figures.axis import drawn, log_axis
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, HOLDOUT, TRAIN, VERMILLION, axes, numbers
from figures.words import fmt, plural

HEIGHT = 440
MARGIN = 0.8  # of the picture, above and below the points


def short(error: float) -> str:
    """Three digits; all of them before the point."""
    return f"{error:,.0f}" if 100 <= error < 1e6 else fmt(error, 3)


@cached
def curve_fit(fits: Fits, degree: int) -> Picture:
    """Training points, new points, the true curve and the fit."""
    grid = torch.cat([GRID, fits.x]).sort().values  # through every training point
    said = fits.at(degree, grid)
    low, high = (f(t.item() for t in (*fits.y, *fits.y_holdout)) for f in (min, max))
    figure = go.Figure()
    truth = {"color": GREY, "width": 4, "dash": "dot"}
    figure.add_scatter(x=numbers(GRID), y=numbers(true_curve(fits.settings, GRID)), name="true curve", line=truth)
    places, mark = {"x": numbers(fits.x_holdout), "y": numbers(fits.y_holdout)}, {"color": VERMILLION, "symbol": "x"}
    figure.add_scatter(**places, name="new points (holdout)", mode="markers", marker=mark | {"size": 6, "opacity": 0.7})
    figure.add_scatter(x=numbers(grid), y=numbers(said), name="fit", line=TRAIN | {"width": 3})
    dot = {"color": BLUE, "size": 11, "line": {"color": "white", "width": 1}}
    figure.add_scatter(x=numbers(fits.x), y=numbers(fits.y), name="training points", mode="markers", marker=dot)
    axes(figure, "x", "y").update_layout(height=HEIGHT)
    figure.update_yaxes(range=[low - MARGIN, high + MARGIN])
    leaves = bool((said < low - MARGIN).any() or (said > high + MARGIN).any())
    train, new = (short(e[degree].item()) for e in (fits.train_error, fits.holdout_error))
    caption = (
        f"Degree {degree}: the mean squared error is {train} on the {len(fits.x)} training points and {new} on "
        f"{len(fits.x_holdout)} new ones.{' The fit leaves the picture.' if leaves else ''}"
    )
    kinds = ["training"] * len(fits.x) + ["new"] * len(fits.x_holdout)
    x, y = torch.cat([fits.x, fits.x_holdout]), torch.cat([fits.y, fits.y_holdout])
    table = pd.DataFrame({"kind": kinds, "x": x, "y": y, "fit": fits.at(degree, x)})
    return Picture(figure, caption, f"Points of a noisy curve and a polynomial fitted to them. {caption}", table)


def degree_errors(fits: Fits, degree: int) -> Picture:
    """Training and holdout error of every degree."""
    figure, degrees = go.Figure(), np.arange(len(fits.train_error), dtype=np.int32)
    train, new = fits.train_error.numpy(), fits.holdout_error.numpy()
    figure.add_scatter(x=degrees, y=drawn(train), name="training", mode="lines+markers", line=TRAIN | {"width": 3})
    dashed = {"line": HOLDOUT | {"width": 3}, "marker_symbol": "x"}
    figure.add_scatter(x=degrees, y=drawn(new), name="new points", mode="lines+markers", **dashed)
    line, side = {"color": GREEN, "width": 2, "dash": "dot"}, "left" if 2 * degree > len(degrees) else "right"
    figure.add_vline(x=degree, line=line, annotation_text=f"degree {degree}", annotation_position=f"top {side}")
    axes(figure, "degree", "mean squared error, log scale").update_layout(height=HEIGHT)
    log_axis(figure, np.concatenate([new, train[train > 1e-6]]))
    last, best = len(degrees) - 1, fits.best
    is_best = "is best" if len(fits.equals) == 1 else "is the first with the smallest error"
    caption = f"Each degree has one fit. On new points degree {best} {is_best}, with {short(new[best].item())}" + (
        f"; degree {last}, with {plural(last + 1, 'coefficient')} for {last + 1} points, has {short(new[last].item())}."
        if last != best
        else "."
    )
    table = pd.DataFrame({"degree": degrees, "training error": train, "error on new points": new})
    return Picture(figure, caption, f"Two lines: error against degree. {caption}", table)


def guess_words(fits: Fits) -> str:
    """The errors of the stiffest, the best, and the most bent fit."""
    last, noise = len(fits.train_error) - 1, ", noise included" if fits.settings.noise else ""
    names = {degree: f"degree {degree}" for degree in (0, fits.best)}
    names[last] = f"degree {last}, which goes through every training point{noise}"
    errors = [f"{name}: {short(fits.holdout_error[degree].item())}" for degree, name in names.items()]
    return f"Mean squared errors on new points: {'; '.join(errors)}."


def by_hand(fits: Fits, degree: int) -> str:
    """The squared error of the first point, and the mean of all."""
    n, said = len(fits.x), fits.at(degree, fits.x)
    y, guess = (float(f"{t[0].item():.4f}") for t in (fits.y, said))
    total = float(f"{fits.train_error[degree].item() * n:.4g}")
    return (
        f"The first training point lies at x = {fmt(fits.x[0].item(), decimals=4)}, y = {fmt(y, decimals=4)}; the fit "
        f"says {fmt(guess, decimals=4)} there, so its squared error is ({fmt(y - guess, decimals=4)})² = "
        f"{fmt((y - guess) ** 2)}. All {n} add up to {fmt(total)}, and {fmt(total)} / {n} = **{fmt(total / n)}**."
    )
