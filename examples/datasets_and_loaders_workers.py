"""A simulation of a loader with workers beside a training loop: how long an epoch takes. No process is started.

Run it with:  python datasets_and_loaders_workers.py
"""

import torch

NUM_WORKERS = 2
PREFETCH_FACTOR = 2
LOAD_MS = 40
TRAIN_MS = 20
N_BATCHES = 12
UNEVEN = 0.0  # how much loading times vary; 1: from 0 to twice the time
START_MS = 0  # what a worker takes to start
SEED = 0

generator = torch.Generator().manual_seed(SEED)
spread = 2 * torch.rand(N_BATCHES, generator=generator, dtype=torch.float64) - 1
times = (LOAD_MS * (1 + UNEVEN * spread)).tolist()


def epoch_ms(workers):
    if workers == 0:  # load, train, load, train
        return sum(times) + N_BATCHES * TRAIN_MS
    free = [float(START_MS)] * workers  # when each worker has nothing more to do
    ready = []  # when each batch is loaded

    def hand_out(now):
        """Gives the next batch to the next worker in turn."""
        batch = len(ready)
        if batch < N_BATCHES:
            worker = batch % workers
            free[worker] = max(now, free[worker]) + times[batch]
            ready.append(free[worker])

    for _ in range(workers * PREFETCH_FACTOR):
        hand_out(0.0)
    now = 0.0
    for batch in range(N_BATCHES):
        now = max(now, ready[batch])  # waits for this batch
        hand_out(now)
        now += TRAIN_MS
    return now


for workers in range(9):
    ms = epoch_ms(workers)
    here = "  <- these settings" if workers == NUM_WORKERS else ""
    print("{} workers: {:.1f} ms, {:.2f} batches a second{}".format(workers, ms, 1000 * N_BATCHES / ms, here))
