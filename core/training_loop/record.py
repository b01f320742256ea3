"""What a run leaves behind: its losses, and its state at recorded moments."""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from core.training_loop.data import Samples
from core.training_loop.model import Weights
from core.training_loop.settings import LoopSettings, updates_in_one_pass


@dataclass(frozen=True)
class Moment:
    """Everything needed to go on from here: the state after `update` updates."""

    update: int
    weights: Weights
    gradients: Weights  # empty where zero_grad has cleared them
    optimizer: dict  # its "state", as `optimizer.state_dict()` gives it


@dataclass(frozen=True)
class Checkpoint:
    """Where a run can be taken up again: after `epoch` whole epochs, with these weights.

    An empty `optimizer` means that the optimizer begins afresh; `gradients` are those that no zero_grad has cleared.
    """

    epoch: int
    weights: Weights
    optimizer: dict
    gradients: Weights = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Run:
    """A recorded run; equal to itself only, so that it can stand as a key for what is made of it.

    Attributes:
        settings: what was run.
        samples: the training set, in the order before shuffling.
        validation: the samples that were kept out (may be empty).
        batch_losses: loss of each batch before its update, shape (updates,); mean squared error in squared
            units of the target, or cross-entropy in nats.
        epoch_sums: sum of the batch losses of each finished epoch, added up in Python as the course does.
        validation_losses: loss on the validation set after each finished epoch.
        moments: recorded states, the first before any update, the last at the end.
        shuffle_seeds: what each begun epoch's order was drawn from; empty if not shuffled.
        first_epoch: number of the first epoch (not 0 when the run continues another).
    """

    settings: LoopSettings
    samples: Samples
    validation: Samples
    batch_losses: Tensor
    epoch_sums: tuple[float, ...]
    validation_losses: tuple[float, ...]
    moments: tuple[Moment, ...]
    shuffle_seeds: tuple[int, ...]
    first_epoch: int

    @property
    def updates(self) -> int:
        return len(self.batch_losses)

    @property
    def per_epoch(self) -> int:
        return updates_in_one_pass(len(self.samples), self.settings.batch_size)

    @property
    def finished(self) -> bool:
        return len(self.epoch_sums) == self.settings.num_epochs

    @property
    def weights(self) -> Weights:
        return self.moments[-1].weights

    @property
    def checkpoint(self) -> Checkpoint | None:
        """Where to go on; None for a run that was stopped within an epoch."""
        if self.updates % self.per_epoch:
            return None
        end = self.moments[-1]
        return Checkpoint(self.first_epoch + len(self.epoch_sums), end.weights, end.optimizer, end.gradients)

    @property
    def diverged_at(self) -> int | None:
        """The first update (counted from 1) whose loss is not a finite number; None if all are."""
        bad = (~torch.isfinite(self.batch_losses)).nonzero()
        return int(bad[0]) + 1 if len(bad) else None

    def same_losses(self, other: "Run") -> bool:
        """Whether every batch loss equals the other run's, bit for bit."""
        return torch.equal(self.batch_losses, other.batch_losses)

    def moment_at(self, update: int) -> int:
        """Index of the last recorded moment that is not later than `update`."""
        return max(i for i, moment in enumerate(self.moments) if moment.update <= max(update, self.moments[0].update))

    def lines(self) -> list[str]:
        """What the course's loop prints, word for word."""
        return [
            f"Epoch {self.first_epoch + i}: Sum of Batch Losses = {total:.5f}"
            for i, total in enumerate(self.epoch_sums)
        ]
