"""The probability of the right class, and what two losses make of it: cross-entropy and the squared error."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from core.cache import cached
from core.loss_functions.settings import ProbabilitySettings

POINTS = 397  # of a curve, from 1% to 99%
BITS = math.log(2)  # nats in a bit


@dataclass(frozen=True, eq=False)
class TwoLosses:
    """Both losses at some probabilities, and at the chosen one.

    Attributes:
        p: shape (points,), float64. losses, slopes: name -> the loss there and its derivative by p, same shape.
        chosen: name -> loss and slope at the chosen probability.
    """

    settings: ProbabilitySettings
    p: Tensor
    losses: dict[str, Tensor]
    slopes: dict[str, Tensor]
    chosen: dict[str, tuple[float, float]]


def cross_entropy(p: Tensor, unit: str) -> Tensor:
    """-log p of the right class: torch's binary cross-entropy with target 1, in nats, or in bits (log to base 2)."""
    loss = F.binary_cross_entropy(p, torch.ones_like(p), reduction="none")
    return loss / BITS if unit == "bits" else loss


def squared_error(p: Tensor) -> Tensor:
    """(1 - p)^2."""
    return F.mse_loss(p, torch.ones_like(p), reduction="none")


@cached
def two_losses(settings: ProbabilitySettings) -> TwoLosses:
    """The curves, and the values at the chosen probability, its slopes by autograd."""
    curve = torch.linspace(0.01, 0.99, POINTS, dtype=torch.float64)
    p = torch.cat([curve, curve.new_tensor([settings.p])]).requires_grad_()
    losses, slopes, chosen = {}, {}, {}
    for name, loss in {"cross-entropy": cross_entropy(p, settings.unit), "squared error": squared_error(p)}.items():
        (slope,) = torch.autograd.grad(loss.sum(), p)
        losses[name], slopes[name] = loss.detach()[:-1], slope[:-1]
        chosen[name] = (loss[-1].item(), slope[-1].item())
    return TwoLosses(settings, curve, losses, slopes, chosen)
