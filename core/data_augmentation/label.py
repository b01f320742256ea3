"""Does the label survive? What a network that has seen no changed digit answers while a digit is changed."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.data_augmentation.affine import about, center_of, linear_map, warp
from core.data_augmentation.settings import LabelSettings
from core.data_augmentation.train import Networks, digits, seconds
from core.task import Task

UPDATES = 600
AMOUNTS = {  # of each change; the one that changes nothing is among them
    "angle": [float(a) for a in range(0, 361, 10)],
    "width": [i / 10 for i in range(-10, 11) if i],
    "scale": [i / 10 for i in range(3, 21)],
}


def maps(change: str, amounts: list[float]) -> Tensor:
    """The map of each amount, shape (n, 2, 3): rotated by an angle, made narrow and mirrored, or scaled."""
    values = torch.tensor(amounts)
    zero, one = torch.zeros(len(amounts)), torch.ones(len(amounts))
    usual = {"angle": zero, "scale": one, "width": one} | {change: values}
    return about(center_of(8, 8), linear_map(usual["angle"], usual["scale"], zero, usual["width"]))


@dataclass(frozen=True, eq=False)
class Survival:
    """One digit at each amount of the change, and what the network makes of it.

    Attributes:
        image: shape (8, 8), from 0 to 1. amounts: of the change. images: the digit at each, shape (amounts, 8, 8).
        probabilities: of each class, shape (amounts, 10).
        accuracy: the share of all digits that were kept out, changed likewise, that is named right, shape (amounts,).
        n_holdout: how many were kept out.
    """

    settings: LabelSettings
    image: Tensor
    amounts: list[float]
    images: Tensor
    probabilities: Tensor
    accuracy: Tensor
    n_holdout: int

    def answer(self, amount: float) -> tuple[int, float]:
        """The most probable class at an amount, and its probability."""
        row = self.probabilities[self.place(amount)]
        return int(row.argmax()), row.max().item()

    def place(self, amount: float) -> int:
        """The place of the nearest amount."""
        return min(range(len(self.amounts)), key=lambda i: abs(self.amounts[i] - amount))

    @property
    def others(self) -> list[int]:
        """Classes other than the digit's own that are the answer somewhere, the one most often first."""
        answers = self.probabilities.argmax(dim=1)
        counts = torch.bincount(answers, minlength=10)
        counts[self.settings.digit] = 0
        return [c for c in counts.argsort(descending=True, stable=True).tolist() if counts[c]]


class SurvivalTask(Task):
    """The training, thirty updates a step; the changed digits at the end."""

    def __init__(self, settings: LabelSettings) -> None:
        self.settings = self.key = settings
        self.total, self.cost = UPDATES // 30, seconds(UPDATES, 1)

    def begin(self) -> None:
        X, y, self.X_holdout, self.y_holdout = digits()
        self.network = Networks(X[None], y[None], [self.settings.seed], self.settings.seed)

    def advance(self) -> None:
        for _ in range(30):
            self.network.update()

    def result(self) -> Survival:
        s = self.settings
        own = self.X_holdout[self.y_holdout == s.digit]
        image = own[(s.example - 1) % len(own)]
        amounts = AMOUNTS[s.change]
        changes = maps(s.change, amounts)
        images = warp(image.expand(len(amounts), 1, 8, 8), changes)[:, 0]
        right = []
        for M in changes:
            changed = warp(self.X_holdout[:, None], M.expand(len(self.X_holdout), 2, 3))[:, 0]
            right.append((self.network.answers(changed)[0] == self.y_holdout).float().mean())
        said = self.network.probabilities(images)[0]
        return Survival(s, image, amounts, images, said, torch.stack(right), len(self.y_holdout))
