"""The samples that the perceptron learns from."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.perceptron.settings import BLOBS, PerceptronSettings
from core.points import decode

GRID = 16  # steps in one unit: such numbers are exact in binary and have four decimals
CORNERS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
TRUTH = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "nand": (1, 1, 1, 0), "xor": (0, 1, 1, 0)}
SPREAD, ALONG = 0.6, 1.2  # standard deviations of a blob across and along the middle line
FARTHEST = 4.0  # no point of a blob has a larger coordinate


@dataclass(frozen=True, eq=False)
class Samples:
    """Labelled points.

    Attributes:
        X: shape (n, d), float64. y: the classes 0 and 1, shape (n,), int64.
        bias: whether the inputs are augmented by a 1, whose weight is the bias.
    """

    X: Tensor
    y: Tensor
    bias: bool = True

    def __len__(self) -> int:
        return len(self.X)

    @property
    def inputs(self) -> Tensor:
        """x as the rule sees it, shape (n, d + 1) with a bias and (n, d) without."""
        return torch.cat([self.X, torch.ones(len(self), 1, dtype=self.X.dtype)], dim=1) if self.bias else self.X

    @property
    def sign(self) -> Tensor:
        """The classes as the rule sees them: -1 for class 0, +1 for class 1; float64, shape (n,)."""
        return 2.0 * self.y - 1.0

    @property
    def signed_inputs(self) -> Tensor:
        """Sign times x: w has a sample strictly on its side where w . (sign x) > 0; shape of `inputs`."""
        return self.sign[:, None] * self.inputs


def make_samples(settings: PerceptronSettings) -> Samples:
    """The samples of these settings, in the order in which the rule visits them.

    Raises:
        ValueError: if the reader's own points cannot be read.
    """
    if settings.data in TRUTH:
        X, y = torch.tensor(CORNERS, dtype=torch.float64), torch.tensor(TRUTH[settings.data])
    elif settings.data in BLOBS:
        X, y = make_blobs(settings)
    else:
        points = decode(settings.points)
        X = torch.tensor([p[:2] for p in points], dtype=torch.float64).reshape(-1, 2)
        y = torch.tensor([p.y for p in points], dtype=torch.int64)
    return Samples(X, y, settings.bias)


def make_blobs(settings: PerceptronSettings) -> tuple[Tensor, Tensor]:
    """Two clouds on both sides of a line in a random direction, 0.5 to 1.5 away from the origin.

    The signed distance of a sample from the line is max(reach, reach + 2 s + s z) with z standard normal, s the
    spread, and reach = gap; with overlapping blobs reach = -2 gap, so that a cloud crosses the line, and s is at least
    the gap, so that no cloud changes sides. The coordinates are rounded to the grid, which can take a few hundredths
    from the gap.

    Returns:
        X: shape (n, 2), float64; y: shape (n,).
    """
    generator = torch.Generator().manual_seed(settings.seed)
    angle = 2 * math.pi * torch.rand((), generator=generator, dtype=torch.float64)
    normal = torch.stack([angle.cos(), angle.sin()])
    along = torch.stack([-normal[1], normal[0]])
    offset = 0.5 + torch.rand((), generator=generator, dtype=torch.float64)
    n = settings.n_samples
    y = (torch.arange(n) % 2)[torch.randperm(n, generator=generator)]
    across, sideways = torch.randn(2, n, generator=generator, dtype=torch.float64)
    overlaps = settings.data == "overlap"
    reach, spread = (-2 * settings.gap, max(SPREAD, settings.gap)) if overlaps else (settings.gap, SPREAD)
    distance = (reach + 2 * spread + spread * across).clamp_min(reach)
    X = (offset + (2.0 * y - 1.0) * distance)[:, None] * normal + ALONG * sideways[:, None] * along
    flipped = torch.rand(n, generator=generator) < settings.noise
    return (X.clamp(-FARTHEST, FARTHEST) * GRID).round() / GRID, torch.where(flipped, 1 - y, y)
