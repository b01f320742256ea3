"""One run of the loop, advanced update by update so that it can be watched, stopped and continued."""

from collections.abc import Iterator

import torch
from torch import Generator, Tensor

from core.training_loop.data import NumberSumDataset, Samples, loader, split, take
from core.training_loop.flat import FlatMLP
from core.training_loop.loop import execute
from core.training_loop.model import MLP, Weights, make_optimizer
from core.training_loop.record import Checkpoint, Moment, Run
from core.training_loop.settings import LoopSettings, TrainingLoopSettings, updates_per_epoch

PARTS = 30  # of a run, at whose ends its state is recorded
MOMENTS = 2 * PARTS + 50  # at most, besides the start: even parts, more at the beginning, the ends of 50 epochs


class Training:
    """One run of the loop that has got as far as it has; `advance` it, then take its `run()`.

    Args:
        settings: the parameters of the loop.
        samples: all samples; a validation share is split off as the settings say.
        outputs: output neurons: 1 for regression, the number of classes for classification.
        start: where an earlier run left off; None begins with fresh weights.
    """

    def __init__(
        self, settings: LoopSettings, samples: Samples, outputs: int = 1, start: Checkpoint | None = None
    ) -> None:
        settings.check_cost(len(samples))
        self.settings = settings
        train, validation = split(samples, settings)
        self.samples = samples if not len(validation) else take(train)
        self.validation = take(validation)
        self.generator = Generator().manual_seed(settings.seed)
        model = MLP(samples.features.shape[1], settings.hidden, outputs, self.generator)
        self.network = FlatMLP(model, classes=not samples.targets.is_floating_point())
        self.optimizer = make_optimizer(settings.optimizer, [self.network.vector], settings.lr)
        self.first_epoch = 0
        if start is not None:
            self._restore(start)
        self.loader = loader(self.samples, settings, self.generator)
        self.batch_losses: list[float] = []
        self.epoch_sums: list[float] = []
        self.validation_losses: list[float] = []
        self.moments = [self._moment()]
        self.total_updates = updates_per_epoch(settings, len(samples)) * settings.num_epochs
        self._record_at = _recorded_updates(len(self.loader), settings.num_epochs)
        self._batches = self._all_batches()

    @property
    def update(self) -> int:
        return len(self.batch_losses)

    @property
    def finished(self) -> bool:
        return self.update == self.total_updates

    @property
    def progress(self) -> str:
        """One line for somebody who waits."""
        loss = f"{self.batch_losses[-1]:.4g}" if self.batch_losses else "not yet known"
        done, planned = self.first_epoch + self.update // len(self.loader), self.first_epoch + self.settings.num_epochs
        return f"epoch {min(done, planned - 1)} of {self.first_epoch} to {planned - 1}, loss {loss}"

    def advance(self, updates: int) -> None:
        """Does up to that many updates more, as many as are left."""
        for _ in range(min(updates, self.total_updates - self.update)):
            features, targets = next(self._batches)
            self.batch_losses.append(self._one_update(features, targets))
            if self.update % len(self.loader) == 0:
                self._end_epoch()
            if self.update in self._record_at:
                self.moments.append(self._moment())

    def run(self) -> Run:
        """The record so far, frozen."""
        moments = self.moments if self.moments[-1].update == self.update else [*self.moments, self._moment()]
        return Run(
            settings=self.settings,
            samples=self.samples,
            validation=self.validation,
            batch_losses=torch.tensor(self.batch_losses),
            epoch_sums=tuple(self.epoch_sums),
            validation_losses=tuple(self.validation_losses),
            moments=tuple(moments),
            shuffle_seeds=tuple(self.loader.sampler.seeds),
            first_epoch=self.first_epoch,
        )

    def _all_batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        for _ in range(self.settings.num_epochs):
            yield from self.loader

    def _one_update(self, features: Tensor, targets: Tensor) -> float:
        net = self.network
        lines = execute(
            self.settings.loop, net.forward, net.loss, self.optimizer, features, targets, backward=net.backward
        )
        *_, (_, loss) = lines  # the latest of predictions and loss is always the loss
        return loss.item()

    def _end_epoch(self) -> None:
        total = 0.0
        for loss in self.batch_losses[-len(self.loader) :]:
            total += loss  # not sum() or math.fsum(): added one by one, as the course adds them
        self.epoch_sums.append(total)
        if len(self.validation):
            loss = self.network.loss(self.network.forward(self.validation.features), self.validation.targets)
            self.validation_losses.append(loss.item())

    def _moment(self) -> Moment:
        return Moment(
            self.update,
            _copied(self.network.weights),
            _copied(self.network.gradients),
            self.network.named_state(self.optimizer),
        )

    def _restore(self, start: Checkpoint) -> None:
        with torch.no_grad():
            self.network.vector.copy_(self.network.joined(start.weights))
        if start.optimizer:
            groups = self.optimizer.state_dict()["param_groups"]  # going on with another lr is allowed
            state = self.network.joined_state(start.optimizer)
            self.optimizer.load_state_dict({"state": state, "param_groups": groups})
        if start.gradients:
            self.network.vector.grad = self.network.joined(start.gradients)
        self.first_epoch = start.epoch
        for _ in range(start.epoch):  # what the earlier epochs have drawn: the loader's seed and the order's
            torch.empty(1 + self.settings.shuffle, dtype=torch.int64).random_(generator=self.generator)


def _recorded_updates(per_epoch: int, num_epochs: int) -> set[int]:
    """Which updates to record: the ends of the epochs, equal parts of the run, and more of its beginning.

    A run changes most at first, so part of the moments are spaced by equal ratios: 1, 2, 3, 5, 7, ...
    """
    total = per_epoch * num_epochs
    ends = {per_epoch * (epoch + 1) for epoch in range(num_epochs)}
    even = {round(total * (part + 1) / PARTS) for part in range(PARTS)}
    early = {round(total ** (part / PARTS)) for part in range(PARTS)}
    return (ends | even | early) - {0}


def _copied(tensors: Weights) -> Weights:
    """Copies that later updates do not change."""
    return {name: tensor.clone() for name, tensor in tensors.items()}


def number_sum_training(settings: TrainingLoopSettings, start: Checkpoint | None = None) -> Training:
    """The course's run with these settings, not yet begun."""
    return Training(settings, NumberSumDataset(settings.data_range), start=start)


def train(settings: TrainingLoopSettings) -> Run:
    """The course's run from beginning to end.

    >>> train(TrainingLoopSettings(num_epochs=1)).lines()
    ['Epoch 0: Sum of Batch Losses = ...']
    """
    training = number_sum_training(settings)
    training.advance(training.total_updates)
    return training.run()
