"""Two hundred learning rates at once, by one optimizer in one tensor.

`torch.optim.SGD` has one learning rate for all of a tensor. But with x = sqrt(lr) u, a step of length 1 on u,
u <- u - df/du = u - sqrt(lr) f'(x), is x <- x - lr f'(x). So 200 entries of u, each with its own lr, are 200 runs.
Rounding differs from a single run in the last bits, since sqrt(lr) sqrt(lr) is not quite lr.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.cache import cached
from core.expression.typed_function import TypedFunction
from core.gradient_descent.curves import CURVES, Minimum, function_of, minima
from core.gradient_descent.settings import DescentSettings, RateSettings

N_RATES = 200
LOWEST, HIGHEST = 1e-3, 10.0


@dataclass(frozen=True, eq=False)
class RateSweep:
    """Where 200 runs are after k steps.

    Attributes:
        lr: shape (200,), in equal ratios. x, loss: shape (200,); not finite where a run was lost.
        lowest: the lowest value of the curve that is known.
        valley: the valley nearest to the end of the best run, None if the curve has none.
    """

    settings: DescentSettings
    k: int
    function: TypedFunction
    lr: Tensor
    x: Tensor
    loss: Tensor
    lowest: float
    valley: Minimum | None

    @property
    def best(self) -> int:
        """The run with the lowest loss."""
        return int(torch.where(torch.isfinite(self.loss), self.loss, torch.inf).argmin())

    @property
    def above(self) -> Tensor:
        """How far each loss is above the lowest value."""
        return self.loss - self.lowest


def all_rates() -> Tensor:
    """The 200 learning rates, in equal ratios; float64."""
    return torch.logspace(-3, 1, N_RATES, dtype=torch.float64)


def descend_at(function: TypedFunction, lr: Tensor, start: float, steps: int) -> Tensor:
    """The places after `steps` steps of SGD from one start, one for each learning rate; shape of lr."""
    root = lr.sqrt()
    u = (start / root).requires_grad_()
    optimizer = torch.optim.SGD([u], lr=1.0)
    for _ in range(steps):
        optimizer.zero_grad()
        function(root * u).sum().backward()
        optimizer.step()
    return (root * u).detach()


@cached
def sweep_rates(settings: DescentSettings, rates: RateSettings) -> RateSweep:
    """All 200 runs of the curve in the settings; their own lr does not count.

    Raises:
        ExpressionError: if the typed function is none.
    """
    function, lr = function_of(settings.curve, settings.text), all_rates()
    x = descend_at(function, lr, settings.start, rates.steps)
    loss = function(x)
    valleys = minima(function, max(6.0, CURVES[settings.curve].half, abs(settings.start) + 0.5))
    finite = loss[torch.isfinite(loss)]
    lowest = min([m.value for m in valleys] + ([finite.min().item()] if len(finite) else [0.0]))
    end = torch.where(torch.isfinite(loss), loss, torch.inf).argmin()
    valley = min(valleys, key=lambda m: abs(m.x - x[end].item()), default=None)
    return RateSweep(settings, rates.steps, function, lr, x, loss, lowest, valley)
