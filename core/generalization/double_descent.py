"""Double descent: least squares on random features of digit images, with fewer and with more features than images."""

import math
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from core.cache import cached
from core.datasets import BRIGHTEST, load_digits
from core.generalization.settings import DoubleSettings

N_SETS, N_HOLDOUT, MOST_FEATURES = 200, 1_000, 400
AT_ONCE = 40  # data sets, which bounds the memory: the features of all of them are 26 MB
EVERY = (1, 2, 5, 10, 15, 20, 30, 40, 50, 60, 80, 100, 130, 170, 220, 300, MOST_FEATURES)
NEAR = (-3, -1, 0, 1, 3)  # numbers of features around n, where the peak is


@dataclass(frozen=True, eq=False)
class Descent:
    """Errors of every data set with every number of features.

    Attributes:
        sizes: the numbers of features p.
        wrong: share of the 1,000 holdout images that get the wrong answer, shape (sizes, 200).
        train_wrong: the same of the training images, by the labels that they were given. norm: of the weights.
    """

    settings: DoubleSettings
    sizes: tuple[int, ...]
    wrong: Tensor
    train_wrong: Tensor
    norm: Tensor

    @property
    def mean(self) -> Tensor:
        """Mean share of wrong answers on the holdout images, shape (sizes,)."""
        return mean_share(self.wrong, N_HOLDOUT)

    @property
    def train_mean(self) -> Tensor:
        """Mean share of wrong answers on the training images, shape (sizes,)."""
        return mean_share(self.train_wrong, self.settings.n_samples)

    @property
    def peak(self) -> int:
        """The place in `sizes` of the largest mean error among those with at least half as many features as images."""
        half = sum(2 * p < self.settings.n_samples for p in self.sizes)
        return half + int(self.mean[half:].argmax())

    @property
    def valley(self) -> int:
        """The place in `sizes` of the smallest mean error before the peak."""
        return int(self.mean[: max(self.peak, 1)].argmin())

    @property
    def goes_on(self) -> str:
        """The error with the most features against that with p = n: "more", "fewer" or, within 2 points, "same"."""
        change = (self.mean[-1] - self.mean[self.sizes.index(self.settings.n_samples)]).item()
        return "same" if abs(change) <= 0.02 else "more" if change > 0 else "fewer"


def mean_share(shares: Tensor, n: int) -> Tensor:
    """The mean of shares of n, shape (..., sets), by whole numbers: rounded once, whatever the order of additions."""
    return (shares * n).round().sum(dim=-1) / (n * shares.shape[-1])


def minimum_norm(A: Tensor, y: Tensor) -> Tensor:
    """Of all weights with the least squared error those with the smallest norm.

    Up to p = n there is one solution, found by QR. Beyond, A w = y has many, and A' (A A')⁻¹ y is the smallest.

    Args:
        A: shape (sets, n, p), of full rank. y: shape (sets, n).

    Returns:
        w: shape (sets, p).
    """
    if A.shape[-1] <= A.shape[-2]:
        return torch.linalg.lstsq(A, y[..., None], driver="gels").solution[..., 0]
    return (A.mT @ torch.linalg.solve(A @ A.mT, y[..., None]))[..., 0]


def random_features(generator: Generator) -> Tensor:
    """cos(w · x + b) of every image for 400 random w and b, shape (1797, 400), float64."""
    images, _ = load_digits()
    X = images.flatten(1).double() / BRIGHTEST
    W = torch.randn(X.shape[1], MOST_FEATURES, generator=generator, dtype=torch.float64) / 4
    b = 2 * math.pi * torch.rand(MOST_FEATURES, generator=generator, dtype=torch.float64)
    return torch.cos(X @ W + b)


@cached
def descend(settings: DoubleSettings) -> Descent:
    """Fits all data sets with one number of features after the other.

    The holdout images are the same for all; the n training images of a data set are drawn from the rest.
    """
    n, generator = settings.n_samples, Generator().manual_seed(settings.seed)
    features, (_, digits) = random_features(generator), load_digits()
    y = torch.where(digits % 2 == 1, 1.0, -1.0).double()
    holdout, pool = torch.randperm(len(y), generator=generator).split([N_HOLDOUT, len(y) - N_HOLDOUT])
    rows = pool[torch.rand(N_SETS, len(pool), generator=generator).argsort(dim=1)[:, :n]]
    flips = torch.where(torch.rand(N_SETS, n, generator=generator) < settings.label_noise, -1.0, 1.0)
    given, unseen = y[rows] * flips, features[holdout]
    sizes = tuple(sorted({*EVERY, *(n + d for d in NEAR)}))
    found = torch.empty(3, len(sizes), N_SETS, dtype=torch.float64)
    for some in torch.arange(N_SETS).split(AT_ONCE):
        A, told = features[rows[some]], given[some]
        for i, p in enumerate(sizes):
            w = minimum_norm(A[:, :, :p], told)
            said, learned = unseen[:, :p] @ w.T, (A[:, :, :p] @ w[..., None])[..., 0]
            wrong = ((said > 0) != (y[holdout] > 0)[:, None]).double().mean(dim=0)
            train_wrong = ((learned > 0) != (told > 0)).double().mean(dim=1)
            found[:, i, some] = torch.stack([wrong, train_wrong, w.norm(dim=1)])
    wrong, train_wrong, norm = found
    return Descent(settings, sizes, wrong, train_wrong, norm)
