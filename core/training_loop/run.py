"""What a run leaves behind: its losses, and its state at recorded updates."""

import math
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from core.nn import Weights
from core.training_loop.checkpoint import Checkpoint, OptimizerState
from core.training_loop.settings import LoopSettings


@dataclass(frozen=True)
class Snapshot:
    """Everything needed to go on from here: the state after `update` updates."""

    update: int
    weights: Weights
    gradients: Weights  # empty where zero_grad has cleared them
    optimizer: OptimizerState


@dataclass(frozen=True, eq=False)
class Run:
    """A recorded run; equal to itself only, so that it can stand as a key for what is made of it.

    Attributes:
        X, y: the training set before shuffling; X: shape (n, inputs), y: shape (n, 1) of numbers or (n,) of classes.
        X_validation, y_validation: the samples that were kept out (may be empty).
        batch_losses: mean squared error (squared units) or cross-entropy (nats) of each batch before its update.
        epoch_sums: sum of the batch losses of each finished epoch, added one by one as the course does.
        validation_losses: loss on the validation set after each finished epoch.
        snapshots: recorded states, the first before any update, the last at the end.
        shuffle_seeds: what each begun epoch's order was drawn from; empty if not shuffled.
        start: where an earlier run left off; None if it began with fresh weights.
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
    start: Checkpoint | None

    @property
    def updates(self) -> int:
        return len(self.batch_losses)

    @property
    def per_epoch(self) -> int:
        return math.ceil(len(self.X) / self.settings.batch_size)

    @property
    def finished(self) -> bool:
        return len(self.epoch_sums) == self.settings.num_epochs

    @property
    def weights(self) -> Weights:
        return self.snapshots[-1].weights

    @property
    def first_epoch(self) -> int:
        return self.start.epoch if self.start else 0

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

    def epoch_of(self, update: int) -> tuple[int, int]:
        """The epoch of an update (counted from 1) and its batch in the epoch, both from 0."""
        epoch, batch = divmod(update - 1, self.per_epoch)
        return self.first_epoch + epoch, batch

    def lines(self) -> list[str]:
        """What the course's loop prints, word for word."""
        sums = enumerate(self.epoch_sums, start=self.first_epoch)
        return [f"Epoch {epoch}: Sum of Batch Losses = {total:.5f}" for epoch, total in sums]


def lowest_at_the_end(runs: dict[str, Run]) -> tuple[list[str], float]:
    """The names of the runs whose last epoch has the lowest finite mean loss (all that tie, or none), and that loss."""
    ends = {name: run.epoch_means[-1] for name, run in runs.items() if run.epoch_sums}
    finite = {name: end for name, end in ends.items() if math.isfinite(end)}
    lowest = min(finite.values(), default=math.nan)
    return [name for name, end in finite.items() if end == lowest], lowest
