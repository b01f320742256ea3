"""einsum as one loop over all letters."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.expression.errors import refuse
from core.expression.evaluate import evaluate
from core.expression.torch_language import torch_language
from core.tensors.facts import index_of
from core.tensors.matmul import factors
from core.tensors.settings import MatmulSettings
from core.tensors.typed import SMALL, seeded

MAX_LETTERS = 6
MAX_TERMS = 2_000  # of the sum behind one element


@dataclass(frozen=True)
class Letter:
    """One letter of an einsum.

    Attributes:
        length: the largest of its dimensions. in_a, in_b, in_result: the dimensions that it names there.
        stretched: whether one of its dimensions has length 1 and is read again and again.
    """

    name: str
    length: int
    in_a: tuple[int, ...]
    in_b: tuple[int, ...]
    in_result: tuple[int, ...]
    stretched: bool

    @property
    def summed(self) -> bool:
        """Whether the sum runs over it: the result does not have it."""
        return not self.in_result


@dataclass(frozen=True)
class Einsum:
    """An einsum and one element of its result.

    Attributes:
        c: the result of `torch.einsum`. letters: the index table.
        at: which element of the result is looked at, in reading order; index: its index; None if there is no element.
        a_cells, b_cells: which elements take part in it. terms: the products that are added up, (left, right), with
            right None where A is the only operand.
    """

    a: Tensor
    b: Tensor
    c: Tensor
    equation: str
    letters: tuple[Letter, ...]
    at: int
    index: tuple[int, ...] | None
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
        allowed = "letters, one comma and ->, such as ij,jk->ik"
        raise refuse(f"“{settings.equation[:40]}” is not an equation here", allowed)
    inputs, _, output = equation.partition("->")
    parts = inputs.split(",")
    operands = (a, b)[: max(len(parts), 1)]
    code = f"torch.einsum(equation, {'A, B' if len(parts) > 1 else 'A'})"
    c = evaluate(code, torch_language(seeded(seed), SMALL), {"A": a, "B": b, "equation": equation})
    letters = _letters(parts, output, operands)
    sizes = {letter.name: letter.length for letter in letters}
    summed = [letter.name for letter in letters if letter.summed]
    count = math.prod(sizes[name] for name in summed)
    if len(letters) > MAX_LETTERS or count > MAX_TERMS:
        raise refuse(
            f"The equation has {len(letters)} letters, and every element is a sum of {count:,} terms",
            f"at most {MAX_LETTERS} letters and {MAX_TERMS:,} terms",
        )
    at = min(settings.step, max(c.numel() - 1, 0))
    index = index_of(at, tuple(c.shape)) if c.numel() else None
    masks, terms = [torch.zeros(t.shape, dtype=torch.bool) for t in (a, b)], []
    for place in range(count if c.numel() else 0):
        values = dict(zip(output, index, strict=True))
        values |= zip(summed, index_of(place, tuple(sizes[name] for name in summed)), strict=True)
        factor = []
        for part, operand, mask in zip(parts, operands, masks, strict=False):
            # a dimension of length 1 has only index 0, however long its letter is elsewhere
            cell = tuple(min(values[name], n - 1) for name, n in zip(part, operand.shape, strict=True))
            mask[cell] = True
            factor.append(operand[cell].item())
        terms.append((factor[0], factor[1] if len(parts) > 1 else None))
    return Einsum(a, b, c, equation, letters, at, index, *masks, tuple(terms))


def _letters(parts: list[str], output: str, operands: tuple[Tensor, ...]) -> tuple[Letter, ...]:
    """The letters in the order in which they come; PyTorch has accepted the equation."""
    lengths: dict[str, set[int]] = {}
    for part, operand in zip(parts, operands, strict=True):
        for name, length in zip(part, operand.shape, strict=True):
            lengths.setdefault(name, set()).add(length)
    letters = []
    for name, found in lengths.items():
        places = [tuple(i for i, letter in enumerate(part) if letter == name) for part in (*parts, "")[:2]]
        kept = tuple(i for i, letter in enumerate(output) if letter == name)
        letters.append(Letter(name, max(found) if all(found) else 0, *places, kept, len(found) > 1))
    return tuple(letters)
