"""What can go wrong in a run without an error message: dead hidden units, and a network worth less than none."""

import torch
from torch import Tensor

from core.training_loop.model import Weights
from core.training_loop.record import Run

ALIVE = 0.01  # a unit that is switched on for a smaller share of the samples than this counts as dead


def dead_units(weights: Weights, features: Tensor) -> int:
    """How many hidden units are off for (almost) every sample; where a unit is off, its gradient is zero."""
    sums = torch.addmm(weights["hidden_layer.bias"], features, weights["hidden_layer.weight"].T)
    return int(((sums > 0).float().mean(dim=0) < ALIVE).sum())


def all_dead_by(run: Run) -> int | None:
    """The update of the first recorded moment from which on every hidden unit is dead; None if one lives at the end."""
    since = None
    for moment in reversed(run.moments):
        if dead_units(moment.weights, run.samples.features) < run.settings.hidden:
            break
        since = moment.update
    return since


def constant_loss(targets: Tensor) -> float:
    """The lowest loss of an answer that never looks at its input.

    For numbers it is the mean, and costs the variance of the targets (squared units); for classes it is their
    frequencies, and costs the entropy (nats).
    """
    if targets.is_floating_point():
        return targets.var(correction=0).item()
    share = torch.bincount(targets).float() / len(targets)
    return -(share * share.clamp_min(1e-12).log()).sum().item()
