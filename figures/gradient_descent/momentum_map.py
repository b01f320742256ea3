"""The map of learning rate and momentum, and the path of one of its cells."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.cache import cached
from core.gradient_descent.momentum_map import SIDE, STEPS, MomentumMap, momenta, rates, run_cell
from core.gradient_descent.settings import MapSettings
from core.plane.stability import best_momentum, factor, limit
from figures.gradient_descent.bowl import contour
from figures.picture import Picture
from figures.style import VERMILLION, axes, numbers
from figures.words import fmt

LEVELS = 250
HALF = 4.0  # the plane of a cell's path is drawn from -4 to 4
FAR = 20.0  # beyond, nothing is sent to the browser
LOW, HIGH = -16.0, 4.0  # powers of ten of the loss, as a share of the loss at the start, that the colours reach


@cached
def stability_map(found: MomentumMap) -> Picture:
    """One coloured cell a run, theory's line over it. The invisible marks in the cells can be clicked."""
    share = (found.loss / found.first).log10()
    share[torch.isnan(share)] = torch.inf  # NaN comes after infinity: lost
    level = ((share.clamp(LOW, HIGH) - LOW) / (HIGH - LOW) * LEVELS).round().numpy().astype(np.uint8)
    lr, b = numbers(rates()), numbers(momenta())
    ticks = [0, 4, 8, 12, 16, 20]
    figure = go.Figure(
        [
            go.Heatmap(
                x=lr,
                y=b,
                z=level,
                zmin=0,
                zmax=LEVELS,
                colorscale="Cividis",
                hoverinfo="skip",
                colorbar={
                    "title": {"text": "loss / first", "side": "top"},
                    "tickvals": [t * LEVELS / (HIGH - LOW) for t in ticks],
                    "ticktext": [f"10<sup>{fmt(LOW + t)}</sup>" if LOW + t else "1" for t in ticks],
                    "thickness": 14,
                },
            ),
            go.Scatter(
                x=numbers(found.line),
                y=b,
                name="theory's limit",
                mode="lines",
                line={"color": VERMILLION, "width": 3, "dash": "dash"},
                hoverinfo="skip",
            ),
            go.Scatter(
                x=[rates()[found.settings.column].item()],
                y=[momenta()[found.settings.row].item()],
                name="chosen cell",
                mode="markers",
                marker={"color": "white", "symbol": "diamond", "size": 13, "line": {"color": "black", "width": 2}},
                hoverinfo="skip",
            ),
            go.Scattergl(
                x=np.tile(lr, SIDE),
                y=np.repeat(b, SIDE),
                mode="markers",
                marker={"size": 9, "symbol": "square", "color": "rgba(0,0,0,0)"},
                hovertemplate="lr %{x:.4g}, momentum %{y:.3g}<extra></extra>",
                showlegend=False,
            ),
        ]
    )
    axes(figure, "learning rate lr (in units of 1/L)", "momentum b")
    figure.update_xaxes(range=[0, lr[-1] + lr[0]])
    figure.update_yaxes(range=[-0.01, 1.0])
    figure.update_layout(height=440)
    caption = _caption(found)
    return Picture(figure, caption, f"Map of {SIDE} x {SIDE} runs. {caption}")


def _caption(found: MomentumMap) -> str:
    row, column = found.best
    formula = "(2 + 2b)/(1 + 2b)" if found.settings.nesterov else "2·(1 + b)"
    low = 1 / found.settings.condition
    say_best = ""
    if not found.settings.nesterov:
        lr, b, rate = best_momentum(low, 1.0)
        say_best = (
            f" Theory's best in the long run is lr = {fmt(lr)}, b = {fmt(b)}, where a step leaves {fmt(rate)} of the "
            "distance."
        )
    return (
        f"{found.loss.numel():,} runs of {STEPS} steps. Dark: the loss has become small; bright: it has grown (the "
        f"colours end at {10**HIGH:,.0f} times the first loss, the runs do not). Theory's line lr·L = {formula} and "
        f"the runs agree in {int((found.stays == found.came_down).sum()):,} cells, {found.agreement:.2%}. The lowest "
        "loss is "
        f"at lr = {fmt(rates()[column].item())}, b = {fmt(momenta()[row].item())}.{say_best}"
    )


def cell_at(lr: object, momentum: object) -> tuple[int, int] | None:
    """Column and row of a clicked mark; None if the numbers are not those of a mark."""
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in (lr, momentum)):
        return None
    column, row = (rates() - lr).abs(), (momenta() - momentum).abs()
    if not (column.min() < 1e-4 and row.min() < 1e-4):
        return None
    return int(column.argmin()), int(row.argmin())


def cell_words(found: MomentumMap) -> str:
    """What theory and the run say of the chosen cell."""
    settings = found.settings
    lr, b = rates()[settings.column].item(), momenta()[settings.row].item()
    loss, most = found.loss[settings.row, settings.column].item(), limit(1.0, b, settings.nesterov)
    across = factor(1.0, lr, b, settings.nesterov)
    along = factor(1 / settings.condition, lr, b, settings.nesterov)
    side = "below" if lr < most else "above"
    if loss != loss or loss == float("inf"):
        end = "is no longer a finite number"
    else:
        end = f"is {fmt(loss)}, from {fmt(found.first)} at the start"
    return (
        f"**lr = {fmt(lr)}, b = {fmt(b)}.** The limit is {fmt(most)}; lr is {side} it. In the long run a step leaves "
        f"{fmt(across)} of the distance across the valley and {fmt(along)} along it"
        f"{' (more than 1: it grows)' if max(across, along) > 1 else ''}. After {STEPS} steps the loss {end}."
    )


@cached
def cell_path(settings: MapSettings) -> Picture:
    """The path of the chosen cell over the rings of its bowl."""
    path = run_cell(settings)
    low = 1 / settings.condition
    side = torch.linspace(-HALF, HALF, 41, dtype=torch.float64)
    y, x = torch.meshgrid(side, side, indexing="ij")
    gone = (~(path.abs().amax(dim=1) <= FAR)).nonzero()
    shown = path[: int(gone[0])] if len(gone) else path
    figure = go.Figure(
        [
            contour(numbers(side), numbers(((low * x**2 + y**2) / 2).sqrt()), False).update(opacity=0.6),
            go.Scatter(
                x=numbers(shown[:, 0]),
                y=numbers(shown[:, 1]),
                mode="lines+markers",
                name="path",
                line={"color": VERMILLION, "width": 2},
                marker={"size": 5},
                showlegend=False,
            ),
        ]
    )
    axes(figure, "x", "y")
    figure.update_xaxes(range=[-HALF, HALF])
    figure.update_yaxes(range=[-HALF, HALF])
    figure.update_layout(height=440)
    lr, b = rates()[settings.column].item(), momenta()[settings.row].item()
    caption = f"The run of the chosen cell, lr = {fmt(lr)}, momentum {fmt(b)}: {STEPS} steps. {_end(path)}"
    table = pd.DataFrame({"step": range(STEPS + 1), "x": path[:, 0].tolist(), "y": path[:, 1].tolist()})
    return Picture(figure, caption, f"A path over rings of equal height. {caption}", table)


def _end(path: Tensor) -> str:
    """Where a path is at the end, and whether it left the picture on the way; path: shape (steps + 1, 2)."""
    outside = (~(path.abs().amax(dim=1) <= HALF)).nonzero()[:, 0].tolist()
    lost = (~torch.isfinite(path).all(dim=1)).nonzero()[:, 0].tolist()
    place = f"({fmt(path[-1, 0].item(), 3)}, {fmt(path[-1, 1].item(), 3)})"
    if not outside:
        return f"It ends at {place}."
    left = f"It leaves the picture at step {outside[0]}"
    if lost:
        return f"{left}, and from step {lost[0]} on its place is no finite number."
    if outside[-1] == len(path) - 1:
        return f"{left} and ends outside of it, at {place}."
    return f"{left}, is back for good at step {outside[-1] + 1} and ends at {place}."
