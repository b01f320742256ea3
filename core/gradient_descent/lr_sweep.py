"""Two hundred learning rates at once, by one optimizer in one tensor.

`torch.optim.SGD` has one learning rate for all of a tensor. But with x = sqrt(lr) u, a step of length 1 on u,
u <- u - df/du = u - sqrt(lr) f'(x), is x <- x - lr f'(x). So 200 entries of u, each with its own lr, are 200 runs.
Rounding differs from a single run in the last bits, since sqrt(lr) sqrt(lr) is not quite lr.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.cache import cached
from core.expression.typed_function import TypedFunction
from core.gradient_descent.curve import minima_of
from core.gradient_descent.curves import Minimum, function_of
from core.gradient_descent.outcome import EXACT
from core.gradient_descent.settings import DescentSettings

N_RATES = 200
LOWEST, HIGHEST = 1e-3, 10.0


@dataclass(frozen=True, eq=False)
class LrSweep:
    """Where 200 runs are after k steps.

    Attributes:
        lr: shape (200,), in equal ratios. x, loss: shape (200,); not finite where a run has diverged.
        first: f at the start. lowest: the lowest value of the curve that is known.
        valley: the valley nearest to the end of the best run, None if the curve has none.
    """

    settings: DescentSettings
    k: int
    function: TypedFunction
    lr: Tensor
    x: Tensor
    loss: Tensor
    first: float
    lowest: float
    valley: Minimum | None

    @property
    def best(self) -> int | None:
        """The run with the lowest loss, the first of equals; None if all have diverged."""
        finite = torch.isfinite(self.loss)
        return int(torch.where(finite, self.loss, torch.inf).argmin()) if finite.any() else None

    @property
    def n_best(self) -> int:
        """How many runs end as low as the best."""
        return 0 if self.best is None else int((self.loss == self.loss[self.best]).sum())


def all_rates() -> Tensor:
    """The 200 learning rates, in equal ratios; float64."""
    return torch.logspace(-3, 1, N_RATES, dtype=torch.float64)


def descend_at(function: TypedFunction, lr: Tensor, start: float, steps: int) -> Tensor:
    """The points after `steps` steps of SGD from one start, one for each learning rate; shape of lr."""
    root = lr.sqrt()
    u = (start / root).requires_grad_()
    optimizer = torch.optim.SGD([u], lr=1.0)
    for _ in range(steps):
        optimizer.zero_grad()
        function(root * u).sum().backward()
        optimizer.step()
    return (root * u).detach()


@cached
def sweep(settings: DescentSettings, k: int) -> LrSweep:
    """All 200 runs of the curve in the settings, k steps each; their own lr and steps do not count."""
    function, lr = function_of(settings.curve, settings.text), all_rates()
    x = descend_at(function, lr, settings.start, k)
    loss, valleys = function(x), minima_of(settings)
    first = function(torch.tensor(settings.start, dtype=torch.float64)).item()
    lowest = min([first, *(m.value for m in valleys), *loss[torch.isfinite(loss)].tolist()])
    found = LrSweep(settings, k, function, lr, x, loss, first, lowest, None)
    if found.best is None:
        return found
    end = x[found.best].item()
    return replace(found, valley=min(valleys, key=lambda m: abs(m.x - end), default=None))


def three_times(found: LrSweep) -> tuple[float, float]:
    """The heights in the end with a third of the best lr, and with three times it; infinite if not finite.

    Raises:
        ValueError: if no run has stayed finite, so that there is no best.
    """
    if found.best is None:
        raise ValueError("All runs have diverged; allowed: a start from which one does not.")
    lr = found.lr[found.best] * torch.tensor([1 / 3, 3.0], dtype=torch.float64)
    heights = found.function(descend_at(found.function, lr, found.settings.start, found.k))
    less, more = heights.nan_to_num(nan=torch.inf, neginf=torch.inf).tolist()
    return less, more


def worse(less: float, more: float) -> str:
    """What does more harm, "larger" or "smaller" rates; "same" if the heights are."""
    if less == more or abs(less - more) <= EXACT * min(abs(less), abs(more)):
        return "same"
    return "larger" if more > less else "smaller"
