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
ALL = slice(None)


@dataclass(frozen=True)
class Product:
    """A product and one step of one reading, which is a part of the sum C_ij = sum over p of A_ip B_pj.

    Attributes:
        a: shape (n, k). b: shape (k, m). c: shape (n, m), computed by `A @ B`.
        steps: how many steps this reading has. at: the chosen one, from 0.
        i, p, j: the row of A, the index of summation and the column of B that the step fixes; `ALL` where it takes all.
        partial: C as far as it is known after the step. known: which of its cells are meant; shape (n, m), truth.
    """

    a: Tensor
    b: Tensor
    c: Tensor
    steps: int
    at: int
    i: int | slice
    p: int | slice
    j: int | slice
    partial: Tensor
    known: Tensor

    @property
    def cells(self) -> tuple[Tensor, Tensor, Tensor]:
        """Which cells of A, B and C take part in the step: truth values in their shapes."""
        masks = tuple(torch.zeros_like(matrix, dtype=torch.bool) for matrix in (self.a, self.b, self.c))
        for mask, index in zip(masks, ((self.i, self.p), (self.p, self.j), (self.i, self.j)), strict=True):
            mask[index] = True
        return masks


def wrapped(found: Product) -> int:
    """How many elements of C are others than exact whole numbers give; 0 where the dtype has decimals."""
    if found.c.is_floating_point():
        return 0
    columns = list(zip(*found.b.tolist(), strict=True))
    pairs = zip(found.a.tolist(), found.c.tolist(), strict=True)
    return sum(
        sum(x * y for x, y in zip(row, column, strict=True)) != total
        for row, totals in pairs
        for column, total in zip(columns, totals, strict=True)
    )


def factors(settings: MatmulSettings, seed: int) -> tuple[Tensor, ...]:
    """A and B; for einsum also C, where one is typed.

    Raises:
        ExpressionError: in one sentence.
    """
    texts = {"A": settings.a, "B": settings.b}
    if has_third(settings):
        texts["C"] = settings.c
    for name, text in texts.items():
        check_typed(text, *(other for other in texts if other < name))
    names: dict[str, Tensor] = {}
    random = seeded(seed)
    for name, text in texts.items():
        names[name] = typed_tensor(text, random, names)
        if max(names[name].shape, default=1) > MAX_SIDE:
            raise refuse(f"{name} has the shape {tuple(names[name].shape)}", f"at most {MAX_SIDE} in each dimension")
    return tuple(names.values())


def has_third(settings: MatmulSettings) -> bool:
    """Whether there is a third operand, which einsum alone can take."""
    return settings.reading == "einsum" and bool(settings.c.strip())


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
    if settings.reading == "outer":  # every step adds a layer to all cells
        layers = sum(torch.outer(a[:, p], b[p]) for p in range(at + 1))
        return Product(a, b, c, steps, at, ALL, at, ALL, layers, torch.ones_like(c, dtype=torch.bool))
    rows, columns = torch.arange(n)[:, None], torch.arange(m)
    i, j, step_of_cell = {
        "dot": (at // m, at % m, rows * m + columns),
        "row": (at, ALL, rows.expand(n, m)),
        "column": (ALL, at, columns.expand(n, m)),
    }[settings.reading]
    known = step_of_cell <= at
    return Product(a, b, c, steps, at, i, ALL, j, c * known, known)
