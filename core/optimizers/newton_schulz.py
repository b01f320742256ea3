"""What an update makes of each direction of what the optimizer takes in, and what Muon's Newton-Schulz makes of it.

Muon divides its momentum by its length |M|, then repeats X ← a·X + (b·X Xᵀ + c·(X Xᵀ)²) X. With X = U S Vᵀ that is
U (a·S + b·S³ + c·S⁵) Vᵀ: the directions stay, and each singular value goes through a·x + b·x³ + c·x⁵ by itself.
Sources: https://kellerjordan.github.io/posts/muon/ and `torch.optim.Muon`.
"""

from math import isfinite

import torch
from torch import Tensor

from core.optim.hyperparameters import Hyperparameters
from core.optimizers.matrices import MatrixRun

BFLOAT16 = 2.0**-8  # half a unit in its last place, of a number near 1: what is smaller is lost beside it
TINY = 1e-300


def coefficients(muon: Hyperparameters) -> tuple[float, float, float]:
    """a, b and c."""
    return muon.ns_a, muon.ns_b, muon.ns_c


def rounds(x: Tensor, abc: tuple[float, float, float], ns_steps: int) -> Tensor:
    """Singular values, at most 1 before the first round, after some rounds; any shape, float64."""
    a, b, c = abc
    for _ in range(ns_steps):
        x = a * x + b * x**3 + c * x**5
    return x


def after_one_round(x: float, muon: Hyperparameters) -> float:
    """A singular value after the first round."""
    return rounds(torch.tensor(x, dtype=torch.float64), coefficients(muon), 1).item()


def polynomial(muon: Hyperparameters) -> str:
    """What one round makes of x, in words: 3.4445·x − 4.775·x³ + 2.0315·x⁵."""
    a, b, c = coefficients(muon)
    return f"{a:g}·x {'−' if b < 0 else '+'} {abs(b):g}·x³ {'−' if c < 0 else '+'} {abs(c):g}·x⁵"


def goes_in(run: MatrixRun) -> Tensor:
    """What the optimizer makes its update of, divided by its length, shape (steps, 16, 12): its mean of the gradients,
    or the gradient where it keeps none. In Muon with Nesterov the gradient counts once more: (1 − μ)·G + μ·M."""
    M = run.memory
    if run.name == "Muon" and run.hparams.nesterov:
        M = (1 - run.hparams.momentum) * run.gradient + run.hparams.momentum * M
    return M / M.norm(dim=(1, 2), keepdim=True).clamp(min=run.hparams.eps if run.name == "Muon" else TINY)


def directions(run: MatrixRun, steps: list[int]) -> tuple[Tensor, Tensor]:
    """How strong each direction goes in, the strongest first, and how strong it is in the update; shapes (k, 12).

    With U S Vᵀ the matrix that goes in: S and the diagonal of |Uᵀ·update·V|. Muon's update is taken as it is, so that
    by the polynomial the second is `rounds` of the first; the real class calculates in bfloat16, in which what is
    below 2⁻⁸ of the rest drowns. The others' updates are divided by their length. NaN where a number is not finite.

    Args:
        steps: k of them, counted from 1; those after the last step of the run show its last.
    """
    at = [min(step, run.steps) - 1 for step in steps]
    before, update = goes_in(run)[at], run.update[at]
    if run.name != "Muon":
        update = update / update.norm(dim=(1, 2), keepdim=True).clamp(min=TINY)
    finite = torch.isfinite(torch.cat([before, update], dim=1)).all(dim=(1, 2))[:, None, None]
    U, S, Vh = torch.linalg.svd(torch.where(finite, before, 0), full_matrices=False)
    after = (U.mT @ torch.where(finite, update, 0) @ Vh.mT).diagonal(dim1=1, dim2=2).abs()
    return torch.where(finite[:, 0], S, torch.nan), torch.where(finite[:, 0], after, torch.nan)


def singular_values(matrices: Tensor) -> Tensor:
    """Of matrices of shape (..., 16, 12), the largest first, shape (..., 12); NaN for one that is not finite."""
    finite = torch.isfinite(matrices).all(dim=(-2, -1))[..., None]
    return torch.where(finite, torch.linalg.svdvals(torch.where(finite[..., None], matrices, 0)), torch.nan)


def spread(matrices: Tensor) -> float:
    """How many times the largest singular value is the smallest, in the median over the steps; NaN if none is finite.

    Args:
        matrices: shape (steps, 16, 12).
    """
    sizes = singular_values(matrices)
    return (sizes[:, 0] / sizes[:, -1].clamp(min=TINY)).nanmedian().item()


def most_even(runs: tuple[MatrixRun, ...]) -> list[str]:
    """Whose updates have the least finite `spread`; several where they are equal, nobody where none is finite."""
    spreads = {run.name: ratio for run in runs if isfinite(ratio := spread(run.update))}
    return [name for name, ratio in spreads.items() if ratio == min(spreads.values())]
