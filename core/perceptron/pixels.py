"""The picture of the course: pixels times weights, summed, activated, one digit or the other."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.cache import cached
from core.datasets import BRIGHTEST, load_digits
from core.perceptron.settings import PixelSettings


@dataclass(frozen=True, eq=False)
class PixelRun:
    """A perceptron that tells two digits apart. m images are held out.

    Attributes:
        weights: shape (65,): 64 pixels and the bias.
        wrong: shape (passes,); corrections in each pass over the training images.
        images: the held-out images, shape (m, 8, 8), values 0 to 1.
        y: their classes, shape (m,).
        accuracy: on the held-out images, by the last weights; accuracy_averaged: by the averaged ones.
        train_accuracy: on the training images.
    """

    settings: PixelSettings
    weights: Tensor
    wrong: Tensor
    images: Tensor
    y: Tensor
    n_train: int
    accuracy: float
    accuracy_averaged: float
    train_accuracy: float

    @property
    def scores(self) -> Tensor:
        """The weighted sum of each held-out image, the bias included; shape (m,)."""
        return self.images.flatten(1) @ self.weights[:64] + self.weights[64]

    @property
    def answers(self) -> Tensor:
        """Class 1 where the sum is above 0, else class 0; shape (m,)."""
        return (self.scores > 0).long()

    @property
    def wrong_images(self) -> list[int]:
        """The held-out images that are answered wrongly, in ascending order."""
        return (self.answers != self.y).nonzero().flatten().tolist()


@cached
def run_pixels(settings: PixelSettings) -> PixelRun:
    """Splits the images of the two digits, learns from one part, and asks about the other.

    The images are in random order, which stays the same in every pass. Pixels are divided by 16, the brightest, so that
    they lie between 0 and 1; these fractions are exact in binary, and so are the weights.
    """
    images, digit = load_digits()
    images = images.to(torch.float64) / BRIGHTEST
    chosen = ((digit == settings.zero) | (digit == settings.one)).nonzero().flatten()
    chosen = chosen[torch.randperm(len(chosen), generator=torch.Generator().manual_seed(settings.seed))]
    images, y = images[chosen], (digit[chosen] == settings.one).long()
    n_holdout = round(settings.holdout * len(chosen))
    x = torch.cat([images.flatten(1), torch.ones(len(chosen), 1, dtype=torch.float64)], dim=1)
    signed = (2.0 * y - 1.0)[:, None] * x
    weights, averaged, wrong = _learn(signed[n_holdout:], settings.num_passes)
    return PixelRun(
        settings=settings,
        weights=weights,
        wrong=wrong,
        images=images[:n_holdout],
        y=y[:n_holdout],
        n_train=len(chosen) - n_holdout,
        accuracy=_accuracy(weights, x[:n_holdout], y[:n_holdout]),
        accuracy_averaged=_accuracy(averaged, x[:n_holdout], y[:n_holdout]),
        train_accuracy=_accuracy(weights, x[n_holdout:], y[n_holdout:]),
    )


def _learn(signed: Tensor, num_passes: int) -> tuple[Tensor, Tensor, Tensor]:
    """Rosenblatt's rule over whole passes: last weights, their mean over all visits, mistakes a pass."""
    n, w = len(signed), torch.zeros(signed.shape[1], dtype=torch.float64)
    total, wrong = torch.zeros_like(w), []
    for _ in range(num_passes):
        at, count = 0, 0
        while at < n:
            mistakes = (signed[at:] @ w <= 0).nonzero()
            stay = int(mistakes[0]) + 1 if len(mistakes) else n - at
            total += stay * w
            if len(mistakes):
                w, count = w + signed[at + stay - 1], count + 1
            at += stay
        wrong.append(count)
        if not count:
            break
    return w, total / (n * len(wrong)), torch.tensor(wrong)


def _accuracy(weights: Tensor, x: Tensor, y: Tensor) -> float:
    return ((x @ weights > 0).long() == y).to(torch.float64).mean().item()
