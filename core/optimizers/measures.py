"""What is measured along a run: height above the lowest minimum, length of the gradient, distance to that minimum."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.optimizers.race import Race, Run
from core.plane.critical_points import CriticalPoint


@dataclass(frozen=True)
class Reference:
    """What heights and distances are counted from.

    Attributes:
        level: f at the lowest minimum; None where there is none, or where a run got below it.
        minima: the lowest minima in the picture.
    """

    level: float | None
    minima: tuple[CriticalPoint, ...]


def reference(race: Race) -> Reference:
    """The lowest minima, and their height if no run found a lower point."""
    minima = race.surface.shape.lowest
    losses = torch.cat([run.loss for run in race.runs])
    losses = losses[torch.isfinite(losses)]
    reached = losses.min().item() if len(losses) else math.inf
    if not minima or reached < minima[0].value - 1e-9 * (1 + abs(minima[0].value)):
        return Reference(None, minima)
    return Reference(min(minima[0].value, reached), minima)  # lower by rounding alone


def gradient_norms(run: Run) -> Tensor:
    """Length of the gradient, shape (steps + 1,); hypot does not overflow where squares would."""
    return torch.hypot(run.gradient[:, 0], run.gradient[:, 1])


def distances(run: Run, minima: tuple[CriticalPoint, ...]) -> Tensor:
    """Distance to the nearest of some minima, of which there is at least one, shape (steps + 1,)."""
    apart = run.path[:, None] - torch.tensor([(p.x, p.y) for p in minima], dtype=run.path.dtype)
    return torch.hypot(apart[..., 0], apart[..., 1]).amin(dim=1)


def lowest_at_the_end(race: Race, names: tuple[str, ...]) -> list[str]:
    """Who of some optimizers ends lowest; several where they are equal, nobody where all have diverged."""
    ends = {run.name: run.loss[-1].item() for run in race.runs if run.name in names and run.diverged_at is None}
    return [name for name, loss in ends.items() if loss == min(ends.values())]
