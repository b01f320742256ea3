"""Pictures as pictures, as numbers, and as a histogram."""

import base64
import io
import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from PIL import Image
from torch import Tensor

from core.tensors.facts import facts
from core.tensors.pictures import WINDOW, Changed, as_picture
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, VERMILLION, axes
from figures.tensors.cells import cells
from figures.tensors.shapes import plain, say_shape

MOST_BINS = 400  # with a bin for each whole number
MOST_SIDE = 320  # pixels that are drawn in each direction
CHANNELS = (("red", VERMILLION, "solid"), ("green", GREEN, "dot"), ("blue", BLUE, "dash"))


def shown(found: Changed, text: str) -> Picture:
    """The result as a picture; grey levels with a scale, three channels as colours."""
    small, (down, across) = as_picture(found.result, MOST_SIDE)
    height, width = small.shape[:2]
    place = {"x0": 0, "dx": across, "y0": 0, "dy": down}
    if small.dim() == 2:
        values = small.float().numpy()
        low, high = _ends(found.result)
        if small.dtype == torch.uint8:
            low, high = 0, 16 if high <= 16 else 255
        trace = go.Heatmap(
            z=small.numpy() if small.dtype == torch.uint8 else values,
            **place,
            colorscale="gray",
            zmin=float(low),
            zmax=float(high) if high > low else float(low) + 1,
            colorbar={"title": {"text": "value", "side": "top"}, "thickness": 12},
            hoverinfo="skip",
        )
        scale = "black is False, white True" if small.dtype == torch.bool else f"black is {low:.4g}, white {high:.4g}"
    else:
        trace = go.Image(source=_png(small, *_ends(found.result)), **place, hoverinfo="skip")
        scale = _scale_words(found.result)
    figure = axes(go.Figure(trace), "column (pixels)", "row (pixels)")
    figure.update_yaxes(
        autorange=False, range=[height * down - down / 2, -down / 2], scaleanchor="x", constrain="domain"
    )
    figure.update_xaxes(autorange=False, range=[-across / 2, width * across - across / 2], constrain="domain")
    figure.update_layout(height=420)
    lines = " and ".join(name for name, every in (("row", down), ("column", across)) if every > 1)
    thinned = f" Every {_ordinal(max(down, across))} {lines} is drawn." if lines else ""
    layout = {"HWC": "rows, columns, channels", "CHW": "channels, rows, columns", "grey": "rows, columns"}
    caption = f"{text}: shape {say_shape(tuple(found.result.shape))}, read as {layout[found.layout]}; {scale}.{thinned}"
    return Picture(figure, caption, f"The result as a picture. {plain(caption)}")


def _ordinal(n: int) -> str:
    return {2: "second", 3: "third"}.get(n, f"{n}th")


def _ends(values: Tensor) -> tuple[float, float]:
    """The smallest and the largest finite value, of the whole result and not only of what is drawn."""
    low, high = (float(end) for end in values.aminmax())
    if math.isfinite(low) and math.isfinite(high):
        return low, high
    finite = values[values.isfinite()]
    return tuple(float(end) for end in finite.aminmax()) if len(finite) else (0.0, 1.0)


def _scale_words(result: Tensor) -> str:
    if result.dtype == torch.uint8:
        return "0 is dark, 255 is full"
    if result.dtype == torch.bool:
        return "in each channel, False is dark and True is full"
    low, high = _ends(result)
    if not result.is_floating_point():
        return "values are cut off at 0 and 255" if low < 0 or high > 255 else "0 is dark, 255 is full"
    if low >= 0 and high <= 1:
        return "0.0 is dark, 1.0 is full"
    return f"stretched so that its smallest value {low:.4g} is dark and its largest {high:.4g} is full"


def _png(small: Tensor, low: float, high: float) -> str:
    """A picture of bytes as a data address; floats from 0 to 1 become 0 to 255, other floats are stretched."""
    values = small.float()
    if small.is_floating_point():
        if low < 0 or high > 1:
            values = (values - low) / max(high - low, 1e-9)
        values = values * 255
    elif small.dtype == torch.bool:
        values = values * 255
    pixels = values.nan_to_num().clamp(0, 255).round().to(torch.uint8).contiguous().numpy()
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(target.getvalue()).decode()


def window(found: Changed, row: int, column: int) -> Picture:
    """A few cells of the result as the numbers that they are; of a picture with channels, the first channel."""
    plane = found.result if found.layout == "grey" else _first_channel(found)
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


def _first_channel(found: Changed) -> Tensor:
    return found.result[..., 0] if found.layout == "HWC" else found.result[0]


def histogram(found: Changed) -> Picture:
    """How often each value occurs, one line a channel."""
    figure = go.Figure()
    values = found.result if found.result.dtype == torch.float64 else found.result.float()
    finite = values if values.isfinite().all() else values[values.isfinite()]
    low, high = (finite.min().item(), finite.max().item()) if len(finite) else (0.0, 1.0)
    whole = not found.result.is_floating_point() and high - low < MOST_BINS
    bins = int(high - low) + 1 if whole else 64
    starts = low + np.arange(bins) * (1 if whole else max(high - low, 1e-9) / bins)
    channels = {"HWC": values.movedim(-1, 0), "CHW": values}.get(found.layout, values[None])
    colours = CHANNELS if len(channels) == 3 else (("grey level", GREY, "solid"),)
    frame = {"value": starts}
    for (name, colour, dash), channel in zip(colours, channels, strict=False):
        counts = _counts(channel, low, high, bins, whole)
        figure.add_scatter(
            x=starts.astype(np.float32),
            y=counts,
            name=name,
            mode="lines",
            line={"color": colour, "dash": dash, "shape": "hv"},
        )
        frame[name] = counts
    axes(figure, "value", "pixels")
    figure.update_layout(height=300)
    mean, spread = (finite.mean().item(), finite.std(correction=0).item()) if len(finite) else (math.nan, math.nan)
    caption = (
        f"{values.numel():,} values from {low:.4g} to {high:.4g}, mean {mean:.4g}, spread {spread:.4g}. "
        f"{wrap_sentence(found)}"
    )
    return Picture(figure, caption, f"Histogram of the values. {plain(caption)}", pd.DataFrame(frame))


def _counts(channel: Tensor, low: float, high: float, bins: int, whole: bool) -> np.ndarray:
    """How many finite values fall into each bin; whole numbers have one bin each."""
    flat = channel.flatten()
    if whole:
        return torch.bincount((flat - low).long(), minlength=bins).numpy().astype(np.int32)
    flat = flat[flat.isfinite()].float()
    return torch.histc(flat, bins, low, high if high > low else low + 1).numpy().astype(np.int32)


def wrap_sentence(found: Changed) -> str:
    """How many bytes wrapped around, with one of them."""
    if not found.wrapped:
        return "No value has wrapped around." if found.result.dtype == torch.uint8 else ""
    should, is_ = found.example
    return (
        f"**{found.wrapped:,} values wrapped around:** uint8 goes from 255 on to 0, so a value that should be "
        f"{should} has become {is_} ({should} − {256 * ((should - is_) // 256)})."
        if should > is_
        else f"**{found.wrapped:,} values wrapped around:** uint8 goes no lower than 0 and goes on at 255, so a value "
        f"that should be {should} has become {is_}."
    )
