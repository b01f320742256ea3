"""Powers of a matrix: PyTorch's numbers against exact whole numbers, eigenvalues, walks and chains."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import torch
from torch import Tensor

from core.cache import cached
from core.expression.errors import refuse
from core.expression.evaluate import evaluate
from core.expression.torch_language import torch_language
from core.tensors.settings import PowerSettings
from core.tensors.typed import python_in, seeded, typed_tensor

MAX_ROWS = 6
MAX_ENTRY = 1_000


@dataclass(frozen=True)
class Power:
    """A matrix and its powers 0 to |n| (of its inverse where n is negative).

    Attributes:
        a: shape (k, k), in the chosen dtype. n: the exponent.
        result: `torch.matrix_power(A, n)`, shape (k, k).
        powers: PyTorch's A ** i for i = 0, 1, ..., |n| (or 0, -1, ..., n), shape (|n| + 1, k, k), float64 for drawing.
        exact: A ** n in Python's whole numbers or fractions, shape (k, k), dtype object; None unless A is whole.
        exact_largest: largest |entry| of each exact power, empty unless A is whole and n >= 0.
        wrong: the first exponent at which PyTorch's numbers differ from the exact ones; None if none does up to |n|.
            For negative n it is n or None: only that power is compared.
        eigenvalues: of A, complex128, shape (k,), in PyTorch's order.
    """

    a: Tensor
    n: int
    result: Tensor
    powers: Tensor
    exact: np.ndarray | None
    exact_largest: tuple[int, ...]
    wrong: int | None
    eigenvalues: Tensor


def matrix(settings: PowerSettings, seed: int) -> Tensor:
    """The typed matrix in the chosen dtype.

    Raises:
        ExpressionError: unless it is a square matrix of a size and of numbers that the page takes.
    """
    typed = typed_tensor(settings.matrix, seeded(seed))
    if typed.dim() != 2 or typed.shape[0] != typed.shape[1] or not 1 <= typed.shape[0] <= MAX_ROWS:
        raise refuse(f"A has the shape {tuple(typed.shape)}", f"a square matrix of 1 to {MAX_ROWS} rows")
    if not (typed.double().abs() <= MAX_ENTRY).all():
        raise refuse("An entry of A is too large", f"numbers from -{MAX_ENTRY:,} to {MAX_ENTRY:,}")
    if settings.dtype == "int64" and typed.is_floating_point() and bool((typed != typed.round()).any()):
        raise refuse("A has entries that are not whole, and the dtype is int64", "whole numbers, or dtype float64")
    return typed_tensor(python_in(settings.matrix, settings.dtype), seeded(seed))


@cached
def power(settings: PowerSettings, seed: int) -> Power:
    """All powers from 0 to n.

    Raises:
        ExpressionError: in one sentence; `TorchError` if PyTorch refuses (no inverse, or whole numbers to a negative
            power).
    """
    a, n = matrix(settings, seed), settings.n
    result = evaluate("torch.matrix_power(A, n)", torch_language(seeded(seed)), {"A": a, "n": n})
    powers = [torch.matrix_power(a, i) for i in (range(0, n - 1, -1) if n < 0 else range(n + 1))]
    exact, largest, wrong = None, (), None
    if bool((a == a.round()).all()):
        whole = np.array([[int(entry) for entry in row] for row in a.tolist()], dtype=object)
        if n < 0:
            exact = np.linalg.matrix_power(inverse(whole), -n)
            wrong = None if result.tolist() == exact.tolist() else n  # Python compares them exactly
        else:
            all_exact = [np.linalg.matrix_power(whole, 0)]
            for _ in range(n):
                all_exact.append(all_exact[-1] @ whole)
            exact = all_exact[-1]
            largest = tuple(abs(each).max() for each in all_exact)
            wrong = next((i for i in range(n + 1) if powers[i].tolist() != all_exact[i].tolist()), None)
    eigenvalues = torch.linalg.eigvals(a.double())
    return Power(a, n, result, torch.stack(powers).double(), exact, largest, wrong, eigenvalues)


def inverse(whole: np.ndarray) -> np.ndarray:
    """The exact inverse of a matrix of Python's whole numbers, in fractions, by Gauss and Jordan's elimination.

    Raises:
        ExpressionError: if there is none.
    """
    k = len(whole)
    rows = np.hstack([whole, np.eye(k, dtype=object)]) * Fraction(1)
    for column in range(k):
        pivot = next((r for r in range(column, k) if rows[r, column]), None)
        if pivot is None:
            raise refuse("A is singular, so it has no negative powers", "a matrix whose determinant is not 0")
        rows[[column, pivot]] = rows[[pivot, column]]
        rows[column] /= rows[column, column]
        for r in range(k):
            if r != column:
                rows[r] -= rows[r, column] * rows[column]
    return rows[:, k:]


def overflow(found: Power) -> int | None:
    """The first exponent at which a number does not fit into the dtype; None if all fit up to n.

    Whole numbers then wrap around (for n >= 0 they are wrong for no other reason: PyTorch computes modulo 2^64);
    decimals become inf, and inf - inf is nan.
    """
    if found.a.dtype == torch.int64:
        return found.wrong
    finite = found.powers.isfinite().flatten(1).all(1)
    return None if finite.all() else int((~finite).to(torch.uint8).argmax()) * (-1 if found.n < 0 else 1)


def vanished(found: Power) -> bool:
    """Whether an entry of the last power is 0 in PyTorch but not exactly: too close to 0 for the dtype."""
    return found.exact is not None and bool(np.any((found.result.double().numpy() == 0) & (found.exact != 0)))


def settled(found: Power, within: float = 1e-6) -> int | None:
    """From which power on every entry stays within that distance of the last power's.

    None if this takes more than half of the powers, or if numbers do not fit into the dtype.
    """
    away = (found.powers - found.powers[-1]).abs().flatten(1).amax(1)
    first = int((~(away <= within)).nonzero().max()) + 1 if not (away <= within).all() else 0
    if overflow(found) is not None or 2 * first > abs(found.n) or abs(found.n) < 2:
        return None
    return -first if found.n < 0 else first


def growth_rate(found: Power) -> float:
    """By what factor one more step multiplies the largest |entry|, as a geometric mean over infinitely many steps.

    The size of the largest eigenvalue, lim |A^n|^(1/n) (Gelfand); backwards, 1 over the size of the smallest.
    """
    sizes = found.eigenvalues.abs()
    return (1 / sizes.min()).item() if found.n < 0 else sizes.max().item()


def is_graph(a: Tensor) -> bool:
    """Whether the entries can count arrows: whole numbers from 0 to 9."""
    return bool(((a == a.round()) & (a >= 0) & (a <= 9)).all())


def is_chain(a: Tensor) -> bool:
    """Whether each row holds probabilities: none negative, and together 1."""
    return bool((a >= 0).all() and torch.allclose(a.double().sum(1), torch.ones(len(a)).double(), atol=1e-6))


def stationary(a: Tensor) -> Tensor:
    """A distribution that the chain leaves as it is: p A = p, sum 1; shape (k,), float64."""
    k = a.shape[0]
    system = torch.cat([a.double().T - torch.eye(k).double(), torch.ones(1, k).double()])
    right = torch.cat([torch.zeros(k).double(), torch.ones(1).double()])
    return torch.linalg.lstsq(system, right[:, None], driver="gelsd").solution[:, 0]


def is_right(found: Power) -> bool:
    """Whether each number of PyTorch's power is the exact one; A must be whole."""
    return found.result.tolist() == found.exact.tolist()  # Python compares numbers of any kind exactly
