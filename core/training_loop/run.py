"""What a run leaves behind: its losses, and its state at recorded updates."""

import math
from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor

from core.nn import Weights
from core.training_loop.settings import LoopSettings, TrainingLoopSettings, updates_in_one_pass

OptimizerState = dict[int, dict[str, Tensor]]  # the "state" of `optimizer.state_dict()`


@dataclass(frozen=True)
class Snapshot:
    """Everything needed to go on from here: the state after `update` updates."""

    update: int
    weights: Weights
    gradients: Weights  # empty where zero_grad has cleared them
    optimizer: OptimizerState


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Where a run can be taken up again: after `epoch` whole epochs, with these weights. Equal to itself only.

    An empty `optimizer` means that the optimizer begins afresh; `gradients` are those that no zero_grad has cleared.
    """

    epoch: int
    weights: Weights
    optimizer: OptimizerState
    gradients: Weights = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Run:
    """A recorded run; equal to itself only, so that it can stand as a key for what is made of it.

    Attributes:
        settings: what was run.
        X, y: the training set, in the order before shuffling; X: shape (n, inputs), y: shape (n, 1) of numbers or
            (n,) of class numbers.
        X_validation, y_validation: the samples that were kept out (may be empty).
        batch_losses: loss of each batch before its update, shape (updates,); mean squared error in squared
            units of the target, or cross-entropy in nats.
        epoch_sums: sum of the batch losses of each finished epoch, added up in Python as the course does.
        validation_losses: loss on the validation set after each finished epoch.
        snapshots: recorded states, the first before any update, the last at the end.
        shuffle_seeds: what each begun epoch's order was drawn from; empty if not shuffled.
        first_epoch: number of the first epoch (not 0 when the run continues another).
        fresh: whether it began with fresh weights.
    """

    settings: LoopSettings
    X: Tensor
    y: Tensor
    X_validation: Tensor
    y_validation: Tensor
    batch_losses: Tensor
    epoch_sums: tuple[float, ...]
    validation_losses: tuple[float, ...]
    snapshots: tuple[Snapshot, ...]
    shuffle_seeds: tuple[int, ...]
    first_epoch: int
    fresh: bool

    @property
    def updates(self) -> int:
        return len(self.batch_losses)

    @property
    def per_epoch(self) -> int:
        return updates_in_one_pass(len(self.X), self.settings.batch_size)

    @property
    def finished(self) -> bool:
        return len(self.epoch_sums) == self.settings.num_epochs

    @property
    def weights(self) -> Weights:
        return self.snapshots[-1].weights

    @property
    def epoch_means(self) -> list[float]:
        """Mean batch loss of each finished epoch."""
        return [total / self.per_epoch for total in self.epoch_sums]

    @cached_property
    def checkpoint(self) -> Checkpoint | None:
        """Where to go on; None for a run that was stopped within an epoch."""
        if self.updates % self.per_epoch:
            return None
        end = self.snapshots[-1]
        return Checkpoint(self.first_epoch + len(self.epoch_sums), end.weights, end.optimizer, end.gradients)

    @property
    def diverged_at(self) -> int | None:
        """The first update (counted from 1) whose loss is not a finite number; None if all are."""
        bad = (~torch.isfinite(self.batch_losses)).nonzero()
        return int(bad[0]) + 1 if len(bad) else None

    def snapshot_at(self, update: int) -> int:
        """Index of the last recorded snapshot that is not later than `update`."""
        return max(i for i, snapshot in enumerate(self.snapshots) if snapshot.update <= update)

    def epoch_of(self, update: int) -> tuple[int, int]:
        """The epoch of an update (counted from 1) and its batch in the epoch, both from 0."""
        epoch, batch = divmod(update - 1, self.per_epoch)
        return self.first_epoch + epoch, batch

    def lines(self) -> list[str]:
        """What the course's loop prints, word for word, and after each epoch the validation loss, if there is one."""
        printed = []
        for i, total in enumerate(self.epoch_sums):
            printed.append(f"Epoch {self.first_epoch + i}: Sum of Batch Losses = {total:.5f}")
            if self.validation_losses and isinstance(self.settings, TrainingLoopSettings):
                printed.append(f"         Validation Loss = {self.validation_losses[i]:.5f}")
        return printed


def equal_losses(one: Run, other: Run) -> bool:
    """Whether all batch losses of two runs are the same, bit for bit; NaN equals itself."""
    return torch.equal(one.batch_losses.view(torch.int32), other.batch_losses.view(torch.int32))


def never_moved(run: Run) -> bool:
    """Whether the weights are at every snapshot what they were at first."""
    first = run.snapshots[0].weights
    return all(torch.equal(later.weights[name], first[name]) for later in run.snapshots for name in first)


def lowest_at_the_end(runs: dict[str, Run]) -> tuple[list[str], float]:
    """The names of the runs whose last epoch has the lowest mean loss (several if they tie), and that loss.

    None of the names where no run has ended an epoch with a finite loss.
    """
    ends = {name: run.epoch_means[-1] for name, run in runs.items() if run.epoch_sums}
    finite = {name: end for name, end in ends.items() if math.isfinite(end)}
    lowest = min(finite.values(), default=math.nan)
    return [name for name, end in finite.items() if end == lowest], lowest
