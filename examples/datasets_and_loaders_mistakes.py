"""Five mistakes with datasets and loaders, each beside the right way.

Run it with:  python datasets_and_loaders_mistakes.py
"""

from copy import deepcopy

import torch
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset

EXTRA = 1  # by how much __len__ is too long
BATCH_SIZE = 4
LARGE = 12  # a batch size beyond the 10 samples
NUM_EPOCHS = 3
NUM_WORKERS = 4


class Samples(Dataset):
    def __init__(self, item, length=10):
        self.item, self.length = item, length

    def __getitem__(self, index):
        return self.item(index)

    def __len__(self):
        return self.length


def count(dataset, batch_size=BATCH_SIZE, **options):
    """How many batches come, and the error that ends the epoch, if one does."""
    batches = 0
    try:
        for _ in DataLoader(dataset, batch_size, **options):
            batches += 1
    except (IndexError, RuntimeError) as error:
        return "{} and {}: {}".format(batches, type(error).__name__, error)
    return batches


def report(name, right, mistake):
    print("{}, right: {}".format(name, right))
    print("{}, mistake: {}".format(name, mistake))


numbers = list(range(10))
report("long", count(Samples(numbers.__getitem__)), count(Samples(numbers.__getitem__, 10 + EXTRA)))

ragged = Samples(lambda i: torch.arange(i + 1))
report("ragged", count(ragged, collate_fn=lambda batch: pad_sequence(batch, batch_first=True)), count(ragged))

images = torch.full((10, 1), 100)  # ten images of one pixel
for _ in range(NUM_EPOCHS):
    right = int(torch.cat(list(DataLoader(Samples(lambda i: images[i] + 10), BATCH_SIZE)))[0])
for _ in range(NUM_EPOCHS):  # += changes the stored image itself
    wrong = int(torch.cat(list(DataLoader(Samples(lambda i: images[i].__iadd__(10)), BATCH_SIZE)))[0])
report("state", right, wrong)

# A worker process begins with a copy of the dataset, its generator included; no process is started here.
copies = [torch.Generator().manual_seed(0) for _ in range(NUM_WORKERS)]
own = [deepcopy(copy).manual_seed(worker) for worker, copy in enumerate(copies)]  # torch.initial_seed() in a worker
draws = [len({torch.rand((), generator=part[i % NUM_WORKERS]).item() for i in range(10)}) for part in (own, copies)]
report("generator", *draws)

report(
    "too_large", count(Samples(numbers.__getitem__), LARGE), count(Samples(numbers.__getitem__), LARGE, drop_last=True)
)
