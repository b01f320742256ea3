"""The loss as a curve over one prediction, and for two scores as a surface."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor

from core.loss_functions.settings import CurveSettings

REACH = 6.0  # the curves go from minus this to plus this
POINTS, GRID = 241, 61
LossOf = Callable[[Tensor], Tensor]  # of every prediction


@dataclass(frozen=True)
class Curves:
    """Several losses over the same prediction.

    Attributes:
        x: shape (points,).
        losses: name -> loss, shape (points,). slopes: name -> autograd's derivative by the prediction, the same shape.
        at: name -> loss and slope where the reader stands.
    """

    settings: CurveSettings
    x: Tensor
    losses: dict[str, Tensor]
    slopes: dict[str, Tensor]
    at: dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Surface:
    """Cross-entropy of one sample over its two scores.

    Attributes:
        scores: the grid along both axes, shape (n,).
        losses: losses[i, j] belongs to score of class 0 `scores[j]` and of class 1 `scores[i]`, shape (n, n).
        loss: where the reader stands. gradient: there, by both scores.
    """

    settings: CurveSettings
    scores: Tensor
    losses: Tensor
    loss: float
    gradient: tuple[float, float]


def curves(settings: CurveSettings) -> Curves:
    """The losses for a number (target 0) or for yes and no, whichever the settings say."""
    losses = _number_losses(settings) if settings.shape == "numbers" else _yes_no_losses(settings)
    x, here = torch.linspace(-REACH, REACH, POINTS), torch.tensor([settings.at])
    over = {name: _with_slope(loss, x) for name, loss in losses.items()}
    at = {name: tuple(value.item() for value in _with_slope(loss, here)) for name, loss in losses.items()}
    return Curves(settings, x, *({name: found[i] for name, found in over.items()} for i in (0, 1)), at)


def _number_losses(settings: CurveSettings) -> dict[str, LossOf]:
    """Name -> loss of every prediction when 0 is right."""
    delta = settings.delta
    return {
        "MSELoss": lambda x: nn.MSELoss(reduction="none")(x, torch.zeros_like(x)),
        "HuberLoss": lambda x: nn.HuberLoss(delta=delta, reduction="none")(x, torch.zeros_like(x)),
        "SmoothL1Loss": lambda x: nn.SmoothL1Loss(beta=delta, reduction="none")(x, torch.zeros_like(x)),
        "L1Loss": lambda x: nn.L1Loss(reduction="none")(x, torch.zeros_like(x)),
    }


def _yes_no_losses(settings: CurveSettings) -> dict[str, LossOf]:
    """Name -> loss of every score when the settings' target is right; MarginRankingLoss compares it with 0."""
    target, sign = float(settings.target), 2.0 * float(settings.target) - 1
    bce = nn.BCEWithLogitsLoss(pos_weight=torch.tensor([settings.pos_weight]), reduction="none")
    hinge = nn.MarginRankingLoss(margin=1.0, reduction="none")
    return {
        "BCEWithLogitsLoss": lambda x: bce(x, torch.full_like(x, target)),
        "SoftMarginLoss": lambda x: nn.SoftMarginLoss(reduction="none")(x, torch.full_like(x, sign)),
        "MarginRankingLoss": lambda x: hinge(x, torch.zeros_like(x), torch.full_like(x, sign)),
        "MSELoss": lambda x: nn.MSELoss(reduction="none")(x.sigmoid(), torch.full_like(x, target)),
    }


def _with_slope(loss: LossOf, x: Tensor) -> tuple[Tensor, Tensor]:
    leaf = x.clone().requires_grad_()
    losses = loss(leaf)
    losses.sum().backward()
    return losses.detach(), leaf.grad


def steepest(found: Curves) -> list[str]:
    """The names of all losses with the largest slope, up or down, where the reader stands; none where all are flat.

    Slopes that differ by no more than float32's rounding are equal: one function can be computed in two ways.
    """
    most = max(abs(slope) for _, slope in found.at.values())
    return [name for name, (_, slope) in found.at.items() if abs(slope) >= most * (1 - 1e-5) > 0]


def surface(settings: CurveSettings) -> Surface:
    """Cross-entropy over both scores, and the gradient at the reader's point."""

    def loss(points: Tensor) -> Tensor:
        right = torch.full((len(points),), int(settings.target))
        return nn.CrossEntropyLoss(reduction="none")(points / settings.temperature, right)

    scores = torch.linspace(-REACH, REACH, GRID)
    losses = loss(torch.cartesian_prod(scores, scores).flip(1)).reshape(GRID, GRID)
    here, gradient = _with_slope(loss, torch.tensor([[settings.at, settings.second]]))
    return Surface(settings, scores, losses, here.item(), tuple(gradient[0].tolist()))
