"""Mistakes with datasets and loaders, each really made beside the right way, and what came of both."""

from collections.abc import Callable

import torch
from torch import Generator
from torch.utils.data import DataLoader, Dataset

from core.cache import cached
from core.datasets_and_loaders.collate import pad
from core.datasets_and_loaders.settings import MistakesSettings
from core.tried import Tried

N = 10  # samples
BRIGHTER = 10  # what the augmentation adds
BASE_SEED = 0  # of the workers: worker i gets BASE_SEED + i


@cached
def try_mistake(settings: MistakesSettings) -> Tried:
    """Makes the mistake and does it right."""
    return MISTAKES[settings.mistake](settings)


class Samples(Dataset):
    """Gives `item(index)`, and says that it holds so many."""

    def __init__(self, item: Callable[[int], object], length: int = N) -> None:
        self.item, self.length = item, length

    def __getitem__(self, index: int) -> object:
        return self.item(index)

    def __len__(self) -> int:
        return self.length


def numbers(extra: int = 0) -> Samples:
    """The numbers 0 to 9, in a dataset that says that it holds `extra` more."""
    return Samples(list(range(N)).__getitem__, N + extra)


def rows() -> Samples:
    """Row i holds i + 1 numbers."""
    return Samples(lambda index: torch.arange(index + 1))


def brightened(in_place: bool) -> Samples:
    """Images of one pixel each, made brighter when they are asked for; `in_place` changes the stored image itself."""
    images = torch.full((N, 1), 100)
    return Samples(lambda index: images[index].add_(BRIGHTER) if in_place else images[index] + BRIGHTER)


def loader(dataset: Dataset, batch_size: int, **options: object) -> DataLoader:
    """With a generator of its own: without one, every loader draws a number from the global one."""
    return DataLoader(dataset, batch_size, generator=Generator(), **options)


def batches_of(batches: DataLoader) -> tuple[int, str]:
    """How many batches an epoch gives, and the error that ends it, or ""."""
    count = 0
    try:
        for _ in batches:
            count += 1
    except (IndexError, RuntimeError) as error:
        return count, f"{type(error).__name__}: {error}"
    return count, ""


def drawn(num_workers: int, own_seeds: bool) -> list[float]:
    """The random number of each sample, as a loader with workers gives them, simulated without processes.

    Every worker has a copy of the dataset and of its generator, as a new process does, and takes each
    `num_workers`-th sample (batch size 1). With `own_seeds`, its `worker_init_fn` seeds the copy's generator with
    `torch.initial_seed()`, which in worker i is the loader's base seed + i.
    """
    copies = [Generator().manual_seed(0) for _ in range(num_workers)]  # of the dataset's generator
    if own_seeds:
        for worker, copy in enumerate(copies):
            copy.manual_seed(BASE_SEED + worker)
    return [torch.rand((), generator=copies[index % num_workers]).item() for index in range(N)]


def _long(settings: MistakesSettings) -> Tried:
    right, _ = batches_of(loader(numbers(), settings.batch_size))
    wrong, error = batches_of(loader(numbers(settings.extra), settings.batch_size))
    return Tried(settings, "batches that the loop gets", right, wrong, error)


def _ragged(settings: MistakesSettings) -> Tried:
    right, _ = batches_of(loader(rows(), settings.batch_size, collate_fn=pad))
    wrong, error = batches_of(loader(rows(), settings.batch_size))
    return Tried(settings, "batches that the loop gets", right, wrong, error)


def _state(settings: MistakesSettings) -> Tried:
    def last(in_place: bool) -> int:
        batches = loader(brightened(in_place), settings.batch_size)
        for _ in range(settings.num_epochs):
            images = torch.cat(list(batches))
        return int(images[0])

    quantity = f"brightness of image 0 (stored: 100) in epoch {settings.num_epochs}"
    return Tried(settings, quantity, last(False), last(True))


def _generator(settings: MistakesSettings) -> Tried:
    def different(own_seeds: bool) -> int:
        return len(set(drawn(settings.num_workers, own_seeds)))

    return Tried(settings, f"different random numbers for {N} samples", different(True), different(False))


def _too_large(settings: MistakesSettings) -> Tried:
    def count(drop_last: bool) -> int:
        return batches_of(loader(numbers(), settings.large, drop_last=drop_last))[0]

    return Tried(settings, "batches that the loop gets", count(False), count(True))


MISTAKES: dict[str, Callable[[MistakesSettings], Tried]] = {
    "long": _long,
    "ragged": _ragged,
    "state": _state,
    "generator": _generator,
    "too_large": _too_large,
}
