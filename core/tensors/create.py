"""A tensor made by one of PyTorch's constructors, or typed, and a part of it."""

import math

from core.expression.errors import ExpressionError, refuse
from core.expression.evaluate import evaluate
from core.expression.language import Language
from core.expression.parse import parse
from core.quote import quote
from core.tensors.index import Picked, select
from core.tensors.settings import CreateSettings
from core.tensors.typed import SMALL, check_typed, python_in, python_of, seeded, typed_tensor


def create(settings: CreateSettings) -> Picked:
    """Makes the tensor and takes the part.

    Raises:
        ExpressionError: in one sentence.
    """
    code, name = constructor(settings), name_of(settings)
    check_typed(code)
    check_typed(settings.part, name, "x")
    random = seeded(settings.seed)
    return select(settings.part, name, typed_tensor(code, random), random)


def name_of(settings: CreateSettings) -> str:
    """What the reader calls the tensor."""
    return "images" if "images" in settings.part else "x"


def constructor(settings: CreateSettings) -> str:
    """The line of PyTorch for a choice of constructor, shape and dtype.

    Raises:
        ExpressionError: if the shape is none.
    """
    if settings.maker == "typed":
        return python_of(settings.typed) if settings.dtype == "default" else python_in(settings.typed, settings.dtype)
    shape = shape_of(settings.shape)
    count = math.prod(shape)
    dtype = "" if settings.dtype == "default" else f", dtype=torch.{settings.dtype}"
    if settings.maker == "eye" and len(shape) != 2:
        raise refuse(f"torch.eye makes a matrix, of two dimensions; the shape {shape} has {len(shape)}", "such as 3, 3")
    return {
        "rand": f"torch.rand({shape}{dtype})",
        "randn": f"torch.randn({shape}{dtype})",
        "randint": f"torch.randint(0, 10, {shape}{dtype})",
        "zeros": f"torch.zeros({shape}{dtype})",
        "ones": f"torch.ones({shape}{dtype})",
        "full": f"torch.full({shape}, 7{dtype})",
        "arange": f"torch.arange({count}{dtype}).reshape({shape})",
        "linspace": f"torch.linspace(0, 1, {count}{dtype}).reshape({shape})",
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
        raise refuse(f"{quote(text)} is not a shape", allowed)
    if len(lengths) > SMALL.dims or math.prod(max(n, 1) for n in lengths) > SMALL.elements:
        raise refuse(f"The shape {quote(text)} is too large", allowed)
    return tuple(int(n) for n in lengths)
