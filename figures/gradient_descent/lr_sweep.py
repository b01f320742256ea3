"""The loss after k steps against the learning rate: a curve in the shape of a U, with a cliff at its right."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.cache import cached
from core.gradient_descent.lr_sweep import HIGHEST, LOWEST, LrSweep
from core.plane.stability import limit
from figures.axis import log_axis
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, PURPLE, VERMILLION, axes
from figures.words import fmt, plural

FLOOR = 1e-18  # what is lower is drawn there, and marked
ROOF = 1e6  # times the height at the start: the upper end of the picture
FLAT = 1e-6  # curvatures below it give no limit in the picture


@cached
def lr_sweep(found: LrSweep) -> Picture:
    """One mark a learning rate; a mark can be clicked."""
    lr, above = found.lr.numpy(), found.loss.numpy() - found.lowest
    first = max(found.first - found.lowest, FLOOR)
    roof = ROOF * max(first, 1e-3)
    inside = np.isfinite(above) & (above <= roof)
    height = np.where(inside, np.maximum(above, FLOOR), np.nan)
    star = {"color": GREEN, "symbol": "star", "size": 16, "line": {"color": "white", "width": 1}}
    figure = go.Figure(
        [
            go.Scatter(
                x=lr,
                y=height,
                name="f after k steps",
                mode="lines+markers",
                line={"color": BLUE, "width": 2},
                marker={"size": 6},
                hovertemplate="lr %{x:.4g}: %{y:.3g}<extra></extra>",
            ),
            _edge(
                lr[above < FLOOR], FLOOR, f"below {fmt(FLOOR)}", {"color": BLUE, "symbol": "triangle-down", "size": 10}
            ),
            _edge(lr[~inside], roof, "beyond the picture", {"color": VERMILLION, "symbol": "x", "size": 7}),
        ]
    )
    if found.best is not None:
        x, y = lr[found.best], max(above[found.best], FLOOR)
        figure.add_scatter(x=[x], y=[y], name="best", mode="markers", marker=star)
    figure.add_hline(y=first, line={"color": GREY, "dash": "dot", "width": 1})
    _lines(figure, found)
    title = "f(x)" if found.lowest == 0 else "f(x) above its lowest value"
    axes(figure, "learning rate lr, log scale", f"{title}, log scale")
    figure.update_xaxes(type="log", range=[np.log10(LOWEST) - 0.05, np.log10(HIGHEST) + 0.05], dtick=1)
    log_axis(figure, np.append(height, [first, np.nan if inside.all() else roof]))
    figure.update_layout(height=430)
    caption = _caption(found, int((~inside).sum()), found.lowest + roof)
    table = pd.DataFrame({"lr": lr, "x after k steps": found.x.numpy(), "f(x)": found.loss.numpy()})
    return Picture(figure, caption, f"Loss against learning rate, both on log scales. {caption}", table)


def _edge(lr: np.ndarray, y: float, name: str, marker: dict[str, object]) -> go.Scatter:
    """Marks for runs that lie below the picture or above it."""
    hover = f"lr %{{x:.4g}}: {name}<extra></extra>"
    return go.Scatter(x=lr, y=np.full(len(lr), y), name=name, mode="markers", marker=marker, hovertemplate=hover)


def _lines(figure: go.Figure, found: LrSweep) -> None:
    """1/L and 2/L of the valley that the best run has reached, and the learning rate of the other view."""
    lines = {"chosen lr": (found.settings.lr, GREY, "solid")}
    if found.valley is not None and not found.valley.kink and found.valley.curvature > FLAT:
        most = limit(found.valley.curvature)
        lines |= {"1/L": (most / 2, PURPLE, "dash"), "2/L": (most, VERMILLION, "dashdot")}
    for name, (lr, color, dash) in lines.items():
        if LOWEST <= lr <= HIGHEST:
            line = {"color": color, "dash": dash, "width": 2}
            figure.add_scatter(x=[lr, lr], y=[1e-60, 1e60], name=name, mode="lines", line=line, hoverinfo="skip")


def _caption(found: LrSweep, beyond: int, roof: float) -> str:
    runs = f"{len(found.lr)} runs of {plural(found.k)} from x = {fmt(found.settings.start)}, dotted its height"
    crosses = f"; {beyond} are higher than {fmt(roof)} or no longer finite (crosses)" if beyond else ""
    if found.best is None:
        return f"{runs}. All are no longer finite."
    first, others = f"lr = {fmt(found.lr[found.best].item())}", found.n_best - 1
    who = f"{first} and {plural(others, 'other')} end lowest," if others else f"{first} ends lowest,"
    if found.n_best == len(found.lr):
        who = f"All {found.n_best} end"
    return f"{runs}. {who} at f(x) = {fmt(found.loss[found.best].item())}{crosses}."


def three_times_words(found: LrSweep, less: float, more: float) -> str:
    """How high a third of the best lr ends, and three times it."""
    small, large = (fmt(end) if np.isfinite(end) else "no longer finite" for end in (less, more))
    best = found.lr[found.best].item()
    return (
        f"After {plural(found.k)} f is {large} with three times lr = {fmt(best)}, and {small} with a third of it; "
        f"the best itself ends at {fmt(found.loss[found.best].item())}."
    )
