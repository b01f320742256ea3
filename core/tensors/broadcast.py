"""Two operands of different shapes, stretched to one."""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from core.expression.errors import TorchError
from core.expression.evaluate import evaluate
from core.expression.torch_language import torch_language
from core.tensors.settings import BroadcastSettings
from core.tensors.typed import SMALL, check_typed, seeded, typed_tensor

Row = tuple[int | None, int | None, int | None]


@dataclass(frozen=True)
class Broadcast:
    """The operands, stretched, and the result.

    Attributes:
        rows: the aligned shapes (`align`).
        stretched_a, stretched_b: views of a and b with the common shape; stretched dimensions have stride 0.
        result: a operation b; these three are None where the shapes do not fit.
        wrapped: how many elements of the result are others than whole numbers of any size give: an operand that
            does not fit into the common dtype wraps around first (in uint8, 256 becomes 0), then the result does.
        error: PyTorch's refusal, if any.
    """

    a: Tensor
    b: Tensor
    rows: list[Row]
    stretched_a: Tensor | None = None
    stretched_b: Tensor | None = None
    result: Tensor | None = None
    wrapped: int = 0
    error: TorchError | None = None


def align(a: tuple[int, ...], b: tuple[int, ...]) -> list[Row]:
    """Two shapes, written under each other from the right: they fit if both are equal, or one is 1 or missing.

    Returns:
        For each dimension of the longer one, from the first to the last: its length in a, in b and in the result; None
        where it is missing, and for the result where there is none.
    """
    rows = []
    for back in range(max(len(a), len(b)), 0, -1):
        one, two = (shape[-back] if back <= len(shape) else None for shape in (a, b))
        longer = {one, two} - {None, 1} or {1}
        rows.append((one, two, longer.pop() if len(longer) == 1 else None))
    return rows


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
    try:
        result = _combined(a, settings.operation, b, random)
    except TorchError as error:
        return Broadcast(a, b, rows, error=error)
    wrapped = 0
    # Truth values and decimals have no whole number to compare with.
    if not any(t.dtype == torch.bool or t.is_floating_point() for t in (a, b)) and not result.is_floating_point():
        wrapped = int(_wrapped(a, settings.operation, b, result, random).sum())
    return Broadcast(a, b, rows, *torch.broadcast_tensors(a, b), result, wrapped)


def _wrapped(a: Tensor, operation: str, b: Tensor, result: Tensor, random: Generator) -> Tensor:
    """Which elements of a result of whole numbers have wrapped around; truth values in its shape.

    Numbers are compared with float64, whose rounding is nothing beside the 256 or more by which they wrap (int64: by
    2^64). A negative exponent, for which PyTorch has 0, 1 or -1, is close enough to the exponent 0.
    """
    if result.dtype == torch.bool:
        return _combined(a.long(), operation, b.long(), random) != result
    right = b.double().clamp(min=0) if operation == "**" else b.double()
    wide = _combined(a.double(), operation, right, random)
    return (wide - result).abs() > (2.0**62 if result.dtype == torch.int64 else 100)


def _combined(a: Tensor, operation: str, b: Tensor, random: Generator) -> Tensor:
    return evaluate(f"a {operation} b", torch_language(random, SMALL), {"a": a, "b": b})
