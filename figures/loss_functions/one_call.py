"""One call of a loss module: what every sample costs, and how the cost changes with each prediction."""

import math

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots
from torch import Tensor

from core.loss_functions.calculation import Argument, Calculation
from figures.loss_functions.words import difference, say, short
from figures.picture import Picture
from figures.style import SEQUENCE, axes, numbers

ROOM = {1: 12, 2: 7, 3: 5}  # samples -> characters of a value that fit below an axis on a phone
SAME_SLOPE = 1e-6  # relative; float32 keeps about seven digits
HATCHES = ("", "/", "x", ".", "\\", "+")


def losses_and_gradient(found: Calculation, curve: tuple[Tensor, Tensor] | None = None) -> Picture:
    """Left: every sample's loss. Right: the gradient by every number that a network would give.

    Args:
        curve: errors and their losses; if given, the samples are drawn on it instead of as bars.
    """
    samples = [str(i) for i in range(1, len(found.each) + 1)]
    figure = make_subplots(cols=2, horizontal_spacing=0.06)
    color = SEQUENCE[0][0]
    if curve is None:
        figure.add_bar(x=samples, y=numbers(found.each), name="loss", marker_color=color, showlegend=False)
    else:
        _on_curve(figure, found, curve, samples)
    for i, (column, slope) in enumerate(found.gradients.items()):
        figure.add_bar(
            x=samples,
            y=numbers(slope),
            name=column,
            marker={"color": SEQUENCE[(i + 1) % 5][0], "pattern": {"shape": HATCHES[i % 6], "solidity": 0.2}},
            col=2,
            row=1,
        )
    axes(figure, "sample" if curve is None else "error (predicted − actual)", f"loss ({found.unit})")
    if curve is None:
        figure.update_xaxes(type="category", **_ticks(samples, found.each), col=1)
    slopes = list(found.gradients.values())
    ticks = _ticks(samples, slopes[0]) if len(slopes) == 1 else {}
    figure.update_xaxes(type="category", title_text="sample", **ticks, col=2)
    figure.update_yaxes(title_text=f"gradient (of {_returned(found)})", side="right", col=2)
    caption = _caption(found)
    return Picture(
        figure, caption, f"Bars of the loss of {len(samples)} samples and its gradient. {caption}", table(found)
    )


def _on_curve(figure: go.Figure, found: Calculation, curve: tuple[Tensor, Tensor], samples: list[str]) -> None:
    """The loss as a curve over the error, with every sample, by its number, on it."""
    errors = found.steps[0].values
    color, dash, marker = SEQUENCE[0]
    line = {"color": color, "dash": dash, "width": 3}
    figure.add_scatter(x=numbers(curve[0]), y=numbers(curve[1]), mode="lines", line=line, showlegend=False)
    figure.add_scatter(
        x=numbers(errors),
        y=numbers(found.each),
        mode="markers",
        name="sample",
        text=samples,
        hovertemplate="sample %{text}: error %{x}, loss %{y}<extra></extra>",
        marker={"color": SEQUENCE[1][0], "symbol": "diamond", "size": 12, "line": {"color": "white", "width": 1.5}},
    )


def _ticks(samples: list[str], values: Tensor) -> dict[str, object]:
    """The samples along an axis, each with its value below it as long as there is room."""
    if len(samples) not in ROOM:
        return {"tickangle": 0}
    most = ROOM[len(samples)]
    text = [f"{name}<br>{short(v, most)}" for name, v in zip(samples, values.tolist(), strict=True)]
    return {"tickvals": samples, "ticktext": text, "tickangle": 0}


def _caption(found: Calculation) -> str:
    each = found.each.tolist()
    off = (found.each - found.steps[-1].values).abs().max().item()
    dearest = max(range(len(each)), key=lambda i: each[i])
    total = sum(each)
    share = f", {each[dearest] / total:.0%} of the sum" if len(each) > 1 and total > 0 else ""
    return (
        f"Left, what each sample costs: sample {dearest + 1} costs the most, {say(each[dearest])}{share}. Right, how "
        f"much {_returned(found)} rises for one unit more of a prediction; {_steepest(found)}. The "
        f"steps by hand differ from torch by {difference(off)}."
    )


def _steepest(found: Calculation) -> str:
    """Which gradient is the largest, or that several are."""
    slopes = [
        (f"that by {column} of sample {i + 1}", slope)
        for column, of_samples in found.gradients.items()
        for i, slope in enumerate(of_samples.tolist())
    ]
    most = max(abs(slope) for _, slope in slopes)
    top = [(name, slope) for name, slope in slopes if math.isclose(abs(slope), most, rel_tol=SAME_SLOPE)]
    one_sign = len({slope > 0 for _, slope in top}) == 1
    size = say(top[0][1]) if one_sign and top else f"{say(most)} up or down"
    if len(top) == 1:
        return f"steepest is {top[0][0]}, {size}"
    if len(top) == len(slopes):
        return f"all are equally steep, {size}" if most else "all are 0"
    if not top:
        return "not all are numbers"
    listed = " and ".join(name for name, _ in top) if len(top) == 2 else f"{len(top)} of {len(slopes)}, equally"
    return f"steepest are {listed}, {size}"


def _returned(found: Calculation) -> str:
    return {"none": "the sum", "sum": "the sum", "mean": "the mean"}.get(found.reduction, "the batchmean")


def table(found: Calculation) -> pd.DataFrame:
    """Every sample with what went in, each step, torch's loss and the gradient."""
    columns: dict[str, object] = {"sample": range(1, len(found.each) + 1)}
    for argument in found.arguments:
        for place, name in enumerate(_typed(argument)):
            columns[name] = [row[place] if isinstance(row, list) else row for row in argument.numbers]
    columns |= {f"{step.name} (by hand)": numbers(step.values) for step in found.steps}
    columns["loss (torch)"] = numbers(found.each)
    columns |= {f"gradient by {name}": numbers(slope) for name, slope in found.gradients.items()}
    return pd.DataFrame(columns)


def arithmetic(found: Calculation, row: int) -> str:
    """The steps of one sample and the reduction, as a Markdown list."""
    inputs = [
        f"{name} {say(value[place] if isinstance(value, list) else value, 9)}"
        for argument in found.arguments
        for value in [argument.numbers[row]]
        for place, name in enumerate(_typed(argument))
    ]
    lines = ["**what goes in**: " + ", ".join(inputs)]
    lines += [f"**{step.name}** ({step.formula}): {say(step.values[row].item(), 9)}" for step in found.steps]
    lines.append(f"**reduction {found.reduction}**: {_reduction(found)}")
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))


def _typed(argument: Argument) -> tuple[str, ...]:
    """The names of the numbers as they are typed: before the logarithm."""
    return tuple(name.removeprefix("log ") for name in argument.columns) if argument.log else argument.columns


def _reduction(found: Calculation) -> str:
    each = found.steps[-1].values.tolist()
    total = " + ".join(say(v) for v in each)
    if found.reduction == "none":
        shape = tuple(found.value.shape)
        return f"nothing is added up; torch returns a tensor of shape {shape}"
    value = say(found.value_by_hand.item(), 9)
    if found.reduction == "sum":
        return f"{total} = {value}"
    divisor = found.mean_divisor
    what = "the number of samples"
    if found.name == "KLDivLoss" and found.reduction == "mean":
        what = "samples times classes, which is not the definition of KL"
    elif found.name == "NLLLoss" and "weight" in found.options:
        what = "the sum of the weights of the targets' classes"
    return f"({total}) / {divisor:g} = {value}; the divisor is {what}"
