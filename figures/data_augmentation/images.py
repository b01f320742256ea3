"""Sixteen copies of a picture in a square, and what was drawn for one of them."""

import pandas as pd
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.data_augmentation.images import COPIES, Variants, corner_of
from core.data_augmentation.settings import IMAGE_OPERATIONS
from figures.picture import Picture
from figures.png import png
from figures.style import VERMILLION, axes
from figures.words import bracketed, fmt, typeset_numbers

ACROSS, GAP = 4, 0.08  # copies in a row; room between them, as a share of a copy's width
BARE = {"showgrid": False, "zeroline": False, "showticklabels": False, "ticks": "", "constrain": "domain"}
SHARPEST = 96  # pixels a side that a small picture is enlarged to


def sixteen(variants: Variants, copy: int) -> Picture:
    """All copies; that with the given place is framed."""
    figure = _grid(variants.images, copy)
    kept = variants.kept
    lit = "of the pixels that are not black keep their number"
    caption = (
        f"Sixteen copies of one picture, the framed one is looked at. On average {kept.mean():.0%} {lit}; "
        f"in the framed one {kept[copy]:.0%}."
    )
    table = pd.DataFrame({"copy": range(1, COPIES + 1)})
    for name in variants.settings.operations:
        table[IMAGE_OPERATIONS[name]] = [sampled.get(name, "") for sampled in variants.sampled]
    for place, entry in enumerate(("a", "b", "c", "d", "e", "f")):
        table[entry] = variants.M.flatten(1)[:, place].numpy()
    table["same pixels"], table["share of the label"] = kept.numpy(), variants.share.numpy()
    return Picture(figure, caption, f"A square of sixteen small pictures. {caption}", table)


def original(variants: Variants) -> Picture:
    """The picture itself, before anything is done to it."""
    caption = "The picture before anything is done to it."
    figure = _grid(variants.image[None], None, across=1)
    return Picture(figure, caption, f"One small picture, large. {caption}")


def _grid(images: Tensor, framed: int | None, across: int = ACROSS) -> go.Figure:
    height, width = images.shape[-2:]
    times = max(SHARPEST // max(height, width), 1)
    pixels = (images.permute(0, 2, 3, 1) * 255).round().to(torch.uint8)
    pixels = pixels.repeat_interleave(times, 1).repeat_interleave(times, 2)
    height, width = height * times, width * times
    gap = round(GAP * width)
    canvas = torch.zeros(across * (height + gap) - gap, across * (width + gap) - gap, 4, dtype=torch.uint8)
    for place, one in enumerate(pixels):
        top, left = (place // across) * (height + gap), (place % across) * (width + gap)
        canvas[top : top + height, left : left + width, :3] = one
        canvas[top : top + height, left : left + width, 3] = 255
    dx, dy = 1 / (width + gap), 1 / (height + gap)
    figure = go.Figure(go.Image(source=png(canvas), x0=dx / 2, dx=dx, y0=dy / 2, dy=dy, hoverinfo="skip"))
    if framed is not None:
        row, column = divmod(framed, across)
        box = {"x0": column, "x1": column + width * dx, "y0": row, "y1": row + height * dy}
        figure.add_shape(**box, line={"color": VERMILLION, "width": 4})
    axes(figure, "columns", "rows")
    figure.update_xaxes(range=[-0.02, across - gap * dx + 0.02], **BARE)
    ratio = (height + gap) / (width + gap)
    figure.update_yaxes(range=[across - gap * dy + 0.02, -0.02], scaleanchor="x", scaleratio=ratio, **BARE)
    return figure.update_layout(height=430, margin={"l": 5, "r": 5, "t": 5, "b": 5})


def copy_at(x: float, y: float) -> int | None:
    """The number of the copy at a place of the square, counted from 1; None beside it."""
    inside = 0 <= x < ACROSS and 0 <= y < ACROSS
    return int(y) * ACROSS + int(x) + 1 if inside else None


def drawn_numbers(variants: Variants, copy: int) -> str:
    """What was drawn for a copy, as a list."""
    sampled = variants.sampled[copy]
    lines = [f"- {IMAGE_OPERATIONS[name]}: {typeset_numbers(said)}" for name, said in sampled.items()]
    if {"mixup", "cutmix"} & set(sampled):
        share = variants.share[copy].item()
        lines.append(f"- so its label is mixed, too: {share:.0%} this picture's, {1 - share:.0%} the other's")
    return "\n".join(lines or ["- nothing: this copy is the picture itself"])


def by_hand(variants: Variants, copy: int) -> str:
    """The lower right pixel through the matrix of a copy."""
    (x, y), (to_x, to_y) = corner_of(variants, copy)
    (a, b, c), (d, e, f) = variants.M[copy].tolist()

    def term(p: float, q: float, r: float) -> str:
        first, second, third = (bracketed(round(value, 4), 9) for value in (p, q, r))
        return f"{first} · {x:g} + {second} · {y:g} + {third}"

    return (
        f"All rotations, mirrors, scales, shears and crops together are six numbers, the matrix of the copy. It takes "
        f"the lower right pixel, column {x:g} and row {y:g}, to column {term(a, b, c)} = **{fmt(to_x, decimals=4)}** "
        f"and row {term(d, e, f)} = **{fmt(to_y, decimals=4)}**."
    )
