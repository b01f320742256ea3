"""The neuron itself: inputs, weights on the links, the sum with the bias, the step, the answer."""

import plotly.graph_objects as go

from core.cache import cached
from core.perceptron.learn import PerceptronRun, sample_at
from figures.picture import Picture
from figures.style import BLUE, GREY, VERMILLION, axes
from figures.words import fmt

SUM, STEP, ANSWER = 5.2, 7.4, 9.5  # where they stand from left to right; inputs stand at 1
CIRCLE = {"symbol": "circle-open", "size": 52, "color": GREY, "line": {"width": 2}}
Change = dict[str, object]  # of a trace from one moment to the next


@cached
def neuron(run: PerceptronRun) -> Picture:
    """The sample that corrects the weights on its way through the neuron; one frame a step of the run."""
    bias, middle = run.samples.bias, 3.4
    heights, names = ([5.6, middle, 1.2], ["x1", "x2", "always 1"]) if bias else ([5.0, 1.8], ["x1", "x2"])
    fixed, decision = decision_traces(middle, "w·x + b" if bias else "w·x")
    ends = [{"x": [1.85, SUM - 0.85], "y": [y, middle + 0.1 * (y - middle)], "mode": "lines"} for y in heights]
    sides = ["top center" if y == middle else "top right" if y > middle else "bottom right" for y in heights]
    beside = {"x": [3.1 if y == middle else 2.7 for y in heights], "y": [middle + 0.74 * (y - middle) for y in heights]}
    moving = [
        *map(go.Scatter, ends),
        circles([1] * len(names), heights),
        texts(**beside, textposition=sides),
        *decision,
    ]
    changes = [_neuron_at(run, at) for at in run.frame_steps]
    figure = go.Figure([*fixed, titles([1] * len(names), heights, names), *moving])
    first = len(figure.data) - len(moving)
    for trace, change in zip(figure.data[first:], changes[0], strict=True):
        trace.update(change)
    draw_without_axes(figure, 0, 7)
    caption = (
        f"The sample of the moment: inputs times weights, added up{' with the bias b' if bias else ''}; the step "
        "answers 1 above 0, else 0. Solid links: weights above 0; dashed: below; dotted: 0."
    )
    frames = [{"data": change, "traces": list(range(first, len(figure.data)))} for change in changes]
    return Picture(figure, caption, f"Drawing of a neuron with its numbers. {caption}", frames=frames)


def _neuron_at(run: PerceptronRun, at: int) -> list[Change]:
    """The links, the inputs, the weights, and what is decided."""
    row, w = sample_at(run, at), run.weights[at]
    x, label = run.samples.inputs[row], int(run.samples.y[row])
    thickest, total = run.weights.abs().max().item() or 1.0, float(w @ x)
    links = [{"line": link(value, thickest)} for value in w.tolist()]
    named = [f"{name} = {fmt(value)}" for name, value in zip(("w1", "w2", "b"), w.tolist(), strict=False)]
    return [
        *links,
        {"text": [fmt(value) for value in x.tolist()]},
        {"text": named},
        *decided(total, label, (0, 1), "class"),
    ]


def link(weight: float, thickest: float) -> Change:
    """The sign as colour and dash, the size as width."""
    color, dash = (GREY, "dot") if not weight else (VERMILLION, "solid") if weight > 0 else (BLUE, "dash")
    return {"color": color, "dash": dash, "width": 1.5 + 4.5 * abs(weight) / thickest}


def decided(total: float, label: int, names: tuple[int, int], truth: str) -> list[Change]:
    """The sum, the answer in its class's colour, and whether it is right; see `decision_traces`.

    Args:
        names: of the classes 0 and 1. truth: what the right one is called.
    """
    answer = int(total > 0)
    verdict = f"{truth} {names[label]}:<br>{'right' if answer == label else 'wrong'}"
    marker = {"color": (BLUE, VERMILLION)[answer]}
    return [{"text": [fmt(total)]}, {"text": [str(names[answer])], "marker": marker}, {"text": [verdict]}]


def decision_traces(y: float, name: str) -> tuple[list[go.Scatter], list[go.Scatter]]:
    """What stays, and what changes: the sum, the answer, the verdict.

    Args:
        y: the height at which they stand. name: of the sum.
    """
    box = {"x": [6.6, 8.2, 8.2, 6.6, 6.6], "y": [y - 0.8, y - 0.8, y + 0.8, y + 0.8, y - 0.8]}
    jump = {"x": [6.8, STEP, STEP, 8.0], "y": [y - 0.5, y - 0.5, y + 0.5, y + 0.5]}
    between = {"x": [SUM + 0.8, 6.55, None, 8.25, ANSWER - 0.8], "y": [y, y, None, y, y]}
    drawn = zip((box, jump, between), (2, 4, 2), strict=True)
    fixed = [go.Scatter(part, mode="lines", line={"color": GREY, "width": width}) for part, width in drawn]
    answer = circles([ANSWER], [y]).update(marker={"line": {"width": 4}}, textfont={"size": 20})
    verdict = texts([ANSWER], [y - 0.9], textposition="bottom center")
    names = titles([SUM, STEP, ANSWER], [y] * 3, [name, "step", "answer"])
    return [*fixed, names], [circles([SUM], [y]), answer, verdict]


def circles(x: list[float], y: list[float]) -> go.Scatter:
    """Circles for a number each."""
    return go.Scatter(x=x, y=y, mode="markers+text", marker=CIRCLE, cliponaxis=False)


def titles(x: list[float], y: list[float], names: list[str]) -> go.Scatter:
    """Names above circles."""
    return texts(x, [value + 0.9 for value in y], text=names, textposition="top center")


def texts(x: list[float], y: list[float], **look: object) -> go.Scatter:
    """Words or numbers alone."""
    return go.Scatter(x=x, y=y, mode="text", **look)


def draw_without_axes(figure: go.Figure, low: float, top: float) -> None:
    """Room for everything, and nothing but what is drawn."""
    axes(figure, "from the inputs to the answer", "inputs").update_layout(height=350, margin={"t": 10})
    figure.update_traces(hoverinfo="skip", showlegend=False, textfont={"size": 13})
    figure.update_xaxes(visible=False, range=[0.2, 10.5], fixedrange=True)
    figure.update_yaxes(visible=False, range=[low, top], fixedrange=True)
