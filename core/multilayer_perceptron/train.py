"""A run of the playground: one network, or several of one shape at once, epoch by epoch, with everything recorded."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

import torch
from torch import Generator, Tensor
from torch.optim import SGD, Adam, AdamW, Optimizer, RMSprop

from core.batches import batches
from core.multilayer_perceptron.data import Samples, features
from core.multilayer_perceptron.networks import Networks, mean_loss, n_weights, parts
from core.multilayer_perceptron.settings import PlaygroundSettings

EVEN, EARLY = 28, 22  # recorded moments: at equal distances, and closer together at the beginning
BOTH, ON_THE_WAY = ("train", "test"), 20
PER_UPDATE = 2.2e-4  # seconds of a core for an update of one network, about


def seconds(settings: PlaygroundSettings) -> float:
    """About how many seconds of a core the run of one network takes."""
    return settings.updates * PER_UPDATE * (1 + len(settings.hidden) / 3)


def make_optimizer(name: str, params: list[Tensor], lr: float) -> Optimizer:
    """The optimizer of that name in the settings."""
    if name in ("SGD", "Momentum"):
        return SGD(params, lr=lr, momentum=0.9 if name == "Momentum" else 0.0)
    return {"RMSprop": RMSprop, "Adam": Adam, "AdamW": AdamW}[name](params, lr=lr)


def recorded_updates(per_epoch: int, num_epochs: int) -> list[int]:
    """The updates after which the weights are recorded, at most 51: equal parts of the run, and more of its start.

    Equal parts end with an epoch where the run has enough of them.
    """
    total = per_epoch * num_epochs
    even = {math.ceil(part * num_epochs / EVEN) * per_epoch for part in range(EVEN + 1)}
    early = {round(total ** (part / EARLY)) for part in range(EARLY)}
    return sorted(even | early | {0})


@dataclass(frozen=True, eq=False)
class Training:
    """What was recorded of some networks of one shape.

    Attributes:
        updates: after which the weights were recorded. weights: shape (recorded, networks, weights).
        train_loss, test_loss: the loss without penalty and without dropout, before the first epoch and after each,
            shape (epochs + 1, networks); NaN once a network has diverged, and where it was not wanted. train_accuracy,
            test_accuracy: likewise the share of points whose class is named; NaN for a regression.
        gradient: the length of each update's gradient, shape (updates, networks); none where a curve was not wanted.
    """

    updates: list[int]
    weights: Tensor
    train_loss: Tensor
    test_loss: Tensor
    train_accuracy: Tensor
    test_accuracy: Tensor
    gradient: Tensor


class Trainer:
    """Networks that are trained side by side on the same samples, each with its own order of them.

    Args:
        vectors: first weights, one row a network. seeds: of the order and of dropout, one a network.
        lrs: a learning rate for each network, if they differ. keep: as `Networks` takes it.
        wanted: the curves that are measured on the way, of "train" and "test": both after each epoch, one alone after
            at most ON_THE_WAY epochs at equal distances. At the end both are. Without both, only the first and the last
            weights are recorded.
    """

    def __init__(
        self,
        settings: PlaygroundSettings,
        data: Samples,
        vectors: Tensor,
        seeds: Sequence[int],
        lrs: Tensor | None = None,
        keep: Tensor | None = None,
        wanted: Sequence[str] = BOTH,
    ) -> None:
        self.settings, self.data, self.n = settings, data, len(vectors)
        self.wanted, self.whole = wanted, len(wanted) == len(BOTH)
        loss = "squared" if settings.is_regression else settings.loss
        activations = [*(layer.activation for layer in settings.hidden), settings.output]
        self.networks = Networks(vectors, settings.sizes, activations, loss, keep)
        X, y = features(data.points, settings.features), data.target[:, None]
        self.X, self.y = X[: data.n_train], y[: data.n_train]
        self.X_test, self.y_test = X[data.n_train :], y[data.n_train :]
        self.orders = [  # one batch of all samples is the order of an epoch
            batches(data.n_train, data.n_train, Generator().manual_seed(seed))
            if settings.shuffle
            else repeat(torch.arange(data.n_train))
            for seed in seeds
        ]
        layers = range(1, len(settings.hidden) + 1)
        self.dropouts = [[Generator().manual_seed(seed + 1000 * i) for seed in seeds] for i in layers]
        self.lrs = None if lrs is None else lrs[:, None]
        self.moved = self.networks.vector if lrs is None else torch.nn.Parameter(torch.zeros_like(vectors))
        self.optimizer = make_optimizer(settings.optimizer, [self.moved], settings.lr if lrs is None else 1.0)
        self.moved.grad = self.networks.vector.grad
        self.widths = None if keep is None else keep.sum(dim=1).int().tolist()
        self.penalised, self.frozen = _masks(settings)
        self.per_epoch = math.ceil(data.n_train / settings.batch_size)
        self.record_at = set(recorded_updates(self.per_epoch, settings.num_epochs)) if self.whole else set()
        self.done = 0
        self.updates, self.weights = [0], [vectors.clone()]
        self.gradient: list[Tensor] = []
        # One tensor: a thousand small ones would pin the heap between the epochs, 350 MB.
        self.measured = torch.full((settings.num_epochs + 1, 4, self.n), math.nan, dtype=torch.float64)
        self.epochs = 0
        self.measured[0] = self._measure(wanted)

    def epoch(self) -> None:
        """One pass over the training set."""
        order, shape = torch.cat([next(orders) for orders in self.orders]), (self.n, self.data.n_train, -1)
        X, y = (part.index_select(0, order).view(shape) for part in (self.X, self.y))
        masks = self._dropout()
        size, n = self.settings.batch_size, self.data.n_train
        for start in range(0, n, size):
            rows = slice(start, start + size)
            self.step(X[:, rows], y[:, rows], masks and [mask[:, rows] for mask in masks])
        every = 1 if self.whole else math.ceil(self.settings.num_epochs / ON_THE_WAY)
        self.epochs += 1
        self.measured[self.epochs] = self._measure(() if self.epochs % every else self.wanted)

    def step(self, X: Tensor, y: Tensor, masks: list[Tensor] | None = None) -> None:
        """One update: forward, backward, penalty, step."""
        networks, vector = self.networks, self.networks.vector.data
        networks.backward(networks.forward(X, masks), y)
        gradient = networks.vector.grad
        if self.penalised is not None:
            push = vector.sign() if self.settings.penalty == "l1" else vector
            gradient.addcmul_(push, self.penalised)
        if self.whole:
            self.gradient.append(torch.linalg.vector_norm(gradient, dim=1))
        kept = None if self.frozen is None else vector[:, self.frozen].clone()
        if self.lrs is not None:  # exact: these rules do not look at the weights, but for AdamW's decay
            if self.settings.optimizer == "AdamW":
                vector.mul_(1 - 0.01 * self.lrs)
            self.moved.data.zero_()
        self.optimizer.step()
        if self.lrs is not None:
            vector.addcmul_(self.moved.data, self.lrs)
        if kept is not None:
            vector[:, self.frozen] = kept
        self.done += 1
        if self.done in self.record_at:
            self.updates.append(self.done)
            self.weights.append(vector.clone())

    def _dropout(self) -> list[Tensor] | None:
        """The masks of one epoch: (networks, n_train, width) for each hidden layer."""
        p = self.settings.dropout
        if not p:
            return None
        masks = []
        for layer, generators in zip(self.settings.hidden, self.dropouts, strict=True):
            drawn = torch.zeros(self.n, self.data.n_train, layer.width, dtype=torch.float64)
            for mask, generator, width in zip(drawn, generators, self.widths or [layer.width] * self.n, strict=True):
                mask[:, :width] = torch.rand(len(mask), width, generator=generator, dtype=torch.float64)
            masks.append((drawn >= p) / (1 - p))
        return masks

    def _measure(self, wanted: Sequence[str] = BOTH) -> Tensor:
        """Loss and accuracy in training, then in testing, of all networks now, shape (4, networks)."""
        found = torch.full((4, self.n), math.nan, dtype=torch.float64)
        for i, (name, X, y) in enumerate((("train", self.X, self.y), ("test", self.X_test, self.y_test))):
            if name in wanted:
                answers = self.networks.forward(X.expand(self.n, -1, -1))
                found[2 * i] = mean_loss(answers, y.expand(self.n, -1, -1), self.networks.loss_name)
                if not self.settings.is_regression:
                    found[2 * i + 1] = (answers * y > 0).double().mean(dim=(1, 2))
        finite = torch.isfinite(self.networks.vector.data).all(dim=1)
        return torch.where(finite & torch.isfinite(found[0]) if "train" in wanted else finite, found, math.nan)

    def recorded(self) -> Training:
        """What there is so far; the last of the recorded weights are those of now."""
        measured = self.measured[: self.epochs + 1].clone()
        if not self.whole:
            measured[-1] = self._measure()
        gradient = torch.stack(self.gradient) if self.gradient else torch.zeros(0, self.n, dtype=torch.float64)
        train_loss, train_accuracy, test_loss, test_accuracy = measured.unbind(dim=1)
        last = [] if self.updates[-1] == self.done else [self.done]
        vectors = self.weights + [self.networks.vector.detach()] * len(last)
        return Training(
            updates=self.updates + last,
            weights=torch.stack(vectors),
            train_loss=train_loss,
            test_loss=test_loss,
            train_accuracy=train_accuracy,
            test_accuracy=test_accuracy,
            gradient=gradient,
        )


def _masks(settings: PlaygroundSettings) -> tuple[Tensor | None, Tensor | None]:
    """The penalty's rate for each number of a network, and which numbers stay as they are; None for none."""
    size = n_weights(settings.sizes)
    rate, still = torch.zeros(1, size, dtype=torch.float64), torch.zeros(1, size, dtype=torch.bool)
    for weight, _ in parts(rate, settings.sizes):
        weight.fill_(settings.rate)
    if settings.frozen_layer is not None:
        for part in parts(still, settings.sizes)[settings.frozen_layer - 1]:
            part.fill_(True)
    penalised = None if settings.penalty == "none" or settings.rate == 0 else rate
    return penalised, still[0] if still.any() else None
