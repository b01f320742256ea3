"""The loss after k steps against the learning rate: a curve in the shape of a U, with a cliff at its right."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.gradient_descent.rates import HIGHEST, LOWEST, RateSweep
from core.plane.stability import limit
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, PURPLE, VERMILLION, axes
from figures.words import fmt, plural

FLOOR = 1e-18  # what is lower is drawn there
ROOF = 1e6  # times the height at the start: the upper end of the picture


@cached
def u_curve(found: RateSweep) -> Picture:
    """One mark a learning rate; a mark can be clicked."""
    lr, above = found.lr.numpy(), found.above.numpy()
    start = torch.tensor(found.settings.start, dtype=torch.float64)
    first = (found.function(start) - found.lowest).item()
    first = first if np.isfinite(first) else 0.0  # the curve may have no value at the start
    roof = ROOF * max(first, 1e-3)
    finite = np.isfinite(above)
    inside = finite & (above <= roof)
    height = np.where(inside, np.maximum(above, FLOOR), np.nan)
    figure = go.Figure(
        [
            go.Scatter(
                x=lr,
                y=height,
                name="loss after k steps",
                mode="lines+markers",
                line={"color": BLUE, "width": 2},
                marker={"size": 6},
                hovertemplate="lr %{x:.4g}: %{y:.3g}<extra></extra>",
            ),
            go.Scatter(
                x=lr[~inside],
                y=np.full((~inside).sum(), roof),
                name="beyond the picture",
                mode="markers",
                marker={"color": VERMILLION, "symbol": "x", "size": 7},
                hovertemplate="lr %{x:.4g}: diverged<extra></extra>",
            ),
            go.Scatter(
                x=[lr[found.best]],
                y=[max(above[found.best], FLOOR)],
                name="best",
                mode="markers",
                marker={"color": GREEN, "symbol": "star", "size": 16, "line": {"color": "white", "width": 1}},
            ),
        ]
    )
    figure.add_hline(y=max(first, FLOOR), line={"color": GREY, "dash": "dot", "width": 1})
    _lines(figure, found)
    title = "f(x)" if found.lowest == 0 else "f(x) above its lowest value"
    axes(figure, "learning rate lr, log scale", f"{title}, log scale")
    figure.update_xaxes(type="log", range=[np.log10(LOWEST) - 0.05, np.log10(HIGHEST) + 0.05], dtick=1)
    seen = np.append(height[np.isfinite(height)], first)
    low, high = np.log10(max(seen.min(), FLOOR)), np.log10(roof)
    figure.update_yaxes(type="log", exponentformat="power", dtick=max(1, int(np.ceil((high - low) / 8))))
    figure.update_yaxes(range=[low - 0.5, high + 0.5])
    figure.update_layout(height=430)
    caption = _caption(found, first, roof, int((~finite).sum()), int((~inside).sum()))
    table = pd.DataFrame({"lr": lr, "x after k steps": found.x.numpy(), "f(x)": found.loss.numpy()})
    return Picture(figure, caption, f"Loss against learning rate, both on log scales. {caption}", table)


def _lines(figure: go.Figure, found: RateSweep) -> None:
    """1/L and 2/L of the valley, and the learning rate of the other view."""
    places = {"chosen lr": (found.settings.lr, GREY, "solid")}
    if found.valley is not None and not found.valley.kink and found.valley.curvature > 1e-6:
        most = limit(found.valley.curvature)
        places |= {"1/L": (most / 2, PURPLE, "dash"), "2/L": (most, VERMILLION, "dashdot")}
    for name, (place, color, dash) in places.items():
        if LOWEST <= place <= HIGHEST:
            figure.add_scatter(
                x=[place, place],
                y=[1e-60, 1e60],
                name=name,
                mode="lines",
                line={"color": color, "dash": dash, "width": 2},
                hoverinfo="skip",
            )


def _caption(found: RateSweep, first: float, roof: float, lost: int, beyond: int) -> str:
    best = found.best
    if lost == len(found.lr):
        return (
            f"None of the {lost} runs has a finite value after {plural(found.k)}: at x = "
            f"{fmt(found.settings.start)} or on the way from there, the curve has none."
        )
    valley = ""
    if found.valley is not None and not found.valley.kink and found.valley.curvature > 1e-6:
        valley = f" The valley it reaches has curvature {fmt(found.valley.curvature)}: 2/L = " + (
            f"{fmt(limit(found.valley.curvature))}."
        )
    zero = f" What is below {fmt(FLOOR)} is drawn at the lower edge." if bool((found.above < FLOOR).any()) else ""
    return (
        f"{len(found.lr)} runs of {plural(found.k)} from x = {fmt(found.settings.start)}. Dotted: the height at "
        f"the start, {fmt(first)}. The best lr is {fmt(found.lr[best].item())}, which ends at f(x) = "
        f"{fmt(found.loss[best].item())}.{_beyond(roof, lost, beyond)}{valley}{zero}"
    )


def _beyond(roof: float, lost: int, beyond: int) -> str:
    """How many runs end above the picture, and how many of those are lost; nothing where none does."""
    if not beyond:
        return ""
    runs = "1 run ends" if beyond == 1 else f"{beyond} runs end"
    gone = f", {'all' if lost == beyond > 1 else lost} of them with a number that is no longer finite" if lost else ""
    return f" {runs} higher than {fmt(roof)} (crosses at the top){gone}."
