"""The loss as a curve over one prediction, and for two scores as a surface."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor

from core.loss_functions.settings import CurveSettings

REACH = 6.0  # the curves go from minus this to plus this
POINTS, GRID = 241, 61


@dataclass(frozen=True)
class Curve:
    """One loss over the prediction.

    Attributes:
        losses: shape (points,). slopes: autograd's derivative by the prediction, shape (points,).
        at: loss and slope where the reader stands.
    """

    name: str
    losses: Tensor
    slopes: Tensor
    at: tuple[float, float]


@dataclass(frozen=True)
class Curves:
    """Several losses over the same prediction x, shape (points,)."""

    settings: CurveSettings
    x: Tensor
    lines: tuple[Curve, ...]


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
    losses = number_losses(settings) if settings.shape == "numbers" else yes_no_losses(settings)
    x = torch.linspace(-REACH, REACH, POINTS)
    lines = []
    for name, loss in losses.items():
        all_losses, slopes = _with_slope(loss, x)
        here, slope = _with_slope(loss, torch.tensor([settings.at]))
        lines.append(Curve(name, all_losses, slopes, (here.item(), slope.item())))
    return Curves(settings, x, tuple(lines))


def number_losses(settings: CurveSettings) -> dict[str, Callable[[Tensor], Tensor]]:
    """Name -> loss of every prediction when 0 is right."""
    modules = {
        "MSELoss": nn.MSELoss(reduction="none"),
        f"HuberLoss, δ = {settings.delta:g}": nn.HuberLoss(delta=settings.delta, reduction="none"),
        f"SmoothL1Loss, β = {settings.delta:g}": nn.SmoothL1Loss(beta=settings.delta, reduction="none"),
        "L1Loss": nn.L1Loss(reduction="none"),
    }
    return {name: lambda x, m=module: m(x, torch.zeros_like(x)) for name, module in modules.items()}


def yes_no_losses(settings: CurveSettings) -> dict[str, Callable[[Tensor], Tensor]]:
    """Name -> loss of every score when the settings' target is right."""
    target, sign = float(settings.target), 2.0 * float(settings.target) - 1
    bce = nn.BCEWithLogitsLoss(pos_weight=torch.tensor([settings.pos_weight]), reduction="none")
    hinge = nn.MarginRankingLoss(margin=1.0, reduction="none")
    return {
        f"BCEWithLogitsLoss, pos_weight = {settings.pos_weight:g}": lambda x: bce(x, torch.full_like(x, target)),
        "SoftMarginLoss": lambda x: nn.SoftMarginLoss(reduction="none")(x, torch.full_like(x, sign)),
        "MarginRankingLoss against 0": lambda x: hinge(x, torch.zeros_like(x), torch.full_like(x, sign)),
        "MSELoss of the sigmoid": lambda x: nn.MSELoss(reduction="none")(x.sigmoid(), torch.full_like(x, target)),
    }


def _with_slope(loss: Callable[[Tensor], Tensor], x: Tensor) -> tuple[Tensor, Tensor]:
    leaf = x.clone().requires_grad_()
    losses = loss(leaf)
    losses.sum().backward()
    return losses.detach(), leaf.grad


def surface(settings: CurveSettings) -> Surface:
    """Cross-entropy over both scores, and the gradient at the reader's point."""
    loss = nn.CrossEntropyLoss(reduction="none")
    scores = torch.linspace(-REACH, REACH, GRID)
    second, first = torch.meshgrid(scores, scores, indexing="ij")
    grid = torch.stack([first.flatten(), second.flatten()], dim=1)
    losses = loss(grid / settings.temperature, torch.full((len(grid),), int(settings.target)))
    leaf = torch.tensor([[settings.at, settings.second]], requires_grad=True)
    here = loss(leaf / settings.temperature, torch.tensor([int(settings.target)]))
    here.backward()
    return Surface(settings, scores, losses.reshape(GRID, GRID), here.item(), tuple(leaf.grad[0].tolist()))
