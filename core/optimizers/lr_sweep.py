"""The loss of every optimizer against its learning rate, for all learning rates at once.

sweep = LrSweepTask(SurfaceSettings(), all_hparams, 200).run()
sweep.best()                                      # {"SGD": 0.015625, "Adam": 0.5, ...}
"""

from dataclasses import dataclass, replace
from math import ceil

import torch
from torch import Tensor

from core.optim.hyperparameters import Hyperparameters
from core.optim.known import OPTIMIZERS
from core.optimizers.lbfgs_run import LbfgsRun
from core.optimizers.settings import SurfaceSettings
from core.plane.derivatives import value_and_gradient
from core.plane.lr_batch import OPTIMIZER, learning_rates, lr_batch, seconds
from core.task import Task

MOST_FRAMES = 48
DOWN = 1e-3  # of the height at the start above the lowest minimum
# LBFGS asks for many gradients in a step and cannot share them. The most promising learning rates come first. At 2 it
# mirrors each step at the bottom of the valley and never comes to rest, which would take longer than all others.
LBFGS_RATES = (1.0, 0.5, 2**0.5, 0.25, 0.125, 2**1.5)
MOST_GRADIENTS = 6_000  # what is left of LBFGS's learning rates after that many is left out
SLICES = 25  # steps of the task for one run of LBFGS


def frame_steps(steps: int) -> list[int]:
    """The steps after which the losses are kept: 0, and then in equal ratios to the last."""
    return sorted({0, steps, *(round(steps ** (i / (MOST_FRAMES - 1))) for i in range(MOST_FRAMES))})


@dataclass(frozen=True, eq=False)
class LrCurve:
    """The losses of one optimizer.

    Attributes:
        lr: its learning rates, rising, shape (rates,).
        loss: f at each frame, shape (frames, rates); NaN from the step on after which a number is not finite.
    """

    hparams: Hyperparameters
    lr: Tensor
    loss: Tensor

    @property
    def name(self) -> str:
        """The optimizer's."""
        return self.hparams.name

    def diverged(self, frame: int = -1) -> Tensor:
        """Which learning rates have had a number that is not finite, shape (rates,)."""
        return self.loss[frame].isnan()

    def diverges_from(self, frame: int = -1) -> float | None:
        """The lowest learning rate from which on every one has diverged; None if the highest has not."""
        finite = (~self.diverged(frame)).nonzero()
        first = int(finite[-1]) + 1 if len(finite) else 0
        return self.lr[first].item() if first < len(self.lr) else None

    def best(self, frame: int = -1) -> int | None:
        """The place of the lowest finite loss, the first of equals; None if all have diverged."""
        diverged = self.diverged(frame)
        return None if diverged.all() else int(torch.where(diverged, torch.inf, self.loss[frame]).argmin())

    def n_best(self, frame: int = -1) -> int:
        """How many learning rates have the lowest finite loss."""
        return int((self.loss[frame] == self.loss[frame].nan_to_num(nan=torch.inf).min()).sum())

    def came_down(self, lowest: float | None, frame: int = -1) -> Tensor:
        """Which learning rates have come down to DOWN of the first height above `lowest`, shape (rates,)."""
        if lowest is None:
            return torch.zeros(len(self.lr), dtype=torch.bool)
        return self.loss[frame] - lowest <= DOWN * (self.loss[0] - lowest)


@dataclass(frozen=True, eq=False)
class LrSweep:
    """The curves of all optimizers.

    Attributes:
        frame_steps: the steps after which the losses were kept.
        lowest: f at the lowest minimum; None where there is none, or where a run got below it.
    """

    surface: SurfaceSettings
    frame_steps: list[int]
    curves: tuple[LrCurve, ...]
    lowest: float | None

    @property
    def steps(self) -> int:
        """Steps that were done, up to the last frame."""
        return self.frame_steps[-1]

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return sum(len(curve.lr) for curve in self.curves)

    def of(self, name: str) -> LrCurve | None:
        """The curve of one optimizer; None if it does not take part."""
        return next((curve for curve in self.curves if curve.name == name), None)

    def best(self) -> dict[str, float]:
        """Name -> the learning rate with the lowest finite loss at the end; without those that have none."""
        return {each.name: each.lr[best].item() for each in self.curves if (best := each.best()) is not None}

    def best_ratio(self) -> float | None:
        """How many times the smallest of the best learning rates is the largest; None for fewer than two."""
        best = self.best().values()
        return max(best) / min(best) if len(best) > 1 else None


class LrSweepTask(Task):
    """All learning rates of some optimizers from one start; their own lr does not count.

    All take their gradients together, in one pass a step. LBFGS comes after them, one run after the other.
    """

    def __init__(self, surface: SurfaceSettings, all_hparams: tuple[Hyperparameters, ...], steps: int) -> None:
        self.surface, self.all_hparams, self.steps = surface, all_hparams, steps
        self.key = (surface, tuple(replace(hparams, lr=1.0) for hparams in all_hparams), steps)
        self.together = [hparams for hparams in all_hparams if not _is_lbfgs(hparams)]
        self.n_together = steps + 1 if self.together else 0
        self.alone = [(hparams, lr) for hparams in all_hparams if _is_lbfgs(hparams) for lr in LBFGS_RATES]
        self.total = self.n_together + SLICES * len(self.alone)
        self.title, self.function = "The learning rates", surface.function
        points = len(learning_rates()) * len(self.together)
        together = self.n_together * (self.function.seconds(points) + sum(map(seconds, self.together)))
        gradients = min(MOST_GRADIENTS / 2, len(self.alone) * steps)  # most are at rest long before the end
        self.cost = together + gradients * (OPTIMIZER + self.function.seconds())

    @property
    def progress(self) -> str:
        """How far it is, in words."""
        if self.done <= self.n_together and self.together:
            return f"step {max(self.done - 1, 0):,} of {self.steps:,}"
        return f"LBFGS, learning rate {len(self.lbfgs_runs)} of {len(self.alone)}"

    def begin(self) -> None:
        """All at the start."""
        self.frame_steps = frame_steps(self.steps)
        self.start = torch.tensor([self.surface.x, self.surface.y], dtype=torch.float64)
        self.batches = [lr_batch(hparams, self.start) for hparams in self.together]
        self.sizes = [len(batch.lr) for batch in self.batches]
        self.alive = torch.ones(sum(self.sizes), dtype=torch.bool)
        self.loss = torch.full((len(self.frame_steps), sum(self.sizes)), torch.nan, dtype=torch.float64)
        self.lbfgs_runs: list[LbfgsRun] = []

    def advance(self) -> None:
        """One step of all, or a slice of one run of LBFGS."""
        if self.done < self.n_together:
            self._step_together(self.done)
            return
        if not self.lbfgs_runs or self.lbfgs_runs[-1].finished:
            taken = sum(run.taken for run in self.lbfgs_runs)
            if len(self.lbfgs_runs) == len(self.alone) or taken >= MOST_GRADIENTS:
                self.done = self.total - 1  # this was the last step
                return
            hparams, lr = self.alone[len(self.lbfgs_runs)]
            self.lbfgs_runs.append(LbfgsRun(hparams, lr, self.start, self.function, self.frame_steps))
        self.lbfgs_runs[-1].go_on(ceil((self.steps + 1) / SLICES))

    def _step_together(self, step: int) -> None:
        """Looks at where all are, and lets them make a step."""
        points = torch.cat([batch.points() for batch in self.batches])
        values, gradient = value_and_gradient(self.function, points)
        self.alive &= torch.isfinite(values) & torch.isfinite(points).all(dim=1) & torch.isfinite(gradient).all(dim=1)
        if step in self.frame_steps:
            self.loss[self.frame_steps.index(step)] = torch.where(self.alive, values, torch.nan)
        if step < self.steps:
            for batch, part in zip(self.batches, gradient.split(self.sizes), strict=True):
                batch.step(part)

    def result(self) -> LrSweep:
        """What there is so far: the frames that all have reached, and the runs of LBFGS that have ended."""
        reached = sum(step < self.done for step in self.frame_steps) if self.done < self.n_together else None
        parts = iter(zip(self.batches, self.loss.split(self.sizes, dim=1), strict=True))
        curves = []
        for hparams in self.all_hparams:
            if not _is_lbfgs(hparams):
                batch, loss = next(parts)
                curves.append(LrCurve(hparams, batch.lr, loss[:reached].clone()))
            elif ended := sorted((run for run in self.lbfgs_runs if run.finished), key=lambda run: run.lr):
                lr = torch.tensor([run.lr for run in ended], dtype=torch.float64)
                curves.append(LrCurve(hparams, lr, torch.stack([run.loss for run in ended], dim=1)))
        return LrSweep(self.surface, self.frame_steps[:reached], tuple(curves), self._lowest(curves))

    def _lowest(self, curves: list[LrCurve]) -> float | None:
        minima = self.surface.shape.minima
        if not minima:
            return None
        least = minima[0].value
        below = any(bool((curve.loss < least - 1e-9 * (1 + abs(least))).any()) for curve in curves)
        return None if below else least


def _is_lbfgs(hparams: Hyperparameters) -> bool:
    return OPTIMIZERS[hparams.name].torch_name == "LBFGS"
