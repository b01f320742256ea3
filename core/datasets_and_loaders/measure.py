"""How many samples a second this server gets out of a loader, and by indexing a tensor."""

import time
from collections.abc import Callable

import torch
from torch import Generator
from torch.utils.data import DataLoader, TensorDataset

from core.batches import loader

N, FEATURES, BATCH_SIZE = 4_000, 64, 32
ENOUGH = 0.15  # seconds of measuring for each way


def ways() -> dict[str, Callable[[], object]]:
    """Way -> one epoch over the same 4,000 samples of 64 numbers, in batches of 32."""
    generator = Generator().manual_seed(0)
    X, y = torch.rand(N, FEATURES, generator=generator), torch.zeros(N, dtype=torch.int64)
    plain = DataLoader(TensorDataset(X, y), BATCH_SIZE, shuffle=True, generator=generator)
    whole = loader(X, y, BATCH_SIZE, True, generator)

    def indexed() -> list:
        order = torch.randperm(N, generator=generator)
        return [(X[rows], y[rows]) for rows in order.split(BATCH_SIZE)]

    return {
        "DataLoader, one sample at a time": lambda: list(plain),
        "DataLoader, whole batches (batch_size=None)": lambda: list(whole),
        "indexing the tensor: X[rows]": indexed,
    }


def measure() -> dict[str, float]:
    """Samples a second of each way, by the clock on the wall; the best of some epochs."""
    found = {}
    for way, epoch in ways().items():
        best, until = 0.0, time.perf_counter() + ENOUGH
        while True:
            started = time.perf_counter()
            epoch()
            best = max(best, N / (time.perf_counter() - started))
            if time.perf_counter() > until:
                break
        found[way] = best
    return found
