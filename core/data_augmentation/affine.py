"""Rotating, mirroring, scaling, shearing and cropping as one matrix, and where the result's pixels come from.

A map takes pixel (x, y), x the column and y the row, to M (x, y, 1), with M of shape (2, 3). A result is computed the
other way round: each of its pixels asks where it comes from, and takes a mixture of the four pixels there.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from core.cache import cached
from core.data_augmentation.settings import AffineSettings
from core.datasets import BRIGHTEST, load_digits


def linear_map(angle: Tensor, scale: Tensor, shear: Tensor, width: Tensor) -> Tensor:
    """The 2 x 2 part: first the width is multiplied (−1 mirrors), then sheared, scaled, rotated.

    Args:
        angle: in degrees, counter-clockwise on the screen, where y goes down. shear: how many columns a row shifts.

    Returns:
        shape (*, 2, 2).
    """
    t = torch.deg2rad(angle)
    zero, one = torch.zeros_like(t), torch.ones_like(t)
    rotation = torch.stack([t.cos(), t.sin(), -t.sin(), t.cos()], -1)
    sheared = torch.stack([width, shear, zero, one], -1)
    return scale[..., None, None] * rotation.unflatten(-1, (2, 2)) @ sheared.unflatten(-1, (2, 2))


def about(center: Tensor, linear: Tensor) -> Tensor:
    """The map with this linear part that leaves the centre where it is: shape (*, 2, 3)."""
    shift = center - linear @ center
    return torch.cat([linear, shift[..., None]], -1)


def center_of(height: int, width: int) -> Tensor:
    """The middle of a picture in pixels: (x, y)."""
    return torch.tensor([(width - 1) / 2, (height - 1) / 2])


def inverse(M: Tensor) -> Tensor:
    """The map back: shape (*, 2, 3)."""
    back = torch.linalg.inv(M[..., :2])
    return torch.cat([back, -back @ M[..., 2:]], -1)


def warp(images: Tensor, M: Tensor) -> Tensor:
    """Each image moved by its map, in plain torch: `affine_grid` and `grid_sample`.

    torch counts from −1 to 1 instead of in pixels, so the map back is first written in these units. What comes from
    outside the picture is 0.

    Args:
        images: shape (n, channels, height, width), 2 pixels or more each way. M: shape (n, 2, 3), in pixels.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.affine_grid.html
    """
    height, width = images.shape[-2:]
    to_pixels = torch.tensor([[(width - 1) / 2, 0.0], [0.0, (height - 1) / 2]])
    back, center = inverse(M), center_of(height, width)
    linear = torch.linalg.inv(to_pixels) @ back[:, :, :2] @ to_pixels
    shift = torch.linalg.inv(to_pixels) @ (back[:, :, :2] @ center + back[:, :, 2] - center)[..., None]
    grid = F.affine_grid(torch.cat([linear, shift], -1), list(images.shape), align_corners=True)
    return F.grid_sample(images, grid, align_corners=True)


def kornia_warp(images: Tensor, M: Tensor) -> Tensor:
    """The same by kornia, which is imported here and not earlier: it takes 20 MB and a quarter of a second."""
    from kornia.geometry.transform import warp_affine

    return warp_affine(images, M, tuple(images.shape[-2:]))


@dataclass(frozen=True, eq=False)
class Affine:
    """A digit, its map, and both results.

    Attributes:
        image: shape (8, 8), from 0 to 1. M: shape (2, 3). by_torch, by_kornia: shape (8, 8).
        origin: where each pixel of the result comes from, (x, y), shape (8, 8, 2).
    """

    settings: AffineSettings
    image: Tensor
    M: Tensor
    by_torch: Tensor
    by_kornia: Tensor
    origin: Tensor

    @property
    def largest_difference(self) -> float:
        """Between kornia's result and plain torch's."""
        return (self.by_torch - self.by_kornia).abs().max().item()

    @property
    def terms(self) -> list[tuple[int, int, float, float]]:
        """Row, column, weight and value of each pixel that is mixed into the chosen one, in double precision."""
        x, y = self.origin[self.settings.row, self.settings.column].tolist()
        left, top = math.floor(x), math.floor(y)
        found = []
        for row, down in ((top, 1 - (y - top)), (top + 1, y - top)):
            for column, across in ((left, 1 - (x - left)), (left + 1, x - left)):
                if 0 <= row < 8 and 0 <= column < 8 and down * across > 1e-9:
                    found.append((row, column, down * across, self.image[row, column].item()))
        return found


@cached
def affine(settings: AffineSettings) -> Affine:
    """Maps the digit by plain torch and by kornia."""
    image = load_digits()[0][settings.digit].float() / BRIGHTEST
    angle, scale, zero, one = torch.tensor([settings.angle, settings.scale, 0.0, 1.0], dtype=torch.float64)
    exact = about(center_of(8, 8).double(), linear_map(angle, scale, zero, one))
    M = exact.float()
    by_torch, by_kornia = (f(image[None, None], M[None])[0, 0] for f in (warp, kornia_warp))
    y, x = torch.meshgrid(torch.arange(8.0), torch.arange(8.0), indexing="ij")
    back = inverse(exact)
    origin = torch.stack([x, y], -1).double() @ back[:, :2].T + back[:, 2]
    return Affine(settings, image, M, by_torch, by_kornia, origin)
