"""200 data sets: the fan of their fits, and the parts of their error against the degree."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.generalization.bias_variance import Parts, grows
from core.generalization.polynomials import GRID, N_SETS, heights, true_curve
from figures.axis import drawn, log_axis
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, HOLDOUT, TRAIN, VERMILLION, axes, numbers
from figures.words import fmt

HEIGHT = 440
DRAWN = 60  # fits of the fan: more would be one blue area
REACH = 2.5  # of the picture, up and down
HIGHEST = 30.0  # error in the picture: beyond it there is only variance


@cached
def fan(parts: Parts, degree: int) -> Picture:
    """Many fits of one degree, their mean, and the true curve."""
    fits = heights(parts.coefficients[degree], GRID)
    figure, gap = go.Figure(), torch.full((DRAWN, 1), torch.nan)
    x, y = torch.cat([GRID.expand(DRAWN, -1), gap], dim=1), torch.cat([fits[:DRAWN], gap], dim=1)
    figure.add_scatter(
        x=numbers(x.flatten()),
        y=numbers(y.flatten().clamp(-20, 20)),
        name=f"{DRAWN} of {N_SETS} fits",
        mode="lines",
        line={"color": BLUE, "width": 1},
        opacity=0.6,
        hoverinfo="skip",
    )
    truth = {"color": GREY, "width": 4, "dash": "dot"}
    figure.add_scatter(x=numbers(GRID), y=numbers(true_curve(parts.settings, GRID)), name="true curve", line=truth)
    mean = fits.mean(dim=0)
    figure.add_scatter(x=numbers(GRID), y=numbers(mean), name="mean fit", line={"color": GREEN, "width": 4})
    axes(figure, "x", "y").update_layout(height=HEIGHT)
    figure.update_yaxes(range=[-REACH, REACH])
    caption = (
        f"Each thin line is a degree-{degree} fit to a data set of its own. Bias is how far their mean (green) lies "
        "from the true curve, variance how far they lie from their mean."
    )
    spread = fits.std(dim=0, correction=0)
    table = pd.DataFrame({"x": GRID, "mean fit": mean, "true": true_curve(parts.settings, GRID), "std": spread})
    return Picture(figure, caption, f"A fan of fitted curves. {caption}", table)


def parts_chart(parts: Parts, degree: int) -> Picture:
    """Bias², variance, noise and their sum against the degree, and the measured error."""
    figure, degrees = go.Figure(), np.arange(len(parts.bias), dtype=np.int32)
    bias, variance, total, measured = (t.numpy() for t in (parts.bias, parts.variance, parts.total, parts.measured))
    noise = np.full(len(bias), parts.noise.item())
    lines = {  # name -> values, line
        "bias²": (bias, {"color": GREEN, "dash": "dot", "width": 4}),
        "variance": (variance, TRAIN | {"dash": "longdash", "width": 3}),
        "noise": (noise, {"color": GREY, "dash": "solid", "width": 2}),
        "their sum": (total, HOLDOUT | {"width": 3}),
    }
    for name, (values, line) in lines.items():
        figure.add_scatter(x=degrees, y=drawn(values), name=name, mode="lines", line=line)
    cross = {"color": VERMILLION, "symbol": "x", "size": 10}
    figure.add_scatter(x=degrees, y=drawn(measured), name="measured error", mode="markers", marker=cross)
    line, side = {"color": GREEN, "width": 2, "dash": "dot"}, "left" if 2 * degree > len(degrees) else "right"
    figure.add_vline(x=degree, line=line, annotation_text=f"degree {degree}", annotation_position=f"top {side}")
    axes(figure, "degree", "mean squared error, log scale").update_layout(height=HEIGHT)
    shown = np.concatenate([total, variance, bias])
    log_axis(figure, shown[(shown < HIGHEST) & (shown > parts.noise.item() / 100)])
    gap = f"{parts.largest_gap:.1%}"
    agree = "they agree at every degree" if gap == "0.0%" else f"at no degree do they differ by more than {gap}"
    caption = (
        f"The crosses are measured on new points, the dashed line is bias² + variance + noise: {agree}."
        f"{_crossing(parts)}"
    )
    columns = {"degree": degrees, "bias²": bias, "variance": variance, "noise": noise, "sum": total}
    table = pd.DataFrame(columns | {"measured": measured, "training error": parts.train_error.numpy()})
    return Picture(figure, caption, f"Lines: parts of the error against the degree. {caption}", table)


def _crossing(parts: Parts) -> str:
    first = parts.crossing
    return "" if first is None else f" At degree {first}, variance first outweighs bias²."


def guess_words(parts: Parts, low: int, high: int) -> str:
    """What happened to both parts between two degrees."""
    sizes = [[fmt(values[degree].item(), 3) for degree in (low, high)] for values in (parts.bias, parts.variance)]
    (b_low, b_high), (v_low, v_high) = sizes
    chance = " (by chance)" if parts.bias[high] > parts.bias[low] and "bias" not in grows(parts, low, high) else ""
    return (
        f"From degree {low} to {high}, bias² (mean fit against true curve) goes from {b_low} to {b_high}{chance}, "
        f"variance (fits against their mean) from {v_low} to {v_high}."
    )


def by_hand(parts: Parts, degree: int) -> str:
    """The sum of the three parts beside the measured error."""
    values = [float(f"{t.item():.4g}") for t in (parts.bias[degree], parts.variance[degree], parts.noise)]
    b, v, s = (fmt(value) for value in values)
    return (
        f"Degree {degree}: bias² {b} + variance {v} + noise {s} = **{fmt(sum(values))}**. Measured on new points: "
        f"{fmt(parts.measured[degree].item())}{'; what differs is chance in their noise' if parts.noise > 0 else ''}."
    )
