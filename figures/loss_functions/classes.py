"""Cross-entropy of one sample: probabilities beside the gradient."""

import pandas as pd
import torch
from plotly.subplots import make_subplots

from core.loss_functions.classes import NAMES, ClassResult
from figures.loss_functions.words import difference, say, short
from figures.picture import Picture
from figures.style import BLUE, GREEN, PURPLE, VERMILLION, axes, numbers

STROKE = 0.3  # half of a stroke's length; a class takes 1, its bar 0.8
ROOM = {2: 7, 3: 5}  # classes -> characters of a value that fit below an axis on a phone


def probabilities_and_gradient(result: ClassResult, row: int) -> Picture:
    """Left: what the softmax makes of the scores. Right: how the loss changes with each score."""
    places, hover = list(range(len(result.names))), "%{hovertext}: %{y}"
    classes = [f"{name} ({i})" for i, name in enumerate(result.names)]
    named = {"hovertext": classes, "hovertemplate": hover}
    p, t = result.probabilities[row], result.soft_target[row]
    figure = make_subplots(cols=2, horizontal_spacing=0.06)
    figure.add_bar(x=places, y=numbers(p), name="softmax", marker_color=BLUE, col=1, row=1, **named)
    figure.add_scatter(**_strokes(t, classes), name="target", line={"width": 4, "color": VERMILLION}, col=1, row=1)
    g, by_hand = result.gradient[row], result.gradient_by_hand[row]
    figure.add_bar(
        x=places,
        y=numbers(g),
        name="gradient (autograd)",
        marker_color=GREEN,
        col=2,
        row=1,
        **named,
    )
    figure.add_scatter(
        **_strokes(by_hand, classes),
        name=formula_name(result),
        line={"width": 4, "color": PURPLE},
        col=2,
        row=1,
    )
    axes(figure, "class", "probability or share")
    figure.update_xaxes(title_text=_axis_title(result.names), showgrid=False, zeroline=False)
    figure.update_xaxes(**_ticks(result.names, p), col=1)
    figure.update_xaxes(**_ticks(result.names, g), col=2)
    figure.update_yaxes(title_text="gradient (nats per unit of score)", side="right", col=2, zeroline=True)
    figure.update_yaxes(range=[0, max(1.0, t.max().item()) * 1.06], col=1)
    top = max(g.max().item(), by_hand.max().item(), 0.0)
    low = min(g.min().item(), by_hand.min().item(), 0.0)
    room = 0.08 * max(top - low, 1e-6)
    figure.update_yaxes(range=[low - room, top + room], col=2)
    figure.update_layout(height=330 if len(result.names) in ROOM else 370)
    caption = _caption(result, row)
    alt = f"Bars of the probability of each class and of the gradient by each score, for sample {row + 1}. {caption}"
    return Picture(figure, caption, alt, class_table(result))


def _strokes(values: torch.Tensor, classes: list[str]) -> dict[str, object]:
    """A level stroke for each class, narrower than its bar, which lies on or above the bar without hiding it."""
    return {
        "x": [x for i in range(len(classes)) for x in (i - STROKE, i + STROKE, None)],
        "y": [y for value in numbers(values) for y in (value, value, None)],
        "mode": "lines",
        "hovertext": [name for name in classes for _ in range(3)],
        "hovertemplate": "%{hovertext}: %{y}",
    }


def _ticks(names: tuple[str, ...], values: torch.Tensor) -> dict[str, object]:
    """The classes along an axis, each with its value below it where that fits on a phone; never turned."""
    places = list(range(len(names)))
    text = [str(i) for i in places]
    if len(names) in ROOM:
        apart, most = " " if len(names) == 2 else "<br>", ROOM[len(names)]
        text = [
            f"{name}{apart}({i})<br>{short(v, most)}"
            for i, (name, v) in enumerate(zip(names, values.tolist(), strict=True))
        ]
    return {"tickvals": places, "ticktext": text, "tickangle": 0, "range": [-0.5, len(names) - 0.5]}


def _axis_title(names: tuple[str, ...]) -> str:
    """The classes' names two a line where there are too many to stand below the bars."""
    if len(names) in ROOM:
        return "class"
    said = [f"{i} {name}" for i, name in enumerate(names)]
    return "class<br>" + "<br>".join(", ".join(said[i : i + 2]) for i in range(0, len(said), 2))


def formula_name(result: ClassResult) -> str:
    """The closed form of the gradient, in words."""
    parts = ["softmax − target"]
    if result.weight is not None:
        parts = ["Σtarget · softmax − target"]
    divisors = [f"/ T {result.settings.temperature:g}"] if result.settings.temperature != 1 else []
    if result.settings.reduction == "mean" and result.divisor != 1:
        divisors.append(f"/ {result.divisor:g}")
    return f"({parts[0]}) {' '.join(divisors)}" if divisors else parts[0]


def _caption(result: ClassResult, row: int) -> str:
    if not result.kept[row]:
        return (
            f"Sample {row + 1} has the target {result.settings.ignore_index}, which is ignored: loss 0, gradient 0, "
            "and the mean does not count it."
        )
    p, y = result.probabilities[row], int(result.target[row])
    best = int(p.argmax())
    verdict = "is the largest" if best == y else f"is not the largest ({NAMES[best]} has {say(p[best].item(), 4)})"
    g = result.gradient[row]
    off = (g - result.gradient_by_hand[row]).abs().max().item()
    direction = _direction(g[y].item(), NAMES[y])
    return (
        f"Sample {row + 1}: {NAMES[y]} is right and gets probability {say(p[y].item(), 4)}, which {verdict}. "
        f"{direction} The purple strokes are the closed form, {formula_name(result)}; the largest difference from "
        f"autograd is {difference(off)}."
    )


def _direction(slope: float, name: str) -> str:
    if slope < 0:
        return f"A bar below zero means that a higher score lowers the loss: for {name}, {say(slope, 4)} a unit."
    if slope > 0:
        return f"Smoothing makes {name} too sure already: a higher score raises the loss by {say(slope, 4)} a unit."
    return f"The slope by the score of {name} is 0: this sample pushes nowhere."


def class_table(result: ClassResult) -> pd.DataFrame:
    """Every sample with each step to its loss, then the probability of each class and the gradient by its score."""
    z = result.scaled
    index = result.target.where(result.kept, 0)[:, None]
    return pd.DataFrame(
        {
            "sample": range(1, len(z) + 1),
            "target": result.target.tolist(),
            "z of the target": numbers(z.gather(1, index)[:, 0]),
            "log Σ e^z": numbers(torch.logsumexp(z, dim=1)),
            "probability": numbers(result.probabilities.gather(1, index)[:, 0]),
            "−log probability": numbers(-result.log_probabilities.gather(1, index)[:, 0]),
            "by hand": numbers(result.each_by_hand),
            "torch": numbers(result.each),
        }
        | {f"softmax of {name}": numbers(p) for name, p in zip(result.names, result.probabilities.T, strict=True)}
        | {f"gradient by {name}": numbers(g) for name, g in zip(result.names, result.gradient.T, strict=True)}
    )


def arithmetic(result: ClassResult, row: int) -> str:
    """The loss of one sample step by step, as a Markdown list."""
    s, z = result.settings, result.scaled[row]
    shifted = z - z.max()
    powers = shifted.exp()
    lines = []
    if s.temperature != 1:
        divided = ", ".join(
            f"{say(v)} / {s.temperature:g} = {say(w)}"
            for v, w in zip(result.logits[row].tolist(), z.tolist(), strict=True)
        )
        lines.append(f"**temperature** {divided}")
    terms = " + ".join(f"e^({say(v, 4)})" for v in shifted.tolist())
    lines.append(
        f"**powers**, the largest score taken out first: {terms} = {' + '.join(say(v, 5) for v in powers.tolist())} "
        f"= {say(powers.sum().item(), 7)}"
    )
    lines.append(
        "**softmax**, each power over the sum: " + ", ".join(say(v) for v in result.probabilities[row].tolist())
    )
    lines.append("**−log** of each: " + ", ".join(say(-v) for v in result.log_probabilities[row].tolist()))
    lines.append(f"**target**{_target_words(result)}: " + ", ".join(say(v) for v in result.soft_target[row].tolist()))
    products = [
        f"{say(t)} · {say(-v)}"
        for t, v in zip(result.soft_target[row].tolist(), result.log_probabilities[row].tolist(), strict=True)
        if t
    ]
    lines.append(
        f"**loss of sample {row + 1}**: {' + '.join(products) or 'ignored'} = {say(result.each_by_hand[row].item(), 9)}"
    )
    lines.append(f"**reduction {s.reduction}**: {_reduction(result)}")
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))


def _target_words(result: ClassResult) -> str:
    parts = []
    if result.settings.label_smoothing:
        parts.append(f"{result.settings.label_smoothing:g} of it spread over {len(result.names)} classes")
    if result.weight is not None:
        parts.append("times the class weights " + ", ".join(say(w) for w in result.weight.tolist()))
    return f" ({'; '.join(parts)})" if parts else ""


def _reduction(result: ClassResult) -> str:
    each = result.each_by_hand.tolist()
    total = " + ".join(say(v) for v in each)
    if result.settings.reduction == "none":
        return f"nothing is added up; torch returns {len(each)} number{'s' if len(each) > 1 else ''}"
    value = say(result.value_by_hand.item(), 9)
    if result.settings.reduction == "sum":
        return f"{total} = {value}"
    what = "number of samples that count" if result.weight is None else "sum of the weights of their classes"
    return f"({total}) / {result.divisor:g} = {value}; the divisor is the {what}"
