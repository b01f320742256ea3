"""Networks with more and more hidden neurons, trained on the same noisy points from several random starts."""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.optim import Adam

from core.generalization.fit import Fits, fit_all
from core.generalization.settings import WIDTHS, CurveSettings, WidthSettings
from core.nn import linear
from core.task import Task

CHUNK = 50  # updates in a step of the task
CLOSE = 0.1  # an error that is at most so much larger, as a share, is about the same
BANDS = {"1 or 2: it hardly bends": 1, "4 to 16": 4, "32 or 64: many more weights than points": 32}  # fewest neurons


@dataclass(frozen=True, eq=False)
class Widths:
    """What came out of every width that has been trained to its end.

    Adam's step is never much longer than lr, so the errors are finite at all settings.

    Attributes:
        points: the training points and the new ones.
        widths: numbers of hidden neurons.
        train_error, holdout_error: mean squared error of each seed, shape (widths, seeds).
        weights: of each width, as `answers` takes them.
    """

    curve: CurveSettings
    settings: WidthSettings
    points: Fits
    widths: tuple[int, ...]
    train_error: Tensor
    holdout_error: Tensor
    weights: tuple[tuple[Tensor, ...], ...]

    @property
    def complete(self) -> bool:
        """Whether every width has been trained; a run that was stopped has fewer."""
        return self.widths == WIDTHS

    @property
    def train_mean(self) -> Tensor:
        """Of the seeds, shape (widths,)."""
        return self.train_error.mean(dim=1)

    @property
    def holdout_mean(self) -> Tensor:
        """Of the seeds, shape (widths,)."""
        return self.holdout_error.mean(dim=1)

    @property
    def best(self) -> int:
        """The place in `widths` of the smallest mean holdout error, the first of equals."""
        return int(self.holdout_mean.argmin())

    @property
    def band(self) -> list[str]:
        """Which of `BANDS` that width is in; none while widths are missing."""
        return [name for name, fewest in BANDS.items() if self.widths[self.best] >= fewest][-1:] * self.complete

    @property
    def widest(self) -> str:
        """The widest network on new points against the best one: "best", "close", at most 10% above it, or "worse"."""
        if self.best == len(self.widths) - 1:
            return "best"
        mean = self.holdout_mean
        return "close" if mean[-1] <= (1 + CLOSE) * mean[self.best] else "worse"

    def place(self, width: int) -> int:
        """Where `widths` has this width, or the widest one if it has not been trained."""
        return self.widths.index(min(width, self.widths[-1]))


def first_weights(width: int, n_seeds: int) -> tuple[Tensor, ...]:
    """What `nn.Linear` draws for both layers after `torch.manual_seed(seed)`, the seeds 0, 1, ... stacked, float64.

    Returns:
        weight (seeds, width, 1), bias (seeds, width), weight (seeds, 1, width), bias (seeds, 1).
    """
    rows = []
    for seed in range(n_seeds):
        generator = Generator().manual_seed(seed)
        layers = (linear(1, width, generator, torch.float64), linear(width, 1, generator, torch.float64))
        rows.append([tensor.detach() for layer in layers for tensor in (layer.weight, layer.bias)])
    return tuple(torch.stack(tensors).requires_grad_() for tensors in zip(*rows, strict=True))


def answers(weights: tuple[Tensor, ...], x: Tensor) -> Tensor:
    """What every seed's network says: linear, ReLU, linear. Shapes: (n,) -> (seeds, n)."""
    W1, b1, W2, b2 = weights
    hidden = torch.relu(x[:, None] * W1.mT + b1[:, None])
    return torch.baddbmm(b2[:, None], hidden, W2.mT)[..., 0]


def errors(weights: tuple[Tensor, ...], x: Tensor, y: Tensor) -> Tensor:
    """Mean squared error of every seed's network. Shapes: (n,), (n,) -> (seeds,)."""
    return (answers(weights, x) - y).square().mean(dim=1)


class WidthTask(Task):
    """All widths one after the other, the seeds of a width at once.

    The losses of the seeds are added up; since none of them depends on another's weights, and Adam moves each number by
    itself, every network is trained as it would be alone.
    """

    def __init__(self, curve: CurveSettings, settings: WidthSettings) -> None:
        self.curve, self.settings = curve, settings
        self.key = (curve, settings)
        self.per_width = settings.updates // CHUNK
        self.total = self.per_width * len(WIDTHS)
        self.cost = 2.2e-4 * settings.updates * len(WIDTHS)

    @property
    def progress(self) -> str:
        place, chunks = divmod(min(self.done, self.total - 1), self.per_width)
        return f"width {WIDTHS[place]}, update {chunks * CHUNK:,} of {self.settings.updates:,}"

    def begin(self) -> None:
        self.points = fit_all(self.curve)
        self.trained = []

    def advance(self) -> None:
        if self.done % self.per_width == 0:
            self.weights = first_weights(WIDTHS[self.done // self.per_width], self.settings.n_seeds)
            self.optimizer = Adam(self.weights, lr=self.settings.lr)
        for _ in range(CHUNK):
            self.optimizer.zero_grad()
            errors(self.weights, self.points.x, self.points.y).sum().backward()
            self.optimizer.step()
        if (self.done + 1) % self.per_width == 0:
            self.trained.append(tuple(tensor.detach() for tensor in self.weights))

    def result(self) -> Widths | None:
        """Of the widths that are trained to their end; None before the first is."""
        if not self.trained:
            return None
        p = self.points
        train, new = (
            torch.stack([errors(weights, x, y) for weights in self.trained])
            for x, y in ((p.x, p.y), (p.x_holdout, p.y_holdout))
        )
        widths = WIDTHS[: len(self.trained)]
        return Widths(self.curve, self.settings, p, widths, train, new, tuple(self.trained))
