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
        what: what happens, in words.
    """

    dimension: int
    a: int | None
    b: int | None
    result: int | None
    what: str


@dataclass(frozen=True)
class Broadcast:
    """The operands, stretched, and the result.

    Attributes:
        rows: the aligned shapes, first dimension first.
        stretched_a, stretched_b: views of a and b with the common shape; stretched dimensions have stride 0.
        result: a operation b; these four are None where the shapes do not fit.
        error: PyTorch's refusal, if any.
    """

    a: Tensor
    b: Tensor
    rows: tuple[Aligned, ...]
    stretched_a: Tensor | None
    stretched_b: Tensor | None
    result: Tensor | None
    error: TorchError | None


def align(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[Aligned, ...]:
    """The rule of broadcasting, dimension by dimension: equal, or one of the two is 1 or missing."""
    rows = []
    for back in range(max(len(a), len(b)), 0, -1):
        one = a[-back] if back <= len(a) else None
        two = b[-back] if back <= len(b) else None
        rows.append(Aligned(-back, one, two, *_common(one, two)))
    return tuple(rows)


def _common(a: int | None, b: int | None) -> tuple[int | None, str]:
    if a is None or b is None:
        name, other, length = ("a", "b", b) if a is None else ("b", "a", a)
        how = f"stretched to {length}" if length != 1 else "of length 1"
        return length, f"{name} gets a new dimension, {how}, as {other} has it"
    if a == b:
        return a, "equal"
    if a == 1:
        return b, f"a is stretched from 1 to {b}"
    if b == 1:
        return a, f"b is stretched from 1 to {a}"
    return None, f"{a} and {b} do not fit: neither is 1"


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
        stretched_a, stretched_b = torch.broadcast_tensors(a, b)
    except (RuntimeError, TypeError) as error:
        said = str(error)
        return Broadcast(
            a, b, rows, None, None, None, TorchError(f"a {settings.operation} b", "RuntimeError", said, explain(said))
        )
    return Broadcast(a, b, rows, stretched_a, stretched_b, result, None)
