"""Powers of a matrix: PyTorch's numbers against exact whole numbers, eigenvalues, walks and chains."""

import ast
from dataclasses import dataclass
from fractions import Fraction

import torch
from torch import Tensor

from core.expression.errors import refuse
from core.expression.evaluate import evaluate
from core.expression.parse import parse
from core.expression.torch_language import torch_language
from core.tensors.exact import Exact, identity, multiply, negative_power, same
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
        exact: A ** n in exact whole numbers, or in exact fractions for negative n; None unless A is whole.
        exact_largest: largest |entry| of each exact power, empty unless A is whole and n >= 0.
        wrong: the first exponent at which PyTorch's numbers differ from the exact ones; None if none does up to |n|.
            For negative n it is n or None: only that power is compared.
        eigenvalues: of A, complex128, the largest modulus first.
    """

    a: Tensor
    n: int
    result: Tensor
    powers: Tensor
    exact: list[list[Fraction]] | None
    exact_largest: tuple[int, ...]
    wrong: int | None
    eigenvalues: Tensor


def matrix(settings: PowerSettings, seed: int) -> Tensor:
    """The typed matrix in the chosen dtype.

    Raises:
        ExpressionError: if it is no square matrix of a size and of numbers that the page takes.
    """
    tree = parse(settings.matrix)
    if isinstance(tree, ast.Name):
        raise refuse(f"`{tree.id}` is no matrix", "rows of numbers, such as [[1, 1], [1, 0]]")
    typed = typed_tensor(settings.matrix, seeded(seed))
    if typed.dim() != 2 or typed.shape[0] != typed.shape[1] or not 1 <= typed.shape[0] <= MAX_ROWS:
        raise refuse(f"A has the shape {tuple(typed.shape)}", f"a square matrix of 1 to {MAX_ROWS} rows")
    if not bool((typed.abs() <= MAX_ENTRY).all() if typed.dtype != torch.bool else True):
        raise refuse("An entry of A is too large", f"numbers from -{MAX_ENTRY:,} to {MAX_ENTRY:,}")
    if settings.dtype == "int64" and typed.is_floating_point() and bool((typed != typed.round()).any()):
        raise refuse("A has entries that are not whole, and the dtype is int64", "whole numbers, or dtype float64")
    return typed_tensor(python_in(settings.matrix, settings.dtype), seeded(seed))


def power(settings: PowerSettings, seed: int) -> Power:
    """All powers from 0 to n.

    Raises:
        ExpressionError: in one sentence; `TorchError` if PyTorch refuses (no inverse, or whole numbers to a negative
            power).
    """
    a, n = matrix(settings, seed), settings.n
    language = torch_language(seeded(seed))
    result = evaluate("torch.matrix_power(A, n)", language, {"A": a, "n": n})
    exponents = range(0, n - 1, -1) if n < 0 else range(n + 1)
    powers = [torch.matrix_power(a, i) for i in exponents]
    exact, largest, wrong = None, (), None
    if bool((a == a.round()).all()):
        whole = [[int(entry) for entry in row] for row in a.tolist()]
        if n < 0:
            exact = negative_power(whole, -n)
            wrong = None if same(result, exact) else n
        else:
            exact, largest, wrong = _compare(whole, powers)
    eigenvalues = torch.linalg.eigvals(a.double())
    order = eigenvalues.abs().argsort(descending=True, stable=True)
    return Power(
        a, n, result, torch.stack(powers).double(), exact, largest, wrong, eigenvalues[order].to(torch.complex128)
    )


def _compare(whole: Exact, powers: list[Tensor]) -> tuple[list[list[Fraction]], tuple[int, ...], int | None]:
    """Exact powers one by one, each compared with PyTorch's."""
    current = identity(len(whole))
    largest, wrong = [], None
    for exponent, computed in enumerate(powers):
        if exponent:
            current = multiply(current, whole)
        largest.append(max(abs(entry) for row in current for entry in row))
        if wrong is None and not same(computed, current):
            wrong = exponent
    return [[Fraction(entry) for entry in row] for row in current], tuple(largest), wrong


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


def behaviour(found: Power) -> str:
    """Why the powers grow, shrink or circle: a sentence about the eigenvalues."""
    sizes = found.eigenvalues.abs()
    radius = sizes[0].item()
    listed = ", ".join(say_complex(z) for z in found.eigenvalues.tolist())
    lead = f"The eigenvalues of A are {listed}. "
    smallest = sizes[-1].item()
    if found.n < 0 and abs(smallest - 1) > 1e-4:  # the inverse's eigenvalues are 1 over those of A
        factor = f"1 / {smallest:.4g} = {1 / max(smallest, 1e-300):.4g}"
        grown = "multiplies the entries by" if smallest < 1 else "shrinks what is left by the factor"
        return lead + f"The smallest has size {smallest:.4g}: in the long run each step backwards {grown} {factor}."
    if found.n < 0 and radius > 1 + 1e-4:
        return lead + "The smallest has size 1: one part keeps its size, and backwards all larger ones die away."
    if radius < 1e-4:  # a nilpotent matrix's eigenvalues come out as rounding errors
        return lead + "All are 0: after at most as many steps as A has rows, nothing is left."
    if radius > 1 + 1e-4:
        return lead + f"The largest has size {radius:.4g}: in the long run each step multiplies the entries by that."
    if radius < 1 - 1e-4:
        return lead + f"The largest has size {radius:.4g}, below 1: each step shrinks what is left by that factor."
    if torch.linalg.cond(torch.linalg.eig(found.a.double()).eigenvectors) > 1e6:
        return lead + "The largest has size 1, but several directions have become one: the entries grow, though slowly."
    turning = [z for z in found.eigenvalues.tolist() if abs(abs(z) - 1) < 1e-4 and abs(z - 1) > 1e-4]
    if turning:
        return lead + "The largest have size 1 and are not all 1: they turn without growing, so the powers go round."
    return lead + "The largest is 1: one part stays as it is, and what belongs to smaller eigenvalues dies away."


def say_complex(z: complex) -> str:
    """A complex number as one writes it."""
    real, imaginary = (0.0 if abs(part) < 5e-7 else part for part in (z.real, z.imag))
    if imaginary == 0:
        return f"{real:.4g}"
    sign = "+" if imaginary > 0 else "−"
    return (
        f"{real:.4g} {sign} {abs(imaginary):.4g}i" if real else f"{'−' if imaginary < 0 else ''}{abs(imaginary):.4g}i"
    )
