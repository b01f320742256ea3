"""How far from f's minimum three optimizers end for each weight decay."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.cache import cached
from core.optimizers.weight_decay import Decayed, moved_minimum
from figures.optimizers.weight_decay import HEIGHT, look_of
from figures.picture import Picture
from figures.style import GREY, axes, numbers
from figures.words import fmt, plural

ON_LINE = 0.02  # of the minimum's distance from 0: so near to the minimum of f + λ/2·|p|² a run has arrived


@cached
def decay_sweep(found: Decayed) -> Picture:
    """How far from f's minimum each ends, for 31 weight decays; the reader's is marked."""
    lam, distance = found.swept[1:], found.distance()[:, 1:]
    figure = go.Figure()
    moved = moved_minimum(found.function, found.minimum.x, found.minimum.y, tuple(found.swept.tolist()))
    theory = (moved - torch.tensor([found.minimum.x, found.minimum.y], dtype=torch.float64)).norm(dim=1)[1:]
    figure.add_scatter(
        x=numbers(lam),
        y=numbers(theory),
        mode="lines",
        name="minimum of f + λ/2·|p|²",
        line={"color": GREY, "width": 7},
        showlegend=False,
        hoverinfo="skip",
    )
    for hparams, row in zip(found.all_hparams, distance, strict=True):
        style = look_of(hparams.name)
        figure.add_scatter(
            x=numbers(lam),
            y=drawable(row),
            mode="lines+markers",
            name=hparams.name,
            line={"color": style.color, "dash": style.dash, "width": 2},
            marker={"symbol": style.marker, "size": 6},
        )
    if found.weight_decay > 0:
        figure.add_vline(x=found.weight_decay, line={"color": GREY, "width": 2})
        figure.add_annotation(
            x=np.log10(found.weight_decay),  # an annotation's place on a log axis is the power of ten
            y=1,
            yref="paper",
            text="λ now",
            showarrow=False,
            xanchor="right",
            yanchor="top",
        )
    axes(figure, "weight decay λ, log scale", "distance from f's minimum")
    figure.update_xaxes(type="log", dtick=1, exponentformat="power")
    figure.update_yaxes(rangemode="tozero")
    figure.update_layout(height=HEIGHT)
    caption = _caption(found, distance, moved)
    table = pd.DataFrame(
        {"weight decay": lam.tolist(), "minimum of f + λ/2·|p|²": theory.tolist()}
        | {hparams.name: row.tolist() for hparams, row in zip(found.all_hparams, distance, strict=True)}
    )
    return Picture(figure, caption, f"Line chart of distance against weight decay. {caption}", table)


def drawable(values: Tensor) -> np.ndarray:
    """Distances in single precision; what is too far for the picture is a gap."""
    return numbers(torch.where(values < 1e6, values, torch.nan))


def _caption(found: Decayed, distance: Tensor, moved: Tensor) -> str:
    reach = max(abs(found.minimum.x), abs(found.minimum.y))
    lost = int((~torch.isfinite(distance)).sum())
    text = (
        f"{found.ends.shape[1] - 1} weight decays for each of the three, {plural(found.steps)} each: how far from f's "
        "minimum they end. Broad and grey: the minimum of f + λ/2·|p|². At λ = 1: "
        + ", ".join(
            f"{e.name} {fmt(d.item(), 3) if torch.isfinite(d) else 'lost'}"
            for e, d in zip(found.all_hparams, distance[:, -1], strict=True)
        )
        + "."
    )
    if reach > 1:
        text += f" From λ = {fmt(1 / reach, 3)} on, f's minimum lies outside of AdamW's square |x|, |y| ≤ 1/λ."
    text += _late(found, moved)
    return text + (f" {plural(lost, 'run')} went out of the numbers, a gap." if lost else "")


def _late(found: Decayed, moved: Tensor) -> str:
    """Whose runs through the gradient have not arrived on the grey line, and at which weight decays."""
    text = ""
    for hparams, ends in list(zip(found.all_hparams, found.ends, strict=True))[:2]:
        beside = (ends - moved).norm(dim=1)[1:]
        late = beside > ON_LINE * max(abs(found.minimum.x), abs(found.minimum.y), 1.0)
        if late.any():
            low, high = found.swept[1:][late][[0, -1]].tolist()
            text += (
                f" {hparams.name} is not on the grey line at {plural(int(late.sum()), 'λ').removesuffix('s')} "
                f"from {fmt(low, 3)} to {fmt(high, 3)}, but up to {fmt(beside[late].max().item(), 3)} beside it: not "
                "there yet, or in another valley."
            )
    return text
