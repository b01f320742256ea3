"""Networks that read the handwritten digits: their training, and what they make of images that were kept out."""

import math
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Generator, Tensor
from torch.optim import Optimizer

from core.batches import batches
from core.cache import cached
from core.datasets import BRIGHTEST, load_digits
from core.nn import MLP, FlatMLP, predict, update_seconds
from core.task import Task

CLASSES, N_IMAGES, SIDE = 10, 1797, 8


@cached
def pixels() -> Tensor:
    """Every image as 64 numbers from 0 to 1, shape (1797, 64), float32."""
    return load_digits()[0].flatten(1).float() / BRIGHTEST


@dataclass(frozen=True, eq=False)
class Reading:
    """What a network says about images that it has not been trained on.

    Attributes:
        images: shape (n, 8, 8), uint8, 0 to 16. y: their classes, shape (n,).
        probabilities: of each class for each of them, shape (n, 10); NaN where the network has diverged.
    """

    images: Tensor
    y: Tensor
    probabilities: Tensor

    @property
    def answers(self) -> Tensor:
        """The most probable class of each image, shape (n,)."""
        return self.probabilities.argmax(dim=1)

    @property
    def n_correct(self) -> int:
        """How many of them are named right."""
        return int((self.answers == self.y).sum())

    @property
    def accuracy(self) -> float:
        """The share of them that is named right."""
        return self.n_correct / len(self.y)


class ReadingTask(Task):
    """The training of an `MLP` on some of the digits, an epoch a step.

    A subclass calls `learn_from` in `begin`, and measures in `measure`, before the first epoch and after each.

    Args:
        sizes: pixels, neurons of each hidden layer, classes. n: how many images are trained on.
    """

    unit = "epoch"

    def __init__(self, sizes: Sequence[int], n: int, num_epochs: int, batch_size: int) -> None:
        self.sizes, self.batch_size, self.total = sizes, batch_size, num_epochs
        weights = sum((a + 1) * b for a, b in pairwise(sizes))
        self.cost = update_seconds(weights, math.ceil(n / batch_size) * num_epochs, n * num_epochs)

    def learn_from(
        self, rows: Tensor, labels: Tensor, seed: int, optimizer: Callable[[list[Tensor]], Optimizer]
    ) -> None:
        """Fresh weights, and images with labels to learn; the seed is that of the weights and of the order."""
        self.X, self.y = pixels()[rows], labels
        self.network = FlatMLP(MLP(self.sizes, Generator().manual_seed(seed)), classes=True)
        self.optimizer = optimizer([self.network.vector])
        self.rows = batches(len(self.X), self.batch_size, Generator().manual_seed(seed))
        self.measure()

    def advance(self) -> None:
        for _ in range(math.ceil(len(self.X) / self.batch_size)):
            batch = next(self.rows)
            self.optimizer.zero_grad()
            loss = self.network.loss(self.network.forward(self.X[batch]), self.y[batch])
            self.network.backward(loss)
            self.optimizer.step()
        self.measure()

    @abstractmethod
    def measure(self) -> None:
        """Records what there is to see at the end of an epoch."""

    def reading(self, rows: Tensor) -> dict[str, Tensor]:
        """The fields of a `Reading` of some images."""
        images, digits = load_digits()
        said = predict(self.network.weights, pixels()[rows]).softmax(dim=1).detach()
        return {"images": images[rows], "y": digits[rows], "probabilities": said}


def standard_error(run: Reading) -> float:
    """How far the accuracy is typically from that on all such images: sqrt(p (1 - p) / n)."""
    return math.sqrt(run.accuracy * (1 - run.accuracy) / len(run.y))


@cached
def confusion(run: Reading) -> Tensor:
    """How many images of each class (row) got each answer (column), shape (10, 10)."""
    return torch.bincount(run.y * CLASSES + run.answers, minlength=CLASSES**2).view(CLASSES, CLASSES)


def most_confused(run: Reading) -> tuple[int, int, int] | None:
    """The mistake that was made most often: true class, answer, how often; None if there is none or several are."""
    wrong = confusion(run).clone().fill_diagonal_(0)
    most = int(wrong.max())
    where = (wrong == most).nonzero().tolist()
    return (*where[0], most) if most and len(where) == 1 else None


def mistakes(run: Reading) -> Tensor:
    """The places of the images that were named wrongly, the surest mistake first."""
    wrong = (run.answers != run.y).nonzero()[:, 0]
    return wrong[run.probabilities[wrong].amax(dim=1).argsort(descending=True, stable=True)]
