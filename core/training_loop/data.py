"""The samples, and how batches of them are drawn.

The course's `DataLoader` asks the data set for one sample at a time and stacks them. The same `DataLoader`
takes a whole batch at once from a data set that has `__getitems__`; that is the only difference here, and
the reason why the page is several times faster than the loop in the notes, with the same numbers.
"""

from collections.abc import Iterator

import torch
from torch import Generator, Tensor
from torch.utils.data import DataLoader, Dataset, Sampler, SequentialSampler, Subset, random_split

from core.training_loop.settings import LoopSettings, n_train


class Samples(Dataset):
    """Feature rows with their targets, held as two tensors.

    Args:
        features: shape (n, inputs).
        targets: shape (n, 1) for regression, (n,) of class numbers for classification.
    """

    def __init__(self, features: Tensor, targets: Tensor) -> None:
        self.features = features
        self.targets = targets

    def __len__(self) -> int:
        return len(self.features)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.features[index], self.targets[index]

    def __getitems__(self, indices: list[int]) -> tuple[Tensor, Tensor]:
        rows = torch.tensor(indices, dtype=torch.long)
        return self.features[rows], self.targets[rows]


class NumberSumDataset(Samples):
    """The course's data set: every ordered pair of the numbers in a range, with its sum.

    >>> NumberSumDataset(data_range=(1, 100))[2]
    (tensor([1., 3.]), tensor([4.]))
    """

    def __init__(self, data_range: tuple[int, int] = (1, 10)) -> None:
        numbers = torch.arange(*data_range, dtype=torch.float32)
        pairs = torch.cartesian_prod(numbers, numbers)
        super().__init__(pairs, pairs.sum(dim=1, keepdim=True))


class CourseShuffle(Sampler):
    """The order that `DataLoader(shuffle=True)` gives after `torch.manual_seed`, without the global generator.

    torch draws one number from the global generator at the start of each epoch and seeds a fresh generator
    with it; drawing from a generator of our own gives the same order (torch.utils.data.RandomSampler).
    """

    def __init__(self, n_samples: int, generator: Generator) -> None:
        self.n_samples = n_samples
        self.generator = generator
        self.seeds: list[int] = []  # one an epoch: enough to draw any epoch's order again

    def __len__(self) -> int:
        return self.n_samples

    def __iter__(self) -> Iterator[int]:
        self.seeds.append(int(torch.empty((), dtype=torch.int64).random_(generator=self.generator).item()))
        yield from shuffled_order(self.n_samples, self.seeds[-1])


def shuffled_order(n_samples: int, seed: int) -> list[int]:
    """The order of one epoch, from the seed that was drawn for it."""
    return torch.randperm(n_samples, generator=Generator().manual_seed(seed)).tolist()


def split(samples: Samples, settings: LoopSettings) -> tuple[Subset, Subset]:
    """Training and validation set, drawn by `random_split` with a generator of its own."""
    size = n_train(settings, len(samples))
    generator = Generator().manual_seed(settings.seed)
    train, validation = random_split(samples, [size, len(samples) - size], generator=generator)
    return train, validation


def take(subset: Subset) -> Samples:
    """The samples of a subset, copied into tensors of their own."""
    return Samples(*subset.__getitems__(list(range(len(subset)))))


def _as_it_comes(batch: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    return batch


def loader(samples: Samples, settings: LoopSettings, generator: Generator) -> DataLoader:
    """A `DataLoader` that consumes `generator` as the course's consumes the global one."""
    order = CourseShuffle(len(samples), generator) if settings.shuffle else SequentialSampler(samples)
    return DataLoader(
        samples, batch_size=settings.batch_size, sampler=order, collate_fn=_as_it_comes, generator=generator
    )
