"""What an evaluation refuses: values and indices that are not allowed, and names that are in no table."""

import ast
import math
from difflib import get_close_matches

from torch import Tensor

from core.expression.errors import ExpressionError, refuse, some_of
from core.expression.growth import size
from core.expression.language import Limits
from core.expression.parse import MAX_INTEGER
from core.quote import quote


def code(node: ast.AST) -> str:
    """The node as one would type it, quoted."""
    return quote(ast.unparse(node))


def check_power(node: ast.expr, base: float, exponent: float) -> None:
    """Refuses whole numbers that would grow out of every bound, before they are computed."""
    if isinstance(base, int) and isinstance(exponent, int) and abs(base) > 1 and exponent * math.log2(abs(base)) > 64:
        raise refuse(f"{code(node)} is a number that does not fit into 64 bits", f"up to {MAX_INTEGER:,}")


def check_index(node: ast.expr, index: object) -> None:
    """Refuses what does not pick, and an index of bytes, which PyTorch reads as truth values."""
    for part in index if isinstance(index, tuple) else (index,):
        if isinstance(part, Tensor) and str(part.dtype) == "torch.uint8":
            raise refuse(f"{code(node)} has an index of dtype uint8", "truth values (.bool()) or int64 (.long())")
        nested = isinstance(part, list) and any(not isinstance(item, int) for item in part)
        if nested or not isinstance(part, int | slice | list | Tensor | type(None) | type(...)):
            raise refuse(
                f"{code(node)} has an index of the kind {'nested list' if nested else type(part).__name__}",
                "whole numbers, slices, ..., None, lists, and tensors of whole or truth values",
            )


def unknown(what: str, name: str, known: list[str]) -> ExpressionError:
    """The sentence for a name that is not in a table, with those that are like it."""
    near = get_close_matches(name, known, n=3, cutoff=0.7)
    if not near:  # X.T for x.T
        root, dot, rest = name.partition(".")
        near = [other + dot + rest for other in known if other.lower() == root.lower() and other != root]
    hint = f" (did you mean {' or '.join(map(quote, near))}?)" if near else ""
    return refuse(f"{what} is not on the list{hint}", some_of(known))


def check_result(node: ast.expr, result: object, limits: Limits) -> None:
    """Refuses what is too large, and complex numbers."""
    if isinstance(result, Tensor):
        if size(result.shape) > limits.elements:
            raise refuse(
                f"{code(node)} has the shape {quote(tuple(result.shape))}, {size(result.shape):,} elements",
                f"at most {limits.elements:,} elements in one tensor",
            )
        if min(result.shape, default=0) < 0:  # PyTorch makes such tensors where another length is 0
            raise refuse(f"{code(node)} has a negative length", "lengths of 0 and more")
        if result.dim() > limits.dims:
            raise refuse(f"{code(node)} has {result.dim()} dimensions", f"at most {limits.dims}")
        if result.is_complex():
            raise refuse(f"{code(node)} has complex numbers", "real numbers")
    elif isinstance(result, tuple):
        for part in result:
            check_result(node, part, limits)
    elif isinstance(result, complex):
        raise refuse(f"{code(node)} is a complex number", "real numbers")
    elif isinstance(result, int) and not -MAX_INTEGER - 1 <= result <= MAX_INTEGER:
        raise refuse(f"{code(node)} is a number that does not fit into 64 bits", f"up to {MAX_INTEGER:,}")
