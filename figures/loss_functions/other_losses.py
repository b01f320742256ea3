"""Losses of vectors in the plane: one sample's points with the way each is pulled, beside every sample's loss."""

import math

from plotly.subplots import make_subplots

from core.loss_functions.calculation import Calculation
from core.loss_functions.other_losses import pulls, rows_without_sum_one
from figures.loss_functions.calculation import loss_bars, losses_and_gradient, table, write_values
from figures.picture import Picture
from figures.style import GREY, SEQUENCE, axes
from figures.words import fmt, listed

LONGEST = 0.25  # the longest pull, as a share of the picture's width


def sample_picture(found: Calculation, row: int) -> Picture:
    """Bars; for the losses of vectors, one sample in the plane."""
    vectors = found.name in ("CosineEmbeddingLoss", "TripletMarginLoss")
    return in_the_plane(found, row) if vectors else losses_and_gradient(found, row)


def sums_warning(found: Calculation) -> str:
    """Which class probabilities do not add up to 1; nothing where all do."""
    rows = rows_without_sum_one(found) if found.name == "CrossEntropyLoss" else []
    names = f"Row{'s' if len(rows) > 1 else ''} {listed(list(map(str, rows)))}"
    return f"{names}: the probabilities do not add up to 1. torch says nothing and computes." if rows else ""


def in_the_plane(found: Calculation, row: int) -> Picture:
    """CosineEmbeddingLoss as two arrows from the origin, TripletMarginLoss as three points with the anchor's circle."""
    arguments = zip(found.loss.arguments, found.numbers, strict=True)
    points = {argument.name: tuple(typed[row]) for argument, typed in arguments if argument.learned}
    figure = make_subplots(cols=2, horizontal_spacing=0.06, column_widths=[0.62, 0.38])
    from_origin, outline = found.name == "CosineEmbeddingLoss", []
    if not from_origin:
        outline = _outlines(found, row)
        x, y = zip(*outline, strict=True)
        line = {"color": GREY, "dash": "dot", "width": 2}
        figure.add_scatter(x=x, y=y, mode="lines", name="the negative should be outside", line=line)
    drawn = [*points.values(), *(point for point in outline if point[0] is not None), (0.0, 0.0)]
    span = max(max(xs) - min(xs) for xs in zip(*drawn, strict=True)) or 1.0
    pulled = pulls(found, row)
    longest = max(math.hypot(*pull) for pull in pulled.values())
    for (name, (x, y)), (color, dash, marker) in zip(points.items(), SEQUENCE, strict=False):
        figure.add_scatter(
            x=[0.0, x] if from_origin else [x],
            y=[0.0, y] if from_origin else [y],
            name=name,
            mode="lines+markers" if from_origin else "markers",
            line={"color": color, "dash": dash, "width": 3},
            marker={"color": color, "symbol": marker, "size": [1, 14] if from_origin else 14},
        )
        if any(pulled[name]):
            dx, dy = (LONGEST * span / longest * part for part in pulled[name])
            head = {"symbol": "arrow", "size": [0, 16], "angleref": "previous", "color": color}
            way = {"x": [x, x + dx], "y": [y, y + dy], "mode": "lines+markers", "marker": head}
            figure.add_scatter(**way, line_color=color, showlegend=False)
    figure.add_trace(loss_bars(found), col=2, row=1)
    axes(figure, "first coordinate", "second coordinate").update_layout(height=400)
    write_values(figure)
    figure.update_yaxes(scaleanchor="x", scaleratio=1, col=1)
    figure.update_xaxes(type="category", title_text="sample", col=2)
    figure.update_yaxes(title_text=f"loss ({found.loss.unit})", side="right", col=2)
    arrows = "Arrows show the way downhill" if longest else "Its gradient is 0, so no point is pulled"
    caption = f"The points of sample {row + 1}, which costs {fmt(found.each[row].item(), 6)}. {arrows}."
    return Picture(figure, caption, f"Points in the plane, and bars of the losses. {caption}", table(found))


def _outlines(found: Calculation, row: int) -> list[tuple[float | None, float | None]]:
    """The line at which a negative costs nothing: as far from the anchor as the positive, and the margin farther.

    With `swap` there is one more around the positive; a pair of None lifts the pen.
    """
    radius = found.step("to the positive")[row].item() + found.options["margin"]
    corners = 4 if found.options["p"] == 1.0 else 72  # with norm 1 the circle is a square on its tip
    turns = [2 * math.pi * i / corners for i in range(corners + 1)]
    points: list[tuple[float | None, float | None]] = []
    for typed in found.numbers[: 2 if found.options["swap"] else 1]:
        x, y = typed[row]
        points += [(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns] + [(None, None)]
    return points[:-1]
