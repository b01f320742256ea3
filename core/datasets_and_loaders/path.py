"""One epoch of a real `DataLoader`, recorded: which index, which item, which batch, which tensors."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.utils.data import DataLoader, Dataset, RandomSampler, Sampler, SequentialSampler
from torch.utils.data.dataloader import default_collate

from core.cache import cached
from core.datasets_and_loaders.settings import PathSettings

Item = tuple[tuple[int, int], int]
Collated = tuple[list[Tensor], Tensor]
COURSE_ORDER = [4, 3, 1, 2, 0]  # of the batches that the course prints


class NumberProductDataset(Dataset):
    """The course's dataset: a number n and the next one, and their product: ((n, n + 1), n (n + 1))."""

    def __init__(self, data_range: tuple[int, int] = (1, 10)) -> None:
        self.numbers = list(range(data_range[0], data_range[1]))

    def __getitem__(self, index: int) -> Item:
        number1 = self.numbers[index]
        number2 = self.numbers[index] + 1
        return (number1, number2), number1 * number2

    def __len__(self) -> int:
        return len(self.numbers)


class Watched(Sampler):
    """A sampler that remembers what it has given."""

    def __init__(self, sampler: Sampler) -> None:
        self.sampler, self.given = sampler, []

    def __iter__(self) -> Iterator[int]:
        for index in self.sampler:
            self.given.append(index)
            yield index

    def __len__(self) -> int:
        return len(self.sampler)


@dataclass(frozen=True, eq=False)
class Path:
    """One epoch.

    Attributes:
        order: all indices, as the sampler gave them. batches: those of each batch.
        items: what the dataset holds, by index.
        collated: each batch as the loop gets it: [first numbers, second numbers], products; int64, shape (batch,).
        length: what len(loader) says.
    """

    settings: PathSettings
    order: list[int]
    batches: list[list[int]]
    items: list[Item]
    collated: list[Collated]
    length: int

    @property
    def left_out(self) -> list[int]:
        """The indices that drop_last leaves out."""
        return self.order[sum(map(len, self.batches)) :]


@dataclass(frozen=True)
class Moment:
    """A step: what happens ("dataset", "sampler", "batch", "item" or "collate"), in which batch, and at which place."""

    kind: str
    batch: int = -1
    place: int = -1


@cached
def run_path(settings: PathSettings) -> Path:
    """One epoch of `DataLoader(dataset, batch_size, shuffle, drop_last=..., generator=...)`.

    The sampler that `shuffle` stands for is handed over explicitly, so that it can be watched.
    """
    dataset = NumberProductDataset(settings.data_range)
    generator = Generator().manual_seed(settings.seed)
    sampler = Watched(RandomSampler(dataset, generator=generator) if settings.shuffle else SequentialSampler(dataset))
    batches: list[list[int]] = []

    def collate(items: list[Item]) -> Collated:
        batches.append([first - settings.low for (first, _), _ in items])
        return default_collate(items)

    options = {"batch_size": settings.batch_size, "drop_last": settings.drop_last, "generator": generator}
    loader = DataLoader(dataset, sampler=sampler, collate_fn=collate, **options)
    collated = list(loader)
    items = [dataset[index] for index in range(len(dataset))]
    return Path(settings, sampler.given, batches, items, collated, len(loader))


def moments(path: Path) -> list[Moment]:
    """Every step of the epoch: the dataset, the order; then of each batch its indices, its items, its tensors."""
    found, place = [Moment("dataset"), Moment("sampler")], 0
    for batch, indices in enumerate(path.batches):
        found.append(Moment("batch", batch))
        found += [Moment("item", batch, place + i) for i in range(len(indices))]
        found.append(Moment("collate", batch))
        place += len(indices)
    return found


def stacks_fields(path: Path) -> bool:
    """Whether each tensor holds one field of all items, as default collate makes it."""
    for indices, (pairs, products) in zip(path.batches, path.collated, strict=True):
        items = [path.items[index] for index in indices]
        rows = [[*pair, product] for pair, product in items]
        if torch.tensor(rows).T.tolist() != [tensor.tolist() for tensor in (*pairs, products)]:
            return False
    return bool(path.batches)
