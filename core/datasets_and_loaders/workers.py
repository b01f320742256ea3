"""A simulation of a loader with worker processes beside a training loop; no process is started.

It follows `DataLoader`: at the start every worker gets `prefetch_factor` batches to load; whenever the loop takes a
batch, the next one is handed to the next worker in turn; batches are taken in their order.
"""

from dataclasses import dataclass, replace

import torch
from torch import Generator

from core.cache import cached
from core.datasets_and_loaders.settings import WorkersSettings

MOST_WORKERS = 8


@dataclass(frozen=True)
class Work:
    """A piece of work: which batch, from when to when (ms), and which worker did it (-1: the main process)."""

    batch: int
    start: float
    end: float
    worker: int = -1


@dataclass(frozen=True, eq=False)
class Timeline:
    """What was done when.

    Attributes:
        loads: one piece a batch, in the order of the batches. trains: likewise.
    """

    settings: WorkersSettings
    loads: list[Work]
    trains: list[Work]

    @property
    def total(self) -> float:
        """From the start to the end of the last training, in ms."""
        return self.trains[-1].end

    @property
    def per_second(self) -> float:
        """Batches a second over the whole epoch."""
        return 1000 * len(self.trains) / self.total

    @property
    def waits(self) -> list[Work]:
        """When the training loop waited for a worker; never, where it loads itself."""
        if self.settings.num_workers == 0:
            return []
        ready = [0.0, *(train.end for train in self.trains)]
        gaps = zip(ready, self.trains, strict=False)
        return [Work(train.batch, start, train.start) for start, train in gaps if train.start > start]


def load_times(settings: WorkersSettings) -> list[float]:
    """How long each batch takes to load, in ms: even, or spread uniformly around the mean."""
    generator = Generator().manual_seed(settings.seed)
    spread = 2 * torch.rand(settings.n_batches, generator=generator, dtype=torch.float64) - 1
    return (settings.load_ms * (1 + settings.uneven * spread)).tolist()


@cached
def simulate(settings: WorkersSettings) -> Timeline:
    """The timeline of one epoch."""
    times, n = load_times(settings), settings.n_batches
    if settings.num_workers == 0:
        return _alone(settings, times)
    workers, free = settings.num_workers, [float(settings.start_ms)] * settings.num_workers
    loads: list[Work] = []

    def hand_out(now: float) -> None:
        batch = len(loads)
        if batch < n:
            worker = batch % workers
            start = max(now, free[worker])
            free[worker] = start + times[batch]
            loads.append(Work(batch, start, free[worker], worker))

    for _ in range(workers * settings.prefetch_factor):
        hand_out(0.0)
    trains, now = [], 0.0
    for batch in range(n):
        start = max(now, loads[batch].end)
        hand_out(start)
        now = start + settings.train_ms
        trains.append(Work(batch, start, now))
    return Timeline(settings, loads, trains)


def _alone(settings: WorkersSettings, times: list[float]) -> Timeline:
    """Without workers: load, train, load, train."""
    loads, trains, now = [], [], 0.0
    for batch, time in enumerate(times):
        loads.append(Work(batch, now, now + time))
        trains.append(Work(batch, now + time, now + time + settings.train_ms))
        now = trains[-1].end
    return Timeline(settings, loads, trains)


@cached
def by_workers(settings: WorkersSettings) -> list[float]:
    """Batches a second with 0, 1, 2, ... workers."""
    return [simulate(replace(settings, num_workers=n)).per_second for n in range(MOST_WORKERS + 1)]


def steady_ms(settings: WorkersSettings) -> float:
    """ms a batch in a long epoch: load + train without workers, else the larger of train and load / workers."""
    if settings.num_workers == 0:
        return settings.load_ms + settings.train_ms
    return max(settings.train_ms, settings.load_ms / settings.num_workers)


def speed_up(settings: WorkersSettings) -> float:
    """How many times as fast the epoch is as without workers."""
    speeds = by_workers(settings)
    return speeds[settings.num_workers] / speeds[0]


def waited_later(run: Timeline) -> int:
    """How many batches after the first the training loop had to wait for, by more than rounding."""
    return sum(wait.batch > 0 and wait.end - wait.start > 1e-6 for wait in run.waits)


def enough_workers(settings: WorkersSettings) -> int:
    """The fewest workers of which the fastest number of them is at most 5% faster."""
    speeds = by_workers(settings)
    return next(n for n, speed in enumerate(speeds) if max(speeds) <= 1.05 * speed)
