"""The part of PyTorch that may be typed: functions, methods, attributes and constants.

Random functions draw from the generator that is handed in, in the order of the calls: `torch.manual_seed(seed)` and the
same lines in a program of its own give the same numbers.
"""

import math
from functools import cache

import torch
from torch import Generator, Tensor

from core.expression.errors import refuse
from core.expression.language import Function, Language, Limits

DTYPES = ("float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool")
KEYWORDS = (
    "dim dims dtype size shape keepdim dim0 dim1 start end step steps start_dim end_dim descending diagonal shifts "
    "repeats min max fill_value correction offset stride storage_offset n m k largest input other equation sizes "
    "source destination length index"
)

BOTH = (  # as function and as method
    "reshape permute transpose swapaxes squeeze unsqueeze flatten unflatten ravel movedim clone flip roll diagonal "
    "diag tril triu narrow select as_strided t tile repeat_interleave unbind split chunk "
    "median sort argsort topk unique sum mean prod max min amax amin argmax argmin std var any all cumsum cumprod "
    "count_nonzero logsumexp softmax norm trace nonzero "
    "abs neg exp log log2 log10 sqrt square sin cos tan tanh sigmoid relu round floor ceil trunc sign reciprocal isnan "
    "isinf isfinite logical_not "
    "add sub mul div pow maximum minimum eq ne lt le gt ge clamp where logical_and logical_or logical_xor remainder "
    "floor_divide matmul mm bmm mv dot outer matrix_power det"
)
METHODS_ONLY = (
    "view expand expand_as view_as reshape_as contiguous float double half bfloat16 long int short byte bool item "
    "numel size stride storage_offset is_contiguous element_size repeat inverse"
)
FUNCTIONS_ONLY = "zeros_like ones_like broadcast_to zeros ones full eye arange linspace cat stack hstack vstack"


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


def _chunk(tensor: Tensor, *arguments: object, **keywords: object) -> tuple[Tensor, ...]:
    # From a tensor without elements PyTorch makes as many parts as are asked for, before anybody can count them.
    if isinstance(tensor, Tensor) and not tensor.numel():
        raise refuse("chunk gets a tensor without elements", "tensors with at least one")
    return torch.chunk(tensor, *arguments, **keywords)


@cache
def _functions() -> dict[str, Function]:
    """Everything that does not depend on a seed."""
    table = {f"torch.{name}": Function(getattr(torch, name)) for name in f"{BOTH} {FUNCTIONS_ONLY}".split()}
    return table | {
        "torch.tensor": Function(_tensor),
        "torch.chunk": Function(_chunk),
        "torch.einsum": Function(torch.einsum, takes_text=True),
        "torch.linalg.matrix_power": Function(torch.linalg.matrix_power),
        "torch.linalg.inv": Function(torch.linalg.inv),
        "torch.linalg.det": Function(torch.linalg.det),
    }


@cache
def _methods() -> dict[str, Function]:
    table = {name: Function(getattr(Tensor, name)) for name in f"{BOTH} {METHODS_ONLY}".split()}
    return table | {"to": Function(_to), "dim": Function(_dim), "chunk": Function(_chunk)}


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
        "torch.rand": Function(rand),
        "torch.randn": Function(randn),
        "torch.randint": Function(randint),
        "torch.randperm": Function(randperm),
    }


ATTRIBUTES = {
    "T": lambda tensor: torch.permute(tensor, tuple(reversed(range(tensor.dim())))),  # without PyTorch's warning
    "mT": lambda tensor: tensor.mT,
    "shape": lambda tensor: tuple(tensor.shape),
    "ndim": lambda tensor: tensor.ndim,
    "dtype": lambda tensor: tensor.dtype,
}
CONSTANTS = {f"torch.{name}": getattr(torch, name) for name in DTYPES}
CONSTANTS |= {f"torch.{name}": getattr(torch, name) for name in ("long", "int", "short", "float", "double", "half")}
CONSTANTS |= {"torch.pi": math.pi, "torch.inf": math.inf, "torch.nan": math.nan}


def torch_language(generator: Generator | None = None, limits: Limits | None = None) -> Language:
    """PyTorch's typed syntax, with random numbers from this generator."""
    return Language(
        functions=_functions() | _random(generator or Generator()),
        methods=_methods(),
        attributes=ATTRIBUTES,
        constants=CONSTANTS,
        keywords=frozenset(KEYWORDS.split()),
        limits=limits or Limits(),
    )


def in_words(language: Language) -> str:
    """How expressions are written, how large they may become, and everything that may be typed, as Markdown."""
    limits = language.limits
    kinds = [f"**{kind}:** {', '.join(f'`{name}`' for name in known)}" for kind, known in listed(language).items()]
    return "\n\n".join(
        [
            "Numbers, nested lists, names, calls, indexing, `+ - * / // % ** @ & | ^ ~` and comparisons. A result has "
            f"at most {limits.dims} dimensions and {limits.elements:,} elements. Nothing else can be reached than this "
            "list:",
            *kinds,
        ]
    )


def listed(language: Language | None = None) -> dict[str, list[str]]:
    """Everything that may be typed, by kind, in the order of the alphabet."""
    language = language or torch_language()
    return {
        "Functions": sorted(language.functions),
        "Methods": sorted(language.methods),
        "Attributes": sorted(language.attributes),
        "Constants": sorted(language.constants),
        "Keywords": sorted(language.keywords),
    }
