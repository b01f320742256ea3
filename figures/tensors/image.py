"""Pictures as pictures, as numbers, and as a histogram."""

import base64
import io

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from PIL import Image
from torch import Tensor

from core.tensors.facts import facts
from core.tensors.image import WINDOW, Changed, as_picture
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, VERMILLION, axes
from figures.tensors.cells import cells
from figures.tensors.facts import plain
from figures.words import fmt

MOST_BINS = 400  # with a bin for each whole number
MOST_SIDE = 320  # pixels that are drawn in each direction
CHANNELS = (("red", VERMILLION, "solid"), ("green", GREEN, "dot"), ("blue", BLUE, "dash"))
LAYOUTS = {"HWC": "rows, columns, channels", "CHW": "channels, rows, columns", "grey": "rows, columns"}


def shown(found: Changed, text: str) -> Picture:
    """The result as a picture; grey levels with a scale, three channels as colours."""
    small, (down, across) = as_picture(found.result, MOST_SIDE)
    height, width = small.shape[:2]
    low, high = black_and_white(found.result, small.dim() == 2)
    place = {"x0": 0, "dx": across, "y0": 0, "dy": down}
    if small.dim() == 2:
        trace = go.Heatmap(
            z=small.numpy() if small.dtype == torch.uint8 else small.float().numpy(),
            **place,
            colorscale="gray",
            zmin=low,
            zmax=high if high > low else low + 1,
            colorbar={"title": {"text": "value", "side": "top"}, "thickness": 12},
            hoverinfo="skip",
        )
    else:
        trace = go.Image(source=_png(small, low, high), **place, hoverinfo="skip")
    figure = axes(go.Figure(trace), "column (pixels)", "row (pixels)")
    figure.update_yaxes(
        autorange=False, range=[height * down - down / 2, -down / 2], scaleanchor="x", constrain="domain"
    )
    figure.update_xaxes(autorange=False, range=[-across / 2, width * across - across / 2], constrain="domain")
    figure.update_layout(height=420)
    thinned = f"; 1 row in {down} and 1 column in {across} is drawn" if max(down, across) > 1 else ""
    caption = (
        f"`{text}`: shape {tuple(found.result.shape)}, read as {LAYOUTS[found.layout]}. {fmt(low)} is dark, "
        f"{fmt(high)} is bright{thinned}."
    )
    return Picture(figure, caption, f"The result as a picture. {plain(caption)}")


def black_and_white(values: Tensor, grey: bool) -> tuple[float, float]:
    """The values that are drawn darkest and brightest; what lies beyond them is cut off.

    Bytes: 0 and 255 (16 for digits, which have no more). Truth values, and colours in decimals from 0 to 1: 0 and 1.
    Colours in other whole numbers: 0 and 255. Everything else: the smallest and the largest finite value of the whole.
    """
    low, high = _ends(_finite(values))
    if values.dtype == torch.uint8:
        return 0.0, 16.0 if grey and high <= 16 else 255.0
    if values.dtype == torch.bool or (not grey and low >= 0 and high <= 1 and values.is_floating_point()):
        return 0.0, 1.0
    return (low, high) if grey or values.is_floating_point() else (0.0, 255.0)


def _finite(values: Tensor) -> Tensor:
    finite = values.isfinite()
    return values if finite.all() else values[finite]


def _ends(finite: Tensor) -> tuple[float, float]:
    return tuple(float(end) for end in finite.aminmax()) if finite.numel() else (0.0, 1.0)


def _png(small: Tensor, low: float, high: float) -> str:
    """A picture of bytes as a data address, stretched from low, which becomes 0, to high, which becomes 255."""
    shares = (small.float() - low) / max(high - low, 1e-9)
    pixels = (shares * 255).nan_to_num().clamp(0, 255).round().to(torch.uint8).contiguous().numpy()
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(target.getvalue()).decode()


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
        f"{channel}: dtype {facts(found.result).dtype}."
    )
    return Picture(figure, caption, f"A window of numbers. {plain(caption)}")


def histogram(found: Changed) -> Picture:
    """How often each finite value occurs, one line a channel."""
    values = found.result if found.result.dtype == torch.float64 else found.result.float()
    finite = _finite(values)
    low, high = _ends(finite)
    whole = not found.result.is_floating_point() and high - low < MOST_BINS
    bins = int(high - low) + 1 if whole else 64
    starts = low + np.arange(bins) * (1 if whole else max(high - low, 1e-9) / bins)
    channels = {"HWC": values.movedim(-1, 0), "CHW": values}.get(found.layout, values[None])
    styles = CHANNELS if len(channels) == 3 else (("grey level", GREY, "solid"),)
    figure, frame = go.Figure(), {"value": starts}
    for (name, colour, dash), channel in zip(styles, channels, strict=True):
        frame[name] = _counts(channel, low, high, bins, whole)
        line = {"color": colour, "dash": dash, "shape": "hv"}
        figure.add_scatter(x=starts.astype(np.float32), y=frame[name], name=name, mode="lines", line=line)
    axes(figure, "value", "pixels")
    figure.update_layout(height=300)
    caption = "No value is finite (0 are)."
    if finite.numel():
        mean, spread = finite.mean().item(), finite.std(correction=0).item()
        caption = (
            f"{finite.numel():,} values from {fmt(low)} to {fmt(high)}, mean {fmt(mean)}, spread {fmt(spread)}. "
            f"{odd_words(found)}"
        ).strip()
    return Picture(figure, caption, f"Histogram of the values. {plain(caption)}", pd.DataFrame(frame))


def _counts(channel: Tensor, low: float, high: float, bins: int, whole: bool) -> np.ndarray:
    """How many finite values fall into each bin; whole numbers have one bin each."""
    flat = channel.flatten()
    if whole:
        return torch.bincount((flat - low).long(), minlength=bins).numpy().astype(np.int32)
    flat = flat[flat.isfinite()].float()
    return torch.histc(flat, bins, low, high if high > low else low + 1).numpy().astype(np.int32)


def odd_words(found: Changed) -> str:
    """How many bytes wrapped around, with one of them, or how many values are not finite."""
    if found.wrapped:
        wide, kept = found.example
        return (
            f"**{found.wrapped:,} values wrapped around:** a uint8 holds 0 to 255 and starts again beyond; one would "
            f"be {fmt(wide, 9)} in int32 and is {kept}."
        )
    return f"**{found.not_finite:,} more are inf or nan.**" if found.not_finite else ""
