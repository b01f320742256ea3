"""Cross-entropy by `nn.CrossEntropyLoss`, and once more step by step."""

import math

import torch
from torch import Tensor

from core.loss_functions.calculation import WEIGHT, Argument, Calculation, Loss, Step, calculate, class_weights, refuse
from core.loss_functions.settings import MAX_CLASSES, MAX_ROWS, CrossEntropySettings
from core.number_rows import Column, Row, read_rows

NAMES = ("cat", "dog", "bird", "fish", "frog", "horse")  # of the classes 0 to 5; the first two are the course's
LARGEST_SCORE = 1e4
UNDERFLOW = "a number too small for the computer becomes 0, an underflow"
ROUNDING = 1e-9  # of a loss in float64
GRADIENT = "(Σ target · softmax − target) / T / divisor"  # by each score; the formula of `gradient_by_hand`


def cross_entropy_loss(table: str, temperature: float = 1.0) -> Loss:
    """The loss with one column of scores a class; the table's first row says how many classes there are."""
    classes = min(max(table.split(";")[0].count(","), 2), MAX_CLASSES)
    scores = tuple(Column(f"{NAMES[i]} ({i})", -LARGEST_SCORE, LARGEST_SCORE) for i in range(classes))
    predicted = Argument("predicted_tensor", scores, learned=True)
    target = Argument("target_tensor", (Column("target", -100, 99, whole=True),), index=True)
    options = {name: name for name in ("weight", "ignore_index", "label_smoothing")}
    return Loss((predicted, target), _steps, "nats", options=options, temperature=temperature)


def cross_entropy(settings: CrossEntropySettings, add: float = 0.0) -> Calculation:
    """The loss of a table of scores, after adding the same amount to each of them.

    Raises:
        ValueError: if the table or the weights cannot be read, or a target is not a class.
    """
    loss = cross_entropy_loss(settings.table, settings.temperature)
    rows = [
        (*(score + add for score in row[:-1]), row[-1]) for row in read_rows(settings.table, loss.columns, MAX_ROWS)
    ]
    return calculate("CrossEntropyLoss", loss, rows, settings)


def _steps(z: Tensor, y: Tensor, s: CrossEntropySettings) -> tuple[Step, ...]:
    r"""With $p = \mathrm{softmax}(z / T)$, smoothing $\varepsilon$ and class weights $w$, the target of a sample of
    class y is $t_c = w_c\,((1-\varepsilon)[c = y] + \varepsilon / K)$, 0 if y is ignored; the loss is
    $-\sum_c t_c \log p_c$, in nats.

    Args:
        z: scores, shape (n, K). y: class numbers, shape (n,).
    """
    classes = z.shape[1]
    allowed = f"0 to {classes - 1}, since there are {classes} classes, or {s.ignore_index}, which is ignored."
    kept = y != s.ignore_index
    refuse(kept & ((y < 0) | (y >= classes)), lambda row: f"has target {y[row]}", allowed)
    low = (z - z.amax(dim=1, keepdim=True)) / s.temperature
    powers = low.exp()
    total = powers.sum(dim=1)
    cost = total.log()[:, None] - low  # not the logarithm of the softmax, which may be rounded to 0
    weights, index = class_weights(s.weight, classes), y.where(kept, 0)
    right = torch.nn.functional.one_hot(index, classes).double()  # whole numbers times 0.9 would be float32
    target = weights * ((1 - s.label_smoothing) * right + s.label_smoothing / classes) * kept[:, None]
    plain = torch.equal(target, right)
    weight = Step(WEIGHT, "of the right class; 0 if it is ignored", weights[index] * kept)
    return (
        *(() if plain else (weight,)),
        Step("lead", "(score − the largest score) / T", low),
        Step("powers", "e to the lead" + (f"; {UNDERFLOW}" if bool((powers == 0).any()) else ""), powers),
        Step("sum", "of the powers", total),
        Step("softmax", "powers / sum", powers / total[:, None]),
        Step("−log softmax", "log of the sum − lead", cost),
        Step("target", "1 for the right class" if plain else "weight · ((1 − ε) [right class] + ε / K)", target),
        Step("loss", "Σ target · −log softmax", (target * cost).sum(dim=1)),
    )


def is_ignored(found: Calculation, row: int) -> bool:
    """Whether a sample has the target that does not count."""
    return found.numbers[1][row] == found.options["ignore_index"]


def is_plain(found: Calculation, row: int) -> bool:
    """Whether the loss of a sample is minus the logarithm of the softmax of its scores, as typed, at its class."""
    y, target = found.numbers[1][row], found.step("target")[row]
    return not is_ignored(found, row) and found.loss.temperature == 1 and target[y] == target.sum() == 1


def probability_tells(p: float, loss: float, digits: int = 9) -> bool:
    """Whether minus the logarithm of p, written with so many digits, is the loss to six of its digits."""
    written = float(f"{p:.{digits}g}")
    return written > 0 and math.isclose(-math.log(written), loss, rel_tol=5e-7)


def gradient_by_hand(found: Calculation) -> Tensor:
    """`GRADIENT`, shape (n, K)."""
    p, t = found.step("softmax"), found.step("target")
    return (t.sum(dim=1, keepdim=True) * p - t) / found.loss.temperature / found.divisor


def gradient_formula(found: Calculation) -> str:
    """The formula of the gradient, in short without weights and ignored samples and with T and the divisor 1."""
    plain = found.options["weight"] is None and found.loss.temperature == 1 and found.divisor == 1
    ignored = any(is_ignored(found, row) for row in range(len(found.each)))
    return "softmax − target" if plain and not ignored else GRADIENT


def with_classes(rows: list[Row], classes: int) -> list[Row]:
    """The same table with so many classes: new ones get the score 0, samples of a lost one become the last one's."""
    return [(*[*row[:-1], *[0.0] * classes][:classes], min(row[-1], classes - 1)) for row in rows]


def change_by_adding(found: Calculation, row: int, add: float) -> str:
    """What adding the same amount to every score does to a sample's loss: "larger", "same" or "smaller"."""
    before, after = (cross_entropy(found.settings, add=some).steps[-1].values[row].item() for some in (0.0, add))
    if abs(after - before) <= ROUNDING * max(abs(before), abs(after)):
        return "same"
    return "larger" if after > before else "smaller"
