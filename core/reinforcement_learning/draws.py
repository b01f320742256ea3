"""Random numbers of a run: six for each move, so that a run alone and among many draws the same."""

from collections.abc import Iterator

import torch
from torch import Generator, Tensor

BLOCK = 1_000  # moves that are drawn for at once
EXPLORES, SLIPS, KEYS = 0, 1, 2  # places among the six: whether it explores, where it slips, then a key for each move


def draws(generator: Generator) -> Tensor:
    """For the next `BLOCK` moves: shape (BLOCK, 6), uniform from 0 to 1, float64."""
    return torch.rand(BLOCK, 6, generator=generator, dtype=torch.float64)


def stream(seed: int) -> Iterator[list[float]]:
    """The draws of one run, move by move."""
    generator = torch.Generator().manual_seed(seed)
    while True:
        yield from draws(generator).tolist()


class Streams:
    """The draws of many runs at once."""

    def __init__(self, seeds: list[int]) -> None:
        self.generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        self.used, self.block = BLOCK, torch.empty(0)

    def __next__(self) -> Tensor:
        """Of one move of every run, shape (runs, 6)."""
        if self.used == BLOCK:
            self.block = torch.stack([draws(generator) for generator in self.generators], dim=1)
            self.used = 0
        self.used += 1
        return self.block[self.used - 1]


def turns(u: Tensor, slip: float) -> Tensor:
    """`turn_of` for many draws."""
    return torch.where(u < 1 - slip, 0, torch.where(u < 1 - slip / 2, -1, 1))


def turn_of(u: float, slip: float) -> int:
    """Where a slip takes the move in the circle of directions: 0, −1 or 1."""
    return 0 if u < 1 - slip else -1 if u < 1 - slip / 2 else 1
