"""Pictures as tensors: the digits and photographs that scikit-learn ships, and the reader's own."""

import io
import warnings
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from core.cache import cached
from core.datasets import load_digits, load_sample_image
from core.expression.errors import ExpressionError, refuse
from core.expression.language import Limits
from core.expression.parse import names_in, parse
from core.tensors.facts import is_view
from core.tensors.settings import ImageSettings
from core.tensors.typed import seeded, typed_tensor

MAX_BYTES = 5_000_000
MAX_CLAIMED = 25_000_000  # pixels that the header of a file may claim
MAX_PIXELS = 1_000_000  # kept; what has more is made smaller
FORMATS = ("PNG", "JPEG", "WEBP")
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


@cached
def decode(content: bytes) -> Tensor:
    """The picture in an uploaded file, shape (height, width, 3), uint8.

    The size of the file and the pixels that its header claims are checked before anything is decoded; a picture above a
    megapixel is made smaller.

    Raises:
        ExpressionError: in one sentence, if the file is not one of the allowed kinds and sizes.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    allowed = (
        f"a PNG, JPEG or WebP file of at most {MAX_BYTES // 1_000_000} MB and {MAX_CLAIMED // 1_000_000} megapixels"
    )
    if len(content) > MAX_BYTES:
        raise refuse(f"The file has {len(content) / 1e6:.1f} MB", allowed)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # judged by our own, lower bound
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError:
        raise refuse("The file claims far too many pixels", allowed) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise refuse("The file is not a picture that can be read", allowed) from None
    width, height = picture.size
    if width * height > MAX_CLAIMED:
        raise refuse(f"The file claims {width:,} x {height:,} pixels, {width * height / 1e6:.0f} megapixels", allowed)
    if min(width, height) < 1:
        raise refuse("The picture is empty", allowed)
    try:
        scale = min(1.0, (MAX_PIXELS / (width * height)) ** 0.5)
        smaller = (max(1, int(width * scale)), max(1, int(height * scale)))
        if scale < 1:
            picture.draft("RGB", smaller)  # a JPEG is then decoded at a fraction of its size
        if picture.mode.startswith("I;16"):
            picture = picture.point(lambda value: value / 256).convert("L")
        picture = picture.convert("RGB")
        if scale < 1:
            picture = picture.resize(smaller)
        picture = ImageOps.exif_transpose(picture)
    except Exception:  # a damaged file makes the library raise nearly every kind there is
        raise refuse("The file is damaged", allowed) from None
    return torch.from_numpy(np.array(picture.convert("RGB")))


def change(image: Tensor, settings: ImageSettings, seed: int = 0) -> Changed:
    """Evaluates the expression on the picture.

    Raises:
        ExpressionError: in one sentence.
    """
    result = typed_tensor(settings.change, seeded(seed), {"img": image}, LIMITS)
    found = Changed(image, result, is_view(result, image), layout(result))
    if result.dtype != torch.uint8 or found.view or "img" not in names_in(parse(settings.change)):
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
