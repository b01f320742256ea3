"""A tensor made by one of PyTorch's constructors, or typed, and a part of it."""

import math
from dataclasses import dataclass

from torch import Tensor

from core.expression.errors import ExpressionError, refuse
from core.expression.evaluate import evaluate
from core.expression.language import Language
from core.expression.parse import parse
from core.settings import quote
from core.tensors.facts import is_view
from core.tensors.settings import CreateSettings
from core.tensors.typed import SMALL, python_in, python_of, seeded, select, typed_tensor


@dataclass(frozen=True)
class Created:
    """A tensor and a part of it.

    Attributes:
        code: the line of PyTorch that made the tensor. name: what the reader calls it.
        tensor: the whole. part: what was picked. places: where in the whole each element of the part stands.
        view: whether the part lies in the tensor's own storage.
    """

    code: str
    name: str
    tensor: Tensor
    part: Tensor
    places: Tensor
    view: bool


def create(settings: CreateSettings) -> Created:
    """Makes the tensor and takes the part.

    Raises:
        ExpressionError: in one sentence.
    """
    code = constructor(settings)
    random = seeded(settings.seed)
    tensor = typed_tensor(code, random)
    name = "images" if "images" in settings.part else "x"
    part, places = select(settings.part, name, tensor, random)
    return Created(code, name, tensor, part, places, is_view(part, tensor))


def constructor(settings: CreateSettings) -> str:
    """The line of PyTorch for a choice of constructor, shape and dtype.

    Raises:
        ExpressionError: if the shape is none.
    """
    if settings.maker == "typed":
        return python_of(settings.typed) if settings.dtype == "default" else python_in(settings.typed, settings.dtype)
    shape = shape_of(settings.shape)
    written, count = f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})", math.prod(shape)
    dtype = "" if settings.dtype == "default" else f", dtype=torch.{settings.dtype}"
    if settings.maker == "eye" and len(shape) != 2:
        raise refuse(f"torch.eye makes a matrix, and the shape {written} has {len(shape)} dimensions", "such as 3, 3")
    return {
        "rand": f"torch.rand({written}{dtype})",
        "randn": f"torch.randn({written}{dtype})",
        "randint": f"torch.randint(0, 10, {written}{dtype})",
        "zeros": f"torch.zeros({written}{dtype})",
        "ones": f"torch.ones({written}{dtype})",
        "full": f"torch.full({written}, 7{dtype})",
        "arange": f"torch.arange({count}{dtype}).reshape({written})",
        "linspace": f"torch.linspace(0, 1, {count}{dtype}).reshape({written})",
        "eye": f"torch.eye({', '.join(map(str, shape))}{dtype})",
    }[settings.maker]


def shape_of(text: str) -> tuple[int, ...]:
    """The lengths in a text such as `4, 28, 28` or `(4, 28, 28)`.

    Raises:
        ExpressionError: if it is no shape, or too large a one.
    """
    allowed = f"up to {SMALL.dims} whole numbers that multiply to at most {SMALL.elements:,}, such as 4, 28, 28"
    try:
        value = evaluate(parse(text), Language(), {})
    except ExpressionError:
        value = None
    lengths = (value,) if isinstance(value, int) else value
    if not isinstance(lengths, tuple | list) or not all(isinstance(n, int) and n >= 0 for n in lengths):
        raise refuse(f"The shape {quote(text)} is none", allowed)
    if len(lengths) > SMALL.dims or math.prod(max(n, 1) for n in lengths) > SMALL.elements:
        raise refuse(f"The shape {quote(text)} is too large", allowed)
    return tuple(int(n) for n in lengths)
