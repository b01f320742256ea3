"""Tensors that the reader types."""

import ast

import torch
from torch import Generator, Tensor

from core.expression.errors import refuse
from core.expression.evaluate import Evaluator, evaluate
from core.expression.language import Limits
from core.expression.parse import names_in, parse
from core.expression.torch_language import torch_language

SMALL = Limits()


def seeded(seed: int) -> Generator:
    """The source of random numbers that a program has after `torch.manual_seed(seed)`."""
    return torch.Generator().manual_seed(seed)


def typed_tensor(
    text: str, random: Generator, names: dict[str, Tensor] | None = None, limits: Limits = SMALL
) -> Tensor:
    """The tensor that an expression makes; a list or a number becomes one, as `torch.tensor` would make it.

    Args:
        random: where random numbers come from; a second expression goes on where the first has stopped.
        names: the tensors that the expression may name.

    Raises:
        ExpressionError: in one sentence; `TorchError` if PyTorch refuses an operation.
    """
    value = evaluate(parse(python_of(text)), torch_language(random, limits), names or {})
    if isinstance(value, bool | int | float):
        return torch.tensor(value)
    if isinstance(value, tuple) and value and all(isinstance(part, int) for part in value):
        return torch.tensor(value)  # a shape or strides
    if not isinstance(value, Tensor):
        kind = "tuple" if isinstance(value, tuple) else type(value).__name__
        raise refuse(f"The expression gives a {kind}, not a tensor", "a tensor (of a tuple take a part, such as [0])")
    return value


def check_typed(text: str, *names: str) -> None:
    """Refuses an expression with a name that is not on the list, without evaluating anything.

    Where several expressions belong together, all are checked first: if PyTorch then refuses one of them, the program
    with all of them can still be shown.

    Raises:
        ExpressionError: in one sentence.
    """
    Evaluator(torch_language(seeded(0), SMALL), dict.fromkeys(names)).check(parse(text))


def python_of(text: str) -> str:
    """The expression as it must stand in a program: a bare list is wrapped into `torch.tensor`."""
    text = text.strip()
    return f"torch.tensor({text})" if _is_bare(parse(text)) else text


def python_in(text: str, dtype: str) -> str:
    """The same in a chosen dtype; bare numbers get it at once, so that 0.9 is not rounded to float32 on the way."""
    text, bare = text.strip(), _is_bare(parse(text))
    return f"torch.tensor({text}, dtype=torch.{dtype})" if bare else f"({text}).to(torch.{dtype})"


def _is_bare(tree: ast.expr) -> bool:
    """Whether only numbers and lists are written."""
    return isinstance(tree, ast.List | ast.Constant | ast.UnaryOp) and not names_in(tree)
