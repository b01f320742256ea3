"""What the learning rates of an optimizer came to: which is best, which end as low, came down, are lost."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.optimizers.hyperparameters import Hyperparameters
from core.optimizers.settings import SurfaceSettings

DOWN = 1e-3  # of the height at the start: a rate is good if its run ends no higher
ARRIVED = 1e-12  # of the height at the start: losses that differ by less are equally good, for the rest is rounding
# A rate ends as low as the best if its loss lies higher above the lowest minimum by at most this part of the best's
# height, or by no more than rounding. On the log scale of the figure that is next to nothing; a neighbouring valley,
# which often is not twice as high, is more.
AS_LOW = 0.1


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
        least = self._least(moment)
        return None if least is None else longest_row(self.loss[moment] <= least + self._rounding(least))

    def as_low(self, moment: int = -1) -> tuple[int, int] | None:
        """First and last place of the unbroken row around the best of rates that end as low; None if all are lost."""
        best = self.best(moment)
        return None if best is None else row_around(best, self._end_as_low(moment))

    def as_low_elsewhere(self, moment: int = -1) -> int:
        """How many rates end as low but are not in that row, since between them and it are others that do not."""
        row = self.as_low(moment)
        return 0 if row is None else int(self._end_as_low(moment).sum()) - (row[1] - row[0] + 1)

    def _end_as_low(self, moment: int) -> Tensor:
        """Which rates end as low as the best by the measure of AS_LOW; without a lowest minimum, but for rounding."""
        least = self._least(moment)
        slack = self._rounding(least)
        if self.lowest is not None:
            slack = torch.maximum(slack, AS_LOW * (least - self.lowest))
        return self.loss[moment] <= least + slack

    def _least(self, moment: int) -> Tensor | None:
        """The lowest loss, None if all are lost."""
        kept = self.loss[moment][~self.lost(moment)]
        return kept.min() if len(kept) else None

    def _rounding(self, least: Tensor) -> Tensor:
        """By how much losses may differ and be equal; without a lowest minimum, a part of the way down."""
        ground = least if self.lowest is None else self.lowest
        return (ARRIVED * self.loss[0, 0] - ARRIVED * ground).clamp(min=0)  # the difference itself could overflow

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


def row_around(place: int, which: Tensor) -> tuple[int, int]:
    """First and last place of the unbroken row of True around a place."""
    false = [-1, *(~which).nonzero()[:, 0].tolist(), len(which)]
    return max(i for i in false if i < place) + 1, min(i for i in false if i > place) - 1


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
    """Name -> the learning rate with the lowest loss at the end (`RateCurve.best`); its own lr where all are lost.

    Those beside it that end as low are `RateCurve.as_low`.
    """
    places = {curve.name: (curve, curve.best()) for curve in sweep.curves}
    return {name: curve.entry.lr if best is None else curve.lr[best].item() for name, (curve, best) in places.items()}
