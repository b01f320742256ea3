"""Two operands of different shapes, stretched to one."""

import math
import operator
from dataclasses import dataclass

import torch
from torch import Tensor

from core.expression.errors import TorchError, refuse
from core.expression.explain import explain
from core.tensors.settings import BroadcastSettings
from core.tensors.typed import SMALL, check_typed, seeded, typed_tensor

OPERATORS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "<": operator.lt,
    "==": operator.eq,
}


@dataclass(frozen=True)
class Aligned:
    """One dimension of the shapes, written under each other from the right.

    Attributes:
        dimension: counted from the end, -1 the last. a, b: lengths; None where the shape has no such dimension.
        result: the common length; None where there is none.
    """

    dimension: int
    a: int | None
    b: int | None
    result: int | None


@dataclass(frozen=True)
class Broadcast:
    """The operands, stretched, and the result.

    Attributes:
        rows: the aligned shapes, first dimension first.
        stretched_a, stretched_b: views of a and b with the common shape; stretched dimensions have stride 0.
        result: a operation b; these three are None where the shapes do not fit.
        error: PyTorch's refusal, if any.
    """

    a: Tensor
    b: Tensor
    rows: tuple[Aligned, ...]
    stretched_a: Tensor | None = None
    stretched_b: Tensor | None = None
    result: Tensor | None = None
    error: TorchError | None = None


def align(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[Aligned, ...]:
    """The rule of broadcasting, dimension by dimension: equal, or one of the two is 1 or missing."""
    rows = []
    for back in range(max(len(a), len(b)), 0, -1):
        one = a[-back] if back <= len(a) else None
        two = b[-back] if back <= len(b) else None
        lengths = {one, two} - {None}
        stretched = lengths - {1} or {1}
        rows.append(Aligned(-back, one, two, stretched.pop() if len(stretched) == 1 else None))
    return tuple(rows)


def broadcast(settings: BroadcastSettings, seed: int) -> Broadcast:
    """Stretches both operands and computes the result.

    Raises:
        ExpressionError: if an operand cannot be made or the result would be too large.
    """
    check_typed(settings.a)
    check_typed(settings.b, "a")
    random = seeded(seed)
    a = typed_tensor(settings.a, random)
    b = typed_tensor(settings.b, random, {"a": a})
    rows = align(tuple(a.shape), tuple(b.shape))
    lengths = [row.result for row in rows]
    if None not in lengths and math.prod(max(n, 1) for n in lengths) > SMALL.elements:
        raise refuse(
            f"The result would have the shape {tuple(lengths)}, {math.prod(lengths):,} elements",
            f"at most {SMALL.elements:,} elements",
        )
    try:
        result = OPERATORS[settings.operation](a, b)
        return Broadcast(a, b, rows, *torch.broadcast_tensors(a, b), result)
    except (RuntimeError, TypeError) as error:
        said = str(error)
        refusal = TorchError(f"a {settings.operation} b", "RuntimeError", said, explain(said))
        return Broadcast(a, b, rows, error=refusal)


def wrapped(found: Broadcast, operation: str) -> int:
    """How many elements of the result are others than the same operation gives in int64.

    An operand that does not fit into the common dtype wraps around before the operation: in uint8, 256 becomes 0.
    Decimals, truth values and powers below zero, which have no whole number to compare with, count as 0.
    """
    operands = (found.a, found.b)
    if found.result is None or found.result.is_floating_point() or any(t.dtype == torch.bool for t in operands):
        return 0
    if any(t.is_floating_point() for t in operands) or (operation == "**" and bool((found.b < 0).any())):
        return 0
    return int((OPERATORS[operation](found.a.long(), found.b.long()) != found.result).sum())
