"""What the network learns: points on interleaved spirals, or scikit-learn's handwritten digits; and its batches."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from core.cache import cached

ARMS = 3
POINTS = 450
RADIUS = 2.0
NOISE = 0.05
BRIGHTEST = 16  # the largest value of a pixel in `load_digits`
VALIDATION = 1 / 3  # share of the samples that no optimizer sees


@dataclass(frozen=True, eq=False)
class Split:
    """Samples for training and others for validation.

    Attributes:
        x: features, shape (n, inputs), float32. y: class numbers, shape (n,), int64.
        x_validation, y_validation: the same of the samples that are kept out.
        classes: how many there are.
    """

    x: Tensor
    y: Tensor
    x_validation: Tensor
    y_validation: Tensor
    classes: int


def make_spirals(n_samples: int, arms: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Points on spirals that wind once around the origin, one class an arm.

    A point at the share t of an arm lies at distance t RADIUS and angle 2π (t + class/arms). t is the root of a
    uniform number, so that the points lie as densely outside as inside.

    Args:
        noise: standard deviation of what is added to each coordinate.

    Returns:
        Points, shape (n_samples, 2), and their classes, shape (n_samples,).
    """
    y = torch.arange(n_samples) % arms
    t = torch.rand(n_samples, generator=generator).sqrt()
    angle = 2 * math.pi * (t + y / arms)
    x = RADIUS * torch.stack([t * angle.cos(), t * angle.sin()], dim=1)
    return x + noise * torch.randn(n_samples, 2, generator=generator), y


def load_digits() -> tuple[Tensor, Tensor]:
    """scikit-learn's 1,797 digits: 64 pixels from 0 to 1, shape (1797, 64), and the digits, shape (1797,)."""
    from sklearn.datasets import load_digits as load

    bunch = load()
    x = torch.tensor(bunch.data, dtype=torch.float32) / BRIGHTEST
    return x, torch.tensor(bunch.target, dtype=torch.int64)


@cached
def split(data: str, seed: int) -> Split:
    """The chosen data, two thirds for training and one third for validation, drawn by the seed."""
    generator = Generator().manual_seed(seed)
    x, y = make_spirals(POINTS, ARMS, NOISE, generator) if data == "spiral" else load_digits()
    order = torch.randperm(len(x), generator=generator)
    kept = round(VALIDATION * len(x))
    out, train = order[:kept], order[kept:]
    return Split(x[train], y[train], x[out], y[out], int(y.max()) + 1)


def batches(n_samples: int, batch_size: int, generator: Generator) -> Iterator[Tensor]:
    """The row numbers of one batch after the other, epoch after epoch without end.

    Those that `DataLoader(..., batch_size, shuffle=True, generator=generator)` gives. In each epoch it draws a number
    for its workers, the order, and at the end one more order, of which it takes nothing (`RandomSampler`).
    """
    while True:
        torch.empty((), dtype=torch.int64).random_(generator=generator)
        yield from torch.randperm(n_samples, generator=generator).split(batch_size)
        torch.randperm(n_samples, generator=generator)
