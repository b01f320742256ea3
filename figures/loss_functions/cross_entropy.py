"""Cross-entropy of one sample: probabilities beside the gradient."""

from plotly.subplots import make_subplots
from torch import Tensor

from core.loss_functions.calculation import Calculation
from core.loss_functions.cross_entropy import NAMES, gradient_by_hand, gradient_formula, is_ignored
from figures.loss_functions.calculation import DIGITS, table, write_values
from figures.picture import Picture
from figures.style import BLUE, GREEN, PURPLE, VERMILLION, axes, numbers
from figures.words import fmt

STROKE = 0.3  # half of a stroke's length; a class takes 1, its bar 0.8
FEW = 3  # classes, whose names fit below the bars on a phone


def probabilities_and_gradient(found: Calculation, row: int) -> Picture:
    """Left: what the softmax makes of the scores. Right: how the loss changes with each score."""
    names = list(found.gradients)
    p, target = found.step("softmax")[row], found.step("target")[row]
    gradient = [slopes[row].item() for slopes in found.gradients.values()]
    figure = make_subplots(cols=2, horizontal_spacing=0.06)
    places, hover = list(range(len(names))), {"hovertext": names, "hovertemplate": "%{hovertext}: %{y}"}
    figure.add_bar(x=places, y=numbers(p), name="softmax", marker_color=BLUE, col=1, row=1, **hover)
    figure.add_scatter(**_strokes(target), name="target", line={"width": 4, "color": VERMILLION}, col=1, row=1)
    figure.add_bar(x=places, y=gradient, name="gradient", marker_color=GREEN, col=2, row=1, **hover)
    by_hand, name = gradient_by_hand(found)[row], gradient_formula(found)
    figure.add_scatter(**_strokes(by_hand), name=name, line={"width": 4, "color": PURPLE}, col=2, row=1)
    axes(figure, "class", "probability or share")
    write_values(figure)
    short = [name.replace(" ", "<br>") if len(names) <= FEW else str(i) for i, name in enumerate(names)]
    figure.update_xaxes(title_text="class", showgrid=False, tickvals=places, ticktext=short, tickangle=0)
    figure.update_yaxes(title_text="gradient (nats per unit of score)", side="right", col=2, zeroline=True)
    figure.update_yaxes(range=[0, max(1.0, target.max().item()) * 1.06], col=1)
    caption = (
        f"Left: the probabilities of sample {row + 1} (bars) and its target (strokes); right: the gradient by each "
        f"score, and as strokes {name}. {_outcome(found, row)}"
    )
    alt = f"Bars of the probability of each class and of the gradient by each score. {caption}"
    return Picture(figure, caption, alt, table(found))


def _strokes(values: Tensor) -> dict[str, object]:
    """A level stroke for each class, narrower than its bar, which lies on or above the bar without hiding it."""
    return {
        "x": [x for i in range(len(values)) for x in (i - STROKE, i + STROKE, None)],
        "y": [y for value in numbers(values) for y in (value, value, None)],
        "mode": "lines",
    }


def _outcome(found: Calculation, row: int) -> str:
    y = found.numbers[1][row]
    if is_ignored(found, row):
        return f"The target {y} is ignored, so this sample does not count."
    return f"The right class, {NAMES[y]}, gets the probability {fmt(found.step('softmax')[row, y].item(), DIGITS)}."
