"""A surface over the plane as a map of its heights, its critical points, and the part of a path that can be drawn."""

import math
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.expression.typed_function import TypedFunction
from core.plane.critical_points import CriticalPoint
from core.plane.derivatives import PlaneFunction
from core.plane.surfaces import Box
from figures.style import numbers
from figures.words import fmt

CONTOURS = 18
CROWD = 40  # critical points; beyond that only the minima are marked, and smaller
MOST_MARKS = 130  # Rastrigin has 121 minima
FAR = 10.0  # widths of the picture beyond which nothing is sent to the browser
POLE = 20.0  # times the height below which three quarters of a picture lie
SMALL = 1e-4  # of the middle height: lower differences look level

RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

KINDS = {  # marker, size and name of what is marked; all are white with a black edge, so that they show on any height
    "minimum": ("star", 15, "minimum"),
    "saddle": ("x", 9, "saddle"),
    "maximum": ("triangle-up", 11, "maximum"),
    "flat": ("square", 9, "level and flat"),
    "cusp": ("diamond", 14, "lowest point, a cusp"),
}


class HeightMap(NamedTuple):
    """Heights over a grid, as they are coloured.

    Attributes:
        x, y: the grid's sides. z: log10(f − low + floor), or f itself where that has no depth to show, shape (cells,
            cells), float32; NaN where f has no value.
        low: the lowest height. floor: what keeps the logarithm off 0; 0 where z is f itself.
        high: heights above it have its colour; infinite if there are none.
    """

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    low: float
    floor: float
    high: float = math.inf

    @property
    def even(self) -> bool:
        """Whether equal steps of colour are equal steps of f; else they are steps of the logarithm."""
        return self.floor == 0

    def raised(self, values: torch.Tensor) -> np.ndarray:
        """Heights of other points on the same scale."""
        if self.even:
            return numbers(torch.where(torch.isfinite(values), values, torch.nan))
        above = (values - self.low).clamp(min=0) + self.floor
        return numbers(torch.where(torch.isfinite(above), above.log10(), torch.nan))


@cached
def height_map(function: TypedFunction, box: Box, level: float | None, cells: int) -> HeightMap:
    """The heights in a box.

    Args:
        level: f at the lowest known minimum, None if there is none.
    """
    x = torch.linspace(box[0], box[1], cells, dtype=torch.float64)
    y = torch.linspace(box[2], box[3], cells, dtype=torch.float64)
    z = function(*torch.meshgrid(x, y, indexing="xy"))
    good = z[torch.isfinite(z)]
    low = good.min().item() if len(good) else 0.0
    low = low if level is None else min(low, level)
    above = good - low
    floor = SMALL * above.median().item() if len(good) and level is not None else 0.0
    found = HeightMap(numbers(x), numbers(y), np.empty(0), low, floor)
    return found._replace(z=found.raised(z))


@cached
def root_map(function: PlaneFunction, box: Box, low: float | None, cells: int) -> HeightMap:
    """The square roots of the heights in a box, with which the contours of a quadratic bowl are evenly spaced.

    What is as high as next to a pole is cut, so that the rest keeps its colours.

    Args:
        low: what heights are counted from; the lowest in the box if None.
    """
    x = torch.linspace(box[0], box[1], cells, dtype=torch.float64)
    y = torch.linspace(box[2], box[3], cells, dtype=torch.float64)
    z = function(*torch.meshgrid(x, y, indexing="xy"))
    good = z[torch.isfinite(z)]
    if not len(good):
        return HeightMap(numbers(x), numbers(y), numbers(torch.full_like(z, torch.nan)), 0.0, 0.0)
    low = good.min().item() if low is None else low
    most = POLE * (good - low).quantile(0.75).item()
    # Rounding may put a cell a hair below the lowest.
    above = torch.where(torch.isfinite(z), (z - low).clamp(0, most), torch.nan)
    high = low + most if bool((good - low > most).any()) else math.inf
    return HeightMap(numbers(x), numbers(y), numbers(above.sqrt()), low, 0.0, high)


def scale_bar(found: HeightMap) -> dict[str, object]:
    """The colour bar, under the map: f at even steps, or for each power of ten above the lowest, or of a hundred."""
    good = found.z[np.isfinite(found.z)]
    bar = {"title": {"text": "f", "side": "bottom"}, "thickness": 10, "orientation": "h", "y": -0.22, "yanchor": "top"}
    if not len(good):
        return bar
    if found.even:
        values = even_marks(float(good.min()), float(good.max()))
        return bar | {"tickvals": values, "ticktext": [fmt(value) for value in values]}
    powers = [power for power in range(-12, 13) if 3 * found.floor < 10.0**power <= 10 ** float(good.max())]
    heights = [0.0, *(10.0**power for power in powers[-1 :: -(1 + len(powers) // 6)][::-1])]
    at = [math.log10(height + found.floor) for height in heights]
    return bar | {"tickvals": at, "ticktext": [_value(found.low + height) for height in heights]}


def even_marks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers between two others, in steps of 1, 2 or 5 times a power of ten; the lower one if they are equal."""
    wide = high - low
    if not (wide > 0 and math.isfinite(wide)):
        return [low]
    power = 10.0 ** math.floor(math.log10(wide / most))
    step = next(m * power for m in (1, 2, 5, 10, 20) if m * power * most >= wide)
    first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    return [float(f"{k * step:.12g}") for k in range(first, last + 1)] or [low]


def _value(value: float) -> str:
    power = math.log10(abs(value)) if value else 0.0
    if value >= 10_000 and power == round(power):
        return "10" + f"{power:.0f}".translate(RAISED)
    return fmt(0.0 if abs(value) < 1e-12 else value)


def contours(found: HeightMap) -> go.Contour:
    """Lines of equal height, closer where a logarithm is steeper."""
    return go.Contour(
        x=found.x,
        y=found.y,
        z=found.z,
        colorscale="Cividis",
        ncontours=CONTOURS,
        line={"width": 0.5},
        hoverinfo="skip",
        colorbar=scale_bar(found),
    )


def critical_marks(points: tuple[CriticalPoint, ...], box: Box) -> list[go.Scatter]:
    """The critical points in the box, one trace a kind."""
    inside = [p for p in points if box[0] <= p.x <= box[1] and box[2] <= p.y <= box[3]]
    crowd = 1.0
    if len(inside) > CROWD:
        inside, crowd = [p for p in inside if p.kind in ("minimum", "cusp")][:MOST_MARKS], 0.6
    found = []
    for kind, (symbol, size, name) in KINDS.items():
        these = [point for point in inside if point.kind == kind]
        if these:
            found.append(
                go.Scatter(
                    x=[point.x for point in these],
                    y=[point.y for point in these],
                    mode="markers",
                    name=name,
                    marker={
                        "symbol": symbol,
                        "size": size * crowd,
                        "color": "white",
                        "line": {"color": "black", "width": 1.2},
                    },
                    text=[f"{name} at ({fmt(p.x)}, {fmt(p.y)}), f = {fmt(p.value)}" for p in these],
                    hoverinfo="text",
                )
            )
    return found


def visible_path(path: torch.Tensor, box: Box) -> np.ndarray:
    """The points of a path, shape (steps + 1, 2), float32; where it goes far away it ends on its way there."""
    size = torch.tensor([box[1] - box[0], box[3] - box[2]], dtype=path.dtype)
    middle = torch.tensor([(box[0] + box[1]) / 2, (box[2] + box[3]) / 2], dtype=path.dtype)
    out = ((path - middle) / size).abs().amax(dim=1)
    far = (~(out <= FAR)).nonzero()[:, 0]
    points = path.clone()
    if len(far):
        first = int(far[0])
        points[first:] = torch.nan
        if first and torch.isfinite(path[first]).all():
            move = path[first] - path[first - 1]
            points[first] = path[first - 1] + move * (FAR * size.max() / move.abs().max())
    return numbers(points)


def left_at(path: torch.Tensor, box: Box) -> int | None:
    """The first step after which a path stays outside of the box, None if it ends inside."""
    x, y = path[:, 0], path[:, 1]
    inside = ((x >= box[0]) & (x <= box[1]) & (y >= box[2]) & (y <= box[3])).nonzero()[:, 0]
    last = int(inside[-1]) if len(inside) else -1
    return None if last == len(path) - 1 else last + 1
