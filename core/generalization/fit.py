"""One data set: polynomials of every degree, fitted to its training points and tested on new ones."""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from core.cache import cached
from core.generalization.polynomials import basis, draw_holdout, draw_training, fit, heights, settled, true_curve
from core.generalization.settings import CurveSettings

N_HOLDOUT = 100
BANDS = {"0 to 2: it hardly bends": 0, "3 to 7": 3, "8 or more: it bends often": 8}  # fewest degrees


@dataclass(frozen=True, eq=False)
class Fits:
    """The fits of all degrees from 0 to n − 1.

    Attributes:
        x, y: training points, shape (n,). x_holdout, y_holdout: new points, shape (100,).
        coefficients: of each degree's fit, shape (degree + 1,).
        train_error, holdout_error: mean squared error of each degree, shape (n,).
    """

    settings: CurveSettings
    x: Tensor
    y: Tensor
    x_holdout: Tensor
    y_holdout: Tensor
    coefficients: tuple[Tensor, ...]
    train_error: Tensor
    holdout_error: Tensor

    @property
    def best(self) -> int:
        """The degree with the lowest holdout error, the first of equals."""
        return int(self.holdout_error.argmin())

    @property
    def equals(self) -> list[int]:
        """All degrees with the lowest holdout error."""
        return (self.holdout_error == self.holdout_error.min()).nonzero()[:, 0].tolist()

    @property
    def bands(self) -> list[str]:
        """Which of `BANDS` the best degrees are in."""
        found = {[name for name, fewest in BANDS.items() if degree >= fewest][-1] for degree in self.equals}
        return [name for name in BANDS if name in found]

    def at(self, degree: int, x: Tensor) -> Tensor:
        """What the fit of a degree says at some places; same shape as x."""
        return basis(x, degree) @ self.coefficients[degree]


@cached
def fit_all(settings: CurveSettings) -> Fits:
    """Fits every degree that the training points determine."""
    generator = Generator().manual_seed(settings.seed)
    x, y = draw_training(settings, 1, settings.n_samples, generator)
    x_holdout, noise = draw_holdout(settings, 1, N_HOLDOUT, generator)
    y_holdout = true_curve(settings, x_holdout) + noise
    found = [fit(x, y, degree) for degree in range(settings.n_samples)]
    return Fits(
        settings,
        x[0],
        y[0],
        x_holdout,
        y_holdout[0],
        tuple(c[0] for c in found),
        settled(torch.stack([(heights(c, x[0]) - y).square().mean() for c in found])),
        settled(torch.stack([(heights(c, x_holdout) - y_holdout).square().mean() for c in found])),
    )
