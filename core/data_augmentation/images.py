"""Sixteen copies of one picture, each changed by operations whose numbers are drawn.

kornia's own random classes draw from the global generator, which all visitors share. So the numbers are drawn here, by
a generator of its own, and handed to the functions of kornia that do the work.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from core.cache import cached
from core.data_augmentation.affine import about, center_of, kornia_warp, linear_map
from core.data_augmentation.settings import IMAGE_OPERATIONS, ImagesSettings
from core.datasets import BRIGHTEST, load_digits, load_sample_image

COPIES = 16
LONGEST, SHORTEST = 96, 8  # sides of the picture that is changed, in pixels
EQUAL = 0.01  # two values that differ by less count as the same
OTHER_DIGIT = 3  # its number in the set: what is mixed in


@dataclass(frozen=True, eq=False)
class Variants:
    """A picture and its copies.

    Attributes:
        image: shape (3, height, width), from 0 to 1. other: what is mixed in, of the same shape.
        images: shape (16, 3, height, width). M: shape (16, 2, 3), the map of each in pixels.
        sampled: of each copy, operation -> the numbers drawn for it, in words; only those that were applied.
        share: of the label that is still the picture's own, shape (16,); 1 without mixup and CutMix.
    """

    settings: ImagesSettings
    image: Tensor
    other: Tensor
    images: Tensor
    M: Tensor
    sampled: tuple[dict[str, str], ...]
    share: Tensor

    @property
    def kept(self) -> Tensor:
        """Of the pixels that are not black in the picture, the share that has the same value, shape (16,)."""
        lit = self.image.amax(dim=0) > EQUAL
        same = (self.images - self.image).abs().amax(dim=1) < EQUAL
        return (same & lit).sum(dim=(1, 2)) / lit.sum().clamp_min(1)


def picture_of(settings: ImagesSettings, uploaded: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """The picture and the one that is mixed in, made small: shape (3, height, width), from 0 to 1.

    Args:
        uploaded: shape (height, width, 3), uint8.
    """
    if settings.source == "digit" or (settings.source == "upload" and uploaded is None):
        images = load_digits()[0].float() / BRIGHTEST
        other = OTHER_DIGIT + (settings.digit == OTHER_DIGIT)
        return tuple(images[i].expand(3, 8, 8) for i in (settings.digit, other))
    image = uploaded if settings.source == "upload" else load_sample_image(f"{settings.source}.jpg")
    other = load_sample_image("china.jpg" if settings.source == "flower" else "flower.jpg")
    scale = LONGEST / max(image.shape[:2])
    size = tuple(max(round(scale * side), SHORTEST) for side in image.shape[:2])
    return tuple(
        F.interpolate(one.permute(2, 0, 1)[None] / 255, size=size, mode="bilinear", antialias=True)[0]
        for one in (image, other)
    )


def draws(seed: int) -> dict[str, Tensor]:
    """Four numbers from 0 to 1 for each copy and operation, whichever are used: operation -> shape (4, 16)."""
    numbers = torch.rand(len(IMAGE_OPERATIONS), 4, COPIES, generator=Generator().manual_seed(seed))
    return dict(zip(IMAGE_OPERATIONS, numbers, strict=True))


@cached
def make_variants(settings: ImagesSettings, uploaded: Tensor | None = None) -> Variants:
    """Draws the numbers, maps all copies at once, then changes their values."""
    image, other = picture_of(settings, uploaded)
    u, s = draws(settings.seed), settings.strength
    on = {name: (u[name][0] < settings.p) & (name in settings.operations) for name in IMAGE_OPERATIONS}
    M, sampled = _maps(u, s, on, center_of(*image.shape[1:]))
    images = kornia_warp(image.expand(COPIES, -1, -1, -1).contiguous(), M)
    images, share = _values(images, other, u, s, on, settings.seed, sampled)
    return Variants(settings, image, other, images, M, tuple(sampled), share)


def _maps(u: dict[str, Tensor], s: float, on: dict[str, Tensor], center: Tensor) -> tuple[Tensor, list[dict]]:
    """The map of every copy, and what was drawn for it."""
    one = torch.ones(COPIES)
    angle = torch.where(on["rotate"], 180 * s * (2 * u["rotate"][1] - 1), 0.0)
    width = torch.where(on["flip"], -one, one)
    scale = torch.where(on["scale"], 2 ** (s * (2 * u["scale"][1] - 1)), one)
    shear = torch.where(on["shear"], s * (2 * u["shear"][1] - 1), 0.0)
    side = torch.where(on["crop"], 1 - 0.6 * s * u["crop"][1], one)  # of what is cut out, as a share
    M = about(center, linear_map(angle, scale, shear, width))
    corner = 2 * center * (1 - side[:, None]) * u["crop"][2:].T  # of the cut, in pixels
    M = torch.cat([M[:, :, :2], M[:, :, 2:] - corner[..., None]], -1) / side[:, None, None]
    said = {
        "rotate": [f"{abs(a):.1f}° {'counter-' * (a > 0)}clockwise" for a in angle.tolist()],
        "flip": ["left and right change places"] * COPIES,
        "scale": [f"× {a:.3f}" for a in scale.tolist()],
        "shear": [f"{a:+.3f} columns a row" for a in shear.tolist()],
        "crop": [f"{a:.0%} of each side" for a in side.tolist()],
    }
    return M, [{name: said[name][i] for name in said if on[name][i]} for i in range(COPIES)]


def _values(
    images: Tensor, other: Tensor, u: dict[str, Tensor], s: float, on: dict[str, Tensor], seed: int, sampled: list[dict]
) -> tuple[Tensor, Tensor]:
    """Colour, noise, a square erased, and another picture mixed in; and what is left of the label."""
    from kornia.enhance import adjust_brightness, adjust_contrast, adjust_saturation

    height, width = images.shape[-2:]
    if on["colour"].any():
        brightness, contrast, saturation = s * (2 * u["colour"][1:] - 1)
        changed = adjust_contrast(adjust_brightness(images, 0.5 * brightness), 1 + contrast)
        changed = adjust_saturation(changed, 1 + saturation)
        images = torch.where(on["colour"][:, None, None, None], changed, images)
        for i in on["colour"].nonzero()[:, 0].tolist():
            b, c, d = brightness[i] / 2, 1 + contrast[i], 1 + saturation[i]
            sampled[i]["colour"] = f"brightness {b:+.2f}, contrast × {c:.2f}, saturation × {d:.2f}"
    random = torch.randn(images.shape, generator=Generator().manual_seed(seed))
    images = torch.where(on["noise"][:, None, None, None], (images + 0.3 * s * random).clamp(0, 1), images)
    amount = torch.where(on["mixup"], 0.5 * s * u["mixup"][1], 0.0)
    boxes = {name: _box(height, width, s, u[name]) for name in ("erase", "cutmix")}
    images = torch.where((on["erase"][:, None, None] & boxes["erase"])[:, None], 0.5, images)
    images = torch.lerp(images, other.expand_as(images), amount[:, None, None, None])
    pasted = on["cutmix"][:, None, None] & boxes["cutmix"]
    images = torch.where(pasted[:, None], other, images)
    size = f"of {height * width:,} pixels"
    for i in range(COPIES):
        said = {
            "noise": f"standard deviation {0.3 * s:.2f}",
            "erase": f"{boxes['erase'][i].sum()} {size}",
            "mixup": f"{1 - amount[i]:.0%} this, {amount[i]:.0%} the other picture",
            "cutmix": f"{pasted[i].sum()} {size} from the other picture",
        }
        sampled[i] |= {name: text for name, text in said.items() if on[name][i]}
    return images, (1 - amount) * (1 - pasted.float().mean(dim=(1, 2)))


def _box(height: int, width: int, s: float, u: Tensor) -> Tensor:
    """A rectangle as true and false, shape (16, height, width): up to s of the area, at a place that is drawn."""
    side = torch.sqrt(s * u[1])
    tall, wide = (side * height).ceil(), (side * width).ceil()
    top, left = (u[2] * (height - tall)).round(), (u[3] * (width - wide)).round()
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    top, left, tall, wide = (value[:, None, None] for value in (top, left, tall, wide))
    return (rows >= top) & (rows < top + tall) & (columns >= left) & (columns < left + wide)


def kept_band(variants: Variants) -> int:
    """Of the pixels that are not black, on average more than half are kept (0), a quarter to a half (1), fewer (2)."""
    kept = variants.kept.mean().item()
    return 0 if kept > 0.5 else 1 if kept >= 0.25 else 2


def corner_of(variants: Variants, copy: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """The lower right pixel of the picture, and where the copy's map takes it, both (x, y)."""
    height, width = variants.image.shape[1:]
    x, y = float(width - 1), float(height - 1)
    (a, b, c), (d, e, f) = [[round(value, 4) for value in row] for row in variants.M[copy].tolist()]
    return (x, y), (a * x + b * y + c, d * x + e * y + f)
