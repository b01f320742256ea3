"""Noisy points of a true curve, and polynomials fitted to many such data sets at once."""

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor

from core.generalization.settings import CurveSettings

N_SETS = 200
ROUNDING = 1e-20  # an error below this would be 0 with exact numbers
GRID = torch.linspace(-1, 1, 161, dtype=torch.float64)  # where curves are drawn
TRUE: dict[str, tuple[Callable[[Tensor], Tensor], str]] = {  # the curve, and how a program writes it
    "sine": (lambda x: torch.sin(1.5 * math.pi * x), "torch.sin(1.5 * torch.pi * x)"),
    "line": (lambda x: 0.8 * x, "0.8 * x"),
    "bump": (lambda x: 1.5 * torch.exp(-8 * x**2) - 0.5, "1.5 * torch.exp(-8 * x**2) - 0.5"),
    "step": (lambda x: 0.8 * torch.sign(x), "0.8 * torch.sign(x)"),
}


def true_curve(settings: CurveSettings, x: Tensor) -> Tensor:
    """The height without noise; same shape as x."""
    return TRUE[settings.curve][0](x)


def draw_training(settings: CurveSettings, n_sets: int, n: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Training points of some data sets: in each, one point lies somewhere in each of n equal parts of −1 to 1.

    Returns:
        x, y: shape (n_sets, n), float64; y = f(x) + σ · a standard normal number.
    """
    u = torch.rand(n_sets, n, generator=generator, dtype=torch.float64)
    x = 2 * (torch.arange(n) + u) / n - 1
    return x, true_curve(settings, x) + settings.noise * normal(x.shape, generator)


def draw_holdout(settings: CurveSettings, n_sets: int, m: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """New points: m places anywhere in −1 to 1, the same for all data sets, and new noise for each.

    Returns:
        x: shape (m,); noise: shape (n_sets, m), already times σ.
    """
    x = 2 * torch.rand(m, generator=generator, dtype=torch.float64) - 1
    return x, settings.noise * normal((n_sets, m), generator)


def settled(errors: Tensor) -> Tensor:
    """Errors, with 0 for what is only rounding."""
    return torch.where(errors < ROUNDING, 0.0, errors)


def normal(shape: tuple[int, ...], generator: Generator) -> Tensor:
    """Standard normal numbers, float64."""
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def basis(x: Tensor, degree: int) -> Tensor:
    """Chebyshev polynomials T_k(x) = cos(k arccos x), k = 0 ... degree; shape (..., degree + 1).

    They span the same curves as the powers of x, but powers above x^10 look so much alike that the fit would lose its
    digits.
    """
    return torch.cos(torch.arange(degree + 1) * torch.acos(x)[..., None])


def fit(x: Tensor, y: Tensor, degree: int) -> Tensor:
    """The polynomial with the least squared error on each data set, all of them in one call.

    Args:
        x, y: shape (sets, n), n > degree, the places of a set all different.

    Returns:
        Its coefficients in `basis`, shape (sets, degree + 1).
    """
    return torch.linalg.lstsq(basis(x, degree), y[..., None], driver="gels").solution[..., 0]


def fit_one_by_one(x: Tensor, y: Tensor, degree: int) -> Tensor:
    """The same by a loop over the data sets: what the batch is measured by."""
    return torch.stack(
        [torch.linalg.lstsq(basis(a, degree), b[:, None]).solution[:, 0] for a, b in zip(x, y, strict=True)]
    )


def heights(coefficients: Tensor, x: Tensor) -> Tensor:
    """What each fit says at the same places. Shapes: (sets, degree + 1) and (m,) -> (sets, m)."""
    return coefficients @ basis(x, coefficients.shape[-1] - 1).T
