"""The simulated timeline of a loader with workers, against real worker processes.

Baseline: the simulation of `core`. Contestant: a real `DataLoader` whose dataset sleeps while it loads a batch, and a
loop that sleeps while it trains; sleeping takes no core, so the cores of the machine do not matter. The clock starts
with the first batch, since processes take time to start. Goal: no epoch is off by more than a fifth.
"""

import time
import warnings

import torch
from torch.utils.data import DataLoader, Dataset

from benchmarks.report import goal, table, times
from core.datasets_and_loaders.settings import WorkersSettings
from core.datasets_and_loaders.workers import simulate

OFF = 0.2  # share of the simulated time
CASES = [WorkersSettings(num_workers=n, load_ms=60, train_ms=30, n_batches=20) for n in (0, 1, 2, 4)]
CASES.append(WorkersSettings(num_workers=2, load_ms=20, train_ms=60, n_batches=20))


class Sleeping(Dataset):
    """A batch a sample: loading it is sleeping."""

    def __init__(self, settings: WorkersSettings) -> None:
        self.settings = settings

    def __getitem__(self, index: int) -> int:
        time.sleep(self.settings.load_ms / 1000)
        return index

    def __len__(self) -> int:
        return self.settings.n_batches


def real_ms(settings: WorkersSettings) -> float:
    """From the first batch to the end of the epoch."""
    options = {"prefetch_factor": settings.prefetch_factor} if settings.num_workers else {}
    generator = torch.Generator().manual_seed(0)
    loader = DataLoader(
        Sleeping(settings), batch_size=None, num_workers=settings.num_workers, generator=generator, **options
    )
    started = None
    for _ in loader:
        started = started or time.perf_counter()
        time.sleep(settings.train_ms / 1000)
    return 1000 * (time.perf_counter() - started)


def main() -> bool:
    warnings.filterwarnings("ignore", message="This DataLoader will create")  # more workers than cores: they sleep
    rows, worst = [], 0.0
    for settings in CASES:
        run = simulate(settings)
        simulated, real = run.total - run.trains[0].start, real_ms(settings)
        worst = max(worst, abs(real / simulated - 1))
        name = f"{settings.num_workers} workers, load {settings.load_ms} ms, train {settings.train_ms} ms"
        rows.append((name, f"{simulated:,.0f} ms", f"{real:,.0f} ms", times(real / simulated)))
    table("An epoch of 20 batches", ("", "simulated (baseline)", "real processes", "real / simulated"), rows)
    return goal(f"no epoch is off by more than {OFF:.0%}", worst <= OFF)
