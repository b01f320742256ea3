"""Rings of equal height as the quiet ground of paths that are drawn over them."""

import plotly.graph_objects as go
import torch

from core.expression.typed_function import TypedFunction
from core.plane.surfaces import Box
from figures.style import numbers

CELLS = 81  # along each side


def rings(function: TypedFunction, box: Box) -> go.Contour:
    """Pale rings at even steps of log(1 + f − the lowest height in the box); a gap where f has no value."""
    x, y = (torch.linspace(low, high, CELLS, dtype=torch.float64) for low, high in (box[:2], box[2:]))
    z = function(*torch.meshgrid(x, y, indexing="xy"))
    good = torch.isfinite(z)
    z = torch.where(good, z, torch.nan)
    lowest = z[good].min() if good.any() else 0.0
    return go.Contour(
        x=numbers(x),
        y=numbers(y),
        z=numbers((z - lowest).log1p()),
        colorscale="Cividis",
        ncontours=18,
        line={"width": 0.6},
        opacity=0.75,
        hoverinfo="skip",
        showscale=False,
    )
