"""Pictures as tensors: the digits and photographs that scikit-learn ships, and what an expression makes of one."""

import ast
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.datasets import load_digits, load_sample_image
from core.expression.errors import ExpressionError
from core.expression.language import Limits
from core.expression.parse import names_in, parse
from core.picture_file import MAX_PIXELS
from core.tensors.facts import is_view
from core.tensors.settings import ImageSettings
from core.tensors.typed import seeded, typed_tensor

LIMITS = Limits(elements=3 * MAX_PIXELS, dims=6, work=60 * MAX_PIXELS)
WINDOW = 8  # rows and columns of numbers that are written out


@dataclass(frozen=True)
class Changed:
    """A picture and what an expression made of it.

    Attributes:
        image: shape (height, width, 3) or (height, width), uint8.
        result: what the expression made. view: whether it lies in the picture's own storage.
        layout: how the result can be shown: "HWC", "CHW", "grey", or "" if it is not a picture.
        wrapped: how many elements of a uint8 result differ from what the same expression gives in int32.
        example: the first such element, in int32 and as it is; None if there is none.
    """

    image: Tensor
    result: Tensor
    view: bool
    layout: str
    wrapped: int = 0
    example: tuple[int, int] | None = None

    @property
    def not_finite(self) -> int:
        """How many elements of the result are inf or nan."""
        return int((~self.result.isfinite()).sum())


def change(image: Tensor, settings: ImageSettings, seed: int = 0) -> Changed:
    """Evaluates the expression on the picture.

    Raises:
        ExpressionError: in one sentence.
    """
    result = typed_tensor(settings.change, seeded(seed), {"img": image}, LIMITS)
    found = Changed(image, result, is_view(result, image), layout(result))
    tree = parse(settings.change)
    flips = any(isinstance(node, ast.Invert) for node in ast.walk(tree))  # of bits, which are not as many in int32
    if result.dtype != torch.uint8 or found.view or flips or "img" not in names_in(tree):
        return found
    try:
        wide = typed_tensor(settings.change, seeded(seed), {"img": image.to(torch.int32)}, LIMITS)
    except ExpressionError:  # such as a matrix product with bytes
        return found
    different = (wide != result).flatten() if wide.shape == result.shape else torch.zeros(1, dtype=torch.bool)
    if not different.any():
        return found
    first = int(different.to(torch.uint8).argmax())
    example = (wide.flatten()[first].item(), result.flatten()[first].item())
    return replace(found, wrapped=int(different.sum()), example=example)


def layout(tensor: Tensor) -> str:
    """How a tensor can be shown as a picture; (height, width, 3) wins over (3, height, width) where both would do."""
    if tensor.numel() == 0 or tensor.dim() not in (2, 3):
        return ""
    if tensor.dim() == 2:
        return "grey"
    return "HWC" if tensor.shape[2] in (1, 3) else "CHW" if tensor.shape[0] in (1, 3) else ""


def as_picture(tensor: Tensor, most: int) -> tuple[Tensor, tuple[int, int]]:
    """The tensor as (height, width) or (height, width, 3), thinned to every n-th row and column where it is large.

    Returns:
        The smaller tensor, and n for its rows and its columns.
    """
    kind = layout(tensor)
    channels_last = tensor.permute(1, 2, 0) if kind == "CHW" else tensor
    down, across = (-(-length // most) for length in channels_last.shape[:2])
    small = channels_last[::down, ::across]
    return (small[..., 0] if kind in ("HWC", "CHW") and small.shape[2] == 1 else small), (down, across)


def image_of(settings: ImageSettings) -> Tensor:
    """The chosen digit, shape (8, 8), or photograph, shape (427, 640, 3); uint8."""
    if settings.source == "digit":
        return load_digits()[0][settings.digit].clone()
    return load_sample_image(f"{settings.source}.jpg")
