"""Why the mistakes must end: the length of w is squeezed between two curves that meet."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.cache import cached
from core.perceptron.learn import PerceptronRun
from core.perceptron.margin import Margin, margin
from figures.axis import decades
from figures.perceptron.geometry import coordinates
from figures.perceptron.written import plural
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, PURPLE, VERMILLION, axes, numbers


@cached
def squeeze(run: PerceptronRun) -> Picture:
    """Both of Novikoff's invariants against the mistakes; one frame a moment of the run.

    Logarithmic where there is a margin, for the limits to be seen meeting; else linear, since w may come back to 0.
    """
    found = margin(run.samples)
    k = np.arange(run.updates + 1)
    length = numbers(run.weights.norm(dim=1)) / run.settings.lr
    last = max(2.0, 1.5 * found.bound if found.separable else 1.2 * run.updates)
    first, grid = (1, np.geomspace(1, last, 80)) if found.separable else (0, np.linspace(0, last, 80))
    figure = go.Figure(
        [
            go.Scatter(
                x=grid,
                y=np.sqrt(grid) * found.radius,
                name="√k · R: cannot be longer",
                mode="lines",
                line={"color": VERMILLION, "dash": "dash", "width": 3},
            ),
            go.Scatter(
                x=k[first:],
                y=length[first:],
                name="length of w / lr",
                mode="lines+markers",
                line={"color": PURPLE, "width": 3},
                marker={"symbol": "square", "size": 5},
            ),
            go.Scatter(
                **_cursor(length, run.moments[0], first),
                name="you are here",
                mode="markers",
                cliponaxis=False,
                marker={"color": GREEN, "size": 16, "symbol": "diamond"},
            ),
        ]
    )
    if found.separable:
        _lower_limit(figure, run, found, grid)
    frames = [{"data": [_cursor(length, at, first)], "traces": [2]} for at in run.moments]
    _scales(figure, last, found.separable)
    figure.update_layout(height=440, margin={"l": 10, "r": 10, "t": 95, "b": 10})
    caption = squeeze_sentence(run, found)
    scales = "on logarithmic scales" if found.separable else "on linear scales"
    alt = f"Line chart {scales}: the length of w between its upper and its lower limit. " + caption
    return Picture(figure, caption, alt, _table(run, found), frames=frames)


def _scales(figure: go.Figure, last: float, log: bool) -> None:
    """Titles and ticks: 1, 2, 5, 10, ... on a logarithmic axis that spans little, else one a decade."""
    if not log:
        axes(figure, "mistakes k", "length, in units of lr")
        figure.update_xaxes(tickformat="d", rangemode="tozero", range=[-0.02 * last, last])
        figure.update_yaxes(rangemode="tozero")
        return
    axes(figure, "mistakes k (log scale)", "length, in units of lr (log scale)")
    figure.update_xaxes(type="log", dtick=1 if last > 100 else "D2", range=[-0.05, np.log10(last)])
    decades(figure, np.concatenate([np.asarray(trace.y, dtype=float) for trace in figure.data]))


def _lower_limit(figure: go.Figure, run: PerceptronRun, found: Margin, grid: np.ndarray) -> None:
    """How far w is along u, the least that it must be, and where that meets the upper limit."""
    k = np.arange(run.updates + 1)
    along = numbers(run.weights @ found.u) / run.settings.lr
    figure.add_scatter(
        x=k[1:],
        y=along[1:],
        name="w · u / lr",
        mode="lines+markers",
        line={"color": GREY, "width": 2},
        marker={"symbol": "triangle-up", "size": 6},
    )
    figure.add_scatter(
        x=grid,
        y=grid * found.gamma,
        name="k · γ: cannot be shorter",
        mode="lines",
        line={"color": BLUE, "dash": "dot", "width": 3},
    )
    heights = [grid[0] * found.gamma, np.sqrt(grid[-1]) * found.radius]
    figure.add_scatter(
        x=[found.bound] * 2,
        y=heights,
        name=f"(R/γ)² = {found.bound:,.4g}",
        mode="lines",
        line={"color": GREY, "dash": "longdash", "width": 2},
    )


def squeeze_sentence(run: PerceptronRun, found: Margin) -> str:
    """Where the limits meet, and where this run ended."""
    if not found.separable:
        return (
            f"No line separates these samples, so there is no lower limit k·γ and no bound. w is never longer than "
            f"√k·R all the same. At the end, after {plural(run.updates, 'mistake')}, its length is "
            f"{run.weights[-1].norm().item() / run.settings.lr:.3g} · lr."
        )
    share = run.updates / found.bound
    end = "ended" if run.outcome == "converged" else "was stopped"
    return (
        "In units of lr: after k mistakes w is no longer than √k·R and reaches at least k·γ far along u. "
        f"The two limits meet at (R/γ)² = ({found.radius:.4g} / {found.gamma:.4g})² = {found.bound:,.4g}. This run "
        f"{end} after {plural(run.updates, 'mistake')}, {share:.1%} of it."
    )


def _cursor(length: np.ndarray, at: int, first: int) -> dict[str, list[float]]:
    return {"x": [at], "y": [float(length[at])]} if at >= first else coordinates([])


def _table(run: PerceptronRun, found: Margin) -> pd.DataFrame:
    k = np.arange(run.updates + 1)
    lr = run.settings.lr
    table = {
        "mistakes k": k,
        "length of w / lr": run.weights.norm(dim=1).numpy() / lr,
        "√k R": np.sqrt(k) * found.radius,
    }
    if found.separable:
        table |= {"w · u / lr": (run.weights @ found.u).numpy() / lr, "k γ": k * found.gamma}
    return pd.DataFrame(table)
