"""Two mistakes with augmentation, each really made beside the right way, at five seeds."""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from core.data_augmentation.compare import mean
from core.data_augmentation.settings import MistakesSettings
from core.data_augmentation.train import Networks, digits, seconds, turned_and_shifted
from core.digits import CLASSES
from core.task import Task

N_SEEDS, UPDATES, PER_STEP = 5, 200, 10
TESTED = 0.3  # the share that is kept out
RIGHT, WRONG = "right", "wrong"


@dataclass(frozen=True, eq=False)
class Fooled:
    """What both ways say, a share at each seed.

    Attributes:
        reported: way -> for a leak, the accuracy on its own holdout set. Augmenting one class: the share of other
            digits, rotated likewise, that get the augmented class as an answer.
        true: way -> for a leak, the accuracy on 500 new digits. Augmenting one class: on those, rotated likewise.
    """

    settings: MistakesSettings
    reported: dict[str, list[float]]
    true: dict[str, list[float]]

    @property
    def right_way(self) -> "Fooled":
        """What there is before the mistake."""
        return Fooled(self.settings, {RIGHT: self.reported[RIGHT]}, {RIGHT: self.true[RIGHT]})


def balanced(n: int, seed: int, y: Tensor) -> Tensor:
    """Rows of n digits, equally many of each class, drawn: shape (n,)."""
    order = torch.randperm(len(y), generator=Generator().manual_seed(seed))
    return torch.cat([order[y[order] == c][: n // CLASSES] for c in range(CLASSES)])


def copies_of(images: Tensor, y: Tensor, n: int, degrees: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Every image and n rotated copies of it: images and classes."""
    rows = torch.arange(len(images)).repeat(n + 1)
    turned = turned_and_shifted(images[rows[len(images) :]], degrees, 0.0, generator)
    return torch.cat([images, turned]), y[rows]


class FooledTask(Task):
    """The right way, then the mistake, ten updates a step."""

    def __init__(self, settings: MistakesSettings) -> None:
        self.settings = self.key = settings
        self.total = 2 * UPDATES // PER_STEP
        self.cost = 2 * seconds(UPDATES, N_SEEDS)

    def begin(self) -> None:
        s = self.settings
        self.seeds = range(s.seed, s.seed + N_SEEDS)
        self.reported, self.true = {}, {}
        X, y, self.X_new, self.y_new = digits()
        rows = torch.stack([balanced(s.n, seed, y) for seed in self.seeds])
        self.images, self.y = X[rows], y[rows]
        generator = Generator().manual_seed(s.seed)
        self.turned_new = turned_and_shifted(self.X_new, s.angle, 0.0, generator)

    def advance(self) -> None:
        place, update = divmod(self.done * PER_STEP, UPDATES)
        way = (RIGHT, WRONG)[place]
        if update == 0:
            parts = [self._split(i, way) for i in range(N_SEEDS)]
            (X, y, self.X_test, self.y_test) = (torch.stack(part) for part in zip(*parts, strict=True))
            self.networks = Networks(X, y, self.seeds, self.settings.seed)
        for _ in range(PER_STEP):
            self.networks.update()
        if update + PER_STEP == UPDATES:
            self._measure(way)

    def _split(self, place: int, way: str) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What the network of one seed learns from, and is tested on: images and classes of both."""
        s, generator = self.settings, Generator().manual_seed(self.settings.seed + place)
        images, y = self.images[place], self.y[place]
        n_test = round(TESTED * s.n)
        if s.mistake == "one_class":
            X, labels = copies_of(images, y, s.copies, s.angle, generator)
            kept = (labels == s.digit) | (torch.arange(len(X)) < s.n) if way == WRONG else slice(None)
            return X[kept], labels[kept], images, y
        order = torch.randperm(s.n, generator=generator)
        images, y = images[order], y[order]
        if way == RIGHT:
            X, labels = copies_of(images[n_test:], y[n_test:], s.copies, s.angle, generator)
            return X, labels, images[:n_test], y[:n_test]
        X, labels = copies_of(images, y, s.copies, s.angle, generator)
        order = torch.randperm(len(X), generator=generator)
        test, train = order[: n_test * (s.copies + 1)], order[n_test * (s.copies + 1) :]
        return X[train], labels[train], X[test], labels[test]

    def _measure(self, way: str) -> None:
        if self.settings.mistake == "leak":
            self.reported[way] = _share(self.networks.answers(self.X_test) == self.y_test)
            self.true[way] = _share(self.networks.answers(self.X_new) == self.y_new)
        else:
            answers, others = self.networks.answers(self.turned_new), self.y_new != self.settings.digit
            self.reported[way] = _share(answers[:, others] == self.settings.digit)
            self.true[way] = _share(answers == self.y_new)

    def result(self) -> Fooled | None:
        """None before the right way has been gone."""
        return Fooled(self.settings, dict(self.reported), dict(self.true)) if self.true else None


def _share(right: Tensor) -> list[float]:
    return [count / right.shape[1] for count in right.sum(dim=1).tolist()]


def gaps(found: Fooled, way: str) -> list[float]:
    """How much more is reported than is true on new digits, at each seed."""
    return [a - b for a, b in zip(found.reported[way], found.true[way], strict=True)]


CLOSE = 0.005  # a difference of two means that is not worth a word


def compared(found: Fooled) -> str:
    """What the mistake makes of the mean that is reported: "more", "less", or about the "same".

    A leak is compared with what is true on new digits, one augmented class with the right way.
    """
    other = found.true[WRONG] if found.settings.mistake == "leak" else found.reported[RIGHT]
    difference = mean(found.reported[WRONG]) - mean(other)
    return "same" if abs(difference) < CLOSE else "more" if difference > 0 else "less"


def optimistic(found: Fooled, way: str) -> bool:
    """Whether more is reported than is true at every seed."""
    return all(gap > 0 for gap in gaps(found, way))
