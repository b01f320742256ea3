"""What can go wrong in a run without an error message: dead hidden units, and a network worth less than none."""

import torch
from torch import Tensor

from core.nn import Weights
from core.training_loop.run import Run

ALIVE = 0.01  # a unit that is switched on for a smaller share of the samples than this counts as dead


def dead_units(weights: Weights, X: Tensor) -> int:
    """How many hidden units are off for (almost) every sample; where a unit is off, its gradient is zero."""
    sums = torch.addmm(weights["hidden_layer.bias"], X, weights["hidden_layer.weight"].T)
    return int(((sums > 0).float().mean(dim=0) < ALIVE).sum())


def all_dead_by(run: Run) -> int | None:
    """The update of the first snapshot from which on every hidden unit is dead; None if one lives at the end."""
    since = None
    for snapshot in reversed(run.snapshots):
        if dead_units(snapshot.weights, run.X) < run.settings.hidden:
            break
        since = snapshot.update
    return since


def constant_loss(y: Tensor) -> float:
    """The lowest loss of an answer that never looks at its input.

    For numbers it is the mean, and costs the variance of the targets (squared units); for classes it is their
    frequencies, and costs the entropy (nats).
    """
    if y.is_floating_point():
        return y.var(correction=0).item()
    share = torch.bincount(y).float() / len(y)
    return -(share * share.clamp_min(1e-12).log()).sum().item()


def last_epoch_loss(run: Run) -> float:
    """Mean loss of the last batches, as many as an epoch has or as there are; NaN if there is none."""
    return run.batch_losses[-run.per_epoch :].mean().item()


def worse_than_constant(run: Run) -> bool:
    """Whether the last epoch cost more than an answer that never looks at its input; not asked before the first one."""
    return run.updates > 0 and last_epoch_loss(run) > constant_loss(run.y)
