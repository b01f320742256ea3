"""How large the result of an operation will be, and how much work, known before it runs.

A rule takes the arguments of a function and returns its `Cost`. Where the arguments do not fit together, a rule says
little: PyTorch itself then refuses them, in its own words. Empty dimensions count as one, so that a tensor without
elements cannot hide an enormous one.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

ENORMOUS = 10**18
MAX_PARTS = 10_000
MAX_POWER = 1_000_000  # exponent of a matrix power


@dataclass(frozen=True)
class Cost:
    """Elements of the largest tensor that comes out; work: elements touched or products added up."""

    elements: int
    work: int


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


def steady(*arguments: object, **keywords: object) -> Cost:
    """The result is no larger than all arguments together."""
    total = sum(size(t.shape) for t in tensors(*arguments, *keywords.values()))
    return Cost(0, total)


def sorting(*arguments: object, **keywords: object) -> Cost:
    """sort, median and their like: about twenty times the work of touching every element once."""
    return Cost(0, 20 * steady(*arguments, **keywords).work)


def in_parts(tensor: object, *_: object, **__: object) -> Cost:
    """unbind, split, chunk: each part is a tensor object of its own, of which there must not be millions."""
    longest = max(tensor.shape, default=1) if isinstance(tensor, Tensor) else 1
    return Cost(0, ENORMOUS if longest > MAX_PARTS else 10 * longest)


def joined(*arguments: object, **keywords: object) -> Cost:
    """The result holds all arguments: cat and stack."""
    total = steady(*arguments, **keywords).work
    return Cost(total, total)


def broadcast(*arguments: object, **keywords: object) -> Cost:
    """The result has the shape to which all arguments are stretched."""
    shapes = [t.shape for t in tensors(*arguments, *keywords.values())]
    length = max(map(len, shapes), default=0)
    padded = [(1,) * (length - len(shape)) + tuple(shape) for shape in shapes]
    total = size([max(dims) for dims in zip(*padded, strict=True)])
    return Cost(total, total)


def matmul(left: object, right: object, **_: object) -> Cost:
    """(batch, n, k) @ (batch, k, m): batch * n * m elements, k times as much work."""
    if not (isinstance(left, Tensor) and isinstance(right, Tensor)) or not left.dim() or not right.dim():
        return steady(left, right)
    n = left.shape[-2] if left.dim() > 1 else 1
    m = right.shape[-1] if right.dim() > 1 else 1
    batch = broadcast(left.new_empty(left.shape[:-2]), right.new_empty(right.shape[:-2])).elements
    elements = batch * max(n, 1) * max(m, 1)
    return Cost(elements, elements * max(left.shape[-1], 1))


def outer(left: object, right: object, **_: object) -> Cost:
    """(n,) and (m,): n * m elements."""
    total = math.prod(size(t.shape) for t in tensors(left, right))
    return Cost(total, total)


def einsum(equation: object, *operands: object) -> Cost:
    """One product for each combination of all letters' values; intermediate results are no larger."""
    if not isinstance(equation, str) or "." in equation:
        return Cost(ENORMOUS, ENORMOUS)
    inputs, _, output = equation.replace(" ", "").partition("->")
    sizes: dict[str, int] = {}
    for letters, operand in zip(inputs.split(","), list(tensors(*operands)), strict=False):
        for letter, length in zip(letters, operand.shape, strict=False):
            sizes[letter] = max(sizes.get(letter, 1), length)
    work = size(list(sizes.values()))
    kept = size([sizes.get(letter, 1) for letter in output]) if output or "->" in equation else work
    return Cost(kept, work)


def matrix_power(matrix: object, n: object, **_: object) -> Cost:
    """About 2 log2(n) products of k x k matrices."""
    if not isinstance(matrix, Tensor) or not isinstance(n, int) or matrix.dim() < 2:
        return steady(matrix)
    if abs(n) > MAX_POWER:
        return Cost(0, ENORMOUS)
    return Cost(0, size(matrix.shape) * max(matrix.shape[-1], 1) * 2 * max(abs(n).bit_length(), 1))


def inverse(matrix: object, **_: object) -> Cost:
    """Inverse or determinant: about k**3 for a k x k matrix."""
    if not isinstance(matrix, Tensor) or not matrix.dim():
        return steady(matrix)
    return Cost(0, size(matrix.shape) * max(matrix.shape[-1], 1))


def _lengths(arguments: Sequence[object]) -> list[int]:
    """The whole numbers among the arguments, also in lists and tuples."""
    found = []
    for argument in arguments:
        if isinstance(argument, list | tuple):
            found += _lengths(argument)
        elif isinstance(argument, int):
            found.append(argument)
    return found


def of_shape(*arguments: object, **keywords: object) -> Cost:
    """zeros, ones, rand: the arguments are the shape."""
    total = size(_lengths([*arguments, keywords.get("size", ())]))
    return Cost(total, total)


def of_size(*arguments: object, **keywords: object) -> Cost:
    """full, randint: the shape is the argument that is a tuple."""
    shapes = [a for a in (*arguments, keywords.get("size")) if isinstance(a, list | tuple)]
    total = max([size(_lengths(shape)) for shape in shapes], default=1)
    return Cost(total, total)


def of_square(n: object = 1, m: object = None, **_: object) -> Cost:
    """eye."""
    total = size(_lengths([n, n if m is None else m]))
    return Cost(total, total)


def of_range(*arguments: object, **keywords: object) -> Cost:
    """arange: (end - start) / step elements."""
    numbers = [a for a in arguments if isinstance(a, int | float)]
    named = [keywords.get(name) for name in ("start", "end", "step")]
    start, end, step = (numbers[0], numbers[1], 1) if len(numbers) > 1 else (0, numbers[0] if numbers else 0, 1)
    step = numbers[2] if len(numbers) > 2 else step
    start, end, step = (g if isinstance(g, int | float) else p for g, p in zip(named, (start, end, step), strict=True))
    try:
        count = abs((end - start) / step)
    except (ZeroDivisionError, OverflowError):
        count = 1 if step == 0 else ENORMOUS  # a step of zero PyTorch refuses itself
    total = int(count) + 1 if count < ENORMOUS else ENORMOUS
    return Cost(total, total)


def of_steps(*arguments: object, **keywords: object) -> Cost:
    """linspace: as many elements as steps."""
    total = size(_lengths([*arguments[2:], keywords.get("steps", 1)]))
    return Cost(total, total)


def repeated(tensor: object, *times: object, **keywords: object) -> Cost:
    """repeat, tile: the tensor times all repeats."""
    total = steady(tensor).work * size(_lengths([*times, *keywords.values()]))
    return Cost(total, total)


def repeat_interleave(tensor: object, repeats: object = 1, **_: object) -> Cost:
    """Each element a whole number of times."""
    if isinstance(repeats, Tensor):
        most = repeats.max().item() if repeats.numel() else 1
    else:
        most = repeats if isinstance(repeats, int) else 1
    total = int(steady(tensor).work * max(most, 1))
    return Cost(total, total)


def diagonal_matrix(tensor: object, diagonal: object = 0, **_: object) -> Cost:
    """diag: a vector of n becomes a matrix of (n + |diagonal|)**2."""
    if not isinstance(tensor, Tensor) or tensor.dim() != 1 or not isinstance(diagonal, int):
        return steady(tensor)
    total = (tensor.shape[0] + abs(diagonal)) ** 2
    return Cost(total, total)


def index_cost(tensor: Tensor, index: object) -> Cost:
    """tensor[index]: lists and tensors as index are stretched to one shape, which replaces their dimensions."""
    parts = list(index) if isinstance(index, tuple) else [index]
    named = sum(_dimensions(part) for part in parts)
    rest, advanced, place = 1, [], 0
    for part in parts:
        if part is Ellipsis:
            skipped = max(tensor.dim() - named, 0)
            rest *= size(tensor.shape[place : place + skipped])
            place += skipped
        elif isinstance(part, slice):
            rest *= size(tensor.shape[place : place + 1])
            place += 1
        elif isinstance(part, Tensor | list):
            advanced.append(part)
            place += _dimensions(part)
        else:
            place += _dimensions(part)
    rest *= size(tensor.shape[place:])
    total = rest * _picked(advanced)
    return Cost(total if advanced else 0, total if advanced else 1)


def _dimensions(part: object) -> int:
    """How many dimensions of the tensor an index stands for."""
    if part is None or part is Ellipsis or isinstance(part, bool):
        return 0
    if isinstance(part, Tensor) and part.dtype == torch.bool:
        return part.dim()
    return 1


def _picked(advanced: list[object]) -> int:
    """No fewer than the elements that lists and tensors pick together."""
    counts = []
    for part in advanced:
        if isinstance(part, Tensor):
            mask = part.dtype == torch.bool
            counts.append((int(part.count_nonzero()),) if mask else tuple(part.shape))
        else:
            counts.append((len(part),))
    length = max(map(len, counts), default=0)
    padded = [(1,) * (length - len(shape)) + shape for shape in counts]
    return size([max(dims) for dims in zip(*padded, strict=True)])
