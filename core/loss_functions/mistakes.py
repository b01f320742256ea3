"""Mistakes that run without an error message, each beside the right way, over the number that matters."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
import torch.nn as nn
from torch import Tensor

from core.cache import cached
from core.loss_functions.float32 import log_softmax, naive
from core.loss_functions.settings import MistakeSettings

TARGET = torch.tensor([0])  # the right class is class 0
LEADS = ("gap", torch.linspace(-20, 20, 161).tolist(), "lead of the right class (its score minus each other's)")
SHARES = ("said", torch.linspace(0.05, 0.95, 91).tolist(), "what the model says for class 0 (probability q)")
CLASSES = ("classes", list(range(2, 51)), "number of classes")
ROUNDING = 1e-6
Way = Callable[[MistakeSettings], Tensor]


@dataclass(frozen=True)
class Mistake:
    """Two ways to compute one number, of shape ().

    Attributes:
        over: the field of the settings that is varied, its values, and what it is.
        quantity: what is computed.
        limit: what the wrong way never falls below, or None.
    """

    right: Way
    wrong: Way
    over: tuple[str, list, str]
    quantity: str
    limit: Way | None = None


@dataclass(frozen=True)
class Comparison:
    """The right way and the mistake as curves over x, shape (points,), and what they give at the reader's place."""

    mistake: Mistake
    x: Tensor
    right: Tensor
    wrong: Tensor
    place: float
    at: tuple[float, float]
    limit: float | None


def right_and_wrong(s: MistakeSettings) -> tuple[float, float]:
    """What both ways give at the reader's place."""
    if s.mistake == "naive_log":
        return log_softmax(s.wide_gap, s.side == "ahead"), naive(s.wide_gap, s.side == "ahead")
    return WAYS[s.mistake].right(s).item(), WAYS[s.mistake].wrong(s).item()


def misreports(right: float, wrong: float) -> str:
    """Whether a mistake gives "more", "less" or the "same" as the right way, up to float32's rounding."""
    if math.isclose(right, wrong, rel_tol=ROUNDING):
        return "same"
    return "more" if wrong > right else "less"


@cached
def compare(s: MistakeSettings) -> Comparison:
    """The chosen mistake; `naive_log` has a chart of its own, see `float32`."""
    mistake = WAYS[s.mistake]
    name, x, _ = mistake.over
    moved = [replace(s, **{name: value}) for value in x]
    right, wrong = (torch.stack([way(one).detach() for one in moved]) for way in (mistake.right, mistake.wrong))
    limit = mistake.limit(s).item() if mistake.limit else None
    return Comparison(mistake, torch.tensor(x), right, wrong, float(getattr(s, name)), right_and_wrong(s), limit)


def _scores(s: MistakeSettings) -> Tensor:
    """One sample whose right class, 0, leads every other class by the gap; shape (1, classes)."""
    return torch.tensor([[s.gap] + [0.0] * (s.classes - 1)])


def _cross_entropy(scores: Tensor) -> Tensor:
    return nn.CrossEntropyLoss()(scores, TARGET)


def _pair(share: float) -> Tensor:
    """The probabilities of two classes."""
    return torch.tensor([[share, 1 - share]])


def _divergence(s: MistakeSettings, reduction: str) -> Tensor:
    """KL of a truth of `truth` for class 0 from a model that knows nothing, for which all classes are alike."""
    q = torch.full((1, s.classes), 1 / s.classes)
    p = torch.tensor([[s.truth] + [(1 - s.truth) / (s.classes - 1)] * (s.classes - 1)])
    return nn.KLDivLoss(reduction=reduction)(q.log(), p)


def _pull(loss: Callable[[Tensor], Tensor], s: MistakeSettings) -> Tensor:
    """How hard the loss pulls the right class's score up: the size of its derivative, which is never above 0."""
    leaf = _scores(s).requires_grad_()
    loss(leaf).backward()
    return leaf.grad[0, 0].abs()


KL = nn.KLDivLoss(reduction="batchmean")
WAYS = {
    "softmax_twice": Mistake(
        lambda s: _cross_entropy(_scores(s)),
        lambda s: _cross_entropy(_scores(s).softmax(dim=1)),
        LEADS,
        "loss (nats)",
        limit=lambda s: _cross_entropy(torch.eye(s.classes)[:1]),  # probabilities 1, 0, 0, ...: the best answer
    ),
    "probabilities_nll": Mistake(
        lambda s: nn.NLLLoss()(_scores(s).log_softmax(dim=1), TARGET),
        lambda s: nn.NLLLoss()(_scores(s).softmax(dim=1), TARGET),
        LEADS,
        "what NLLLoss returns (nats)",
        limit=lambda s: torch.tensor(-1.0),
    ),
    "kl_order": Mistake(
        lambda s: KL(_pair(s.said).log(), _pair(s.truth)),
        lambda s: KL(_pair(s.truth).log(), _pair(s.said)),
        SHARES,
        "KLDivLoss (nats)",
    ),
    "kl_mean": Mistake(
        lambda s: _divergence(s, "batchmean"), lambda s: _divergence(s, "mean"), CLASSES, "KLDivLoss (nats)"
    ),
    "mse_classes": Mistake(
        lambda s: _pull(_cross_entropy, s),
        lambda s: _pull(lambda z: nn.MSELoss()(z.softmax(dim=1), torch.eye(s.classes)[:1]), s),
        LEADS,
        "pull on the right class's score (size of the slope)",
    ),
}
