"""What is drawn around the point of every step: as much as its arrows need, and there the lines of equal height."""

import math

import numpy as np
import torch
from torch import Tensor

from core.optimizers.update import StepTrace

CELLS = (25, 17)  # of the heights, across and up
REACH = (1.85, 1.25)  # of the heights, in half widths of what the arrows need
EVEN = 0.35  # the least level that half of what is drawn lies below
ROUGH = 1e-7  # of f: smaller differences are not drawn, since rounding would show
Window = tuple[float, float, float]  # middle and half width of what is drawn around a step


def chain(trace: StepTrace, at: int) -> Tensor:
    """Where the terms lead, head to tail from (0, 0); shape (terms + 1, 2)."""
    return torch.cat([torch.zeros(1, 2, dtype=torch.float64), trace.terms[at].cumsum(dim=0)])


def window_of(corners: Tensor) -> Window:
    """Middle and half width of what is drawn around a step, from its `chain`."""
    if not torch.isfinite(corners).all() or corners.abs().max() > 1e100:
        return (0.0, 0.0, 1.0)
    low, high = corners.amin(dim=0), corners.amax(dim=0)
    x, y = ((low + high) / 2).tolist()
    half = 0.75 * (high - low).max().item()
    return (x, y, half) if half > 1e-250 else (0.0, 0.0, 1e-3)


def contours_around(trace: StepTrace, windows: list[Window]) -> list[dict[str, object]]:
    """Heights around the point of every step in 255 levels of their own, as the attributes of a contour."""
    n = len(windows)
    x, y, half = torch.tensor(windows, dtype=torch.float64).T
    across, up = (
        middle[:, None] + half[:, None] * torch.linspace(-reach, reach, cells, dtype=torch.float64)
        for middle, reach, cells in zip((x, y), REACH, CELLS, strict=True)
    )
    dx, dy = across[:, None, :].expand(n, CELLS[1], CELLS[0]), up[:, :, None].expand(n, CELLS[1], CELLS[0])
    level = _levels(_heights(trace, dx, dy)).numpy()
    return [
        {
            "z": level[at],
            "x0": _short(across[at, 0].item(), 5),
            "dx": _short((across[at, 1] - across[at, 0]).item(), 6),
            "y0": _short(up[at, 0].item(), 5),
            "dy": _short((up[at, 1] - up[at, 0]).item(), 6),
        }
        for at in range(n)
    ]


def _heights(trace: StepTrace, dx: Tensor, dy: Tensor) -> Tensor:
    """f around each point; level where all differences are lost in rounding."""
    p = trace.run.path[: len(dx), :, None, None]
    f = trace.surface.shape.function(p[:, 0] + dx, p[:, 1] + dy).detach()
    spread, size = f.flatten(1).amax(dim=1) - f.flatten(1).amin(dim=1), f.flatten(1).abs().amax(dim=1)
    return torch.where((spread <= ROUGH * size)[:, None, None], 0.0, f)


def _levels(f: Tensor) -> Tensor:
    """Whole numbers from 0 to 255, by a power of the height: else all lines would lie on the steep side."""
    low, high = f.flatten(1).amin(dim=1)[:, None, None], f.flatten(1).amax(dim=1)[:, None, None]
    share = ((f - low) / (high - low)).nan_to_num(0, 0, 0).clamp(0, 1)
    middle = share.flatten(1).median(dim=1).values.clamp(1e-6, 0.9)[:, None, None]
    power = torch.where(middle < EVEN, math.log(EVEN) / middle.log(), 1.0)
    return (255 * share**power).round().to(torch.uint8)


def _short(value: float, digits: int) -> float | None:
    return float(f"{value:.{digits}g}") if np.isfinite(value) else None
