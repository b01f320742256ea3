"""What the learning rates of an optimizer came to: which arrive, which is best, came down, are lost."""

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from core.optim.hyperparameters import Hyperparameters
from core.optimizers.settings import SurfaceSettings

DOWN = 1e-3  # of the height at the start: a rate is good if its run ends no higher
# Of the height at the start: a run that ends no higher above the lowest minimum has arrived. What is lower still is
# rounding, and no rate is better for it. Losses that should be one number are told apart no finer than by this part.
ARRIVED = 1e-12
# A rate that does not arrive is near the lowest if its height is larger by at most this part. On the log scale of the
# figure that is next to nothing; a neighbouring valley, which often is not twice as high, is more.
NEAR = 0.1


@dataclass(frozen=True, eq=False)
class RateCurve:
    """The losses of one optimizer.

    Attributes:
        lr: its learning rates, rising, shape (rates,).
        loss: f after each moment, shape (moments, rates); NaN from the step on after which a number is not finite.
        lowest: the value from which heights are counted; None where there is none.
    """

    hparams: Hyperparameters
    lr: Tensor
    loss: Tensor
    lowest: float | None = None

    @property
    def name(self) -> str:
        """The optimizer's."""
        return self.hparams.name

    @cached_property
    def arrival(self) -> float | None:
        """The height above the lowest minimum at which a run has arrived; None where there is none."""
        return None if self.lowest is None else self._rounding(self.lowest).item()

    def arrived(self, moment: int = -1) -> Tensor:
        """Which rates have arrived, shape (rates,)."""
        if self.lowest is None:
            return torch.zeros(len(self.lr), dtype=torch.bool)
        return self.loss[moment] - self.lowest <= self.arrival

    def arrives(self, moment: int = -1) -> bool:
        """Whether any rate has arrived."""
        return bool(self.arrived(moment).any())

    def best(self, moment: int = -1) -> int | None:
        """The place of the best rate; None if all are lost.

        If some arrived, the middle of their longest unbroken row; else the one with the lowest loss, and of several
        that are equal but for rounding the middle again.
        """
        equals = longest_row(self._best_ones(moment))
        return sum(equals) // 2 if equals else None

    def row(self, moment: int = -1) -> tuple[int, int] | None:
        """First and last place of the unbroken row around the best of rates that are as good; None if all are lost.

        If the best arrived, all in the row did; else they are at most NEAR higher. Without a lowest minimum, they are
        equal but for rounding.
        """
        best = self.best(moment)
        return None if best is None else row_around(best, self._good_ones(moment))

    def elsewhere(self, moment: int = -1) -> list[tuple[int, int]]:
        """The other unbroken rows of rates that are as good by the measure of `row`, each by first and last place."""
        row = self.row(moment)
        return [other for other in unbroken_rows(self._good_ones(moment)) if other != row] if row else []

    def _best_ones(self, moment: int) -> Tensor:
        """Those that arrived, or those with the lowest loss, but for rounding."""
        least = self._least(moment)
        if least is None or self.arrives(moment):
            return self.arrived(moment)
        slack = self._rounding(least) if self.lowest is None else ARRIVED * (least - self.lowest)
        return self.loss[moment] <= least + slack

    def _good_ones(self, moment: int) -> Tensor:
        """Those that arrived, or those near the lowest; without a lowest minimum, its equals but for rounding."""
        least = self._least(moment)
        if least is None or self.lowest is None or self.arrives(moment):
            return self._best_ones(moment)
        return self.loss[moment] <= least + NEAR * (least - self.lowest)

    def _least(self, moment: int) -> Tensor | None:
        """The lowest loss, None if all are lost."""
        kept = self.loss[moment][~self.lost(moment)]
        return kept.min() if len(kept) else None

    def _rounding(self, ground: Tensor | float) -> Tensor:
        """The part ARRIVED of the way down from the start."""
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


def unbroken_rows(which: Tensor) -> list[tuple[int, int]]:
    """First and last place of every unbroken row of True, from left to right."""
    rows, first = [], None
    for place, true in enumerate([*which.tolist(), False]):
        if true and first is None:
            first = place
        elif not true and first is not None:
            rows.append((first, place - 1))
            first = None
    return rows


def longest_row(which: Tensor) -> tuple[int, int] | None:
    """First and last place of the longest unbroken row of True, the first of equals; None if there is none."""
    return max(unbroken_rows(which), key=lambda row: row[1] - row[0], default=None)


def row_around(place: int, which: Tensor) -> tuple[int, int]:
    """First and last place of the unbroken row of True that holds a place."""
    return next(row for row in unbroken_rows(which) if row[0] <= place <= row[1])


@dataclass(frozen=True, eq=False)
class RateSweep:
    """The curves of all optimizers.

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
        """The curve of one optimizer; None if it does not take part."""
        return next((curve for curve in self.curves if curve.name == name), None)

    @property
    def arrival(self) -> float | None:
        """The height at which a run has arrived, the same for all; None where there is none."""
        return self.curves[0].arrival if self.curves else None

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return sum(len(curve.lr) for curve in self.curves)


def best_of(sweep: RateSweep) -> dict[str, float]:
    """Name -> the best learning rate at the end (`RateCurve.best`); its own lr where all are lost.

    Those beside it that are as good are `RateCurve.row`.
    """
    places = {curve.name: (curve, curve.best()) for curve in sweep.curves}
    return {name: curve.hparams.lr if best is None else curve.lr[best].item() for name, (curve, best) in places.items()}
