"""The data that pages train on: points that are made, and small data sets that scikit-learn ships.

    X, y = make_spirals(450, arms=3, noise=0.05, generator=torch.Generator().manual_seed(0))
    X, y = load_digits()

Names and order of arguments are scikit-learn's; what is drawn comes from a generator of its own. The files in
`core/data` are made from scikit-learn by `core/data/make.py` and equal to it (tested): reading them takes a hundredth
of the memory of importing it.
"""

import math
from pathlib import Path

import numpy as np
import torch
from torch import Generator, Tensor

from core.cache import cached

DATA = Path(__file__).parent / "data"
BRIGHTEST = 16  # the largest value of a pixel of the digits
RADIUS = 2.0  # of the spirals


def make_spirals(n_samples: int, arms: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Points on spirals that wind once around the origin, one class an arm.

    A point at the share t of an arm lies at distance t RADIUS and angle 2π (t + class/arms). t is the root of a
    uniform number, so that the points lie as densely outside as inside.

    Args:
        noise: standard deviation of what is added to each coordinate.

    Returns:
        X: shape (n_samples, 2), float32; y: shape (n_samples,), int64.
    """
    y = torch.arange(n_samples) % arms
    t = torch.rand(n_samples, generator=generator).sqrt()
    angle = 2 * math.pi * (t + y / arms)
    X = RADIUS * torch.stack([t * angle.cos(), t * angle.sin()], dim=1)
    return X + noise * torch.randn(n_samples, 2, generator=generator), y


@cached
def make_number_sums(data_range: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """The course's `NumberSumDataset`: every ordered pair of the numbers in a range, with its sum.

    Returns:
        X: shape (n, 2); y: shape (n, 1), both float32.
    """
    numbers = torch.arange(*data_range, dtype=torch.float32)
    pairs = torch.cartesian_prod(numbers, numbers)
    return pairs, pairs.sum(dim=1, keepdim=True)


@cached
def load_digits() -> tuple[Tensor, Tensor]:
    """1,797 handwritten digits.

    Returns:
        X: shape (1797, 8, 8), uint8, 0 to 16. y: shape (1797,), int64, 0 to 9.
    """
    with np.load(DATA / "digits.npz") as file:
        return torch.from_numpy(file["images"]), torch.from_numpy(file["target"].astype(np.int64))


@cached
def load_diabetes(feature: str) -> tuple[Tensor, Tensor]:
    """One feature of 442 patients in its own unit, and how far the disease has progressed a year later.

    Returns:
        x, y: shape (442,), float64.
    """
    with np.load(DATA / "diabetes.npz") as file:
        column = file["feature_names"].tolist().index(feature)
        return torch.from_numpy(file["data"][:, column].copy()), torch.from_numpy(file["target"])


@cached
def load_scaled_diabetes() -> tuple[Tensor, Tensor, tuple[str, ...]]:
    """All ten features of the same patients, each with mean 0 and sum of squares 1.

    Returns:
        X: shape (442, 10), y: shape (442,), float64; the names of the features.
    """
    with np.load(DATA / "diabetes.npz") as file:
        names = tuple(file["feature_names"].tolist())
        return torch.from_numpy(file["scaled"]), torch.from_numpy(file["target"]), names


@cached
def load_iris() -> tuple[Tensor, Tensor, tuple[str, ...], tuple[str, ...]]:
    """Four measures of 150 irises of three kinds.

    Returns:
        X: shape (150, 4), float64; y: shape (150,), int64; the names of the measures and of the kinds.
    """
    with np.load(DATA / "iris.npz") as file:
        names = tuple(tuple(file[key].tolist()) for key in ("feature_names", "target_names"))
        return torch.from_numpy(file["data"]), torch.from_numpy(file["target"].astype(np.int64)), *names


@cached
def load_sample_image(name: str) -> Tensor:
    """`flower.jpg` or `china.jpg`, shape (427, 640, 3), uint8."""
    from PIL import Image

    with Image.open(DATA / name) as picture:
        return torch.from_numpy(np.array(picture))


@cached
def load_sentiment() -> tuple[tuple[str, ...], Tensor]:
    """Short English sentences, written for this project. Two that follow each other praise and blame alike.

    Returns:
        The sentences; y: shape (n,), int64, 1 for praise and 0 for blame, in turn.
    """
    lines = [line.split("\t") for line in (DATA / "sentiment.tsv").read_text(encoding="utf-8").splitlines()]
    return tuple(text for _, text in lines), torch.tensor([int(label) for label, _ in lines])
