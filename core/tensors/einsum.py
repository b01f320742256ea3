"""einsum as one loop over all letters."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.expression.errors import refuse
from core.expression.evaluate import evaluate
from core.expression.torch_language import torch_language
from core.quote import quote
from core.tensors.facts import index_of
from core.tensors.matmul import factors
from core.tensors.settings import MatmulSettings
from core.tensors.typed import SMALL, seeded

MAX_TERMS = 2_000  # of the sum behind one element


@dataclass(frozen=True)
class Einsum:
    """An einsum and one element of its result.

    Attributes:
        c: the result of `torch.einsum`. parts: the letters of A, and of B if it is an operand. output: of the result.
        lengths: for each letter those of its dimensions; with 1 and another, the dimension of 1 is stretched.
        index: of the element that is looked at; None if there is no element.
        cells: for A and B, which elements take part in it: truth values in their shapes.
        terms: the products that are added up, each as its one or two factors.
    """

    a: Tensor
    b: Tensor
    c: Tensor
    parts: tuple[str, ...]
    output: str
    lengths: dict[str, set[int]]
    index: tuple[int, ...] | None
    cells: tuple[Tensor, Tensor]
    terms: tuple[tuple[float, ...], ...]

    @property
    def equation(self) -> str:
        """As `torch.einsum` takes it."""
        return f"{','.join(self.parts)}->{self.output}"


def einsum(settings: MatmulSettings, seed: int) -> Einsum:
    """The einsum of A and B (or of A alone), and the sum behind one of its elements.

    Raises:
        ExpressionError: in one sentence; `TorchError` if PyTorch refuses the equation.
    """
    a, b = factors(settings, seed)
    equation = settings.equation.replace(" ", "")
    if not all(c.isalpha() and c.isascii() or c in ",->" for c in equation) or equation.count("->") != 1:
        allowed = "letters, one comma and ->, such as ij,jk->ik"
        raise refuse(f"{quote(settings.equation)} is not an equation here", allowed)
    inputs, _, output = equation.partition("->")
    parts = tuple(inputs.split(","))
    code = f"torch.einsum(equation, {'A' if len(parts) == 1 else 'A, B'})"
    c = evaluate(code, torch_language(seeded(seed), SMALL), {"A": a, "B": b, "equation": equation})
    lengths: dict[str, set[int]] = {}
    for part, operand in zip(parts, (a, b), strict=False):
        for name, length in zip(part, operand.shape, strict=True):
            lengths.setdefault(name, set()).add(length)
    sizes = {name: max(found) if all(found) else 0 for name, found in lengths.items()}
    summed = [name for name in sizes if name not in output]
    count = math.prod(sizes[name] for name in summed)
    if count > MAX_TERMS:
        raise refuse(f"Every element is a sum of {count:,} terms", f"at most {MAX_TERMS:,}")
    index = index_of(min(settings.step, c.numel() - 1), tuple(c.shape)) if c.numel() else None
    cells, terms = tuple(torch.zeros(t.shape, dtype=torch.bool) for t in (a, b)), []
    for place in range(count if c.numel() else 0):
        at = index_of(place, tuple(sizes[name] for name in summed))
        values = dict(zip(output, index, strict=True)) | dict(zip(summed, at, strict=True))
        factor = []
        for part, operand, mask in zip(parts, (a, b), cells, strict=False):
            # a dimension of length 1 has only the index 0, however long its letter is elsewhere
            cell = tuple(min(values[name], n - 1) for name, n in zip(part, operand.shape, strict=True))
            mask[cell] = True
            factor.append(operand[cell].item())
        terms.append(tuple(factor))
    return Einsum(a, b, c, parts, output, lengths, index, cells, tuple(terms))
