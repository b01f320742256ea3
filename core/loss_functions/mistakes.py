"""Mistakes that run without an error message, each beside the right way, over the number that matters."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor

from core.loss_functions.settings import MistakeSettings

GAPS = torch.linspace(-20, 20, 161)
SHARES = torch.linspace(0.01, 0.99, 99)


@dataclass(frozen=True)
class Comparison:
    """The right way and the mistake as two curves.

    Attributes:
        x: shape (points,). right, wrong: what is compared, shape (points,).
        at: where the reader stands; right_at, wrong_at: there.
        limit: a value that the mistake never goes below, or None.
    """

    x: Tensor
    x_title: str
    y_title: str
    right: Tensor
    wrong: Tensor
    at: float
    right_at: float
    wrong_at: float
    limit: float | None = None


def compare(settings: MistakeSettings) -> Comparison:
    """The chosen mistake; `naive_log` has a chart of its own, see `float32.failure_zone`."""
    made = {
        "softmax_twice": _softmax_twice,
        "probabilities_nll": _probabilities_nll,
        "kl_order": _kl_order,
        "kl_mean": _kl_mean,
        "mse_classes": _mse_classes,
    }
    return made[settings.mistake](settings)


def _over(function: Callable[[float], Tensor], x: Tensor) -> Tensor:
    return torch.stack([function(value).detach().reshape(()) for value in x.tolist()])


def scores(gap: float, classes: int) -> Tensor:
    """One sample whose right class, 0, leads every other class by the gap; shape (1, classes)."""
    return torch.tensor([[gap] + [0.0] * (classes - 1)])


def _softmax_twice(s: MistakeSettings) -> Comparison:
    loss, target = nn.CrossEntropyLoss(), torch.tensor([0])

    def right(gap: float) -> Tensor:
        return loss(scores(gap, s.classes), target)

    def wrong(gap: float) -> Tensor:
        return loss(scores(gap, s.classes).softmax(dim=1), target)

    best = wrong(1e4).item()  # probabilities 1, 0, 0, ...: the most that softmax can give
    return Comparison(
        GAPS,
        "lead of the right class (its score minus each other's)",
        "loss (nats)",
        _over(right, GAPS),
        _over(wrong, GAPS),
        s.gap,
        right(s.gap).item(),
        wrong(s.gap).item(),
        best,
    )


def _probabilities_nll(s: MistakeSettings) -> Comparison:
    loss, target = nn.NLLLoss(), torch.tensor([0])

    def right(gap: float) -> Tensor:
        return loss(scores(gap, s.classes).log_softmax(dim=1), target)

    def wrong(gap: float) -> Tensor:
        return loss(scores(gap, s.classes).softmax(dim=1), target)

    return Comparison(
        GAPS,
        "lead of the right class (its score minus each other's)",
        "what NLLLoss returns (nats)",
        _over(right, GAPS),
        _over(wrong, GAPS),
        s.gap,
        right(s.gap).item(),
        wrong(s.gap).item(),
        -1.0,
    )


def _kl_order(s: MistakeSettings) -> Comparison:
    loss = nn.KLDivLoss(reduction="batchmean")
    p = torch.tensor([[s.truth, 1 - s.truth]])

    def right(q: float) -> Tensor:
        return loss(torch.tensor([[q, 1 - q]]).log(), p)

    def wrong(q: float) -> Tensor:
        return loss(p.log(), torch.tensor([[q, 1 - q]]))

    return Comparison(
        SHARES,
        "what the model says for class 0 (probability q)",
        "KLDivLoss (nats)",
        _over(right, SHARES),
        _over(wrong, SHARES),
        s.said,
        right(s.said).item(),
        wrong(s.said).item(),
    )


def _kl_mean(s: MistakeSettings) -> Comparison:
    counts = torch.arange(2, 51, dtype=torch.float32)

    def divergence(reduction: str) -> Callable[[float], Tensor]:
        def of(classes: float) -> Tensor:
            q, p = model_and_truth(s.truth, int(classes))
            return nn.KLDivLoss(reduction=reduction)(q.log(), p)

        return of

    right, wrong = divergence("batchmean"), divergence("mean")
    return Comparison(
        counts,
        "number of classes",
        "KLDivLoss (nats)",
        _over(right, counts),
        _over(wrong, counts),
        float(s.classes),
        right(s.classes).item(),
        wrong(s.classes).item(),
    )


def model_and_truth(truth: float, classes: int) -> tuple[Tensor, Tensor]:
    """A model that knows nothing (all classes alike), and a truth of `truth` for class 0; shapes (1, classes)."""
    q = torch.full((1, classes), 1 / classes)
    p = torch.tensor([[truth] + [(1 - truth) / (classes - 1)] * (classes - 1)])
    return q, p


def _mse_classes(s: MistakeSettings) -> Comparison:
    target, one_hot = torch.tensor([0]), torch.eye(s.classes)[:1]

    def slope(loss: Callable[[Tensor], Tensor]) -> Callable[[float], Tensor]:
        def of(gap: float) -> Tensor:
            leaf = scores(gap, s.classes).requires_grad_()
            loss(leaf).backward()
            return leaf.grad[0, 0]

        return of

    right = slope(lambda z: nn.CrossEntropyLoss()(z, target))
    wrong = slope(lambda z: nn.MSELoss()(z.softmax(dim=1), one_hot))
    return Comparison(
        GAPS,
        "lead of the right class (its score minus each other's)",
        "slope of the loss by the right class's score",
        _over(right, GAPS),
        _over(wrong, GAPS),
        s.gap,
        right(s.gap).item(),
        wrong(s.gap).item(),
    )
