"""einsum as one loop over all letters."""

import math
from dataclasses import dataclass

import numpy as np
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
MAX_OPERANDS = 3
DOTS = "..."
Letters = tuple[str, ...]  # of one operand; a dimension that ... stands for is written ...[-1], counted from the right


@dataclass(frozen=True)
class Einsum:
    """An einsum and one element of its result.

    Attributes:
        equation: as `torch.einsum` takes it.
        operands: all that are typed. parts: for those of them that the equation takes, the letter of each dimension.
        output: the letters of the result, which is what `torch.einsum` gives.
        lengths: for each letter those of its dimensions; with 1 and another, the dimension of 1 is stretched.
        index: of the element that is looked at; None if there is no element.
        cells: for each operand, which of its elements take part in it: truth values in its shape.
        terms: the products that are added up, each as its factors.
    """

    equation: str
    operands: tuple[Tensor, ...]
    parts: tuple[Letters, ...]
    output: Letters
    result: Tensor
    lengths: dict[str, set[int]]
    index: tuple[int, ...] | None
    cells: tuple[Tensor, ...]
    terms: tuple[tuple[float, ...], ...]


def off(found: Einsum) -> int | float | None:
    """What the sum behind the looked-at element should be, where its dtype cannot hold that; else None."""
    total = found.result[found.index].item()
    exact = sum(map(math.prod, found.terms))
    wraps = isinstance(total, int) and exact != total
    overflows = not math.isfinite(total) and all(math.isfinite(x) for term in found.terms for x in term)
    return exact if wraps or overflows else None


def einsum(settings: MatmulSettings, seed: int) -> Einsum:
    """The einsum of A, of A and B, or of A, B and C, and the sum behind one of its elements.

    Raises:
        ExpressionError: in one sentence; `TorchError` if PyTorch refuses the equation.
    """
    inputs, output = sides(settings)
    operands = factors(settings, seed)
    if len(inputs) > len(operands):
        raise refuse(f"The equation has {len(inputs)} groups of letters, and C is empty", "one operand for each group")
    names = dict(zip("ABC", operands, strict=False))
    equation = f"{','.join(inputs)}->{output}"
    code = f"torch.einsum(equation, {', '.join('ABC'[: len(inputs)])})"
    result = evaluate(code, torch_language(seeded(seed), SMALL), names | {"equation": equation})
    parts = tuple(_letters(part, operand.dim()) for part, operand in zip(inputs, operands, strict=False))
    kept = _letters(output, result.dim())
    lengths: dict[str, set[int]] = {}
    for part, operand in zip(parts, operands, strict=False):
        for name, length in zip(part, operand.shape, strict=True):
            lengths.setdefault(name, set()).add(length)
    index = index_of(min(settings.step, result.numel() - 1), tuple(result.shape)) if result.numel() else None
    cells, terms = _sum(operands, parts, kept, lengths, index)
    return Einsum(equation, operands, parts, kept, result, lengths, index, cells, terms)


def sides(settings: MatmulSettings) -> tuple[list[str], str]:
    """What the equation says of each operand, and of the result.

    Raises:
        ExpressionError: if it is none.
    """
    equation = settings.equation.replace(" ", "")
    inputs, arrow, output = equation.partition("->")
    if not arrow or not all(c.isalpha() and c.isascii() or c == "," for c in (inputs + output).replace(DOTS, "")):
        allowed = "letters, commas, `...` and one `->`, such as `ij,jk->ik`"
        raise refuse(f"{quote(settings.equation)} is not an equation here", allowed)
    if len(inputs.split(",")) > MAX_OPERANDS:
        what = f"The equation has {len(inputs.split(','))} groups of letters"
        raise refuse(what, f"at most {MAX_OPERANDS}, for A, B and C")
    return inputs.split(","), output


def _letters(part: str, dims: int) -> Letters:
    """One letter for each dimension: what ... stands for is counted from the right, as in broadcasting."""
    before, dots, after = part.partition(DOTS)
    covered = dims - len(before) - len(after) if dots else 0
    return (*before, *(f"{DOTS}[{-back}]" for back in range(covered, 0, -1)), *after)


def _sum(
    operands: tuple[Tensor, ...],
    parts: tuple[Letters, ...],
    output: Letters,
    lengths: dict[str, set[int]],
    index: tuple[int, ...] | None,
) -> tuple[tuple[Tensor, ...], tuple[tuple[float, ...], ...]]:
    """The cells and the terms behind one element, by a loop over all letters that the result does not have."""
    sizes = {name: max(found) if all(found) else 0 for name, found in lengths.items()}
    summed = [name for name in sizes if name not in output]
    count = math.prod(sizes[name] for name in summed)
    if count > MAX_TERMS:
        raise refuse(f"Every element is a sum of {count:,} terms", f"at most {MAX_TERMS:,}")
    masks = tuple(torch.zeros(t.shape, dtype=torch.bool) for t in operands)
    if index is None or not count:
        return masks, ()
    at = np.unravel_index(np.arange(count), [sizes[name] for name in summed]) if summed else ()
    values = dict(zip(output, index, strict=True)) | dict(zip(summed, at, strict=True))
    factors_of = []
    for part, operand, mask in zip(parts, operands, masks, strict=False):
        places = np.zeros(count, dtype=np.int64)  # of this operand's factors, in reading order
        for name, length in zip(part, operand.shape, strict=True):
            # a dimension of length 1 has only the index 0, however long its letter is elsewhere
            places = places * length + np.minimum(values[name], length - 1)
        mask.view(-1)[places] = True
        factors_of.append(operand.flatten()[places].tolist())
    return masks, tuple(zip(*factors_of, strict=True))
