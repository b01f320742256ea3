"""What the playground's networks learn from: 500 points of the plane, some for training and some for testing.

The recipes are those of TensorFlow Playground (github.com/tensorflow/playground, src/dataset.ts): points within ±6, the
same shapes and the same meaning of noise, drawn here from a generator of its own.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from core.cache import cached
from core.datasets import DATA as FILES
from core.multilayer_perceptron.settings import N_SAMPLES, PlaygroundSettings

HALF = 6.0  # the plane reaches from -HALF to HALF
RADIUS = 5.0
Draw = Callable[[int, float, Generator], tuple[Tensor, Tensor]]


@dataclass(frozen=True, eq=False)
class Samples:
    """Points of the plane with their targets.

    Attributes:
        points: shape (n, 2), float64. target: shape (n,), float64; -1 or 1 for classes, from -1 to 1 for a number.
        n_train: how many of them, from the first on, are for training; the rest is for testing.
    """

    points: Tensor
    target: Tensor
    n_train: int


def uniform(n: int, low: float, high: float, generator: Generator) -> Tensor:
    """Shape (n,), float64."""
    return low + (high - low) * torch.rand(n, generator=generator, dtype=torch.float64)


def make_circle(n_samples: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """A disc of class 1 inside a ring of class -1; noise moves the border that a point's class is judged by."""
    inner = n_samples // 2
    r = torch.cat(
        [uniform(inner, 0, RADIUS / 2, generator), uniform(n_samples - inner, 0.7 * RADIUS, RADIUS, generator)]
    )
    angle = uniform(n_samples, 0, 2 * math.pi, generator)
    points = torch.stack([r * angle.sin(), r * angle.cos()], dim=1)
    judged = points + noise * uniform(2 * n_samples, -RADIUS, RADIUS, generator).view(-1, 2)
    return points, torch.where(judged.norm(dim=1) < RADIUS / 2, 1.0, -1.0).double()


def make_xor(n_samples: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Four squares, class 1 where both coordinates have the same sign."""
    points = uniform(2 * n_samples, -RADIUS, RADIUS, generator).view(-1, 2)
    points = points + 0.3 * torch.where(points > 0, 1.0, -1.0)
    judged = points + noise * uniform(2 * n_samples, -RADIUS, RADIUS, generator).view(-1, 2)
    return points, torch.where(judged.prod(dim=1) >= 0, 1.0, -1.0).double()


def make_gaussian(n_samples: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Two clouds around (2, 2) and (-2, -2), whose variance grows with the noise from 0.5 to 4."""
    target = torch.where(torch.arange(n_samples) < n_samples // 2, 1.0, -1.0).double()
    spread = math.sqrt(0.5 + 7 * noise)
    cloud = torch.randn(n_samples, 2, generator=generator, dtype=torch.float64)
    return 2 * target[:, None] + spread * cloud, target


def make_spiral(n_samples: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Two arms that wind 1.75 times around each other; noise moves each point by up to that much."""
    n = n_samples // 2
    share = torch.arange(n, dtype=torch.float64) / n
    arms = []
    for turned in (0.0, math.pi):
        angle = 1.75 * share * 2 * math.pi + turned
        moved = noise * uniform(2 * n, -1, 1, generator).view(-1, 2)
        arms.append(RADIUS * share[:, None] * torch.stack([angle.sin(), angle.cos()], dim=1) + moved)
    return torch.cat(arms), torch.cat([torch.ones(n), -torch.ones(n)]).double()


def make_plane(n_samples: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """A number that grows along the diagonal, from -1 to 1."""
    points = uniform(2 * n_samples, -HALF, HALF, generator).view(-1, 2)
    judged = points + noise * uniform(2 * n_samples, -HALF, HALF, generator).view(-1, 2)
    return points, (judged.sum(dim=1) / 10).clamp(-1, 1)


def make_hills(n_samples: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Three hills and three hollows, each a cone of height 1 that ends at distance 2."""
    points = uniform(2 * n_samples, -HALF, HALF, generator).view(-1, 2)
    judged = points + noise * uniform(2 * n_samples, -HALF, HALF, generator).view(-1, 2)
    tops = torch.tensor([[-4, 2.5], [0, 2.5], [4, 2.5], [-4, -2.5], [0, -2.5], [4, -2.5]], dtype=torch.float64)
    signs = torch.tensor([1.0, -1, 1, -1, 1, -1], dtype=torch.float64)
    heights = signs * (1 - torch.cdist(judged, tops) / 2).clamp(0, 1)
    return points, heights.gather(1, heights.abs().argmax(dim=1, keepdim=True))[:, 0]


MAKERS: dict[str, Draw] = {
    "circle": make_circle,
    "xor": make_xor,
    "gaussian": make_gaussian,
    "spiral": make_spiral,
    "plane": make_plane,
    "hills": make_hills,
}


@cached
def samples(settings: PlaygroundSettings) -> Samples:
    """The points of these settings: drawn, shuffled, and split into training and testing."""
    if settings.data == "file":
        return recorded_samples(recording())
    generator = Generator().manual_seed(settings.data_seed)
    points, target = MAKERS[settings.data](N_SAMPLES, settings.noise, generator)
    order = torch.randperm(len(points), generator=generator)
    return Samples(points[order], target[order], settings.n_train)


def recorded_samples(recorded: dict[str, object]) -> Samples:
    """The points of a run that another program has recorded: `train` and `test`, rows of x1, x2 and target."""
    rows = torch.tensor(recorded["train"] + recorded["test"], dtype=torch.float64)
    return Samples(rows[:, :2].contiguous(), rows[:, 2].contiguous(), len(recorded["train"]))


@cached
def recording() -> dict[str, object]:
    """A run of TensorFlow Playground's own network code: data, first weights, and its losses at some epochs."""
    return json.loads((FILES / "tensorflow_playground.json").read_text())


def features(points: Tensor, names: tuple[str, ...]) -> Tensor:
    """What a network is given for some points. Shapes: (n, 2) -> (n, names)."""
    x1, x2 = points.unbind(dim=-1)
    made = {"x1": x1, "x2": x2, "x1x1": x1 * x1, "x2x2": x2 * x2, "x1x2": x1 * x2, "sin1": x1.sin(), "sin2": x2.sin()}
    return torch.stack([made[name] for name in names], dim=-1)
