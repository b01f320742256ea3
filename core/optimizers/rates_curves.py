"""What the learning rates of an optimizer came to: which is best, which came down, which are lost."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.optimizers.hyperparameters import Hyperparameters
from core.optimizers.settings import SurfaceSettings

DOWN = 1e-3  # of the height at the start: a rate is good if its run ends no higher
ARRIVED = 1e-12  # of the height at the start: losses that differ by less are equally good, for the rest is rounding


@dataclass(frozen=True, eq=False)
class RateCurve:
    """The losses of one optimizer.

    Attributes:
        lr: its learning rates, rising, shape (rates,).
        loss: f after each moment, shape (moments, rates); NaN from the step on after which a number is not finite.
        lowest: the value from which heights are counted; None where there is none.
    """

    entry: Hyperparameters
    lr: Tensor
    loss: Tensor
    lowest: float | None = None

    @property
    def name(self) -> str:
        """The contestant's."""
        return self.entry.contestant

    def best(self, moment: int = -1) -> int | None:
        """The place of the rate with the lowest loss, in the middle of its equals; None if all are lost."""
        equals = self.equals(moment)
        return sum(equals) // 2 if equals else None

    def equals(self, moment: int = -1) -> tuple[int, int] | None:
        """First and last place of the longest row of rates that no other beats by more than rounding."""
        loss = self.loss[moment]
        finite = torch.isfinite(loss)
        if not bool(finite.any()):
            return None
        least = torch.where(finite, loss, torch.inf).min()
        slack = 0.0 if self.lowest is None else ARRIVED * (self.loss[0] - self.lowest).clamp(min=0)
        return longest_row(loss <= least + slack)

    def came_down(self, moment: int = -1) -> Tensor:
        """Which rates came down to DOWN of the height at the start, shape (rates,)."""
        if self.lowest is None:
            return torch.zeros(len(self.lr), dtype=torch.bool)
        return self.loss[moment] - self.lowest <= DOWN * (self.loss[0] - self.lowest)

    def good(self, moment: int = -1) -> tuple[int, int] | None:
        """First and last place of the longest row of rates that came down; None if none did."""
        return longest_row(self.came_down(moment))

    def lost(self, moment: int = -1) -> Tensor:
        """Which rates have no finite loss any more, shape (rates,)."""
        return ~torch.isfinite(self.loss[moment])

    def lost_from(self, moment: int = -1) -> float | None:
        """The lowest rate from which on every rate is lost; None if the highest is not."""
        kept = (~self.lost(moment)).nonzero()
        first = int(kept[-1]) + 1 if len(kept) else 0
        return self.lr[first].item() if first < len(self.lr) else None


def longest_row(which: Tensor) -> tuple[int, int] | None:
    """First and last place of the longest unbroken row of True, the first of equals; None if there is none."""
    best, first = None, None
    for place, true in enumerate([*which.tolist(), False]):
        if true and first is None:
            first = place
        elif not true and first is not None:
            if best is None or place - 1 - first > best[1] - best[0]:
                best = (first, place - 1)
            first = None
    return best


@dataclass(frozen=True, eq=False)
class RateSweep:
    """The curves of all contestants.

    Attributes:
        moments: the steps after which the losses were kept.
        lowest: the lowest minimum; None where there is none, or where a run got below it.
    """

    surface: SurfaceSettings
    steps: int
    moments: list[int]
    curves: tuple[RateCurve, ...]
    lowest: float | None

    def of(self, name: str) -> RateCurve | None:
        """The curve of one contestant; None if it does not take part."""
        return next((curve for curve in self.curves if curve.name == name), None)

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return sum(len(curve.lr) for curve in self.curves)


def best_of(sweep: RateSweep) -> dict[str, float]:
    """Name -> the learning rate with the lowest loss at the end (`RateCurve.best`); its own lr where all are lost."""
    places = {curve.name: (curve, curve.best()) for curve in sweep.curves}
    return {name: curve.entry.lr if best is None else curve.lr[best].item() for name, (curve, best) in places.items()}
