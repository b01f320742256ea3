"""The loss of every optimizer after k steps against its learning rate, for all k at once."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.derivatives import value_and_gradient
from core.optimizers.contestants import CONTESTANTS
from core.optimizers.hyperparameters import Hyperparameters
from core.optimizers.rows import Alone, rows_of
from core.optimizers.settings import SurfaceSettings
from core.optimizers.surfaces import function_of, lowest_of

MOMENTS = 48  # at most that many are kept, and the start
DOWN = 1e-3  # of the height at the start: a rate is good if its run ends no higher
ARRIVED = 1e-12  # of the height at the start: losses that differ by less are equally good, for the rest is rounding
# LBFGS asks for many gradients in a step and cannot share them. The most promising rates come first. At 2 it mirrors
# each step at the bottom of the valley and never comes to rest, which would take longer than all others together.
RATES_ALONE = (1.0, 0.5, 2**0.5, 0.25, 0.125, 2**1.5)
MOST_GRADIENTS = 6_000  # what is left of LBFGS's rates after that many is left out
SLICES = 25  # updates of the progress bar for one run of LBFGS


def moments_of(steps: int) -> list[int]:
    """The steps after which the losses are kept: 0, and then in equal ratios to the last."""
    return sorted({0, steps, *(round(steps ** (i / (MOMENTS - 1))) for i in range(MOMENTS))})


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


class RateWork:
    """The sweep as work that advances step by step (`ui/long_work.py`).

    All optimizers take their gradients together, those of all rates in one pass. LBFGS comes after them.

    Raises:
        ExpressionError: if the typed function is none.
    """

    def __init__(self, surface: SurfaceSettings, entries: tuple[Hyperparameters, ...], steps: int) -> None:
        self.surface, self.entries, self.steps = surface, entries, steps
        self.function = function_of(surface.surface, surface.text)
        self.start = torch.tensor([surface.x, surface.y], dtype=torch.float64)
        self.moments = moments_of(steps)
        self.together = [entry for entry in entries if not _is_alone(entry)]
        self.rows = [rows_of(entry, self.start) for entry in self.together]
        self.sizes = [len(rows.lr) for rows in self.rows]
        self.alive = torch.ones(sum(self.sizes), dtype=torch.bool)
        self.loss = torch.full((len(self.moments), sum(self.sizes)), torch.nan, dtype=torch.float64)
        self.alone = [(entry, lr) for entry in entries if _is_alone(entry) for lr in RATES_ALONE]
        self.first = steps + 1 if self.rows else 0  # updates of those that go together
        self.total_updates = self.first + SLICES * len(self.alone)
        self.update, self.finished = 0, False
        self.running: _AloneRun | None = None
        self.done_alone: list[tuple[float, Tensor]] = []
        self.gradients = 0  # that LBFGS has taken

    @property
    def progress(self) -> str:
        """How far it is, in words."""
        if self.update <= self.first and self.rows:
            return f"step {max(self.update - 1, 0):,} of {self.steps:,}"
        return f"LBFGS, rate {len(self.done_alone) + 1} of {len(self.alone)}"

    def advance(self, updates: int) -> None:
        """Goes on by some steps of all, or some slices of LBFGS's runs."""
        for _ in range(updates):
            if self.update < self.first:
                self._together()
            elif len(self.done_alone) < len(self.alone) and self.gradients < MOST_GRADIENTS:
                self._alone()
            else:
                self.update, self.finished = self.total_updates, True
                return
            self.update += 1

    def _together(self) -> None:
        """Looks at where everybody is, and lets all make a step."""
        step = self.update
        places = torch.cat([rows.places() for rows in self.rows])
        values, slopes = value_and_gradient(self.function, places)
        self.alive &= torch.isfinite(values) & torch.isfinite(places).all(dim=1) & torch.isfinite(slopes).all(dim=1)
        if step in self.moments:
            self.loss[self.moments.index(step)] = torch.where(self.alive, values, torch.nan)
        if step < self.steps:
            for rows, part in zip(self.rows, slopes.split(self.sizes), strict=True):
                rows.step(part)

    def _alone(self) -> None:
        """Some steps of one run of LBFGS."""
        if self.running is None:
            entry, lr = self.alone[len(self.done_alone)]
            self.running = _AloneRun(Alone(entry, lr, self.start, self.function), self.moments)
        before = self.running.run.taken
        self.running.go_on(-(-self.steps // SLICES))
        self.gradients += self.running.run.taken - before
        if self.running.finished:
            self.done_alone.append((self.running.run.optimizer.param_groups[0]["lr"], self.running.loss))
            self.running = None

    def run(self) -> RateSweep:
        """What there is so far; the moments that were not reached are as the last that was."""
        found = dict(
            zip([entry.contestant for entry in self.together], self.loss.split(self.sizes, dim=1), strict=True)
        )
        curves = []
        rows = dict(zip(found, self.rows, strict=True))
        reached = sum(moment < self.update for moment in self.moments) if self.update < self.first else None
        for entry in self.entries:
            if _is_alone(entry):
                done = sorted(self.done_alone, key=lambda pair: pair[0])
                if done:
                    lr = torch.tensor([lr for lr, _ in done], dtype=torch.float64)
                    curves.append(RateCurve(entry, lr, torch.stack([loss for _, loss in done], dim=1)))
            else:
                curves.append(RateCurve(entry, rows[entry.contestant].lr, found[entry.contestant][:reached].clone()))
        if reached is not None:
            curves = [curve for curve in curves if not _is_alone(curve.entry)]
        moments, lowest = self.moments[:reached], self._lowest(curves)
        curves = tuple(replace(curve, lowest=lowest) for curve in curves)
        return RateSweep(self.surface, moments[-1] if moments else 0, moments, curves, lowest)

    def _lowest(self, curves: list[RateCurve]) -> float | None:
        known = lowest_of(self.surface.surface, self.surface.text)
        losses = [curve.loss[torch.isfinite(curve.loss)] for curve in curves]
        below = any(bool((loss < known[0].value - 1e-9 * (1 + abs(known[0].value))).any()) for loss in losses if known)
        return known[0].value if known and not below else None


class _AloneRun:
    """A run of LBFGS, its losses kept at the moments."""

    def __init__(self, run: Alone, moments: list[int]) -> None:
        self.run, self.moments, self.step, self.finished = run, moments, 0, False
        self.loss = torch.full((len(moments),), torch.nan, dtype=torch.float64)

    def go_on(self, steps: int) -> None:
        """So many steps, or fewer to the end."""
        for _ in range(steps):
            place = self.run.x.detach()
            value, slope = value_and_gradient(self.run.function, place[None])
            if not bool(torch.isfinite(torch.cat([place, value, slope[0]])).all()):
                self.finished = True
                return
            if self.step in self.moments:
                self.loss[self.moments.index(self.step)] = value[0]
            if self.run.at_rest:  # all later moments are like this one
                self.loss[[moment >= self.step for moment in self.moments]] = value[0]
            if self.run.at_rest or self.step == self.moments[-1]:
                self.finished = True
                return
            self.run.step()
            self.step += 1


def _is_alone(entry: Hyperparameters) -> bool:
    return CONTESTANTS[entry.contestant].optimizer == "LBFGS"


def best_of(sweep: RateSweep) -> dict[str, float]:
    """Name -> the learning rate with the lowest loss at the end (`RateCurve.best`); its own lr where all are lost."""
    places = {curve.name: (curve, curve.best()) for curve in sweep.curves}
    return {name: curve.entry.lr if best is None else curve.lr[best].item() for name, (curve, best) in places.items()}
