"""The matrix product in four readings, step by step."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.expression.errors import refuse
from core.expression.evaluate import evaluate
from core.expression.torch_language import torch_language
from core.tensors.settings import MatmulSettings
from core.tensors.typed import SMALL, check_typed, seeded, typed_tensor

MAX_SIDE = 12  # rows or columns; more cells than that nobody follows step by step


@dataclass(frozen=True)
class Step:
    """One step of building C = A @ B.

    Attributes:
        a, b, c: which cells take part, as masks in the shapes of A, B and C.
        partial: C as far as it is known after this step; what is not yet known is 0.
        known: which cells of `partial` are meant, a mask in the shape of C.
        words: what the step does, with its numbers.
    """

    a: Tensor
    b: Tensor
    c: Tensor
    partial: Tensor
    known: Tensor
    words: str


@dataclass(frozen=True)
class Product:
    """A product and the chosen step of one reading.

    Attributes:
        a: shape (n, k). b: shape (k, m). c: shape (n, m), computed by `A @ B` or `torch.einsum`.
        steps: how many steps this reading has. at: the chosen one, from 0. step: that step.
    """

    a: Tensor
    b: Tensor
    c: Tensor
    steps: int
    at: int
    step: Step


def factors(settings: MatmulSettings, seed: int) -> tuple[Tensor, Tensor]:
    """The two operands.

    Raises:
        ExpressionError: in one sentence.
    """
    check_typed(settings.a)
    check_typed(settings.b, "A")
    names: dict[str, Tensor] = {}
    random = seeded(seed)
    for name, text in (("A", settings.a), ("B", settings.b)):
        names[name] = typed_tensor(text, random, names)
        if max(names[name].shape, default=1) > MAX_SIDE:
            raise refuse(f"{name} has the shape {tuple(names[name].shape)}", f"at most {MAX_SIDE} in each dimension")
    return names["A"], names["B"]


def product(settings: MatmulSettings, seed: int) -> Product:
    """The matrix product and one step of the chosen reading.

    Raises:
        ExpressionError: in one sentence; `TorchError` if the matrices do not fit together.
    """
    a, b = factors(settings, seed)
    if a.dim() != 2 or b.dim() != 2:
        shapes = f"{tuple(a.shape)} and {tuple(b.shape)}"
        raise refuse(f"The shapes are {shapes}", "two matrices here (einsum takes any dimensions)")
    c = evaluate("A @ B", torch_language(seeded(seed), SMALL), {"A": a, "B": b})
    if not a.numel() or not b.numel():
        raise refuse("A matrix is empty", "at least one row and one column")
    (n, k), m = a.shape, b.shape[1]
    steps = {"dot": n * m, "outer": k, "row": n, "column": m}[settings.reading]
    at = min(settings.step, steps - 1)
    step = {"dot": _dot, "outer": _outer, "row": _row, "column": _column}[settings.reading](a, b, c, at)
    return Product(a, b, c, steps, at, step)


def _dot(a: Tensor, b: Tensor, c: Tensor, at: int) -> Step:
    i, j = divmod(at, c.shape[1])
    known = (torch.arange(c.numel()) <= at).reshape(c.shape)
    terms = " + ".join(f"{say(x)} · {say(y)}" for x, y in zip(a[i], b[:, j], strict=True))
    words = f"Row {i} of A meets column {j} of B in pairs: C[{i}, {j}] = {terms} = **{say(torch.dot(a[i], b[:, j]))}**"
    return Step(_row_of(a, i), _column_of(b, j), _cell_of(c, i, j), c * known, known, words)


def _outer(a: Tensor, b: Tensor, c: Tensor, at: int) -> Step:
    partial = sum(torch.outer(a[:, p], b[p]) for p in range(at + 1))
    every = torch.ones_like(c, dtype=torch.bool)
    words = (
        f"Column {at} of A times row {at} of B is a whole matrix, every pair multiplied once. Layer {at + 1} of "
        f"{a.shape[1]} adds A[0, {at}] · B[{at}, 0] = {say(a[0, at])} · {say(b[at, 0])} = "
        f"{say(a[0, at] * b[at, 0])} to C[0, 0], which is now **{say(partial[0, 0])}**"
    )
    return Step(_column_of(a, at), _row_of(b, at), every, partial, every, words)


def _row(a: Tensor, b: Tensor, c: Tensor, at: int) -> Step:
    known = torch.arange(c.shape[0])[:, None].expand(c.shape) <= at
    terms = " + ".join(f"{say(x)} · (row {p} of B)" for p, x in enumerate(a[at]))
    total = sum(a[at, p] * b[p] for p in range(b.shape[0]))
    words = f"Row {at} of A says how much of each row of B to take: row {at} of C = {terms} = **{list_of(total)}**"
    return Step(_row_of(a, at), torch.ones_like(b, dtype=torch.bool), _row_of(c, at), c * known, known, words)


def _column(a: Tensor, b: Tensor, c: Tensor, at: int) -> Step:
    known = torch.arange(c.shape[1]).expand(c.shape) <= at
    terms = " + ".join(f"{say(y)} · (column {p} of A)" for p, y in enumerate(b[:, at]))
    total = sum(b[p, at] * a[:, p] for p in range(b.shape[0]))
    words = (
        f"Column {at} of B says how much of each column of A to take: column {at} of C = {terms} = **{list_of(total)}**"
    )
    return Step(torch.ones_like(a, dtype=torch.bool), _column_of(b, at), _column_of(c, at), c * known, known, words)


def _row_of(matrix: Tensor, i: int) -> Tensor:
    mask = torch.zeros_like(matrix, dtype=torch.bool)
    mask[i] = True
    return mask


def _column_of(matrix: Tensor, j: int) -> Tensor:
    return _row_of(matrix.mT, j).mT


def _cell_of(matrix: Tensor, i: int, j: int) -> Tensor:
    mask = torch.zeros_like(matrix, dtype=torch.bool)
    mask[i, j] = True
    return mask


def say(value: Tensor) -> str:
    """One number, short."""
    return f"{value.item():.4g}" if value.is_floating_point() else f"{value.item()}"


def list_of(values: Tensor) -> str:
    """A row of numbers, short."""
    return "[" + ", ".join(say(value) for value in values) + "]"
