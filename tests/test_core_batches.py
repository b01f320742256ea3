"""Batches and splits are those of plain PyTorch after `torch.manual_seed`."""

import pytest
import torch
from torch import Generator
from torch.utils.data import DataLoader, TensorDataset, random_split

from core.batches import batches, epoch_order, loader, split_rows

X = torch.arange(72.0).reshape(36, 2)
Y = torch.arange(36)


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("batch_size", [1, 7, 36, 50])
@pytest.mark.parametrize("seed", [0, 1, 999])
def test_the_batches_are_those_of_a_plain_dataloader_in_every_epoch(seed, batch_size, shuffle):
    ours = loader(X, Y, batch_size, shuffle, Generator().manual_seed(seed))
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        plain = DataLoader(TensorDataset(X, Y), batch_size=batch_size, shuffle=shuffle)
        expected = [batch for _ in range(4) for batch in plain]
    found = [batch for _ in range(4) for batch in ours]
    assert len(ours) == len(plain)
    for batch, plain_batch in zip(found, expected, strict=True):
        assert all(map(torch.equal, batch, plain_batch))
    seeds = ours.sampler.seeds or [None] * 4
    assert torch.equal(torch.cat([y for _, y in found]), torch.cat([epoch_order(36, seed) for seed in seeds]))


@pytest.mark.parametrize(("n", "batch_size"), [(1, 1), (2, 1), (36, 7), (250, 250), (250, 300)])
def test_endless_batches_leave_the_generator_as_a_dataloader_does(n, batch_size):
    generator = Generator().manual_seed(3)
    plain = DataLoader(range(n), batch_size, shuffle=True, generator=generator)
    expected = [batch for _ in range(4) for batch in plain]
    ours = batches(n, batch_size, Generator().manual_seed(3))
    assert all(torch.equal(next(ours), batch) for batch in expected)


@pytest.mark.parametrize("kept_out", [0, 5, 24])
def test_the_split_is_random_split_with_the_seed(kept_out):
    ours = split_rows(49, kept_out, seed=5)
    plain = random_split(range(49), [49 - kept_out, kept_out], generator=Generator().manual_seed(5))
    assert [rows.tolist() for rows in ours] == [list(part) for part in plain]
