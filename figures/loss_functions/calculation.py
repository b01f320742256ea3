"""One call of a loss module: what every sample costs, how the cost changes with each prediction, and the arithmetic."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
import torch
from plotly.subplots import make_subplots
from torch import Tensor

from core.loss_functions.calculation import WEIGHT, Calculation, float32_agrees
from figures.picture import Picture
from figures.style import SEQUENCE, axes, numbers
from figures.words import fmt, typeset, typeset_numbers

HATCHES = ("", "/", "x", ".", "\\", "+")
DIGITS = 9  # name a float32 exactly, and are more than a reader needs to follow the arithmetic
PROBLEMS = {  # of `core.loss_functions.calculation.problem`
    "divides by 0": "The mean divides by 0: no sample counts, or those that do have the weight 0.",
    "overflow": "The loss is infinite: a number on the way passed 3.4e38, the largest of float32, an overflow.",
}


def torch_answer(found: Calculation) -> str:
    """The call and what Python shows of its result."""
    names = ", ".join(argument.name for argument in found.loss.arguments)
    return f">>> {found.code}({names})\n{found.value!s}   all digits: {_listed(found.value)} ({found.loss.unit})"


def losses_and_gradient(found: Calculation, row: int) -> Picture:
    """Left: every sample's loss. Right: the gradient by every number that a network would give."""
    picture = beside_gradient(found, row, [loss_bars(found)], "sample", "what each sample costs")
    picture.figure.update_xaxes(type="category")  # else two samples get ticks at halves
    return picture


def samples(found: Calculation) -> list[str]:
    return [str(i) for i in range(1, len(found.each) + 1)]


def loss_bars(found: Calculation) -> go.Bar:
    """What every sample costs."""
    return go.Bar(x=samples(found), y=numbers(found.each), marker_color=SEQUENCE[0][0], showlegend=False)


def beside_gradient(found: Calculation, row: int, left: Sequence[object], x: str, shows: str) -> Picture:
    """Some traces beside bars of the gradient.

    Args:
        x: the title of the left axis. shows: what is on the left.
    """
    figure = make_subplots(cols=2, horizontal_spacing=0.06)
    figure.add_traces(left, rows=1, cols=1)
    for i, (name, slopes) in enumerate(found.gradients.items()):
        marker = {"color": SEQUENCE[(i + 1) % 5][0], "pattern": {"shape": HATCHES[i % 6], "solidity": 0.2}}
        figure.add_bar(x=samples(found), y=numbers(slopes), name=name, marker=marker, col=2, row=1)
    axes(figure, x, f"loss ({found.loss.unit})")
    write_values(figure)
    figure.update_xaxes(type="category", title_text="sample", col=2)
    figure.update_yaxes(title_text="gradient", side="right", col=2)
    caption = (
        f"Left: {shows}; right: the gradient, how fast the loss grows with each number. "
        f"Sample {row + 1} costs {fmt(found.each[row].item(), DIGITS)}."
    )
    return Picture(figure, caption, f"Losses of {len(found.each)} samples. {caption}", table(found))


def write_values(figure: go.Figure) -> None:
    """Every bar's value beside it, where there is room."""
    for bar in figure.select_traces({"type": "bar"}):
        bar.update(text=[_short(float(y)) for y in bar.y], textposition="outside", cliponaxis=False)
    figure.update_layout(uniformtext={"minsize": 9, "mode": "hide"})


def _short(value: float) -> str:
    return typeset(f"{value:,.0f}") if 1e4 <= abs(value) < 1e7 else fmt(value)  # 40,000 and not 4e4


def table(found: Calculation) -> pd.DataFrame:
    """Every sample with what went in, each step, torch's loss and the gradient."""
    names = [[column.name for column in argument.columns] for argument in found.loss.arguments]
    columns: dict[str, object] = {"sample": samples(found)}
    for own, typed in zip(names, found.numbers, strict=True):
        columns |= _columns(own, torch.tensor(typed, dtype=torch.float64))
    for step in found.steps:
        several = [f"{step.name} of {name}" for name in names[0]]
        columns |= _columns(several if step.values.dim() > 1 else [f"{step.name} (by hand)"], step.values)
    columns["loss (torch)"] = numbers(found.each)
    return pd.DataFrame(columns | {f"gradient by {name}": numbers(slopes) for name, slopes in found.gradients.items()})


def _columns(names: list[str], values: Tensor) -> dict[str, object]:
    return dict(zip(names, values.reshape(len(values), -1).T.numpy(), strict=True))


def arithmetic(found: Calculation, row: int) -> str:
    """The steps of one sample and the reduction, as a Markdown list, then what torch makes of it."""
    lines = [f"**{step.name}**, {typeset_numbers(step.formula)}: {_listed(step.values[row])}" for step in found.steps]
    lines.append(f"**reduction {found.reduction}**: {_reduction(found)}")
    steps = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
    says = f"torch computes in float32, which keeps about seven digits: {_listed(found.value)}."
    if float32_agrees(found, DIGITS):
        says = f"torch computes in float32 and gets the same digits: {_listed(found.value)}."
    return f"Sample {row + 1}, step by step:\n\n{steps}\n\n{says}"


def _listed(values: Tensor, between: str = ", ") -> str:
    return between.join(fmt(value, DIGITS) for value in values.flatten().tolist())


def _reduction(found: Calculation) -> str:
    if found.reduction == "none":
        return "nothing is added up"
    total, value = _listed(found.steps[-1].values, " + "), _listed(found.value_by_hand)
    if found.reduction == "sum":
        return f"{total} = **{value}**"
    what = "the number of samples"
    if any(step.name == WEIGHT for step in found.steps):
        what = "the sum of the weights of the samples' classes"
    elif found.divisor > len(found.each):
        what = "samples times classes, which is not the definition of KL: batchmean is"
    return f"({total}) / {fmt(found.divisor, DIGITS)} = **{value}**; the divisor is {what}"
