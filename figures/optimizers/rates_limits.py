"""The straight lines in the figure of learning rates: the chosen rate, theory's limits, and where a run has arrived."""

import numpy as np
import plotly.graph_objects as go

from core.optimizers.lr_curves import RateSweep
from core.optimizers.momentum import nearest_minimum
from core.plane.lr_batch import rates
from core.plane.stability import limit
from figures.optimizers.heights import FLOOR
from figures.optimizers.optimizer_style import look
from figures.optimizers.rates_best import LEVEL
from figures.style import GREY

LINE = 15  # pixels for each name of an upright line


def uprights(figure: go.Figure, sweep: RateSweep, follow: str, lr: float, bottom: float, top: float) -> int:
    """The chosen rate and theory's limits, each in its owner's colour, named over the figure; returns how many."""
    owned = [(name, at, look(name.partition(":")[0]).color, "dot") for name, at in limits(sweep).items()]
    places = [place for place in (("chosen lr", lr, GREY, "solid"), *owned) if rates()[0] <= place[1] <= rates()[-1]]
    for i, (name, at, color, dash) in enumerate(places):
        figure.add_scatter(
            x=[at, at],
            y=[bottom, top],
            mode="lines",
            line={"color": color, "dash": dash, "width": 2},
            name=name,
            hovertemplate=f"{name}: %{{x:.4g}}<extra></extra>",
        )
        figure.add_annotation(
            x=np.log10(at),
            y=top,
            yshift=LINE * i + LINE / 2,
            text=name,
            showarrow=False,
            xanchor="right" if at > rates()[-1] / 30 else "left",
            font={"size": 11},
        )
    return len(places)


def arrival_line(figure: go.Figure, sweep: RateSweep, bottom: float) -> None:
    """The height at which a run has arrived, if it lies in the picture, with its name at the left above it."""
    if not sweep.arrival or np.log10(sweep.arrival) <= max(bottom, np.log10(FLOOR)):
        return
    level = float(np.log10(sweep.arrival))
    figure.add_scatter(
        x=[rates()[0].item() / 2, rates()[-1].item() * 2],
        y=[level, level],
        mode="lines",
        line={"color": GREY, "width": 1},
        name="arrived",
        hovertemplate=f"arrived: {LEVEL}<extra></extra>",
    )
    figure.add_annotation(
        x=0,
        xref="x domain",
        y=level,
        text="arrived",
        showarrow=False,
        xanchor="left",
        yanchor="bottom",
        font={"size": 11},
    )


def limits(sweep: RateSweep) -> dict[str, float]:
    """Theory's largest lr at the minimum nearest to the start, for those optimizers that theory knows."""
    minimum, found = nearest_minimum(sweep.surface), {}
    if minimum is None:
        return found
    for name in ("SGD", "Momentum", "Nesterov"):
        curve = sweep.of(name)
        if curve is not None and not curve.hparams.weight_decay and not curve.hparams.dampening:
            b = curve.hparams.momentum
            words = (
                f"{name}: 2/L"
                if not b
                else f"{name}: (2+2b)/((1+2b)L)"
                if curve.hparams.nesterov
                else (f"{name}: 2(1+b)/L")
            )
            found[words] = limit(minimum.curvatures[1], b, curve.hparams.nesterov)
    return found
