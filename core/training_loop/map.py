"""Batch size x learning rate: a whole map of runs, those of one batch size trained side by side (`LrBatch`)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Generator, Tensor

from core.batches import loader, split_rows
from core.datasets import make_number_sums
from core.lr_batch import LrBatch
from core.nn import MLP, update_seconds
from core.task import Task
from core.training_loop.loop import make_optimizer
from core.training_loop.settings import MapSettings, TrainingLoopSettings

BATCH_SIZES = (20, 50, 100, 200, 500, 1000, 5000)
LEARNING_RATES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1)
ADAMW_DECAY = 0.01  # torch's default weight_decay


@dataclass(frozen=True, eq=False)
class LrMap:
    """Mean squared error on the training set after the last epoch, shape (batch sizes, learning rates)."""

    batch_sizes: tuple[int, ...]
    final_loss: Tensor

    @property
    def best(self) -> tuple[int, float, float] | None:
        """Batch size, learning rate and loss of the lowest cell; None if all runs diverged."""
        losses = self.final_loss.nan_to_num(nan=torch.inf)
        row, column = divmod(int(losses.argmin()), len(LEARNING_RATES))
        loss = losses[row, column]
        return (self.batch_sizes[row], LEARNING_RATES[column], loss.item()) if torch.isfinite(loss) else None


class LrMapTask(Task):
    """The map in the making; one step is one batched update of all learning rates of one batch size."""

    def __init__(self, settings: TrainingLoopSettings, map_settings: MapSettings) -> None:
        # The map has batch sizes, learning rates and a number of epochs of its own.
        self.settings = replace(settings, batch_size=BATCH_SIZES[-1], lr=LEARNING_RATES[0], num_epochs=1, loop="course")
        self.num_epochs, self.key = map_settings.num_epochs, (self.settings, map_settings)
        per_epoch = [replace(self.settings, batch_size=size).per_epoch(settings.n_samples) for size in BATCH_SIZES]
        self.total = self.num_epochs * sum(per_epoch)
        samples = self.num_epochs * len(BATCH_SIZES) * settings.n_samples
        self.cost = update_seconds(3 * settings.hidden * len(LEARNING_RATES), 2 * self.total, samples)
        self.rows: list[Tensor] = []

    def begin(self) -> None:
        """Splits the samples."""
        X, y = make_number_sums(self.settings.data_range)
        if self.settings.validation:
            rows, _ = split_rows(len(X), self.settings.n_validation(len(X)), self.settings.seed)
            X, y = X[rows], y[rows]
        self.updates = self._all_updates(X, y)

    def advance(self) -> None:
        """One batched update."""
        next(self.updates)

    def result(self) -> LrMap | None:
        """The rows that are whole; None while there is none."""
        return LrMap(BATCH_SIZES[: len(self.rows)], torch.stack(self.rows)) if self.rows else None

    @property
    def progress(self) -> str:
        """Which row is being trained."""
        size = BATCH_SIZES[min(len(self.rows), len(BATCH_SIZES) - 1)]
        return f"batch size {size:,}: {len(LEARNING_RATES)} learning rates at once"

    def _all_updates(self, X: Tensor, y: Tensor) -> Iterator[None]:
        for size in BATCH_SIZES:
            generator = Generator().manual_seed(self.settings.seed)
            first = MLP([2, self.settings.hidden, 1], generator).state_dict()
            decay = ADAMW_DECAY if self.settings.optimizer == "AdamW" else 0.0
            runs = LrBatch(first, LEARNING_RATES, partial(make_optimizer, self.settings.optimizer, lr=1.0), decay)
            batches = loader(X, y, size, self.settings.shuffle, generator)
            epochs = (batch for _ in range(self.num_epochs) for batch in batches)
            for update, batch in enumerate(epochs, start=1):
                runs.step(*batch)
                if update == self.num_epochs * len(batches):
                    self.rows.append(runs.losses(X, y))
                yield
