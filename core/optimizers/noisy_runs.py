"""Many runs with noisy gradients at once: one tensor, the real optimizer, the real scheduler.

    constant, falling = compare(SurfaceSettings(), hparams, ScheduleSettings())

All runs of an ensemble are rows of one parameter. The classes in `schedules.EXACT` treat each number by itself, so each
row does bit for bit what it would do alone with the same noise. Several schedules go through the same noise.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.cache import cached
from core.optim.hyperparameters import Hyperparameters
from core.optimizers.schedules import ScheduleSettings, make_scheduler, needs_loss
from core.optimizers.settings import SurfaceSettings
from core.plane.derivatives import value_and_gradient
from core.plane.surfaces import function_of, points_of
from core.stepwise import Stepwise

RUNS = 256
MOMENTS = 50  # at which the cloud is kept, besides the start
LEVELS = (0.1, 0.5, 0.9)  # of the runs: what the band and its line show


@dataclass(frozen=True, eq=False)
class Ensemble:
    """The runs of one schedule.

    Attributes:
        settings: with this schedule.
        lr: the learning rate that each step used, shape (steps,), float64.
        moments: the steps after which the cloud is kept, the start and the end included.
        clouds: the places of all runs at the moments, shape (moments, runs, 2), float64.
        path: the places of the first run before each step and at the end, shape (steps + 1, 2).
        band: f below which 10, 50 and 90 % of the runs are, shape (steps + 1, 3); infinite where those are lost.
        noiseless: f of one run without noise under the same learning rates, shape (steps + 1,).
        diverged_at: the step after which the first run has a number that is not finite; None if all are finite.
    """

    settings: ScheduleSettings
    lr: Tensor
    moments: tuple[int, ...]
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
    def lost(self) -> int:
        """Runs that ended with a number that is not finite."""
        return int((~torch.isfinite(self.clouds[-1]).all(dim=1)).sum())


@dataclass(frozen=True)
class End:
    """Where a schedule ends, for the table: lr of the last step, LEVELS of the loss, the cloud's radius, runs lost."""

    schedule: str
    lr: float
    loss: tuple[float, float, float]
    radius: float
    diverged: int


def levels(loss: Tensor) -> Tensor:
    """LEVELS of some losses, shape (..., runs) -> (..., 3); a loss that is not a number counts as infinite."""
    ordered = torch.where(torch.isnan(loss), torch.inf, loss).sort(dim=-1).values
    return torch.stack([ordered[..., int(level * (loss.shape[-1] - 1))] for level in LEVELS], dim=-1)


def moments_of(steps: int) -> tuple[int, ...]:
    """The steps after which the cloud is kept: all, or about MOMENTS of them."""
    return tuple(sorted({round(i * steps / min(MOMENTS, steps)) for i in range(min(MOMENTS, steps) + 1)}))


class Group:
    """One ensemble while it runs; the last row of its parameter has no noise."""

    def __init__(self, start: Tensor, hparams: Hyperparameters, settings: ScheduleSettings) -> None:
        self.settings = settings
        self.point = start.repeat(RUNS + 1, 1).requires_grad_()
        self.optimizer = hparams.make([self.point], lr=settings.lr)
        self.scheduler = make_scheduler(settings, self.optimizer)
        self.lr: list[float] = []
        self.clouds: list[Tensor] = []
        self.path: list[Tensor] = []
        self.loss: list[Tensor] = []

    def record(self, places: Tensor, value: Tensor, moment: bool) -> None:
        """Keeps what there is before a step; places: a copy of the parameter, value: f of its rows."""
        self.path.append(places[0])
        self.loss.append(value)
        if moment:
            self.clouds.append(places[:RUNS])

    def step(self, value: Tensor, gradient: Tensor) -> None:
        """One step of the optimizer, then one of the scheduler."""
        self.lr.append(self.optimizer.param_groups[0]["lr"])
        self.point.grad = gradient
        self.optimizer.step()
        if needs_loss(self.settings):
            self.scheduler.step(value[:RUNS].mean().item())
        else:
            self.scheduler.step()

    def ensemble(self, moments: tuple[int, ...]) -> Ensemble:
        """What has been recorded."""
        lr = torch.tensor(self.lr, dtype=torch.float64)
        loss, found = torch.stack(self.loss), torch.stack(self.clouds)
        bad = ~torch.isfinite(loss[:, :RUNS]).all(dim=1)
        bad[list(moments)] |= ~torch.isfinite(found).all(dim=(1, 2))
        diverged_at = int(bad.nonzero()[0]) if bad.any() else None
        path = torch.stack(self.path)
        return Ensemble(self.settings, lr, moments, found, path, levels(loss[:, :RUNS]), loss[:, RUNS], diverged_at)


class Schedules(Stepwise):
    """The work of several ensembles side by side; the gradients of all places are taken in one pass.

    Args:
        hparams: the optimizer's hyperparameters; its lr is that of the settings.

    Raises:
        ExpressionError: if the typed function has no value.
    """

    def __init__(
        self, surface: SurfaceSettings, hparams: Hyperparameters, settings: ScheduleSettings, schedules: tuple[str, ...]
    ) -> None:
        self.surface, self.function = surface, function_of(surface.surface, surface.text)
        start = torch.tensor([surface.x, surface.y], dtype=torch.float64)
        self.groups = [Group(start, hparams, replace(settings, schedule=name)) for name in schedules]
        self.generator = torch.Generator().manual_seed(settings.seed)
        self.noise, self.moments = settings.noise, moments_of(settings.steps)
        self.total_updates = settings.steps
        self._look()

    def _step(self) -> None:
        noise = self.noise * torch.randn(RUNS, 2, generator=self.generator, dtype=torch.float64)
        noise = torch.cat([noise, torch.zeros(1, 2, dtype=torch.float64)])
        for group, value, gradient in zip(self.groups, self.value, self.gradient, strict=True):
            group.step(value, gradient + noise)

    def run(self) -> tuple[End, ...]:
        """Where each schedule has got to."""
        return tuple(self._end(group) for group in self.groups)

    def ensembles(self) -> tuple[Ensemble, ...]:
        """All that was recorded."""
        return tuple(group.ensemble(self.moments) for group in self.groups)

    def _look(self) -> None:
        places = torch.cat([group.point.detach() for group in self.groups])
        value, gradient = value_and_gradient(self.function, places)
        self.value, self.gradient = value.split(RUNS + 1), gradient.split(RUNS + 1)
        for group, there, loss in zip(self.groups, places.split(RUNS + 1), self.value, strict=True):
            group.record(there, loss, self.update in self.moments)

    def _end(self, group: Group) -> End:
        places = group.point.detach()[:RUNS]
        lost = int((~torch.isfinite(places).all(dim=1)).sum())
        lr = group.lr[-1] if group.lr else group.settings.lr
        return End(
            group.settings.schedule,
            lr,
            tuple(levels(group.loss[-1][:RUNS]).tolist()),
            radius(self.surface, places),
            lost,
        )


@cached
def ensembles(
    surface: SurfaceSettings, hparams: Hyperparameters, settings: ScheduleSettings, schedules: tuple[str, ...]
) -> tuple[Ensemble, ...]:
    """One ensemble a schedule, all through the same noise."""
    work = Schedules(surface, hparams, settings, schedules)
    work.advance(settings.steps)
    return work.ensembles()


def compare(
    surface: SurfaceSettings, hparams: Hyperparameters, settings: ScheduleSettings
) -> tuple[Ensemble, Ensemble]:
    """The constant learning rate and the chosen schedule; twice the same where that is the constant one."""
    names = tuple(dict.fromkeys(("constant", settings.schedule)))
    found = ensembles(surface, hparams, settings, names)
    return found[0], found[-1]


def end_of(surface: SurfaceSettings, found: Ensemble) -> End:
    """The table's row for an ensemble."""
    places = radius(surface, found.clouds[-1])
    return End(found.settings.schedule, found.lr[-1].item(), tuple(found.band[-1].tolist()), places, found.diverged)


def radius(surface: SurfaceSettings, places: Tensor) -> float:
    """How near half of some places are: the median distance to the nearest minimum.

    Where the surface has none, to the middle of the places. NaN if half of them are lost.

    Args:
        places: shape (runs, 2).
    """
    targets = [(p.x, p.y) for p in points_of(surface.surface, surface.text) if p.kind in ("minimum", "cusp")]
    there = torch.tensor(targets, dtype=torch.float64) if targets else places.nanmedian(dim=0).values[None]
    distance = (places[:, None] - there).norm(dim=2).amin(dim=1)
    middle = levels(distance)[1].item()
    return middle if middle < float("inf") else float("nan")
