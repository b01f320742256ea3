"""Pictures as pictures and as numbers."""

import plotly.graph_objects as go
import torch
from torch import Tensor

from core.tensors.facts import dtype_of
from core.tensors.image import WINDOW, Changed, as_picture
from figures.picture import Picture
from figures.png import png
from figures.style import axes
from figures.tensors.cells import cells
from figures.words import fmt, plain, plural

MOST_SIDE = 320  # pixels that are drawn in each direction
LAYOUTS = {"HWC": "rows, columns, channels", "CHW": "channels, rows, columns", "grey": "rows, columns"}


def shown(found: Changed) -> Picture:
    """The result as a picture of grey levels or colours."""
    small, (down, across) = as_picture(found.result, MOST_SIDE)
    height, width = small.shape[:2]
    low, high = dark_and_bright(found.result, small.dim() == 2)
    trace = go.Image(source=_png(small, low, high), x0=0, dx=across, y0=0, dy=down, hoverinfo="skip")
    figure = axes(go.Figure(trace), "column (pixels)", "row (pixels)")
    whole = {"autorange": False, "constrain": "domain"}
    figure.update_yaxes(range=[height * down - down / 2, -down / 2], scaleanchor="x", **whole)
    figure.update_xaxes(range=[-across / 2, width * across - across / 2], **whole)
    figure.update_layout(height=420)
    thinned = f"; 1 row in {down} and 1 column in {across} is drawn" if max(down, across) > 1 else ""
    levels = f"{fmt(low)} is dark, {fmt(high)} is bright"
    if not found.result.isfinite().any():
        levels = "no value is finite"
    elif low == high:
        levels = f"all {'finite ' if found.not_finite else ''}values are {fmt(low)}"
    caption = f"Read as {LAYOUTS[found.layout]} {tuple(found.result.shape)}; {levels}{thinned}."
    return Picture(figure, caption, f"The result as a picture. {caption}")


def dark_and_bright(values: Tensor, grey: bool) -> tuple[float, float]:
    """The values that are drawn darkest and brightest; what lies beyond them is cut off.

    Bytes: 0 and 255 (16 for digits, which have no more). Truth values, and colours in decimals from 0 to 1: 0 and 1.
    Colours in other whole numbers: 0 and 255. Everything else: the smallest and the largest finite value of the whole.
    """
    far = torch.inf  # a mask that picks what is finite would need its indices, 24 bytes for each
    low, high = float(values.nan_to_num(far, far, far).min()), float(values.nan_to_num(-far, -far, -far).max())
    low, high = (low, high) if low <= high else (0.0, 1.0)
    if values.dtype == torch.uint8:
        return 0.0, 16.0 if grey and high <= 16 else 255.0
    if values.dtype == torch.bool or (not grey and low >= 0 and high <= 1 and values.is_floating_point()):
        return 0.0, 1.0
    return (low, high) if grey or values.is_floating_point() else (0.0, 255.0)


def _png(small: Tensor, low: float, high: float) -> str:
    """A picture of bytes as a data address, stretched from low, which becomes 0, to high, which becomes 255."""
    shares = (small.float() - low) / max(high - low, 1e-9)
    return png((shares * 255).nan_to_num().clamp(0, 255).round().to(torch.uint8))


def window(found: Changed, row: int, column: int) -> Picture:
    """A few cells of the result as the numbers that they are; of a picture with channels, the first channel."""
    plane = {"grey": found.result, "CHW": found.result[0]}.get(found.layout, found.result[..., 0])
    top, left = min(row, max(plane.shape[0] - WINDOW, 0)), min(column, max(plane.shape[1] - WINDOW, 0))
    part = plane[top : top + WINDOW, left : left + WINDOW]
    figure = cells(part)
    figure.update_layout(height=360)
    for update, first, length, name in (
        (figure.update_xaxes, left, part.shape[1], "column"),
        (figure.update_yaxes, top, part.shape[0], "row"),
    ):
        names = [str(first + i) for i in range(length)]
        update(title=f"{name} (pixels)", tickmode="array", tickvals=list(range(length)), ticktext=names)
    channel = "" if found.layout == "grey" else ", channel 0"
    caption = (
        f"The numbers of rows {top} to {top + part.shape[0] - 1}, columns {left} to {left + part.shape[1] - 1}"
        f"{channel}: dtype {dtype_of(found.result)}."
    )
    return Picture(figure, caption, f"A window of numbers. {plain(caption)}")


def odd_words(found: Changed) -> str:
    """How many bytes wrapped around, with one of them, or how many values are not finite."""
    if found.wrapped:
        wide, kept = found.example
        between = ", since a number on the way to it does not fit" if 0 <= wide <= 255 else ""
        return (
            f"**{plural(found.wrapped, 'value')} wrapped around:** a uint8 holds 0 to 255 and starts again beyond; "
            f"what would be {fmt(wide, 9)} is {kept}{between}."
        )
    count = found.not_finite
    are = "is" if count == 1 else "are"
    return f"**{plural(count, 'value')} {are} inf or nan:** inf is drawn bright, −inf and nan dark." if count else ""
