"""How wide the cloud gets: what theory says of SGD with a constant learning rate under noise.

Near a minimum with curvature h, a step is x ← x − v, v ← b·v' + lr·(h·x + σ·z) with z normal. That is an autoregression
of second order in x, whose variance settles at

    lr·σ²·(1 + b) / (h·(1 − b)·(2·(1 + b) − lr·h)),      without momentum  lr·σ² / (h·(2 − lr·h)),

exact on a quadratic. The start is forgotten like ρᵗ, where ρ is the larger root of z² − (1 + b − lr·h)·z + b.
Source: the variance of an AR(2) process, Box and Jenkins, Time Series Analysis, section 3.2.
"""

import cmath
import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.cache import cached
from core.optim.hyperparameters import Hyperparameters
from core.optimizers.noisy_runs import NoisyRuns
from core.optimizers.settings import SurfaceSettings
from core.plane.critical_points import CriticalPoint
from core.plane.derivatives import hessians


def variance(lr: float, noise: float, curvature: float, momentum: float = 0.0) -> float:
    """The stationary variance in a direction of this curvature; infinite where SGD does not stay.

    >>> variance(0.5, 1.0, 1.0)
    0.3333333333333333
    """
    room = 2 * (1 + momentum) - lr * curvature
    if curvature <= 0 or room <= 0 or momentum >= 1:
        return float("inf")
    return lr * noise**2 * (1 + momentum) / (curvature * (1 - momentum) * room)


def burn_in(lr: float, curvature: float, momentum: float = 0.0) -> float:
    """Steps until the start is forgotten down to e⁻³, about 5%: -3 / ln ρ; infinite where SGD does not stay.

    >>> round(burn_in(0.1, 1.0), 2)
    28.47
    """
    half = (1 + momentum - lr * curvature) / 2
    root = cmath.sqrt(half**2 - momentum)
    largest = max(abs(half + root), abs(half - root))
    return float("inf") if largest >= 1 else -3 / math.log(largest) if largest > 0 else 0.0


@dataclass(frozen=True, eq=False)
class Cloud:
    """The cloud around a minimum, from theory and as it was measured; two numbers each, one a direction.

    Attributes:
        point: the minimum at which most runs end.
        directions: along which the surface bends, one a column, shape (2, 2), float64.
        curvatures: how much it bends in each, the smaller first, shape (2,).
        expected: the spread (standard deviation) from theory, shape (2,).
        measured: the spread of the runs at the end around the minimum, shape (2,).
        runs: how many runs end there.
        burn_in: about how many steps it takes until the start is forgotten down to 5%.
    """

    point: CriticalPoint
    directions: Tensor
    curvatures: Tensor
    expected: Tensor
    measured: Tensor
    runs: int
    burn_in: tuple[float, float]


def has_theory(hparams: Hyperparameters) -> bool:
    """Whether the formula speaks of this optimizer: SGD and Momentum without dampening and weight decay."""
    plain = {"nesterov": False, "dampening": 0.0, "weight_decay": 0.0}
    return hparams.name in ("SGD", "Momentum") and all(hparams.keywords[key] == value for key, value in plain.items())


@cached
def cloud(surface: SurfaceSettings, hparams: Hyperparameters, found: NoisyRuns) -> Cloud | None:
    """The cloud at the end of some runs with a constant lr; None where theory has nothing to say.

    That is: another optimizer (`has_theory`), no noise, no minimum, a run that does not stay, or too few runs at one
    minimum.
    """
    minima = [point for point in surface.shape.minima if point.kind == "minimum"]
    ends = found.clouds[-1][torch.isfinite(found.clouds[-1]).all(dim=1)]
    if not has_theory(hparams) or found.settings.noise == 0 or not minima or not len(ends):
        return None
    points = torch.tensor([(point.x, point.y) for point in minima], dtype=torch.float64)
    nearest = torch.cdist(ends, points).argmin(dim=1)
    most = int(torch.bincount(nearest, minlength=len(minima)).argmax())
    there = ends[nearest == most] - points[most]
    curvatures, directions = torch.linalg.eigh(hessians(surface.shape.function, points[most : most + 1])[0])
    lr, noise, b = found.settings.lr, found.settings.noise, hparams.keywords["momentum"]
    expected = torch.tensor([variance(lr, noise, h, b) for h in curvatures.tolist()], dtype=torch.float64).sqrt()
    if not torch.isfinite(expected).all() or len(there) < 2:
        return None
    measured = (there @ directions).square().mean(dim=0).sqrt()
    waits = tuple(burn_in(lr, h, b) for h in curvatures.tolist())
    return Cloud(minima[most], directions, curvatures, expected, measured, len(there), waits)


def ellipse(found: Cloud, share: float = 0.9, corners: int = 60) -> Tensor:
    """The ellipse that holds this share of the runs if theory is right, shape (corners + 1, 2)."""
    reach = math.sqrt(-2 * math.log(1 - share))
    angle = torch.linspace(0, 2 * torch.pi, corners + 1, dtype=torch.float64)
    along = torch.stack([angle.cos(), angle.sin()], dim=1) * found.expected * reach
    return torch.tensor([found.point.x, found.point.y], dtype=torch.float64) + along @ found.directions.T
