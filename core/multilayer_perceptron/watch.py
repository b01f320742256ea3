"""The run that is watched: one network, its whole run, and how it went."""

import math
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from core.multilayer_perceptron.data import Samples, samples
from core.multilayer_perceptron.module import flat, make_layers
from core.multilayer_perceptron.settings import PlaygroundSettings
from core.multilayer_perceptron.train import Trainer, Training, seconds
from core.task import Task

SOLVED = 0.95  # share of the test points that are named right


@dataclass(frozen=True, eq=False)
class Run:
    """One network's run, as far as it has got.

    Attributes:
        data: what it trained on. training: what was recorded of it, of one network.
        stopped: whether it ended early since the test loss had not fallen for `settings.patience` epochs.
    """

    settings: PlaygroundSettings
    data: Samples
    training: Training
    stopped: bool

    @property
    def updates(self) -> list[int]:
        """After which updates the weights were recorded."""
        return self.training.updates

    @property
    def weights(self) -> Tensor:
        """Shape (recorded, weights)."""
        return self.training.weights[:, 0]

    @property
    def epochs(self) -> int:
        """How many epochs it has had."""
        return len(self.training.train_loss) - 1

    @property
    def per_epoch(self) -> int:
        """How many updates an epoch has."""
        return math.ceil(self.data.n_train / self.settings.batch_size)

    def sample_rows(self, most: int) -> Tensor:
        """x1, x2, target and 0 for training, 1 for testing, of at most so many samples of each, shape (n, 4)."""
        rows = torch.cat([self.data.points, self.data.target[:, None], torch.zeros(len(self.data.points), 1)], dim=1)
        rows[self.data.n_train :, 3] = 1
        return torch.cat([rows[: self.data.n_train][:most], rows[self.data.n_train :][:most]])

    def epoch_at(self, update: int) -> float:
        """How many epochs have been done after an update, such as 0.4."""
        return update / self.per_epoch

    def curve(self, name: str) -> Tensor:
        """`train_loss`, `test_loss`, `train_accuracy` or `test_accuracy` before the first epoch and after each."""
        return getattr(self.training, name)[:, 0]

    @property
    def diverged_at(self) -> int | None:
        """The first update after which a number of it was no longer finite; None if all were."""
        lost = ~torch.isfinite(self.training.gradient[:, 0])
        if lost.any():
            return int(lost.int().argmax()) + 1
        return len(lost) if not math.isfinite(self.curve("train_loss")[-1]) else None

    @property
    def largest_gradient(self) -> float:
        """The length of the longest gradient that was finite; 0 where there was none."""
        gradient = self.training.gradient[:, 0]
        return gradient[torch.isfinite(gradient)].max().item() if torch.isfinite(gradient).any() else 0.0


def is_solved(run: Run) -> bool:
    """Whether the network names nearly all test points right at the end; never for a regression."""
    return run.curve("test_accuracy")[-1].item() >= SOLVED


def solved_at(run: Run) -> int | None:
    """The first epoch from which on it names nearly all test points right until the end; None if it does not."""
    right = run.curve("test_accuracy") >= SOLVED
    if not right[-1]:
        return None
    wrong = (~right).nonzero()
    return int(wrong[-1]) + 1 if len(wrong) else 0


def falls_by_third(run: Run) -> tuple[float, float, float] | None:
    """By how much the training loss falls in each third of the epochs; None for fewer than 3, or after divergence."""
    losses = run.curve("train_loss")
    if run.epochs < 3 or not torch.isfinite(losses).all():
        return None
    ends = [losses[round(part * run.epochs / 3)].item() for part in range(4)]
    return tuple(a - b for a, b in pairwise(ends))


class RunTask(Task):
    """The run of some settings, an epoch a step.

    Args:
        data: other samples than those of the settings, which `key` must then stand for.
    """

    unit = "epoch"

    def __init__(self, settings: PlaygroundSettings, data: Samples | None = None, key: object = None) -> None:
        self.settings, self.data = settings, data
        self.key, self.total = (settings, key), settings.num_epochs
        self.cost = seconds(settings)
        self.stopped, self.lost = False, False

    def begin(self) -> None:
        data = samples(self.settings) if self.data is None else self.data
        first = flat(make_layers(self.settings, self.settings.seed))
        self.trainer = Trainer(self.settings, data, first[None], [self.settings.seed])

    def advance(self) -> None:
        self.trainer.epoch()
        curves = self.trainer.measured[: self.trainer.epochs + 1, :, 0]
        self.lost = bool(curves[-1, 0].isnan())
        self.stopped = not self.lost and has_stalled(curves[:, 2], self.settings.patience)

    @property
    def finished(self) -> bool:
        return super().finished or self.lost or self.stopped

    def result(self) -> Run:
        return Run(self.settings, self.trainer.data, self.trainer.recorded(), self.stopped)


def has_stalled(losses: Tensor, patience: int) -> bool:
    """Whether the lowest loss is at least `patience` epochs old; never for a patience of 0."""
    return 0 < patience <= len(losses) - 1 - int(losses.argmin())
