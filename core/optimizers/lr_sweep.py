"""The loss of every optimizer after k steps against its learning rate, for all k at once."""

from dataclasses import replace

import torch
from torch import Tensor

from core.optim.hyperparameters import Hyperparameters
from core.optim.known import OPTIMIZERS
from core.optimizers.lr_curves import RateCurve, RateSweep
from core.optimizers.settings import SurfaceSettings
from core.plane.derivatives import value_and_gradient
from core.plane.lr_batch import Alone, rows_of
from core.plane.surfaces import function_of, lowest_of

MOMENTS = 48  # at most that many are kept, and the start
# LBFGS asks for many gradients in a step and cannot share them. The most promising rates come first. At 2 it mirrors
# each step at the bottom of the valley and never comes to rest, which would take longer than all others together.
RATES_ALONE = (1.0, 0.5, 2**0.5, 0.25, 0.125, 2**1.5)
MOST_GRADIENTS = 6_000  # what is left of LBFGS's rates after that many is left out
SLICES = 25  # updates of the progress bar for one run of LBFGS


def moments_of(steps: int) -> list[int]:
    """The steps after which the losses are kept: 0, and then in equal ratios to the last."""
    return sorted({0, steps, *(round(steps ** (i / (MOMENTS - 1))) for i in range(MOMENTS))})


class RateWork:
    """The sweep as work that advances step by step (`ui/long_work.py`).

    All optimizers take their gradients together, those of all rates in one pass. LBFGS comes after them.

    Raises:
        ExpressionError: if the typed function is none.
    """

    def __init__(self, surface: SurfaceSettings, all_hparams: tuple[Hyperparameters, ...], steps: int) -> None:
        self.surface, self.all_hparams, self.steps = surface, all_hparams, steps
        self.function = function_of(surface.surface, surface.text)
        self.start = torch.tensor([surface.x, surface.y], dtype=torch.float64)
        self.moments = moments_of(steps)
        self.together = [hparams for hparams in all_hparams if not _is_alone(hparams)]
        self.rows = [rows_of(hparams, self.start) for hparams in self.together]
        self.sizes = [len(rows.lr) for rows in self.rows]
        self.alive = torch.ones(sum(self.sizes), dtype=torch.bool)
        self.loss = torch.full((len(self.moments), sum(self.sizes)), torch.nan, dtype=torch.float64)
        self.alone = [(hparams, lr) for hparams in all_hparams if _is_alone(hparams) for lr in RATES_ALONE]
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
            hparams, lr = self.alone[len(self.done_alone)]
            self.running = _AloneRun(Alone(hparams, lr, self.start, self.function), self.moments)
        before = self.running.run.taken
        self.running.go_on(-(-self.steps // SLICES))
        self.gradients += self.running.run.taken - before
        if self.running.finished:
            self.done_alone.append((self.running.run.optimizer.param_groups[0]["lr"], self.running.loss))
            self.running = None

    def run(self) -> RateSweep:
        """What there is so far; the moments that were not reached are as the last that was."""
        found = dict(zip([hparams.name for hparams in self.together], self.loss.split(self.sizes, dim=1), strict=True))
        curves = []
        rows = dict(zip(found, self.rows, strict=True))
        reached = sum(moment < self.update for moment in self.moments) if self.update < self.first else None
        for hparams in self.all_hparams:
            if _is_alone(hparams):
                done = sorted(self.done_alone, key=lambda pair: pair[0])
                if done:
                    lr = torch.tensor([lr for lr, _ in done], dtype=torch.float64)
                    curves.append(RateCurve(hparams, lr, torch.stack([loss for _, loss in done], dim=1)))
            else:
                curves.append(RateCurve(hparams, rows[hparams.name].lr, found[hparams.name][:reached].clone()))
        if reached is not None:
            curves = [curve for curve in curves if not _is_alone(curve.hparams)]
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


def _is_alone(hparams: Hyperparameters) -> bool:
    return OPTIMIZERS[hparams.name].torch_name == "LBFGS"
