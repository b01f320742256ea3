"""Batch size x learning rate: a whole map of runs, those of one batch size trained side by side as one network.

All learning rates share one real `torch.optim` optimizer with lr = 1. It moves a tensor u that stands at zero and gets
the gradients of all runs; afterwards u is the step for lr = 1, so each run's weights move by lr u, and u goes back to
zero. This is exact because no rule here looks at the weights themselves, but for AdamW's decay, which comes first:
x <- (1 - lr weight_decay) x.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
import torch.nn as nn
from torch import Generator, Tensor

from core.nn import MLP, Weights
from core.task import Task
from core.training_loop.data import loader, number_sums, split
from core.training_loop.loop import make_optimizer
from core.training_loop.settings import MapSettings, TrainingLoopSettings, updates_per_epoch

BATCH_SIZES = (20, 50, 100, 200, 500, 1000, 5000)
LEARNING_RATES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1)
AT_ONCE = 1000  # samples that are evaluated at once, which bounds the memory of many hidden units times many runs
ADAMW_DECAY = 0.01  # torch's default weight_decay


class LrBatch:
    """One network for each learning rate, trained side by side on the same batches from the same first weights."""

    def __init__(self, first: Weights, optimizer: str, lrs: tuple[float, ...]) -> None:
        self.lrs = torch.tensor(lrs, dtype=first["output_layer.bias"].dtype)
        self.weights = {n: w.detach().repeat(len(lrs), *[1] * w.dim()).requires_grad_() for n, w in first.items()}
        self.rates = {n: self.lrs.reshape(-1, *[1] * (w.dim() - 1)) for n, w in self.weights.items()}
        self.units = {n: nn.Parameter(torch.zeros_like(w)) for n, w in self.weights.items()}
        self.decay = ADAMW_DECAY if optimizer == "AdamW" else 0.0
        self.optimizer = make_optimizer(optimizer, list(self.units.values()), lr=1.0)

    def step(self, X: Tensor, y: Tensor) -> None:
        """One update of every run: forward, losses, backward, step."""
        errors = self.predictions(X) - y
        errors.square().mean(dim=(1, 2)).sum().backward()  # the runs do not touch, so the sum keeps them apart
        for name, u in self.units.items():
            u.grad = self.weights[name].grad
        self.optimizer.step()
        with torch.no_grad():
            for name, x in self.weights.items():
                if self.decay:
                    x.mul_(1 - self.decay * self.rates[name])
                x.addcmul_(self.rates[name], self.units[name])
                self.units[name].zero_()
                x.grad = None

    def losses(self, X: Tensor, y: Tensor) -> Tensor:
        """Mean squared error of every run, shape (runs,)."""
        with torch.no_grad():
            parts = zip(X.split(AT_ONCE), y.split(AT_ONCE), strict=True)
            return sum((self.predictions(x) - t).square().sum(dim=(1, 2)) for x, t in parts) / len(X)

    def predictions(self, X: Tensor) -> Tensor:
        """Shapes: (n, 2) -> (runs, n, 1)."""
        w = self.weights
        x = X.expand(len(self.lrs), -1, -1)
        hidden = torch.baddbmm(w["hidden_layer.bias"][:, None], x, w["hidden_layer.weight"].mT).relu_()
        return torch.baddbmm(w["output_layer.bias"][:, None], hidden, w["output_layer.weight"].mT)


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

    @property
    def complete(self) -> bool:
        """Whether every row is there."""
        return self.batch_sizes == BATCH_SIZES

    @property
    def diverged(self) -> int:
        """How many runs ended with a loss that is not a finite number."""
        return int((~torch.isfinite(self.final_loss)).sum())


class LrMapTask(Task):
    """The map in the making; one step is one batched update of all learning rates of one batch size."""

    def __init__(self, settings: TrainingLoopSettings, lr_map: MapSettings) -> None:
        # The map has batch sizes, learning rates and a number of epochs of its own.
        self.settings = replace(settings, batch_size=BATCH_SIZES[-1], lr=LEARNING_RATES[0], num_epochs=1, loop="course")
        self.num_epochs, self.key = lr_map.num_epochs, (self.settings, lr_map)
        per_epoch = [updates_per_epoch(self._with(size), settings.n_samples) for size in BATCH_SIZES]
        self.total = self.num_epochs * sum(per_epoch)
        self.rows: list[Tensor] = []

    def begin(self) -> None:
        """Splits the samples."""
        X, y = number_sums(self.settings.data_range)
        rows = split(len(X), self.settings)[0] if self.settings.validation else slice(None)
        self.X, self.y = X[rows], y[rows]
        self.updates = self._all_updates()

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

    def _all_updates(self) -> Iterator[None]:
        for size in BATCH_SIZES:
            generator = Generator().manual_seed(self.settings.seed)
            first = MLP([2, self.settings.hidden, 1], generator).state_dict()
            runs = LrBatch(first, self.settings.optimizer, LEARNING_RATES)
            batches = loader(self.X, self.y, self._with(size), generator)
            for epoch in range(self.num_epochs):
                for number, (X, y) in enumerate(batches, start=1):
                    runs.step(X, y)
                    if (epoch + 1, number) == (self.num_epochs, len(batches)):
                        self.rows.append(runs.losses(self.X, self.y))
                    yield

    def _with(self, batch_size: int) -> TrainingLoopSettings:
        return replace(self.settings, batch_size=batch_size)
