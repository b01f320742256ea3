"""How many mistakes? The two limits between which the weights are squeezed, and margin and radius in the plane."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.cache import cached
from core.perceptron.bound import Margin, margin
from core.perceptron.learn import PerceptronRun
from core.perceptron.samples import Samples
from figures.axis import decades
from figures.perceptron.outcome import no_margin
from figures.perceptron.plane import Square, clipped, coordinates, equal_axes, line_of, samples_traces
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, PURPLE, VERMILLION, axes, numbers
from figures.words import fmt, plural


@cached
def novikoff_bounds(run: PerceptronRun) -> Picture:
    """Both of Novikoff's invariants against the mistakes; one frame a step of the run.

    Logarithmic where there is a margin, for the limits to be seen meeting; else linear, since w may come back to 0.
    """
    found, k = margin(run.samples), np.arange(run.updates + 1)
    length = numbers(run.weights.norm(dim=1)) / run.settings.lr
    last = max(2.0, 1.5 * found.bound if found.separable else 1.2 * run.updates)
    first, grid = (1, np.geomspace(1, last, 80)) if found.separable else (0, np.linspace(0, last, 80))

    def here(at: int) -> dict[str, list[float | None]]:
        return {"x": [at], "y": [float(length[at])]} if at >= first else coordinates([])

    figure = go.Figure()
    line = {"color": VERMILLION, "dash": "dash", "width": 3}
    figure.add_scatter(x=grid, y=np.sqrt(grid) * found.radius, name="√k · R: cannot be longer", mode="lines", line=line)
    line, marker = {"color": PURPLE, "width": 3}, {"symbol": "square", "size": 5}
    figure.add_scatter(
        x=k[first:], y=length[first:], name="length of w / lr", mode="lines+markers", line=line, marker=marker
    )
    marker = {"color": GREEN, "size": 16, "symbol": "diamond"}
    figure.add_scatter(**here(run.frame_steps[0]), name="you are here", mode="markers", cliponaxis=False, marker=marker)
    if found.separable:
        _add_lower_limit(figure, run, found, grid)
    _set_scales(figure, last, found.separable)
    frames = [{"data": [here(at)], "traces": [2]} for at in run.frame_steps]
    scales = "on logarithmic scales" if found.separable else "on linear scales"
    caption = _bounds_caption(run, found)
    alt = f"Line chart {scales}: the length of w between its upper and its lower limit. {caption}"
    return Picture(figure, caption, alt, _bounds_table(run, found), frames)


def _set_scales(figure: go.Figure, last: float, log: bool) -> None:
    """Titles and ticks: 1, 2, 5, 10, ... on a logarithmic axis that spans little, else one a decade."""
    if log:
        axes(figure, "mistakes k (log scale)", "length, in units of lr (log scale)")
        figure.update_xaxes(type="log", dtick=1 if last > 100 else "D2", range=[-0.05, np.log10(last)])
        decades(figure, np.concatenate([np.asarray(trace.y, dtype=float) for trace in figure.data]))
    else:
        axes(figure, "mistakes k", "length, in units of lr")
        figure.update_xaxes(tickformat="d", rangemode="tozero", range=[-0.02 * last, last])
        figure.update_yaxes(rangemode="tozero")
    figure.update_layout(height=440, margin={"l": 10, "r": 10, "t": 95, "b": 10})


def _add_lower_limit(figure: go.Figure, run: PerceptronRun, found: Margin, grid: np.ndarray) -> None:
    """How far w is along u, the least that it must be, and where that meets the upper limit."""
    along = numbers(run.weights @ found.u)[1:] / run.settings.lr
    line, marker = {"color": GREY, "width": 2}, {"symbol": "triangle-up", "size": 6}
    k = np.arange(1, run.updates + 1)
    figure.add_scatter(x=k, y=along, name="w · u / lr", mode="lines+markers", line=line, marker=marker)
    line = {"color": BLUE, "dash": "dot", "width": 3}
    figure.add_scatter(x=grid, y=grid * found.gamma, name="k · γ: cannot be shorter", mode="lines", line=line)
    heights = [grid[0] * found.gamma, np.sqrt(grid[-1]) * found.radius]
    name, line = f"(R/γ)² = {fmt(found.bound)}", {"color": GREY, "dash": "longdash", "width": 2}
    figure.add_scatter(x=[found.bound] * 2, y=heights, name=name, mode="lines", line=line)


def _bounds_caption(run: PerceptronRun, found: Margin) -> str:
    """Where the limits meet, and where this run ended."""
    if not found.separable:
        return (
            f"After k mistakes the length of w / lr is at most √k·R, but {no_margin(found)}, so "
            f"no lower limit is drawn. After {plural(run.updates, 'mistake')} it is "
            f"{fmt(run.weights[-1].norm().item() / run.settings.lr)}."
        )
    share = run.updates / found.bound
    return (
        "After k mistakes w / lr is at most √k·R long and reaches at least k·γ along u; the limits meet at (R/γ)² "
        f"= {fmt(found.bound)}. This run made {plural(run.updates, 'mistake')}, "
        f"{'less than 0.1%' if share < 0.001 else f'{share:.1%}'} of it."
    )


def _bounds_table(run: PerceptronRun, found: Margin) -> pd.DataFrame:
    k, lr = np.arange(run.updates + 1), run.settings.lr
    length = run.weights.norm(dim=1).numpy() / lr
    table = {"mistakes k": k, "length of w / lr": length, "√k R": np.sqrt(k) * found.radius}
    if found.separable:
        table |= {"w · u / lr": (run.weights @ found.u).numpy() / lr, "k γ": k * found.gamma}
    return pd.DataFrame(table)


@cached
def margins(samples: Samples) -> Picture:
    """The line of the largest margin, its strip without samples, and the circle with all samples."""
    found = margin(samples)
    reach = math.sqrt(max(found.radius**2 - (1 if samples.bias else 0), 0.0))
    half = max(1.12 * reach, 1.0)
    frame, turn = Square((-half, half), (-half, half)), np.linspace(0, 2 * math.pi, 73)
    figure = go.Figure(samples_traces(samples))
    line = {"color": GREY, "dash": "dot", "width": 2}
    x, y = reach * np.cos(turn), reach * np.sin(turn)
    figure.add_scatter(x=x, y=y, mode="lines", name="radius", line=line, hoverinfo="skip")
    if found.separable:
        _add_strip(figure, samples, found, frame)
    equal_axes(figure, frame)
    radius = f"R = {fmt(found.radius)} is the length of the longest input{', its 1 included' if samples.bias else ''}"
    if found.separable:
        u = ", ".join(fmt(value, decimals=3) for value in found.u.tolist())
        caption = (
            f"Dashed: where u·x = ±γ; no sample lies between. γ = {fmt(found.gamma)} with u = ({u}), and {radius}."
        )
    else:
        why = no_margin(found) + (", so the largest margin γ is 0" if found.inseparable else "")
        caption = f"{why[0].upper()}{why[1:]}. {radius}."
    return Picture(figure, caption, f"Plane with the samples, the line of the largest margin and a circle. {caption}")


def _add_strip(figure: go.Figure, samples: Samples, found: Margin, frame: Square) -> None:
    """The line u, the two lines at the margin's distance, and the samples on them."""
    w1, w2, b = line_of(found.u, samples.bias)
    for shift, width, dash in ((0.0, 4, "solid"), (found.gamma, 2, "dash"), (-found.gamma, 2, "dash")):
        ends, line = clipped((w1, w2, b + shift), frame), {"color": PURPLE, "width": width, "dash": dash}
        figure.add_scatter(
            x=[p[0] for p in ends],
            y=[p[1] for p in ends],
            mode="lines",
            name="line u of the largest margin",
            showlegend=not shift,
            line=line,
            hoverinfo="skip",
        )
    nearest = samples.X[found.shares > 1e-9].numpy()
    marker = {"symbol": "circle-open", "size": 22, "color": GREEN, "line": {"width": 3}}
    figure.add_scatter(
        x=nearest[:, 0], y=nearest[:, 1], mode="markers", name="nearest samples", marker=marker, hoverinfo="skip"
    )


def why(found: Margin) -> str:
    """Why there is a largest number of mistakes, or why there need not be one."""
    end = f"\nBut {no_margin(found)}: no limit to k is known."
    if found.separable:
        end = (
            f"- **w gets at least k·γ far along u.** The best direction u has sign·(u·x) ≥ γ = {fmt(found.gamma)} for "
            "every sample.\n\nA straight line overtakes a root, and where they meet there is no room for another "
            "mistake: k·γ ≤ √k·R, so k ≤ (R/γ)²."
        )
    return (
        "Each mistake adds sign·x to w (times lr, which cancels out); k counts them.\n\n"
        "- **w gets no longer than √k·R.** The sample was not on its side, so sign·(w·x) ≤ 0, and adding sign·x makes "
        f"the square of w's length grow by at most R² = {fmt(found.radius**2)}.\n{end}"
    )
