"""The samples, and how batches of them are drawn.

The course's `DataLoader` asks the data set for one sample at a time and stacks them. Here it asks for a whole batch at
once: the same batches, several times faster.
"""

from collections.abc import Iterator

import torch
from torch import Generator, Tensor
from torch.utils.data import DataLoader, Sampler, TensorDataset, random_split

from core.cache import cached
from core.training_loop.settings import LoopSettings, n_train, updates_in_one_pass


@cached
def number_sums(data_range: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """The course's data set: every ordered pair of the numbers in a range, with its sum.

    Returns:
        X: shape (n, 2); y: shape (n, 1), both float32.
    """
    numbers = torch.arange(*data_range, dtype=torch.float32)
    pairs = torch.cartesian_prod(numbers, numbers)
    return pairs, pairs.sum(dim=1, keepdim=True)


def split(n_samples: int, settings: LoopSettings) -> tuple[Tensor, Tensor]:
    """Rows to train on and rows that are kept out, drawn by `random_split` with a generator of its own."""
    size = n_train(settings, n_samples)
    generator = Generator().manual_seed(settings.seed)
    parts = random_split(range(n_samples), [size, n_samples - size], generator=generator)
    return tuple(torch.tensor(part.indices, dtype=torch.long) for part in parts)


class CourseBatches(Sampler):
    """The batches that the course's `DataLoader` draws after `torch.manual_seed`, without the global generator.

    With `shuffle=True`, torch draws one number from the global generator at the start of each epoch and seeds a
    fresh generator with it (torch.utils.data.RandomSampler). Drawing from a generator of our own gives the same order.
    Each batch is a tensor of row numbers, shape (batch,).
    """

    def __init__(self, n_samples: int, settings: LoopSettings, generator: Generator) -> None:
        self.n_samples = n_samples
        self.settings = settings
        self.generator = generator
        self.seeds: list[int] = []  # one an epoch if shuffled: enough to draw any epoch's order again

    def __len__(self) -> int:
        return updates_in_one_pass(self.n_samples, self.settings.batch_size)

    def __iter__(self) -> Iterator[Tensor]:
        if self.settings.shuffle:
            self.seeds.append(int(torch.empty((), dtype=torch.int64).random_(generator=self.generator).item()))
        yield from epoch_order(self.n_samples, self.seeds[-1] if self.seeds else None).split(self.settings.batch_size)


def epoch_order(n_samples: int, seed: int | None) -> Tensor:
    """The order of one epoch, shape (n_samples,): shuffled by the seed that was drawn for it, or as stored."""
    if seed is None:
        return torch.arange(n_samples)
    return torch.randperm(n_samples, generator=Generator().manual_seed(seed))


def loader(X: Tensor, y: Tensor, settings: LoopSettings, generator: Generator) -> DataLoader:
    """A `DataLoader` that consumes `generator` as the course's consumes the global one.

    With `batch_size=None` torch hands each of the sampler's batches to the data set as it is ("loading from a whole
    batch", https://docs.pytorch.org/docs/stable/data.html#disable-automatic-batching).
    """
    batches = CourseBatches(len(X), settings, generator)
    return DataLoader(TensorDataset(X, y), batch_size=None, sampler=batches, collate_fn=tuple, generator=generator)
