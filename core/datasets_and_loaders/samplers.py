"""Some epochs with the samplers of torch: when each sample came, and how often."""

import math
from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.utils.data import (
    DataLoader,
    RandomSampler,
    Sampler,
    SequentialSampler,
    SubsetRandomSampler,
    TensorDataset,
    WeightedRandomSampler,
)

from core.cache import cached
from core.datasets_and_loaders.settings import SamplersSettings


@dataclass(frozen=True, eq=False)
class Epochs:
    """What a loader gave.

    Attributes:
        labels: shape (samples,), the class of each sample, 0 or 1.
        batches: of every epoch, the indices of each batch. length: what len(loader) says.
    """

    settings: SamplersSettings
    labels: Tensor
    batches: list[list[list[int]]]
    length: int

    @property
    def counts(self) -> Tensor:
        """How often each sample came, shape (epochs, samples)."""
        return torch.stack([torch.bincount(_joined(epoch), minlength=len(self.labels)) for epoch in self.batches])

    @property
    def first(self) -> Tensor:
        """The batch of each epoch in which a sample first came, from 1; 0 if in none. Shape (epochs, samples)."""
        found = torch.zeros(len(self.batches), len(self.labels), dtype=torch.int64)
        for e, epoch in enumerate(self.batches):
            for number in range(len(epoch), 0, -1):
                found[e, epoch[number - 1]] = number
        return found

    @property
    def shares(self) -> Tensor:
        """The share of class 1 in each batch of all epochs, one after the other."""
        return torch.tensor([self.labels[batch].double().mean() for epoch in self.batches for batch in epoch])


def _joined(epoch: list[list[int]]) -> Tensor:
    return torch.tensor([index for batch in epoch for index in batch], dtype=torch.int64)


def labels_of(settings: SamplersSettings) -> Tensor:
    """The classes: the last samples are of class 1."""
    return (torch.arange(settings.n_samples) >= settings.n_samples - settings.n_rare).long()


def weights_of(labels: Tensor) -> Tensor:
    """1 / (samples of its class) for each sample, so that every class weighs 1. Shape (samples,), float64."""
    return 1 / torch.bincount(labels).double()[labels]


def make_sampler(settings: SamplersSettings, generator: Generator) -> Sampler:
    """The sampler of torch.utils.data that the settings name."""
    n, data = settings.n_samples, range(settings.n_samples)
    match settings.sampler:
        case "sequential":
            return SequentialSampler(data)
        case "random":
            return RandomSampler(data, generator=generator)
        case "replacement":
            return RandomSampler(data, replacement=True, num_samples=n, generator=generator)
        case "weighted":
            return WeightedRandomSampler(weights_of(labels_of(settings)).tolist(), n, generator=generator)
        case _:
            return SubsetRandomSampler(data[: settings.n_drawn], generator=generator)


@cached
def run_samplers(settings: SamplersSettings) -> Epochs:
    """All epochs of one real loader."""
    generator, labels = Generator().manual_seed(settings.seed), labels_of(settings)
    loader = DataLoader(
        TensorDataset(torch.arange(settings.n_samples)),
        batch_size=settings.batch_size,
        sampler=make_sampler(settings, generator),
        drop_last=settings.drop_last,
        generator=generator,
    )
    batches = [[indices.tolist() for (indices,) in loader] for _ in range(settings.num_epochs)]
    return Epochs(settings, labels, batches, len(loader))


def number_of_batches(n: int, batch_size: int, drop_last: bool) -> int:
    """n / batch_size, rounded down with drop_last and up without."""
    return n // batch_size if drop_last else math.ceil(n / batch_size)


def seen_share(found: Epochs) -> str:
    """How many samples came in the first epoch: "all", "most" (more than half), "few" or "none"."""
    seen, n = int((found.counts[0] > 0).sum()), len(found.labels)
    return "all" if seen == n else "most" if 2 * seen > n else "few" if seen else "none"


def never(found: Epochs) -> int:
    """How many samples came in no epoch."""
    return int((found.counts.sum(0) == 0).sum())


def always_once(found: Epochs) -> bool:
    """Whether every sample came exactly once in every epoch."""
    return bool((found.counts == 1).all())
