"""What can go wrong in a run without an error message: NaN, dead hidden units, weights that stand still."""

import torch
from torch import Tensor

from core.nn import Weights
from core.training_loop.run import Run

ALIVE = 0.01  # a unit that is switched on for a smaller share of the samples than this counts as dead


def all_finite(*values: Tensor | float) -> bool:
    """Whether no number is NaN or infinite."""
    return all(bool(torch.isfinite(torch.as_tensor(value)).all()) for value in values)


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


def never_moved(run: Run) -> bool:
    """Whether the weights are, after one update at least, at every snapshot what they were at first."""
    first = run.snapshots[0].weights
    return run.updates > 0 and all(torch.equal(s.weights[name], first[name]) for s in run.snapshots for name in first)


def equal_losses(one: Run, other: Run) -> bool:
    """Whether all batch losses of two runs are the same, bit for bit; NaN equals itself."""
    return torch.equal(one.batch_losses.view(torch.int32), other.batch_losses.view(torch.int32))
