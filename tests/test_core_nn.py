"""The network is plain torch's, and its flat form is the network, bit for bit."""

from copy import deepcopy
from itertools import pairwise

import hypothesis
import hypothesis.strategies as st
import pytest
import torch
import torch.nn as nn
from torch import Generator

from core.nn import MLP, FlatMLP, copied, layer_names, predict

SIZES = [[2, 128, 1], [1, 1, 1], [4, 16, 3], [2, 8, 8, 8, 1], [3, 2]]
OPTIMIZERS = {
    "Adam": torch.optim.Adam,
    "AdamW": torch.optim.AdamW,
    "RMSprop": torch.optim.RMSprop,
    "Adagrad": torch.optim.Adagrad,
    "SGD": torch.optim.SGD,
    "momentum": lambda weights, lr: torch.optim.SGD(weights, lr=lr, momentum=0.9),
}


def assert_same(found, expected):
    """Equal bit for bit, whatever dictionaries the tensors stand in."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for name in expected:
            assert_same(found[name], expected[name])
    else:
        assert torch.equal(found, expected)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_the_first_weights_are_those_of_plain_linear_layers(sizes):
    with torch.random.fork_rng():
        torch.manual_seed(11)
        names = layer_names(len(sizes) - 1)
        layers = {name: nn.Linear(*size) for name, size in zip(names, pairwise(sizes), strict=True)}
    assert_same(MLP(sizes, Generator().manual_seed(11)).state_dict(), nn.ModuleDict(layers).state_dict())


@hypothesis.settings(deadline=None, derandomize=True, max_examples=30)
@hypothesis.given(st.integers(0, 999), st.lists(st.integers(1, 30), min_size=2, max_size=5), st.integers(1, 100))
def test_predict_is_the_forward_pass_bit_for_bit(seed, sizes, n):
    generator = Generator().manual_seed(seed)
    model = MLP(sizes, generator)
    X = 100 * torch.randn(n, sizes[0], generator=generator)
    assert torch.equal(predict(model.state_dict(), X), model(X).detach())
    assert torch.equal(FlatMLP(model, classes=False).forward(X), model(X).detach())


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("classes", [False, True])
@pytest.mark.parametrize("sizes", [[2, 7, 3], [2, 8, 8, 8, 3], [2, 3]], ids=str)
def test_a_flat_network_trains_as_the_network_does_under_autograd(sizes, classes, optimizer):
    generator = Generator().manual_seed(3)
    X = torch.randn(50, 2, generator=generator)
    y = torch.arange(50) % 3 if classes else torch.randn(50, 3, generator=generator)
    model, loss_function = MLP(sizes, generator), nn.CrossEntropyLoss() if classes else nn.MSELoss()
    flat = FlatMLP(model, classes)
    plain, fast = OPTIMIZERS[optimizer](model.parameters(), lr=0.01), OPTIMIZERS[optimizer]([flat.vector], lr=0.01)
    for update in range(20):
        loss, flat_loss = loss_function(model(X), y), flat.loss(flat.forward(X), y)
        assert flat_loss.item() == loss.item()
        loss.backward()
        flat.backward(flat_loss)
        assert_same(flat.gradients, {name: w.grad for name, w in model.named_parameters()})
        for one in (plain, fast):
            one.step()
            if update % 3:  # two gradients in three add up to the next
                one.zero_grad()
    assert_same(flat.weights, model.state_dict())
    states = {i: {k: v for k, v in s.items() if v is not None} for i, s in plain.state_dict()["state"].items()}
    found = flat.named_state(fast)
    assert_same(found, states if any(states.values()) else {})
    again = deepcopy(fast)
    again.load_state_dict({"state": flat.joined_state(found), "param_groups": fast.state_dict()["param_groups"]})
    assert_same(flat.named_state(again), found)


def test_parts_and_whole_are_the_same_numbers_and_copies_are_not_the_same_memory():
    flat = FlatMLP(MLP([2, 5, 1], Generator().manual_seed(0)), classes=False)
    assert torch.equal(flat.joined(flat.weights), flat.vector)
    copy = copied(flat.weights)
    with torch.no_grad():
        flat.vector.zero_()
    assert all(not w.any() for w in flat.weights.values()) and all(w.any() for w in copy.values())
