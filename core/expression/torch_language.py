"""The part of PyTorch that may be typed: functions, methods, attributes and constants, each with its rule of growth.

Random functions draw from the generator that is handed in, in the order of the calls: `torch.manual_seed(seed)` and the
same lines in a program of its own give the same numbers.
"""

import math
from functools import cache

import torch
from torch import Generator, Tensor

from core.expression.errors import refuse
from core.expression.growth import (
    broadcast,
    diagonal_matrix,
    einsum,
    in_parts,
    inverse,
    joined,
    matmul,
    matrix_power,
    of_range,
    of_shape,
    of_size,
    of_square,
    of_steps,
    outer,
    repeat_interleave,
    repeated,
    sorting,
)
from core.expression.language import Function, Language, Limits

DTYPES = ("float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool")
KEYWORDS = (
    "dim dims dtype size shape keepdim dim0 dim1 start end step steps start_dim end_dim descending diagonal shifts "
    "repeats min max fill_value correction offset stride storage_offset n m k largest input other equation sizes "
    "source destination output_size length index"
)

MOVES = (  # of tensors, results no larger than what went in; as function and as method
    "reshape permute transpose swapaxes squeeze unsqueeze flatten unflatten ravel movedim clone flip roll diagonal "
    "tril triu narrow select as_strided t"
)
PARTS = "unbind split chunk"
SORTS = "median sort argsort topk unique"
REDUCE = (
    "sum mean prod max min amax amin argmax argmin std var any all cumsum cumprod "
    "count_nonzero logsumexp softmax norm trace nonzero"
)
ONE_BY_ONE = (
    "abs neg exp log log2 log10 sqrt square sin cos tan tanh sigmoid relu round floor ceil trunc sign reciprocal isnan "
    "isinf isfinite logical_not"
)
IN_PAIRS = (
    "add sub mul div pow maximum minimum eq ne lt le gt ge clamp where logical_and logical_or logical_xor remainder "
    "floor_divide"
)
METHODS_ONLY = (
    "view expand expand_as view_as reshape_as contiguous float double half bfloat16 long int short byte bool item "
    "numel size stride storage_offset is_contiguous element_size"
)
FUNCTION_ONLY = "zeros_like ones_like broadcast_to"


def _tensor(data: object, dtype: torch.dtype | None = None) -> Tensor:
    if isinstance(data, Tensor):
        raise refuse("torch.tensor gets a tensor", "numbers and nested lists of numbers (write .clone() for a copy)")
    return torch.tensor(data, dtype=dtype)


def _to(tensor: Tensor, dtype: object) -> Tensor:
    if not isinstance(dtype, torch.dtype):
        raise refuse("`.to` gets something that is not a dtype", ", ".join(f"torch.{name}" for name in DTYPES))
    return tensor.to(dtype)


def _dim(tensor: Tensor) -> int:
    return tensor.dim()


@cache
def _functions() -> dict[str, Function]:
    """Everything that does not depend on a seed."""
    table = {f"torch.{name}": Function(getattr(torch, name)) for name in f"{MOVES} {REDUCE}".split()}
    table |= {f"torch.{name}": Function(getattr(torch, name)) for name in f"{ONE_BY_ONE} {FUNCTION_ONLY}".split()}
    table |= {f"torch.{name}": Function(getattr(torch, name), broadcast) for name in IN_PAIRS.split()}
    table |= {f"torch.{name}": Function(getattr(torch, name), in_parts) for name in PARTS.split()}
    table |= {f"torch.{name}": Function(getattr(torch, name), sorting) for name in SORTS.split()}
    return table | {
        "torch.tensor": Function(_tensor),
        "torch.zeros": Function(torch.zeros, of_shape),
        "torch.ones": Function(torch.ones, of_shape),
        "torch.full": Function(torch.full, of_size),
        "torch.eye": Function(torch.eye, of_square),
        "torch.arange": Function(torch.arange, of_range),
        "torch.linspace": Function(torch.linspace, of_steps),
        "torch.cat": Function(torch.cat, joined),
        "torch.stack": Function(torch.stack, joined),
        "torch.hstack": Function(torch.hstack, joined),
        "torch.vstack": Function(torch.vstack, joined),
        "torch.tile": Function(torch.tile, repeated),
        "torch.repeat_interleave": Function(torch.repeat_interleave, repeat_interleave),
        "torch.diag": Function(torch.diag, diagonal_matrix),
        "torch.matmul": Function(torch.matmul, matmul),
        "torch.mm": Function(torch.mm, matmul),
        "torch.bmm": Function(torch.bmm, matmul),
        "torch.mv": Function(torch.mv, matmul),
        "torch.dot": Function(torch.dot),
        "torch.outer": Function(torch.outer, outer),
        "torch.einsum": Function(torch.einsum, einsum, takes_text=True),
        "torch.matrix_power": Function(torch.matrix_power, matrix_power),
        "torch.linalg.matrix_power": Function(torch.linalg.matrix_power, matrix_power),
        "torch.linalg.inv": Function(torch.linalg.inv, inverse),
        "torch.linalg.det": Function(torch.linalg.det, inverse),
        "torch.det": Function(torch.det, inverse),
    }


@cache
def _methods() -> dict[str, Function]:
    table = {name: Function(getattr(Tensor, name)) for name in f"{MOVES} {REDUCE} {ONE_BY_ONE} {METHODS_ONLY}".split()}
    table |= {name: Function(getattr(Tensor, name), broadcast) for name in IN_PAIRS.split()}
    table |= {name: Function(getattr(Tensor, name), in_parts) for name in PARTS.split()}
    table |= {name: Function(getattr(Tensor, name), sorting) for name in SORTS.split()}
    return table | {
        "to": Function(_to),
        "dim": Function(_dim),
        "repeat": Function(Tensor.repeat, repeated),
        "tile": Function(Tensor.tile, repeated),
        "repeat_interleave": Function(Tensor.repeat_interleave, repeat_interleave),
        "diag": Function(Tensor.diag, diagonal_matrix),
        "matmul": Function(Tensor.matmul, matmul),
        "mm": Function(Tensor.mm, matmul),
        "bmm": Function(Tensor.bmm, matmul),
        "mv": Function(Tensor.mv, matmul),
        "dot": Function(Tensor.dot),
        "outer": Function(Tensor.outer, outer),
        "matrix_power": Function(Tensor.matrix_power, matrix_power),
        "det": Function(Tensor.det, inverse),
        "inverse": Function(Tensor.inverse, inverse),
    }


def _random(generator: Generator) -> dict[str, Function]:
    def rand(*size: object, **keywords: object) -> Tensor:
        return torch.rand(*size, generator=generator, **keywords)

    def randn(*size: object, **keywords: object) -> Tensor:
        return torch.randn(*size, generator=generator, **keywords)

    def randint(*bounds: object, **keywords: object) -> Tensor:
        return torch.randint(*bounds, generator=generator, **keywords)

    def randperm(n: object, **keywords: object) -> Tensor:
        return torch.randperm(n, generator=generator, **keywords)

    return {
        "torch.rand": Function(rand, of_shape),
        "torch.randn": Function(randn, of_shape),
        "torch.randint": Function(randint, of_size),
        "torch.randperm": Function(randperm, of_shape),
    }


ATTRIBUTES = {
    "T": lambda tensor: tensor.T if tensor.dim() == 2 else tensor.mT,
    "mT": lambda tensor: tensor.mT,
    "shape": lambda tensor: tuple(tensor.shape),
    "ndim": lambda tensor: tensor.ndim,
    "dtype": lambda tensor: tensor.dtype,
}
CONSTANTS = {f"torch.{name}": getattr(torch, name) for name in DTYPES}
CONSTANTS |= {f"torch.{name}": getattr(torch, name) for name in ("long", "int", "short", "float", "double", "half")}
CONSTANTS |= {"torch.pi": math.pi, "torch.inf": math.inf, "torch.nan": math.nan}


def torch_language(generator: Generator, limits: Limits | None = None) -> Language:
    """PyTorch's typed syntax, with random numbers from this generator."""
    return Language(
        functions=_functions() | _random(generator),
        methods=_methods(),
        attributes=ATTRIBUTES,
        constants=CONSTANTS,
        keywords=frozenset(KEYWORDS.split()),
        limits=limits or Limits(),
    )


def listed() -> dict[str, list[str]]:
    """Everything that may be typed, by kind, in the order of the alphabet."""
    language = torch_language(torch.Generator())
    return {
        "Functions": sorted(language.functions),
        "Methods": sorted(language.methods),
        "Attributes": sorted(language.attributes),
        "Constants": sorted(language.constants),
        "Keywords": sorted(language.keywords),
    }
