"""What Muon's rounds of Newton-Schulz do to a singular value: a polynomial, once a round.

Muon divides its momentum by its length |M|, then repeats X ← a·X + (b·X Xᵀ + c·(X Xᵀ)²) X. With X = U S Vᵀ that is
U (a·S + b·S³ + c·S⁵) Vᵀ: the directions stay, and each singular value goes through a·x + b·x³ + c·x⁵ by itself.
Sources: https://kellerjordan.github.io/posts/muon/ and `torch.optim.Muon`.
"""

import torch
from torch import Tensor

from core.optim.hyperparameters import Hyperparameters


def coefficients(muon: Hyperparameters) -> tuple[float, float, float]:
    """a, b and c."""
    return muon.ns_a, muon.ns_b, muon.ns_c


def rounds(x: Tensor, abc: tuple[float, float, float], ns_steps: int) -> Tensor:
    """Singular values, at most 1 before the first round, after some rounds; any shape, float64."""
    a, b, c = abc
    for _ in range(ns_steps):
        x = a * x + b * x**3 + c * x**5
    return x


def mixed(gradient: Tensor, momentum: Tensor, muon: Hyperparameters) -> Tensor:
    """The matrix that goes into the first round, before it is divided by its length; shapes (m, n).

    With Nesterov the gradient counts once more: (1 − μ)·G + μ·M.
    """
    if not muon.nesterov:
        return momentum
    return (1 - muon.momentum) * gradient + muon.momentum * momentum


def normalized(gradient: Tensor, momentum: Tensor, muon: Hyperparameters) -> Tensor:
    """That matrix divided by its length: what the first round gets."""
    M = mixed(gradient, momentum, muon)
    return M / M.norm().clamp(min=muon.eps)


def before_and_after(
    gradient: Tensor, momentum: Tensor, update: Tensor, muon: Hyperparameters
) -> tuple[Tensor, Tensor]:
    """For each direction the singular value that goes in, largest first, and what the update has of it; shapes (n,).

    With U S Vᵀ the matrix that goes in: S and the diagonal of Uᵀ·update·V. By the polynomial the second is
    `rounds` of the first; the real class calculates in bfloat16, in which what is below 2⁻⁸ of the rest drowns.
    """
    U, S, Vh = torch.linalg.svd(normalized(gradient, momentum, muon), full_matrices=False)
    return S, (U.T @ update @ Vh.T).diagonal()
