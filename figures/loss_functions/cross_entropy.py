"""Cross-entropy of one sample: from the scores over the probabilities to the loss, and the gradient by each score."""

import plotly.graph_objects as go
from plotly.subplots import make_subplots
from torch import Tensor

from core.loss_functions.calculation import Calculation
from core.loss_functions.cross_entropy import (
    NAMES,
    gradient_by_hand,
    gradient_formula,
    is_ignored,
    is_plain,
    probability_tells,
)
from figures.loss_functions.calculation import DIGITS, table
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, PURPLE, VERMILLION, axes, numbers
from figures.words import fmt

ROW = 58  # pixels of a class: its values above, its bar below
ABOVE = {"xanchor": "center", "yanchor": "bottom", "showarrow": False}  # of an annotation
BAR, DOWN = 0.42, 0.12  # a bar's thickness, and how far it lies below the middle of its row


def three_steps(found: Calculation, row: int) -> Picture:
    """Scores, softmax, minus the logarithm: what each class has at each step, a row a class."""
    z, p, target, cost = _scores(found, row), *(found.step(name)[row] for name in ("softmax", "target", "−log softmax"))
    paid = target * cost
    figure = make_subplots(cols=3, shared_yaxes=True, horizontal_spacing=0.1)
    _add_bars(figure, 1, z, "score", GREY, [fmt(value, 5) for value in z.tolist()])
    values = [fmt(value) if value else "≈ 0" for value in p.tolist()]
    _add_bars(figure, 2, p, "probability", BLUE, values, max(1.0, target.max().item()))
    _add_strokes(figure, 2, target, "target", VERMILLION)
    values = [fmt(value) if share else "" for value, share in zip(paid.tolist(), target.tolist(), strict=True)]
    _add_bars(figure, 3, paid, "cost", GREEN, values, 1.0)  # a small loss is a short bar
    softmax = "softmax" if found.loss.temperature == 1 else "softmax of z / T"
    for x, arrow in ((1 / 3 - 0.02, f"{softmax} →"), (2 / 3 + 0.02, "−ln →")):
        figure.add_annotation(x=x, y=1, xref="paper", yref="paper", text=arrow, **ABOVE)
    _finish(figure, found)
    figure.update_layout(showlegend=False)
    loss = "−ln p of the<br>target (nats)" if is_plain(found, row) else "target · −ln p<br>(nats)"
    for col, title in enumerate(("score z<br>(logit)", "probability p", loss), start=1):
        figure.update_xaxes(title_text=title, title_font_size=12, col=col)
    caption = f"From the scores of sample {row + 1} to its loss; strokes show the target. {_outcome(found, row)}"
    return Picture(figure, caption, f"Bars in three steps, a row a class. {caption}", table(found))


def gradient(found: Calculation, row: int) -> Picture:
    """How the loss changes with each score: autograd's bars, the closed form as strokes."""
    slopes = found.slopes(row)
    figure = make_subplots(cols=1)
    _add_bars(figure, 1, slopes, "gradient", GREEN, [fmt(value) for value in slopes.tolist()])
    _add_strokes(figure, 1, gradient_by_hand(found)[row], gradient_formula(found), PURPLE)
    _finish(figure, found).update_xaxes(title_text="gradient (nats per unit of score)", zeroline=True)
    if not slopes.isfinite().all():
        caption = f"The gradient of sample {row + 1} is not a number, so there are no bars and training would break."
        return Picture(figure, caption, f"Empty chart of the gradient. {caption}")
    caption = (
        f"What training gets: bars show how the loss of sample {row + 1} grows with each score, strokes the formula."
    )
    return Picture(figure, caption, f"Bars of the gradient, a row a class. {caption}")


def formula(found: Calculation, row: int) -> str:
    """The definition with the numbers of one sample; p itself only where its digits lead to the loss."""
    if is_ignored(found, row):
        return f"Sample {row + 1} has the ignored target, so it costs nothing."
    loss = fmt(found.steps[-1].values[row].item(), 6)
    if not is_plain(found, row):
        text = (
            f"$-\\sum_c t_c \\ln p_c = {_latex(loss)}$ nats, with $p$ the softmax of the scores / T and $t$ the target"
        )
        return f"**Cross-entropy** of sample {row + 1}: {text}."
    y, z = found.numbers[1][row], _scores(found, row).tolist()
    name, powers = f"\\text{{{NAMES[y]}}}", [f"e^{{{_latex(fmt(value, 6))}}}" for value in z]
    p = found.step("softmax")[row, y].item()
    middle = f" = -\\ln {_latex(fmt(p, DIGITS))}" if probability_tells(p, found.steps[-1].values[row].item()) else ""
    return (
        "**Cross-entropy** is minus the natural logarithm of the probability p of the right class; the softmax makes p "
        "from the scores (logits). Its unit is the nat.\n\n"
        f"$$-\\ln p_{{{name}}} = -\\ln \\frac{{{powers[y]}}}{{{' + '.join(powers)}}}{middle} = {_latex(loss)}$$"
    )


def _latex(number: str) -> str:
    return number.replace("−", "-")


def _scores(found: Calculation, row: int) -> Tensor:
    return found.loss.arguments[0].tensor(found.numbers[0], found.steps[-1].values.dtype)[row]


def _add_bars(
    figure: go.Figure, col: int, values: Tensor, name: str, color: str, texts: list[str], most: float = 0.0
) -> None:
    """Level bars with their values above them, where no stroke lies."""
    rows = list(range(len(values)))
    low, high = min(0.0, values.min().item()), max(0.0, values.max().item(), most) or 1e-9
    bars = {"x": numbers(values), "y": [i + DOWN for i in rows], "width": BAR, "orientation": "h"}
    figure.add_bar(**bars, name=name, marker_color=color, showlegend=False, col=col, row=1)
    above = {"x": [low] * len(rows), "y": [i + DOWN - 0.8 * BAR for i in rows], "text": texts}
    text = {"mode": "text", "textposition": "middle right", "textfont": {"size": 13}, "cliponaxis": False}
    figure.add_scatter(**above, **text, showlegend=False, hoverinfo="skip", col=col, row=1)
    figure.update_xaxes(range=[low - 0.04 * (high - low), high + 0.04 * (high - low)], nticks=4, col=col)


def _add_strokes(figure: go.Figure, col: int, values: Tensor, name: str, color: str) -> None:
    """An upright stroke across each bar."""
    x = [x for value in numbers(values) for x in (value, value, None)]
    y = [y for i in range(len(values)) for y in (i + DOWN - BAR / 2, i + DOWN + BAR / 2, None)]
    figure.add_scatter(x=x, y=y, mode="lines", name=name, line={"width": 4, "color": color}, col=col, row=1)


def _finish(figure: go.Figure, found: Calculation) -> go.Figure:
    """One row a class, named on the left."""
    names = list(found.gradients)
    axes(figure, "", "class").update_layout(height=110 + ROW * len(names))
    figure.update_yaxes(
        range=[len(names) - 0.45, -0.55], tickvals=list(range(len(names))), ticktext=names, showgrid=False
    )
    return figure


def _outcome(found: Calculation, row: int) -> str:
    y = found.numbers[1][row]
    if is_ignored(found, row):
        return f"The target {y} is ignored, so this sample does not count."
    p, cost = (found.step(name)[row, y].item() for name in ("softmax", "−log softmax"))
    written = fmt(p, DIGITS) if probability_tells(p, cost) else f"e^({fmt(-cost, DIGITS)})"
    return f"The right class, {NAMES[y]}, gets the probability {written}."
