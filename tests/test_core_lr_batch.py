"""Networks side by side are the networks that would have been trained alone."""

from functools import partial

import pytest
import torch
from torch import Generator

from core.lr_batch import LrBatch
from core.nn import MLP, predict
from core.training_loop.loop import make_optimizer
from core.training_loop.settings import OPTIMIZERS

LRS = (1e-4, 1e-2, 0.3)


@pytest.mark.parametrize("error", [1.0, 1e-6], ids=["ordinary gradients", "gradients near eps"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_network_takes_the_steps_of_its_own_optimizer_to_the_last_digits(name, error):
    """In double precision, so that only rounding may differ; in the second case eps counts."""
    generator = Generator().manual_seed(0)
    model = MLP([2, 6, 1], generator).double()
    X = torch.randn(30, 2, generator=generator, dtype=torch.float64)
    y = model(X).detach() + error * torch.randn(30, 1, generator=generator, dtype=torch.float64)
    decay = 0.01 if name == "AdamW" else 0.0
    batch = LrBatch(model.state_dict(), LRS, partial(make_optimizer, name, lr=1.0), decay)
    for _ in range(5):
        batch.step(X, y)
    losses = batch.losses(X, y)
    for i, lr in enumerate(LRS):
        alone = MLP([2, 6, 1], Generator()).double()
        alone.load_state_dict(model.state_dict())
        optimizer = make_optimizer(name, alone.parameters(), lr)
        for _ in range(5):
            optimizer.zero_grad()
            (alone(X) - y).square().mean().backward()
            optimizer.step()
        found = {key: weight[i].detach() for key, weight in batch.weights.items()}
        for key, weight in alone.state_dict().items():
            move = (weight - model.state_dict()[key]).abs().max()
            assert (found[key] - weight).abs().max() <= 1e-12 / error * move + 1e-15, (lr, key)
        torch.testing.assert_close(losses[i], (predict(found, X) - y).square().mean(), rtol=1e-12 / error, atol=0)
