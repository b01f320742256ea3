"""More data: the errors of one degree against the number of training points, in 200 data sets of each size."""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from core.cache import cached
from core.generalization.polynomials import (
    N_SETS,
    basis,
    draw_holdout,
    draw_training,
    fit,
    heights,
    settled,
    true_curve,
)
from core.generalization.settings import CurveSettings

SIZES = (2, 3, 4, 6, 8, 10, 12, 15, 20, 25, 30, 40, 60, 80, 120, 160, 240, 320)
N_HOLDOUT = 200


@dataclass(frozen=True, eq=False)
class LearningCurve:
    """Errors of the 200 fits to data sets of each size.

    Attributes:
        sizes: numbers of training points, all above the degree. train, holdout: mean squared error, (sizes, 200).
    """

    settings: CurveSettings
    degree: int
    sizes: tuple[int, ...]
    train: Tensor
    holdout: Tensor

    @property
    def train_median(self) -> Tensor:
        """Of the 200 data sets, shape (sizes,)."""
        return self.train.median(dim=1).values

    @property
    def holdout_median(self) -> Tensor:
        """Of the 200 data sets, shape (sizes,)."""
        return self.holdout.median(dim=1).values

    @property
    def train_error_moves(self) -> str:
        """What the training error does from the fewest points to the most: "rises", "falls" or "stays"."""
        first, last = self.train_median[0].item(), self.train_median[-1].item()
        return "stays" if last == first else "rises" if last > first else "falls"


@cached
def learn(settings: CurveSettings, degree: int) -> LearningCurve:
    """Fits 200 data sets of each size. The number of points in the settings is not used."""
    sizes = (degree + 1, *(n for n in SIZES if n > degree + 1))  # from as many points as coefficients on
    train, holdout = [], []
    for n in sizes:
        generator = Generator().manual_seed(1000 * settings.seed + n)
        x, y = draw_training(settings, N_SETS, n, generator)
        x_holdout, noise = draw_holdout(settings, N_SETS, N_HOLDOUT, generator)
        c = fit(x, y, degree)
        train.append(((basis(x, degree) @ c[..., None])[..., 0] - y).square().mean(dim=1))
        holdout.append((heights(c, x_holdout) - true_curve(settings, x_holdout) - noise).square().mean(dim=1))
    return LearningCurve(settings, degree, sizes, settled(torch.stack(train)), settled(torch.stack(holdout)))
