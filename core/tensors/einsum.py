"""einsum as one loop over all letters."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.expression.errors import refuse
from core.expression.evaluate import evaluate
from core.expression.torch_language import torch_language
from core.tensors.facts import index_of
from core.tensors.products import factors
from core.tensors.settings import MatmulSettings
from core.tensors.typed import SMALL, seeded

MAX_LETTERS = 6


@dataclass(frozen=True)
class Letter:
    """One letter of an einsum: its length, its places in the operands and the result, and its role."""

    name: str
    length: int
    in_a: str
    in_b: str
    in_result: str
    role: str


@dataclass(frozen=True)
class Einsum:
    """An einsum and one element of its result.

    Attributes:
        c: the result of `torch.einsum`. letters: the index table.
        at: which element of the result is looked at, in reading order; index: its index.
        a_cells, b_cells: which elements take part in it. terms: the products that are added up, (left, right).
    """

    a: Tensor
    b: Tensor
    c: Tensor
    equation: str
    letters: tuple[Letter, ...]
    at: int
    index: tuple[int, ...]
    a_cells: Tensor
    b_cells: Tensor
    terms: tuple[tuple[float, float | None], ...]


def einsum(settings: MatmulSettings, seed: int) -> Einsum:
    """The einsum of A and B (or of A alone), and the sum behind one of its elements.

    Raises:
        ExpressionError: in one sentence; `TorchError` if PyTorch refuses the equation.
    """
    a, b = factors(settings, seed)
    equation = settings.equation.replace(" ", "")
    if not equation or not all(c.isalpha() and c.isascii() or c in ",->" for c in equation) or "->" not in equation:
        raise refuse(f"“{settings.equation[:40]}” is no equation here", "letters, one comma and ->, such as ij,jk->ik")
    inputs, _, output = equation.partition("->")
    parts = inputs.split(",")
    code = "torch.einsum(equation, A, B)" if len(parts) > 1 else "torch.einsum(equation, A)"
    c = evaluate(code, torch_language(seeded(seed), SMALL), {"A": a, "B": b, "equation": equation})
    sizes = dict(zip(parts[0], a.shape, strict=True)) | (dict(zip(parts[1], b.shape, strict=True)) if parts[1:] else {})
    if len(sizes) > MAX_LETTERS:
        raise refuse(f"The equation has {len(sizes)} letters", f"at most {MAX_LETTERS}")
    at = min(settings.step, max(c.numel() - 1, 0))
    fixed = dict(zip(output, index_of(at, tuple(c.shape)), strict=True))
    summed = [letter for letter in sizes if letter not in output]
    terms, a_cells, b_cells = [], torch.zeros(a.shape, dtype=torch.bool), torch.zeros(b.shape, dtype=torch.bool)
    for count in range(math.prod(sizes[letter] for letter in summed) if c.numel() else 0):
        values = fixed | dict(zip(summed, index_of(count, tuple(sizes[s] for s in summed)), strict=True))
        left = tuple(values[letter] for letter in parts[0])
        right = tuple(values[letter] for letter in parts[1]) if parts[1:] else None
        a_cells[left] = True
        if right is not None:
            b_cells[right] = True
        terms.append((a[left].item(), None if right is None else b[right].item()))
    letters = tuple(_letter(letter, length, parts, output) for letter, length in sizes.items())
    index = tuple(fixed[letter] for letter in output)
    return Einsum(a, b, c, equation, letters, at, index, a_cells, b_cells, tuple(terms))


def _letter(name: str, length: int, parts: list[str], output: str) -> Letter:
    places = [", ".join(str(i) for i, letter in enumerate(part) if letter == name) for part in (*parts, "")[:2]]
    kept = ", ".join(str(i) for i, letter in enumerate(output) if letter == name)
    return Letter(name, length, places[0] or "–", places[1] or "–", kept or "–", "kept" if kept else "summed over")
