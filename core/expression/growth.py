"""How large the result of a basic operation of PyTorch will be, and how much work, known before it runs.

A rule takes the arguments of an operation of `torch.ops.aten` and returns its `Cost`. By then PyTorch has read every
size as a whole number, also one that was given as a tensor. What has no rule of its own is no larger than its tensors,
stretched to one shape. Where the arguments do not fit together, a rule may say anything: PyTorch then refuses them, in
its own words. Empty dimensions count as one, so that a tensor without elements cannot hide an enormous one.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

UNKNOWN = 10**18


@dataclass(frozen=True)
class Cost:
    """What an operation will cost.

    Attributes:
        elements: of the largest tensor that comes out. work: elements touched or products added up. parts: how many
            tensors come out. scratch: whole numbers that are there meanwhile.
    """

    elements: int
    work: int
    parts: int = 1
    scratch: int = 0


Rule = Callable[..., Cost]


def size(shape: Sequence[int]) -> int:
    """Number of elements of a shape in Python's exact integers, an empty dimension counted as one."""
    return math.prod(max(length, 1) for length in shape)


def tensors(*arguments: object) -> Iterator[Tensor]:
    """Every tensor among the arguments, also in lists."""
    for argument in arguments:
        if isinstance(argument, Tensor):
            yield argument
        elif isinstance(argument, list | tuple):
            yield from tensors(*argument)


def stretched(shapes: Sequence[Sequence[int]]) -> int:
    """Elements of the shape to which all shapes are stretched."""
    length = max(map(len, shapes), default=0)
    padded = [(1,) * (length - len(shape)) + tuple(shape) for shape in shapes]
    return size([max(lengths) for lengths in zip(*padded, strict=True)])


def _usual(*arguments: object, weight: int = 1, **_: object) -> Cost:
    """Tensors side by side are stretched to one shape, those of a list are joined."""
    total = stretched([a.shape for a in arguments if isinstance(a, Tensor)])
    total = max(total, *(sum(size(t.shape) for t in tensors(a)) for a in arguments if isinstance(a, list)), 0)
    return Cost(total, weight * total)


def _slow(weight: int) -> Rule:
    """As usual, and so many times the work of touching every element once."""
    return lambda *arguments, **_: _usual(*arguments, weight=weight)


def _all(total: int) -> Cost:
    return Cost(total, total)


def _of_shape(*arguments: object, **_: object) -> Cost:
    """zeros, full, rand and their like: the first list is the shape."""
    return _all(size(next((a for a in arguments if isinstance(a, list | tuple)), ())))


def _arange(*numbers: float, dtype: torch.dtype | None = None, **_: object) -> Cost:
    """(end), (start, end) or (start, end, step): (end - start) / step elements."""
    start, end, step = (0, *numbers, 1) if len(numbers) == 1 else (*numbers, 1)[:3]
    try:
        if dtype == torch.int64:  # PyTorch cuts off the fractions first, with the other dtypes afterwards
            start, end, step = int(start), int(end), int(step)
        return _all(math.ceil(abs((end - start) / step)))
    except ZeroDivisionError:  # PyTorch refuses it itself
        return _all(1)
    except (OverflowError, ValueError):  # infinity and nan
        return _all(UNKNOWN)


def _product(*arguments: object, **_: object) -> Cost:
    """(batch, n, k) times (batch, k, m), or less dimensions: batch * n * m elements, k times as much work."""
    left, right = list(tensors(*arguments))[-2:]
    elements = size(left.shape[:-1]) * size(right.shape[1:][-1:])
    return Cost(elements, elements * size(left.shape[-1:]))


def _inverse(matrix: Tensor, *_: object, **__: object) -> Cost:
    """Inverse or determinant: about k**3 for a k x k matrix."""
    return Cost(size(matrix.shape), size(matrix.shape) * size(matrix.shape[-1:]))


def _diagonal_matrix(tensor: Tensor, diagonal: int = 0, *_: object, **__: object) -> Cost:
    """diag: a vector of n becomes a matrix of (n + |diagonal|)**2."""
    return _all(size(tensor.shape[:-1]) * (sum(tensor.shape[-1:]) + abs(diagonal)) ** 2)


def _index(tensor: Tensor, indices: Sequence[Tensor | None], *_: object, **__: object) -> Cost:
    """tensor[indices]: all indices are stretched to one shape, which replaces their dimensions; None leaves one."""
    picked, rest, place, scratch = [], 1, 0, 0
    for index in indices:
        if index is None:
            rest *= size(tensor.shape[place : place + 1])
            place += 1
        elif index.dtype == torch.bool:  # becomes the indices of all that is true, one for each dimension
            picked.append((int(index.count_nonzero()),))
            place, scratch = place + index.dim(), scratch + picked[-1][0] * (index.dim() - 1)
        else:
            picked.append(index.shape)
            place += 1
    total = rest * size(tensor.shape[place:]) * stretched(picked)
    return Cost(total, max(total, *(size(t.shape) for t in tensors(indices)), 1), scratch=scratch)


def _index_select(tensor: Tensor, dim: int, index: Tensor, *_: object, **__: object) -> Cost:
    """Slices of a tensor, one for each number of the index."""
    return _all(size(tensor.shape[:dim]) * size(tensor.shape[dim + 1 :]) * size(index.shape))


def _repeat_interleave(repeats: Tensor, *_: object, **__: object) -> Cost:
    """0, 1, 2, ..., each as often as its number says. PyTorch's own sum of these numbers overflows in silence."""
    return _all(int(repeats.sum(dtype=torch.float64).nan_to_num().clamp(0, UNKNOWN)))


def _nonzero(tensor: Tensor, *_: object, **__: object) -> Cost:
    """An index for each element that is not zero."""
    total = int(tensor.count_nonzero()) * max(tensor.dim(), 1)
    return Cost(total, total + size(tensor.shape))


def _split(tensor: Tensor, length: int = 1, dim: int = 0, *_: object, **__: object) -> Cost:
    longest = tensor.shape[dim] if -tensor.dim() <= dim < tensor.dim() else 1
    parts = -(-longest // max(length, 1))
    return Cost(0, 100 * parts, parts)


NAMES: tuple[tuple[Rule, str], ...] = (
    (_of_shape, "zeros ones full empty empty_strided new_empty new_zeros rand randn randint"),
    (_product, "mm bmm mv dot addmm addmv baddbmm"),
    (_inverse, "linalg_inv_ex _linalg_det linalg_lu_factor_ex"),
    (_slow(20), "sort topk _unique2 unique_dim"),
    (_slow(10), "median"),
    (_slow(2), "pow remainder floor_divide"),
    (_arange, "arange"),
    (_diagonal_matrix, "diag_embed"),
    (lambda *sides, **_: _all(size((*sides, *sides)[:2])), "eye"),
    (_index, "index"),
    (_index_select, "index_select"),
    (lambda _start, _end, steps, **_: _all(steps), "linspace"),
    (_nonzero, "nonzero"),
    (lambda n, **_: _all(n), "randperm"),
    (lambda tensor, times, **_: _all(size(tensor.shape) * size(times)), "repeat"),
    (_repeat_interleave, "repeat_interleave"),
    (_split, "split"),
    (lambda tensor, dim=0: _split(tensor, 1, dim), "unbind"),
)
RULES = {name: rule for rule, names in NAMES for name in names.split()}


def cost(operation: torch._ops.OpOverload, arguments: Sequence[object], keywords: dict[str, object]) -> Cost:
    """What an operation will cost; a view costs nothing."""
    name = operation.overloadpacket.__name__
    if operation.is_view and name not in RULES:
        return Cost(0, 0)
    return RULES.get(name, _usual)(*arguments, **keywords)
