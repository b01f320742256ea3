"""Does it help? The same networks on the same few digits, with and without each augmentation."""

import torch
from torch import Generator, Tensor

from core.data_augmentation.compare import NONE, Compared
from core.data_augmentation.settings import DigitsSettings
from core.data_augmentation.train import Augment, Networks, digits, few, seconds, turned_and_shifted
from core.task import Task

MILD, SHIFT, NOISE, SQUARE = 15.0, 0.5, 0.2, 2  # degrees, pixels, standard deviation, pixels a side


def _mild(images: Tensor, generator: Generator) -> Tensor:
    return turned_and_shifted(images, MILD, SHIFT, generator)


def _half_turn(images: Tensor, generator: Generator) -> Tensor:
    return turned_and_shifted(images, 180.0, 0.0, generator)


def _flip(images: Tensor, generator: Generator) -> Tensor:
    mirrored = torch.rand(len(images), generator=generator) < 0.5
    return torch.where(mirrored[:, None, None], images.flip(2), images)


def _noise(images: Tensor, generator: Generator) -> Tensor:
    return images + NOISE * torch.randn(images.shape, generator=generator)


def _erase(images: Tensor, generator: Generator) -> Tensor:
    top, left = torch.randint(8 - SQUARE + 1, (2, len(images), 1), generator=generator)
    places = torch.arange(8)
    rows, columns = ((places >= first) & (places < first + SQUARE) for first in (top, left))
    return images.masked_fill(rows[:, :, None] & columns[:, None, :], 0.0)


AUGMENT: dict[str, Augment] = {"mild": _mild, "noise": _noise, "erase": _erase, "flip": _flip, "half_turn": _half_turn}


class HelpedTask(Task):
    """One augmentation after the other, ten updates a step."""

    UPDATES = 10

    def __init__(self, settings: DigitsSettings) -> None:
        self.settings = self.key = settings
        self.names = (NONE, *settings.augmentations)
        self.total = len(self.names) * settings.updates // self.UPDATES
        self.cost = len(self.names) * seconds(settings.updates, settings.n_seeds)

    @property
    def progress(self) -> str:
        done = self.done * self.UPDATES // self.settings.updates
        return f"{done} of {len(self.names)} trainings"

    def begin(self) -> None:
        s = self.settings
        self.seeds = range(s.seed, s.seed + s.n_seeds)
        X, y, self.X_holdout, self.y_holdout = digits()
        rows = few(s.n, self.seeds)
        self.X, self.y, self.right = X[rows], y[rows], {}

    def advance(self) -> None:
        s = self.settings
        place, update = divmod(self.done * self.UPDATES, s.updates)
        name = self.names[place]
        if update == 0:
            self.networks = Networks(self.X, self.y, self.seeds, s.seed, AUGMENT.get(name))
        for _ in range(self.UPDATES):
            self.networks.update()
        if update + self.UPDATES == s.updates:
            self.right[name] = (self.networks.answers(self.X_holdout) == self.y_holdout).sum(dim=1).tolist()

    def result(self) -> Compared | None:
        """None before the first training has ended."""
        return Compared(self.settings, dict(self.right), len(self.y_holdout)) if self.right else None
