"""Batches of samples as a `DataLoader` draws them after `torch.manual_seed`, from a generator of their own.

`DataLoader(dataset, shuffle=True)` asks for one sample at a time and stacks them. Here a whole batch is asked for at
once: the same batches, several times faster.
"""

import math
from collections.abc import Iterator

import torch
from torch import Generator, Tensor
from torch.utils.data import DataLoader, Sampler, TensorDataset, random_split


def split_rows(n_samples: int, n_kept_out: int, seed: int) -> tuple[Tensor, Tensor]:
    """Rows to train on and rows that are kept out, drawn by `random_split` with a generator of its own."""
    sizes = [n_samples - n_kept_out, n_kept_out]
    parts = random_split(range(n_samples), sizes, generator=Generator().manual_seed(seed))
    return tuple(torch.tensor(part.indices, dtype=torch.long) for part in parts)


def stratified_rows(y: Tensor, n_kept_out: int, seed: int) -> tuple[Tensor, Tensor]:
    """The same split, but every class has its share in both parts, to within one sample.

    The rows are shuffled and sorted by class; then rows at even distances along this order are kept out.

    Args:
        y: the classes, shape (n,).
    """
    n = len(y)
    order = torch.randperm(n, generator=Generator().manual_seed(seed))
    rows, i = order[y[order].argsort(stable=True)], torch.arange(n)
    kept_out = (i + 1) * n_kept_out // n > i * n_kept_out // n
    return rows[~kept_out], rows[kept_out]


class Batches(Sampler):
    """The row numbers of each batch, shape (batch,), epoch by epoch.

    With `shuffle=True`, torch draws one number from the global generator at the start of each epoch and seeds a
    fresh generator with it (torch.utils.data.RandomSampler). Drawing from a generator of our own gives the same order.
    """

    def __init__(self, n_samples: int, batch_size: int, shuffle: bool, generator: Generator) -> None:
        self.n_samples, self.batch_size, self.shuffle, self.generator = n_samples, batch_size, shuffle, generator
        self.seeds: list[int] = []  # one an epoch if shuffled: enough to draw any epoch's order again

    def __len__(self) -> int:
        return math.ceil(self.n_samples / self.batch_size)

    def __iter__(self) -> Iterator[Tensor]:
        if self.shuffle:
            self.seeds.append(int(torch.empty((), dtype=torch.int64).random_(generator=self.generator).item()))
        yield from epoch_order(self.n_samples, self.seeds[-1] if self.seeds else None).split(self.batch_size)


def epoch_order(n_samples: int, seed: int | None) -> Tensor:
    """The order of one epoch, shape (n_samples,): shuffled by the seed that was drawn for it, or as stored."""
    if seed is None:
        return torch.arange(n_samples)
    return torch.randperm(n_samples, generator=Generator().manual_seed(seed))


def loader(X: Tensor, y: Tensor, batch_size: int, shuffle: bool, generator: Generator) -> DataLoader:
    """A `DataLoader` that consumes `generator` as a plain one consumes the global one; its `sampler` is a `Batches`.

    With `batch_size=None` torch hands each of the sampler's batches to the data set as it is ("loading from a whole
    batch", https://docs.pytorch.org/docs/stable/data.html#disable-automatic-batching).
    """
    rows = Batches(len(X), batch_size, shuffle, generator)
    return DataLoader(TensorDataset(X, y), batch_size=None, sampler=rows, collate_fn=tuple, generator=generator)


def batches(n_samples: int, batch_size: int, generator: Generator) -> Iterator[Tensor]:
    """The row numbers of one batch after the other, epoch after epoch without end.

    Those that `DataLoader(..., batch_size, shuffle=True, generator=generator)` gives. In each epoch it draws a number
    for its workers, the order, and at the end one more order, of which it takes nothing (`RandomSampler`).
    """
    number, rest = torch.empty((), dtype=torch.int64), torch.empty(n_samples - 1, dtype=torch.int32)
    while True:
        number.random_(generator=generator)
        order = torch.randperm(n_samples, generator=generator)
        yield from (order,) if batch_size >= n_samples else order.split(batch_size)
        rest.random_(generator=generator)  # as many draws as `randperm` makes, in a fifth of its time
