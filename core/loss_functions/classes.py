"""Cross-entropy by `nn.CrossEntropyLoss`, and once more step by step."""

from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor

from core.loss_functions.settings import MAX_CLASSES, MAX_ROWS, ClassSettings
from core.number_rows import Column, Row, read_rows
from core.settings import quote

NAMES = ("cat", "dog", "bird", "fish", "frog", "horse")  # of the classes 0 to 5; the first two are the course's
LARGEST_SCORE = 1e4
LARGEST_WEIGHT = 100.0


@dataclass(frozen=True)
class ClassResult:
    r"""Everything between the scores and the loss.

    With $z = \text{logits} / T$, $p = \mathrm{softmax}(z)$, smoothing $\varepsilon$ and class weights $w$, the target
    of a sample of class y is $t_c = w_c\,((1-\varepsilon)[c = y] + \varepsilon / K)$; its loss is
    $-\sum_c t_c \log p_c$, in nats. Ignored samples have t = 0. The mean divides by the sum of $w_y$.

    Attributes:
        settings: what was asked for.
        logits: as typed, shape (n, classes). target: class numbers, shape (n,).
        weight: shape (classes,), or None.
        scaled: z, shape (n, classes).
        probabilities: p, shape (n, classes). log_probabilities: log p by log_softmax, shape (n, classes).
        soft_target: t, shape (n, classes).
        kept: which samples count, shape (n,).
        each: torch's loss of every sample (reduction none), shape (n,).
        value: torch's loss with the chosen reduction, shape () or (n,).
        gradient: autograd's derivative of the loss (of its sum where nothing is reduced), shape (n, classes).
        each_by_hand, value_by_hand, gradient_by_hand: the same by the formulas above.
        divisor: what the mean divides by.
    """

    settings: ClassSettings
    logits: Tensor
    target: Tensor
    weight: Tensor | None
    scaled: Tensor
    probabilities: Tensor
    log_probabilities: Tensor
    soft_target: Tensor
    kept: Tensor
    each: Tensor
    value: Tensor
    gradient: Tensor
    each_by_hand: Tensor
    value_by_hand: Tensor
    gradient_by_hand: Tensor
    divisor: float

    @property
    def names(self) -> tuple[str, ...]:
        return NAMES[: self.logits.shape[1]]


def class_columns(table: str) -> tuple[Column, ...]:
    """The columns of a table: one score a class, then the target. The first row says how many classes there are."""
    classes = min(max(table.split(";")[0].count(","), 2), MAX_CLASSES)
    scores = [Column(f"{name} ({i})", -LARGEST_SCORE, LARGEST_SCORE) for i, name in enumerate(NAMES[:classes])]
    return (*scores, Column("target", -100, 99, whole=True))


def with_one_class_more(rows: list[Row]) -> list[Row]:
    """The same table with a score of 0 for one more class."""
    return [(*row[:-1], 0.0, row[-1]) for row in rows]


def with_one_class_less(rows: list[Row]) -> list[Row]:
    """The same table without its last class; samples of that class become samples of the one before."""
    last = len(rows[0]) - 3
    return [(*row[:-2], min(row[-1], last)) for row in rows]


def read_weights(text: str, classes: int) -> list[float] | None:
    """Class weights from a text such as `1,2,0.5`; None where it is empty.

    Raises:
        ValueError: if there is not one number within bounds for each class.
    """
    if not text.strip():
        return None
    parts = text.split(",")
    try:
        weights = [float(part) for part in parts]
    except ValueError:
        weights = []
    if len(weights) != classes or not all(0 <= w <= LARGEST_WEIGHT for w in weights):
        raise ValueError(
            f"The class weights say “{quote(text)}”; allowed: {classes} numbers from 0 to {LARGEST_WEIGHT:g}, with "
            "commas between them, or nothing."
        )
    return weights


def cross_entropy(settings: ClassSettings) -> ClassResult:
    """The loss of a table of scores, its gradient, and every step between.

    Raises:
        ValueError: if the table or the weights cannot be read, or a target is no class.
    """
    rows = read_rows(settings.table, class_columns(settings.table), MAX_ROWS)
    logits = torch.tensor([row[:-1] for row in rows], dtype=torch.float32)
    target = torch.tensor([row[-1] for row in rows])
    classes = logits.shape[1]
    _check_targets(target, classes, settings.ignore_index)
    listed = read_weights(settings.weight, classes)
    weight = None if listed is None else torch.tensor(listed)
    options = {
        "weight": weight,
        "ignore_index": settings.ignore_index,
        "label_smoothing": settings.label_smoothing,
    }
    leaf = logits.clone().requires_grad_()
    value = nn.CrossEntropyLoss(**options, reduction=settings.reduction)(leaf / settings.temperature, target)
    value.sum().backward()
    scaled = logits / settings.temperature
    soft_target, kept, divisor = _soft_target(target, weight, classes, settings)
    log_p = torch.log_softmax(scaled, dim=1)
    each = (soft_target * -log_p).sum(dim=1)
    shrink = divisor if settings.reduction == "mean" else 1.0
    p = torch.softmax(scaled, dim=1)
    gradient = (soft_target.sum(dim=1, keepdim=True) * p - soft_target) / settings.temperature / shrink
    return ClassResult(
        settings=settings,
        logits=logits,
        target=target,
        weight=weight,
        scaled=scaled,
        probabilities=p,
        log_probabilities=log_p,
        soft_target=soft_target,
        kept=kept,
        each=nn.CrossEntropyLoss(**options, reduction="none")(scaled, target),
        value=value.detach(),
        gradient=leaf.grad,
        each_by_hand=each,
        value_by_hand={"mean": each.sum() / divisor, "sum": each.sum(), "none": each}[settings.reduction],
        gradient_by_hand=gradient,
        divisor=divisor,
    )


def loss_after_adding(result: ClassResult, row: int, amount: float) -> float:
    """The loss of one sample once the same amount has been added to each of its scores."""
    s = result.settings
    module = nn.CrossEntropyLoss(
        weight=result.weight, ignore_index=s.ignore_index, label_smoothing=s.label_smoothing, reduction="sum"
    )
    return module((result.logits[row : row + 1] + amount) / s.temperature, result.target[row : row + 1]).item()


def _check_targets(target: Tensor, classes: int, ignore_index: int) -> None:
    for number, value in enumerate(target.tolist(), start=1):
        if not 0 <= value < classes and value != ignore_index:
            try:
                nn.CrossEntropyLoss(ignore_index=ignore_index)(torch.zeros(1, classes), torch.tensor([value]))
                said = ""
            except (IndexError, RuntimeError) as error:
                said = f" torch says: {error}"
            raise ValueError(
                f"Row {number} has target {value}; allowed: 0 to {classes - 1}, since there are {classes} classes, "
                f"or {ignore_index}, which is ignored.{said}"
            )


def _soft_target(
    target: Tensor, weight: Tensor | None, classes: int, settings: ClassSettings
) -> tuple[Tensor, Tensor, float]:
    """The target as one number a class, which samples count, and the divisor of the mean."""
    kept = target != settings.ignore_index
    index = target.where(kept, 0)
    one_hot = nn.functional.one_hot(index, classes).float()
    weights = torch.ones(classes) if weight is None else weight
    eps = settings.label_smoothing
    soft = weights * ((1 - eps) * one_hot + eps / classes) * kept[:, None]
    return soft, kept, (weights[index] * kept).sum().item()
