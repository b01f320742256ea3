"""Losses of vectors in the plane: one sample's points with the way each is pulled, beside every sample's loss."""

import math

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.loss_functions.calculation import Calculation
from figures.loss_functions.one_call import table
from figures.loss_functions.words import difference, say
from figures.picture import Picture
from figures.style import GREY, SEQUENCE, axes, numbers

LONGEST = 0.25  # the longest pull, as a share of the picture's width


def in_the_plane(found: Calculation, row: int) -> Picture:
    """CosineEmbeddingLoss as two arrows from the origin, TripletMarginLoss as three points with the anchor's circle."""
    points = {a.name: tuple(a.numbers[row]) for a in found.arguments if a.learned}
    pulls = {a.name: tuple(-found.gradients[c][row].item() for c in a.columns) for a in found.arguments if a.learned}
    figure = make_subplots(cols=2, horizontal_spacing=0.06, column_widths=[0.62, 0.38])
    outline = _outlines(found, row) if found.name == "TripletMarginLoss" else []
    if outline:
        figure.add_scatter(
            x=[x for x, _ in outline],
            y=[y for _, y in outline],
            mode="lines",
            name="the negative should be outside",
            line={"color": GREY, "dash": "dot", "width": 2},
        )
    drawn = [(x, y) for x, y in outline if x is not None]
    everything = [*points.values(), *drawn, (0.0, 0.0)]
    span = max(max(xs) - min(xs) for xs in zip(*everything, strict=True)) or 1.0
    longest = max(math.hypot(*pull) for pull in pulls.values())
    for (name, (x, y)), (color, dash, marker) in zip(points.items(), SEQUENCE, strict=False):
        from_origin = found.name == "CosineEmbeddingLoss"
        figure.add_scatter(
            x=[0.0, x] if from_origin else [x],
            y=[0.0, y] if from_origin else [y],
            name=name,
            mode="lines+markers" if from_origin else "markers",
            line={"color": color, "dash": dash, "width": 3},
            marker={"color": color, "symbol": marker, "size": [1, 14] if from_origin else 14},
        )
        if longest:
            _pull(figure, (x, y), pulls[name], LONGEST * span / longest, color)
    samples = [str(i) for i in range(1, len(found.each) + 1)]
    chosen = [SEQUENCE[0][0] if i == row else GREY for i in range(len(samples))]
    figure.add_bar(x=samples, y=numbers(found.each), marker_color=chosen, showlegend=False, name="loss", col=2, row=1)
    axes(figure, "first coordinate", "second coordinate")
    figure.update_yaxes(scaleanchor="x", scaleratio=1, col=1)
    figure.update_xaxes(type="category", title_text="sample", col=2)
    figure.update_yaxes(title_text=f"loss ({found.unit})", side="right", col=2)
    figure.update_layout(height=400)
    caption = _caption(found, row, pulls)
    return Picture(figure, caption, f"The points of one sample in the plane. {caption}", table(found))


def _outlines(found: Calculation, row: int) -> list[tuple[float | None, float | None]]:
    """The line at which a negative costs nothing: as far from the anchor as the positive, and the margin farther.

    With `swap` there is one more around the positive; a pair of None lifts the pen.
    """
    radius = found.steps[0].values[row].item() + found.options["margin"]
    corners = 4 if found.options["p"] == 1.0 else 72  # with norm 1 the circle is a square on its tip
    turns = [2 * math.pi * i / corners for i in range(corners + 1)]
    centers = [argument.numbers[row] for argument in found.arguments[: 2 if found.options["swap"] else 1]]
    points: list[tuple[float | None, float | None]] = []
    for x, y in centers:
        points += [(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns] + [(None, None)]
    return points[:-1]


def _pull(figure: go.Figure, at: tuple[float, float], pull: tuple[float, float], scale: float, color: str) -> None:
    """An arrow downhill, against the gradient."""
    if not any(pull):
        return
    figure.add_annotation(
        x=at[0] + scale * pull[0],
        y=at[1] + scale * pull[1],
        ax=at[0],
        ay=at[1],
        xref="x",
        yref="y",
        axref="x",
        ayref="y",
        text="",
        showarrow=True,
        arrowhead=2,
        arrowwidth=3,
        arrowcolor=color,
    )


def _caption(found: Calculation, row: int, pulls: dict[str, tuple[float, float]]) -> str:
    loss, last = found.each[row].item(), found.steps[-1].values[row].item()
    if not any(any(pull) for pull in pulls.values()):
        pulled = "Nothing is pulled: the gradient is 0."
    else:
        sizes = ", ".join(f"{name} {say(math.hypot(*pull), 4)}" for name, pull in pulls.items())
        pulled = f"The arrows point downhill, against the gradient, with these lengths: {sizes}."
    values = "; ".join(f"{step.name} {say(step.values[row].item())}" for step in found.steps[:-1])
    return (
        f"Sample {row + 1}: {values}. Its loss is {say(loss)}; by hand it differs from torch by "
        f"{difference(abs(loss - last))}. {pulled}"
    )
