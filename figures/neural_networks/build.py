"""A model as a column of boxes, each as wide as what it is given and what it hands on."""

import math

import pandas as pd
import plotly.graph_objects as go

from core.neural_networks.build import BYTES, Built, Step
from core.neural_networks.sizes import Shape
from figures.picture import Picture
from figures.style import BLUE, GREY, VERMILLION, axes
from figures.words import plural

LEARNS, PASSES = "rgba(0, 114, 178, 0.24)", "rgba(128, 134, 140, 0.16)"  # thin, so that letters keep their contrast
FAILS = "rgba(213, 94, 0, 0.26)"
NARROWEST = 0.42  # half of the width of a box, of 1
GAP = 0.34  # between two boxes, of 1 a layer: room for the shape
MANY = 8  # layers; beyond them the letters are small
RIGHT = 3.2  # where the names end
COUNTS = 1  # the place of the trace that says how many numbers each layer learns


def model_picture(built: Built, marked: int) -> Picture:
    """From the input on top to the output below, the shape between the layers.

    Args:
        marked: the layer with the thick edge, counted from 0.
    """
    steps, n = built.steps, len(built.steps)
    middle = [i + (1 + GAP) / 2 for i in range(n)]
    shapes = [built.settings.input_shape, *(step.returned for step in steps)]
    figure, size = go.Figure(), 13 if n <= MANY else 11
    words = ["" if shape is None else f"{shape}" for shape in shapes]
    words = [f"input {words[0]}", *words[1:-1], f"output {words[-1]}" if words[-1] else ""]
    figure.add_scatter(
        x=[0.0] * (n + 1), y=[i + GAP / 2 for i in range(n + 1)], text=words, mode="text", textfont={"size": size}
    )
    counts = [f"<b>{step.count:,}</b>" for step in steps]
    figure.add_scatter(x=[0.0] * n, y=middle, text=counts, mode="text", textfont={"size": size + 2})
    names = [f"<b>{step.name}</b><br>{step.layer.code}" for step in steps]
    figure.add_scatter(
        x=[1.1] * n, y=middle, text=names, mode="text", textposition="middle right", textfont={"size": size}
    )
    for i, step in enumerate(steps):
        figure.add_shape(type="path", path=_box(i, step, _widest(shapes)), layer="below", **_style(built, i, marked))
    axes(figure, "from the input on top to the output below", "layers").update_layout(height=60 + 66 * n)
    figure.update_traces(hoverinfo="skip", showlegend=False, cliponaxis=False)
    figure.update_xaxes(visible=False, range=[-1.05, RIGHT], fixedrange=True)
    figure.update_yaxes(visible=False, range=[n + GAP, -0.05], fixedrange=True)
    figure.update_layout(margin={"t": 5, "b": 5})
    caption = _caption(built, marked)
    return Picture(figure, caption, f"Drawing of a model, layer by layer. {caption}", layer_table(built))


def _widest(shapes: list[Shape | None]) -> int:
    return max(math.prod(shape) for shape in shapes if shape is not None)


def _box(place: int, step: Step, most: int) -> str:
    """A box as an SVG path; its width grows with the logarithm of the numbers that come in above and go out below."""

    def half(shape: Shape | None) -> float:
        share = 0.0 if shape is None else math.log1p(math.prod(shape)) / math.log1p(most)
        return NARROWEST + (1 - NARROWEST) * share

    top, bottom = half(step.given), half(step.returned or step.given)
    low, high = place + GAP, place + 1
    return f"M{-top},{low}L{top},{low}L{bottom},{high}L{-bottom},{high}Z"


def _style(built: Built, place: int, marked: int) -> dict[str, object]:
    """Fill and edge of a box: what learns, what only passes on, what fails, and what is never reached."""
    step, failed = built.steps[place], built.mismatch.place if built.mismatch else len(built.steps)
    line = {"color": BLUE, "width": 5} if place == marked else {"color": GREY, "width": 1.5}
    if place == failed:
        line = {"color": VERMILLION, "width": 5, "dash": "dash"}
    if place > failed:
        line |= {"dash": "dot"}
    fill = FAILS if place == failed else LEARNS if step.count else PASSES
    return {"fillcolor": fill, "line": line}


def _caption(built: Built, marked: int) -> str:
    total = f"{plural(built.count, 'number')} in all, {BYTES * built.count:,} bytes"
    if built.mismatch:
        return (
            f"The box with the dashed edge, {built.steps[built.mismatch.place].name}, does not fit what it is given; "
            f"nothing behind it is computed. In each box: how many numbers the layer learns, {total}."
        )
    step = built.steps[marked]
    return (
        f"In each box: how many numbers the layer learns, {total}; between the boxes: the shape that is handed on. "
        f"Thick edge: {step.name}, {counted(step)}."
    )


def counted(step: Step) -> str:
    """The numbers that a layer learns as a calculation, such as 10 × 64 + 64 = 704."""
    terms = [" × ".join(map(str, weight_factors(step)))] if "weight" in step.parameters else []
    terms += [f"{step.parameters['bias'][0]}"] if "bias" in step.parameters else []
    return f"{' + '.join(terms)} = {step.count:,}" if terms else "nothing to learn"


def weight_factors(step: Step) -> list[int]:
    """The shape of the weights with the inputs first, as one says it."""
    outputs, *inputs = step.parameters["weight"]
    return [*inputs, outputs]


def layer_table(built: Built) -> pd.DataFrame:
    """One row a layer, then the sum."""
    rows = [
        {
            "name": step.name,
            "layer": step.layer.code,
            "input": "not reached" if step.given is None else f"{step.given}",
            "output": "none" if step.returned is None else f"{step.returned}",
            "parameters": counted(step),
            "count": step.count,
            "bytes": BYTES * step.count,
            "FLOPs": step.flops,
        }
        for step in built.steps
    ]
    total = {"name": "all layers", "count": built.count, "bytes": BYTES * built.count, "FLOPs": built.flops}
    return pd.DataFrame([*rows, total]).fillna("")


def by_hand(step: Step) -> str:
    """Parameters, memory and work of one layer, step by step."""
    start = f"`{step.name}` is `{step.layer.code}`."
    if not step.count:
        return f"{start} It has no weights and no biases, so it learns 0 numbers and takes 0 × {BYTES} = **0 bytes**."
    work, factors = "", weight_factors(step)
    if step.products:
        terms = math.prod(factors[:-1])
        work = (
            f" One pass: {step.products // terms:,} outputs × {terms:,} products = {step.products:,}; each product "
            f"takes a multiplication and an addition, 2 × {step.products:,} = {step.flops:,} FLOPs (operations)."
        )
    weights, parts = math.prod(factors), " × ".join(map(str, factors))
    parts = f"{parts} = {weights:,} weights" if len(factors) > 1 else f"{weights:,} weights"
    if step.count > weights:
        parts += f", plus {step.count - weights:,} biases: {weights:,} + {step.count - weights:,} = {step.count:,}"
    memory = f"In memory: {step.count:,} × {BYTES} bytes = **{BYTES * step.count:,} bytes**."
    return f"{start} It learns {parts} numbers.{work} {memory}"
