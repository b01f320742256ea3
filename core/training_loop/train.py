"""One run of the loop, done update by update so that it can be watched, stopped and continued."""

import torch
from torch import Generator, Tensor

from core.batches import loader, split_rows
from core.datasets import make_number_sums
from core.frame_steps import frame_steps
from core.nn import MLP, FlatMLP, copied, update_seconds
from core.task import Task
from core.training_loop.checkpoint import Checkpoint
from core.training_loop.loop import execute, make_optimizer
from core.training_loop.run import Run, Snapshot
from core.training_loop.settings import LoopSettings, TrainingLoopSettings


class Training(Task):
    """One run of the loop; its `result()` is the `Run` as far as it has got.

    Args:
        X, y: all samples; a validation share is split off as the settings say.
        key: stands for settings, samples and start.
        outputs: 1 for regression, the number of classes for classification.
        start: where an earlier run left off; None begins with fresh weights.
    """

    def __init__(
        self,
        settings: LoopSettings,
        X: Tensor,
        y: Tensor,
        key: object = None,
        *,
        outputs: int = 1,
        start: Checkpoint | None = None,
        title: str = "",
    ) -> None:
        settings.check_cost(len(X))
        self.settings, self.all_samples, self.key = settings, (X, y), key
        self.outputs, self.start, self.title = outputs, start, title
        self.total = settings.per_epoch(len(X)) * settings.num_epochs
        self.cost = update_seconds(settings.hidden * (X.shape[1] + outputs), self.total, settings.num_epochs * len(X))

    def begin(self) -> None:
        """Splits the samples and draws the first weights."""
        settings, (X, y) = self.settings, self.all_samples
        train, validation = split_rows(len(X), settings.n_validation(len(X)), settings.seed)
        self.X, self.y = (X[train], y[train]) if len(validation) else (X, y)
        self.X_validation, self.y_validation = X[validation], y[validation]
        self.generator = Generator().manual_seed(settings.seed)
        model = MLP([X.shape[1], settings.hidden, self.outputs], self.generator)
        self.network = FlatMLP(model, classes=not y.is_floating_point())
        self.optimizer = make_optimizer(settings.optimizer, [self.network.vector], settings.lr)
        if self.start is not None:
            self._restore(self.start)
        self.loader = loader(self.X, self.y, settings.batch_size, settings.shuffle, self.generator)
        self.batches = (batch for _ in range(settings.num_epochs) for batch in self.loader)
        self.batch_losses: list[float] = []
        self.epoch_sums: list[float] = []
        self.validation_losses: list[float] = []
        self.record_at = frame_steps(len(self.loader), settings.num_epochs)
        self.snapshots = [self._snapshot()]

    def advance(self) -> None:
        """One update."""
        X, y = next(self.batches)
        net = self.network
        lines = execute(self.settings.loop, net.forward, net.loss, self.optimizer, X, y, backward=net.backward)
        *_, (_, loss) = lines  # the latest of predictions and loss is always the loss
        self.batch_losses.append(loss.item())
        update = len(self.batch_losses)
        if update % len(self.loader) == 0:
            self._end_epoch()
        if update in self.record_at:
            self.snapshots.append(self._snapshot())

    def result(self) -> Run:
        """The record so far, frozen."""
        up_to_date = self.snapshots[-1].update == len(self.batch_losses)
        return Run(
            settings=self.settings,
            X=self.X,
            y=self.y,
            X_validation=self.X_validation,
            y_validation=self.y_validation,
            batch_losses=torch.tensor(self.batch_losses),
            epoch_sums=tuple(self.epoch_sums),
            validation_losses=tuple(self.validation_losses),
            snapshots=(*self.snapshots, *([] if up_to_date else [self._snapshot()])),
            shuffle_seeds=tuple(self.loader.sampler.seeds),
            start=self.start,
        )

    @property
    def progress(self) -> str:
        """One line for somebody who waits."""
        loss = f"{self.batch_losses[-1]:.4g}" if self.done else "not yet known"
        return f"update {self.done:,} of {self.total:,}, loss {loss}"

    def _end_epoch(self) -> None:
        total = 0.0
        for loss in self.batch_losses[-len(self.loader) :]:
            total += loss  # not sum() or math.fsum(): added one by one, as the course adds them
        self.epoch_sums.append(total)
        if len(self.X_validation):
            loss = self.network.loss(self.network.forward(self.X_validation), self.y_validation)
            self.validation_losses.append(loss.item())

    def _snapshot(self) -> Snapshot:
        weights, gradients = copied(self.network.weights), copied(self.network.gradients)
        return Snapshot(len(self.batch_losses), weights, gradients, self.network.named_state(self.optimizer))

    def _restore(self, start: Checkpoint) -> None:
        with torch.no_grad():
            self.network.vector.copy_(self.network.joined(start.weights))
        if start.optimizer:
            groups = self.optimizer.state_dict()["param_groups"]  # going on with another lr is allowed
            state = self.network.joined_state(start.optimizer)
            self.optimizer.load_state_dict({"state": state, "param_groups": groups})
        if start.gradients:
            self.network.vector.grad = self.network.joined(start.gradients)
        for _ in range(start.epoch):  # what the earlier epochs have drawn: the loader's seed and the order's
            torch.empty(1 + self.settings.shuffle, dtype=torch.int64).random_(generator=self.generator)


def number_sum_training(settings: TrainingLoopSettings, start: Checkpoint | None = None, title: str = "") -> Training:
    """The course's run with these settings, not yet begun."""
    return Training(settings, *make_number_sums(settings.data_range), key=(settings, start), start=start, title=title)


def train(settings: TrainingLoopSettings) -> Run:
    """The course's run from beginning to end."""
    return number_sum_training(settings).run()
