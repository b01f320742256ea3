"""Newton's step: to where the parabola with the height, slope and curvature of the curve has its own turning point."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.cache import cached
from core.gradient_descent.curve import Descent


@dataclass(frozen=True, eq=False)
class NewtonSteps:
    """Where Newton's step leads from each point of a run; shape (steps done + 1,), NaN where there is none.

    Attributes:
        x: x − f'/f''. loss: f there.
        turn: the parabola there, at its lowest point where f'' > 0 and at its highest where f'' < 0.
    """

    x: Tensor
    loss: Tensor
    turn: Tensor


@cached
def newton_steps(run: Descent) -> NewtonSteps:
    """Newton's step from each point of a run; there is none where f'' is 0, infinite or NaN."""
    step = run.gradients / run.curvatures
    some = (run.curvatures != 0) & torch.isfinite(run.curvatures) & torch.isfinite(run.path - step)
    x = torch.where(some, run.path - step, torch.nan)
    turn = run.losses - run.gradients * step / 2
    return NewtonSteps(x, *(torch.where(some, values, torch.nan) for values in (run.function(x), turn)))
