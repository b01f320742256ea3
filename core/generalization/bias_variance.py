"""200 data sets at once: where the error on new points comes from."""

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

N_HOLDOUT = 500


@dataclass(frozen=True, eq=False)
class Parts:
    """The error of each degree from 0 to n − 1, and its parts, each shape (degrees,), in squared units of y.

    Attributes:
        coefficients: of the 200 fits of each degree, shape (200, degree + 1).
        bias: (mean fit − true curve)², mean over the places; the square is meant wherever bias stands. The mean of
            200 fits is itself off by chance, by 1/200 of the variance on average: that much is taken off.
        variance: of the fits, mean over the places; takes what bias would be below 0.
        noise: of the new points, mean of ε².
        measured: (fit − new y)², mean over fits and places. train_error: likewise on the training points.
    """

    settings: CurveSettings
    coefficients: tuple[Tensor, ...]
    bias: Tensor
    variance: Tensor
    noise: Tensor
    measured: Tensor
    train_error: Tensor

    @property
    def total(self) -> Tensor:
        """Bias² + variance + noise, which the measured error equals but for chance in the noise."""
        return self.bias + self.variance + self.noise

    @property
    def largest_gap(self) -> float:
        """The largest difference between the sum and the measured error, as a share of the latter."""
        return ((self.total - self.measured).abs() / self.measured.clamp_min(1e-20)).max().item()

    @property
    def crossing(self) -> int | None:
        """The first degree whose variance is above its bias², if it is below at degree 0; None without such."""
        above = self.variance > self.bias
        return int(above.int().argmax()) if bool(above.any()) and not bool(above[0]) else None


@cached
def decompose(settings: CurveSettings) -> Parts:
    """Fits every degree to every data set: 200 · n fits in n calls."""
    generator = Generator().manual_seed(settings.seed)
    x, y = draw_training(settings, N_SETS, settings.n_samples, generator)
    x_holdout, noise = draw_holdout(settings, N_SETS, N_HOLDOUT, generator)
    return parts_of(settings, x, y, x_holdout, noise)


def parts_of(settings: CurveSettings, x: Tensor, y: Tensor, x_holdout: Tensor, noise: Tensor) -> Parts:
    """The parts of the error on these points; shapes as in `polynomials.py`."""
    truth, rows = true_curve(settings, x_holdout), []
    coefficients = tuple(fit(x, y, degree) for degree in range(x.shape[1]))
    for c in coefficients:
        fits = heights(c, x_holdout)
        mean = fits.mean(dim=0)
        distance, variance = (mean - truth).square().mean(), fits.var(dim=0).mean()
        bias = (distance - variance / len(fits)).clamp_min(0)
        variance = (distance - bias) + variance * (1 - 1 / len(fits))  # both parts add up to the mean (fit − truth)²
        measured = (fits - truth - noise).square().mean()
        rows.append(torch.stack([bias, variance, measured, _train_error(c, x, y)]))
    bias, variance, measured, train_error = settled(torch.stack(rows).T)
    return Parts(settings, coefficients, bias, variance, noise.square().mean(), measured, train_error)


def _train_error(coefficients: Tensor, x: Tensor, y: Tensor) -> Tensor:
    said = (basis(x, coefficients.shape[1] - 1) @ coefficients[..., None])[..., 0]
    return (said - y).square().mean()


def grows(parts: Parts, low: int, high: int) -> list[str]:
    """Which of the two parts is larger at the higher degree than at the lower one, bias² by more than by chance."""
    chance = 3 * parts.variance[high] / N_SETS
    sizes = {"bias": (parts.bias, chance), "variance": (parts.variance, 0.0)}
    return [name for name, (values, margin) in sizes.items() if values[high] > values[low] + margin]
