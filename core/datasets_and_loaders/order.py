"""One network trained on the same digits: shuffled in every epoch, shuffled once, and sorted by class."""

from dataclasses import dataclass
from itertools import product

import torch
from torch import Generator, Tensor, optim

from core.batches import loader, split_rows
from core.cache import cached
from core.datasets import BRIGHTEST, load_digits
from core.datasets_and_loaders.settings import OrderSettings
from core.nn import MLP, FlatMLP, predict, update_seconds
from core.task import Task

ORDERS = {"shuffled": "shuffled every epoch", "once": "shuffled once", "sorted": "sorted by class"}
N_HOLDOUT, CLASSES, LIKE = 360, 10, 0.03  # LIKE: accuracies that differ by less are about the same


@dataclass(frozen=True, eq=False)
class OrderRun:
    """Three trainings from the same first weights.

    Attributes:
        truth: classes of the holdout images, shape (360,).
        said: order -> what the network says for each of them before the first epoch and after each, shape (epochs + 1,
            360); -1 where its outputs are not finite.
    """

    settings: OrderSettings
    truth: Tensor
    said: dict[str, Tensor]

    def accuracy(self, order: str) -> list[float]:
        """The share of right answers, before the first epoch and after each."""
        return (self.said[order] == self.truth).double().mean(1).tolist()

    def counts(self, order: str) -> Tensor:
        """How often each digit is said, shape (epochs + 1, 10)."""
        return torch.stack([torch.bincount(row[row >= 0], minlength=CLASSES) for row in self.said[order]])


@cached
def digits_split(seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """X and y to train on, in the random order of the split, and those kept out. X: shape (n, 64), 0 to 1."""
    X, y = load_digits()
    X = X.flatten(1).float() / BRIGHTEST
    train, holdout = split_rows(len(X), N_HOLDOUT, seed)
    return X[train], y[train], X[holdout], y[holdout]


class OrderTask(Task):
    """The three trainings, an epoch a step."""

    def __init__(self, settings: OrderSettings) -> None:
        self.key = self.settings = settings
        self.plan = list(product(ORDERS, range(settings.num_epochs)))
        self.total = len(self.plan)
        n, weights = 1797 - N_HOLDOUT, 75 * settings.hidden + CLASSES
        updates = self.total * -(-n // settings.batch_size)
        self.cost = update_seconds(weights, updates, self.total * n)

    def begin(self) -> None:
        """The data, and a network in its first state for each order."""
        self.X, self.y, self.X_holdout, self.truth = digits_split(self.settings.seed)
        self.said: dict[str, list[Tensor]] = {order: [] for order in ORDERS}

    def advance(self) -> None:
        """One epoch of one order."""
        order, epoch = self.plan[self.done]
        if epoch == 0:
            self._start(order)
        for X, y in self.batches:
            self.network.backward(self.network.loss(self.network.forward(X), y))
            self.optimizer.step()
            self.optimizer.zero_grad()
        self._ask(order)

    def _start(self, order: str) -> None:
        settings, X, y = self.settings, self.X, self.y
        if order == "sorted":
            by_class = y.argsort(stable=True)
            X, y = X[by_class], y[by_class]
        generator = Generator().manual_seed(settings.seed)
        self.network = FlatMLP(MLP((64, settings.hidden, CLASSES), generator), classes=True)
        self.optimizer = optim.SGD([self.network.vector], lr=settings.lr)
        self.batches = loader(X, y, settings.batch_size, order == "shuffled", generator)
        self._ask(order)

    def _ask(self, order: str) -> None:
        outputs = predict(self.network.weights, self.X_holdout)
        finite = outputs.isfinite().all(1)
        self.said[order].append(torch.where(finite, outputs.argmax(1), -1))

    @property
    def progress(self) -> str:
        """Which order, and which of its epochs."""
        order, epoch = self.plan[min(self.done, self.total - 1)]
        return f"{ORDERS[order]}, epoch {epoch + 1} of {self.settings.num_epochs}"

    def result(self) -> OrderRun | None:
        """What has been trained so far; None before every order has begun."""
        if not all(self.said.values()):
            return None
        return OrderRun(self.settings, self.truth, {order: torch.stack(rows) for order, rows in self.said.items()})


def sorted_falls(run: OrderRun) -> str:
    """How the sorted digits end against the shuffled ones: "same", "below" (by up to 0.1), "far", or "above"."""
    by = run.accuracy("shuffled")[-1] - run.accuracy("sorted")[-1]
    return "above" if by < -LIKE else "same" if by <= LIKE else "below" if by <= 0.1 else "far"


def last_said(run: OrderRun, epoch: int) -> tuple[float, float]:
    """Of the holdout images, the share for which the sorted network says 7, 8 or 9, and the share that are."""
    said, truth = run.said["sorted"][epoch], run.truth
    return (said >= 7).double().mean().item(), (truth >= 7).double().mean().item()
