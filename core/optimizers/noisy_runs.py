"""Many runs with noisy gradients at once: one tensor, the real optimizer, the real scheduler.

    constant, cosine = NoisyRunsTask(SurfaceSettings(), hparams, ScheduleSettings(), ("constant", "cosine")).run()

All runs of a schedule are rows of one parameter. The classes in `schedules.BY_ROWS` treat each number by itself, so
each row does bit for bit what it would do alone with the same noise. Several schedules go through the same noise.
"""

from dataclasses import dataclass, replace
from math import isnan

import torch
from torch import Tensor

from core.optim.hyperparameters import Hyperparameters
from core.optimizers.schedules import ScheduleSettings, make_scheduler, needs_loss
from core.optimizers.settings import SurfaceSettings
from core.plane.derivatives import value_and_gradient
from core.plane.lr_batch import OPTIMIZER
from core.task import Task

RUNS = 256
FRAMES = 50  # at which the cloud is kept, besides the start
CLEAR = 0.05  # of the larger of two distances: they differ by more
LEVELS = (0.1, 0.5, 0.9)  # of the runs: what the band and its line show


@dataclass(frozen=True, eq=False)
class NoisyRuns:
    """The runs of one schedule.

    Attributes:
        settings: with this schedule.
        lr: the learning rate that each step used, shape (steps,), float64.
        frame_steps: the steps after which the cloud is kept, the start and the end included.
        clouds: the points of all runs at the frames, shape (frames, runs, 2), float64.
        path: the points of the first run before each step and at the end, shape (steps + 1, 2).
        band: f below which 10, 50 and 90% of the runs are, shape (steps + 1, 3); infinite where those have diverged.
        noiseless: f of one run without noise under the same learning rates, shape (steps + 1,).
        diverged_at: the step after which the first run has a number that is not finite; None if all are finite.
    """

    settings: ScheduleSettings
    lr: Tensor
    frame_steps: tuple[int, ...]
    clouds: Tensor
    path: Tensor
    band: Tensor
    noiseless: Tensor
    diverged_at: int | None

    @property
    def steps(self) -> int:
        """Steps that were done."""
        return len(self.lr)

    @property
    def diverged(self) -> int:
        """Runs that ended with a number that is not finite."""
        return int((~torch.isfinite(self.clouds[-1]).all(dim=1)).sum())


def levels(loss: Tensor) -> Tensor:
    """LEVELS of some losses, shape (..., runs) -> (..., 3); a loss that is not a number counts as infinite."""
    ordered = torch.where(torch.isnan(loss), torch.inf, loss).sort(dim=-1).values
    return torch.stack([ordered[..., int(level * (loss.shape[-1] - 1))] for level in LEVELS], dim=-1)


def frame_steps(steps: int) -> tuple[int, ...]:
    """The steps after which the cloud is kept: all, or about FRAMES of them."""
    return tuple(sorted({round(i * steps / min(FRAMES, steps)) for i in range(min(FRAMES, steps) + 1)}))


def median_distance(surface: SurfaceSettings, points: Tensor) -> float:
    """Within which distance of the nearest minimum half of some points are; NaN if half of them have diverged.

    Where the surface has no minimum, it is the distance to the middle of the points.

    Args:
        points: shape (runs, 2).
    """
    minima = [(point.x, point.y) for point in surface.shape.minima]
    goals = torch.tensor(minima, dtype=torch.float64) if minima else points.nanmedian(dim=0).values[None]
    nearest = (points[:, None] - goals).norm(dim=2).amin(dim=1)
    middle = levels(nearest)[1].item()
    return middle if middle < float("inf") else float("nan")


def nearer(surface: SurfaceSettings, constant: NoisyRuns, changing: NoisyRuns) -> str:
    """Which of two ends nearer to a minimum, by the median distance.

    Returns:
        "constant", "changing", "same" where they differ by less than CLEAR, or "neither" where both have diverged.
    """
    first, second = (median_distance(surface, runs.clouds[-1]) for runs in (constant, changing))
    if isnan(first) or isnan(second):
        return "neither" if isnan(first) and isnan(second) else "changing" if isnan(first) else "constant"
    if abs(first - second) <= CLEAR * max(first, second):
        return "same"
    return "constant" if first < second else "changing"


class _Running:
    """The runs of one schedule while they go; the last row of their parameter has no noise."""

    def __init__(self, start: Tensor, hparams: Hyperparameters, settings: ScheduleSettings) -> None:
        self.settings = settings
        self.point = start.repeat(RUNS + 1, 1).requires_grad_()
        self.optimizer = hparams.make([self.point], lr=settings.lr)
        self.scheduler = make_scheduler(settings, self.optimizer)
        self.lr: list[float] = []
        self.clouds: dict[int, Tensor] = {}
        self.path: list[Tensor] = []
        self.loss: list[Tensor] = []

    def step(self, gradient: Tensor) -> None:
        """One step of the optimizer, then one of the scheduler."""
        self.lr.append(self.optimizer.param_groups[0]["lr"])
        self.point.grad = gradient
        self.optimizer.step()
        self.scheduler.step(*([self.loss[-1][:RUNS].mean().item()] if needs_loss(self.settings) else []))

    def result(self) -> NoisyRuns:
        """What has been recorded, and where all are now."""
        clouds = self.clouds | {len(self.lr): self.point.detach()[:RUNS].clone()}
        loss, cloud = torch.stack(self.loss), torch.stack(list(clouds.values()))
        bad = ~torch.isfinite(loss[:, :RUNS]).all(dim=1)
        bad[list(clouds)] |= ~torch.isfinite(cloud).all(dim=(1, 2))
        return NoisyRuns(
            settings=self.settings,
            lr=torch.tensor(self.lr, dtype=torch.float64),
            frame_steps=tuple(clouds),
            clouds=cloud,
            path=torch.stack(self.path),
            band=levels(loss[:, :RUNS]),
            noiseless=loss[:, RUNS],
            diverged_at=int(bad.nonzero()[0]) if bad.any() else None,
        )


class NoisyRunsTask(Task):
    """The runs of several schedules side by side; the gradients of all points are taken in one pass.

    Args:
        hparams: the optimizer's hyperparameters; its lr is that of the settings.
        schedules: keys of SCHEDULES, each of which counts instead of the settings' own.
    """

    def __init__(
        self, surface: SurfaceSettings, hparams: Hyperparameters, settings: ScheduleSettings, schedules: tuple[str, ...]
    ) -> None:
        self.key = (surface, hparams, settings, schedules)
        self.total = settings.steps
        n = len(schedules)
        self.cost = settings.steps * (2 * OPTIMIZER * n + surface.function.seconds((RUNS + 1) * n))

    def begin(self) -> None:
        """All at the start."""
        surface, hparams, settings, schedules = self.key
        self.function, self.frame_steps = surface.function, frame_steps(settings.steps)
        start = torch.tensor([surface.x, surface.y], dtype=torch.float64)
        self.running = [_Running(start, hparams, replace(settings, schedule=name)) for name in schedules]
        self.generator, self.noise = torch.Generator().manual_seed(settings.seed), settings.noise
        self._record(0)

    def advance(self) -> None:
        """One step of all."""
        noise = self.noise * torch.randn(RUNS, 2, generator=self.generator, dtype=torch.float64)
        noise = torch.cat([noise, torch.zeros(1, 2, dtype=torch.float64)])
        for each, gradient in zip(self.running, self.gradient, strict=True):
            each.step(gradient + noise)
        self._record(self.done + 1)

    def result(self) -> tuple[NoisyRuns, ...]:
        """What has been recorded of each schedule."""
        return tuple(each.result() for each in self.running)

    def _record(self, step: int) -> None:
        """Keeps where all are, and takes the gradients there."""
        points = torch.cat([each.point.detach() for each in self.running])
        value, gradient = value_and_gradient(self.function, points)
        self.gradient = gradient.split(RUNS + 1)
        parts = (points.split(RUNS + 1), value.split(RUNS + 1))
        for each, there, loss in zip(self.running, *parts, strict=True):
            each.path.append(there[0].clone())
            each.loss.append(loss)
            if step in self.frame_steps:
                each.clouds[step] = there[:RUNS].clone()
