"""Digits that are kept out: how sure an accuracy is that was measured on some of them."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.optim import Adam

from core.batches import split_rows, stratified_rows
from core.datasets import load_digits
from core.digits import CLASSES, N_IMAGES, SIDE, Reading, ReadingTask, confusion
from core.generalization.settings import SplitSettings

BATCH_SIZE, LR = 32, 0.01
Z = 1.959964  # standard deviations to both sides of the middle that hold 95% of a normal distribution
BANDS = {"By less than 1 point": 0.0, "By 1 to 4 points": 0.01, "By more than 4 points": 0.04}  # half a width


@dataclass(frozen=True, eq=False)
class SplitRun(Reading):
    """A trained network and what it says about the images that were kept out.

    Attributes:
        n_train, n_holdout: images of each digit in both parts, shape (10,). train_accuracy: on the training images.
    """

    settings: SplitSettings
    n_train: Tensor
    n_holdout: Tensor
    train_accuracy: float

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of the accuracy."""
        return wilson(self.n_correct, len(self.y))

    @property
    def band(self) -> str:
        """Which of `BANDS` half the width of the interval is in."""
        low, high = self.interval
        return [name for name, least in BANDS.items() if (high - low) / 2 >= least][-1]

    @property
    def each(self) -> list[tuple[int, int]]:
        """Of every digit: how many of its holdout images are named right, and how many there are."""
        return list(zip(confusion(self).diagonal().tolist(), self.n_holdout.tolist(), strict=True))


def wilson(right: int, n: int) -> tuple[float, float]:
    r"""Wilson's 95% interval for a share of which `right` of n were seen (1927).

    All p whose distance from right/n is at most z standard errors √(p (1 − p) / n), z = 1.96. It stays between 0 and 1
    and has a width even where all of n are right. From 0 to 1 where n is 0.
    """
    if not n:
        return 0.0, 1.0
    p, t = right / n, Z * Z / n
    middle, half = (p + t / 2) / (1 + t), Z * math.sqrt(p * (1 - p) / n + t / (4 * n)) / (1 + t)
    return max(middle - half, 0.0), min(middle + half, 1.0)


class SplitTask(ReadingTask):
    """The training, an epoch a step."""

    def __init__(self, settings: SplitSettings) -> None:
        self.settings = self.key = settings
        hidden = (settings.width,) if settings.width else ()
        n = round((1 - settings.holdout) * N_IMAGES)
        super().__init__((SIDE * SIDE, *hidden, CLASSES), n, settings.num_epochs, BATCH_SIZE)

    def begin(self) -> None:
        s, (_, digits) = self.settings, load_digits()
        n = round(s.holdout * N_IMAGES)
        self.train, self.kept_out = (
            stratified_rows(digits, n, s.seed) if s.stratified else split_rows(N_IMAGES, n, s.seed)
        )
        self.learn_from(self.train, digits[self.train], s.seed, lambda params: Adam(params, lr=LR))

    def measure(self) -> None:
        """Nothing: the holdout set is opened once, at the end."""

    def result(self) -> SplitRun:
        learned = Reading(**self.reading(self.train))
        n_train, n_holdout = (
            torch.bincount(load_digits()[1][rows], minlength=CLASSES) for rows in (self.train, self.kept_out)
        )
        return SplitRun(
            **self.reading(self.kept_out),
            settings=self.settings,
            n_train=n_train,
            n_holdout=n_holdout,
            train_accuracy=learned.accuracy,
        )
