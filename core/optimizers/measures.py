"""What is measured along a run: height above the lowest known place, length of the gradient, distance to the goal."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.optimizers.race import Race, Run
from core.plane.critical_points import CriticalPoint
from core.plane.surfaces import lowest_of


@dataclass(frozen=True)
class Ground:
    """What heights are counted from.

    Attributes:
        level: f at the lowest known place. known: whether that is a minimum; else it is the lowest place of the runs.
        goals: the lowest minima; none where there is no minimum.
    """

    level: float
    known: bool
    goals: tuple[CriticalPoint, ...]


def ground(race: Race) -> Ground:
    """The lowest minimum in the picture, unless a run found a lower place or there is no minimum."""
    goals = lowest_of(race.surface.surface, race.surface.text)
    seen = torch.cat([run.loss for run in race.runs])
    seen = seen[torch.isfinite(seen)]
    lowest = seen.min().item() if len(seen) else 0.0
    if goals and lowest >= goals[0].value - 1e-9 * (1 + abs(goals[0].value)):
        return Ground(min(goals[0].value, lowest), True, goals)
    return Ground(lowest, False, goals)


def heights(run: Run, ground: Ground) -> Tensor:
    """f above the ground, shape (steps + 1,)."""
    return run.loss - ground.level


def gradient_norms(run: Run) -> Tensor:
    """Length of the gradient, shape (steps + 1,); hypot does not overflow where squares would."""
    return torch.hypot(run.gradient[:, 0], run.gradient[:, 1])


def distances(run: Run, ground: Ground) -> Tensor | None:
    """Distance to the nearest of the lowest minima, shape (steps + 1,); None where there is none."""
    if not ground.goals:
        return None
    goals = torch.tensor([(goal.x, goal.y) for goal in ground.goals], dtype=run.path.dtype)
    apart = run.path[:, None] - goals
    return torch.hypot(apart[..., 0], apart[..., 1]).amin(dim=1)
