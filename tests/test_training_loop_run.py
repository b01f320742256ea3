"""Samples, batches, first weights, losses: bit for bit what plain PyTorch gives after `torch.manual_seed`."""

from dataclasses import replace

import pytest
import torch
import torch.nn as nn
from torch import Generator
from torch.utils.data import DataLoader, Dataset, random_split

from core.datasets import make_number_sums
from core.nn import MLP, predict
from core.training_loop.addition import answer
from core.training_loop.loop import make_optimizer
from core.training_loop.settings import LOOPS, OPTIMIZERS, LoopSettings, TrainingLoopSettings
from core.training_loop.train import Training, number_sum_training, train

SMALL = TrainingLoopSettings(data_low=1, data_high=9, batch_size=10, num_epochs=3, hidden=7, seed=3)
PLAIN_OPTIMIZERS = {
    "Adam": lambda weights, lr: torch.optim.Adam(weights, lr=lr),
    "AdamW": lambda weights, lr: torch.optim.AdamW(weights, lr=lr),
    "RMSprop": lambda weights, lr: torch.optim.RMSprop(weights, lr=lr),
    "Adagrad": lambda weights, lr: torch.optim.Adagrad(weights, lr=lr),
    "SGD": lambda weights, lr: torch.optim.SGD(weights, lr=lr),
    "SGD_momentum": lambda weights, lr: torch.optim.SGD(weights, lr=lr, momentum=0.9),
}


class CourseDataset(Dataset):
    """The data set of the course notes, one sample at a time."""

    def __init__(self, data_range):
        self.numbers = list(range(*data_range))

    def __getitem__(self, index):
        a, b = (float(self.numbers[i]) for i in divmod(index, len(self.numbers)))
        return torch.tensor([a, b]), torch.tensor([a + b])

    def __len__(self):
        return len(self.numbers) ** 2


class CourseMLP(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.hidden_layer = nn.Linear(2, hidden)
        self.output_layer = nn.Linear(hidden, 1)

    def forward(self, x):
        return self.output_layer(torch.relu(self.hidden_layer(x)))


def plain_run(s):
    """The loop as somebody writes it by hand: batch losses, validation losses, last weights."""
    losses, validation_losses = [], []
    with torch.random.fork_rng():
        torch.manual_seed(s.seed)
        samples = CourseDataset(s.data_range)
        kept_out = round(s.validation * len(samples))
        sizes = [len(samples) - kept_out, kept_out]
        training, validation = random_split(samples, sizes, generator=Generator().manual_seed(s.seed))
        batches = DataLoader(training if kept_out else samples, batch_size=s.batch_size, shuffle=s.shuffle)
        model = CourseMLP(s.hidden)
        optimizer = PLAIN_OPTIMIZERS[s.optimizer](model.parameters(), s.lr)
        for _ in range(s.num_epochs):
            for pairs, sums in batches:
                loss = nn.functional.mse_loss(model(pairs), sums)
                if s.loop == "step_before_backward":
                    optimizer.step()
                loss.backward()
                if s.loop in ("course", "no_zero_grad"):
                    optimizer.step()
                if s.loop != "no_zero_grad":
                    optimizer.zero_grad()
                losses.append(loss.item())
            if kept_out:
                pairs, sums = map(torch.stack, zip(*validation, strict=True))
                with torch.no_grad():
                    validation_losses.append(nn.functional.mse_loss(model(pairs), sums).item())
    return losses, validation_losses, model.state_dict()


def assert_same_weights(found, expected):
    assert found.keys() == expected.keys()
    assert all(torch.equal(found[name], expected[name]) for name in expected)


def test_the_first_samples_are_those_of_the_course():
    X, y = make_number_sums((1, 100))
    assert (X[:5].tolist(), y[:5].tolist()) == ([[1, 1], [1, 2], [1, 3], [1, 4], [1, 5]], [[2], [3], [4], [5], [6]])
    assert len(X) == 99**2


@pytest.mark.parametrize("data_range", [(0, 5), (-3, 2), (7, 9)])
def test_the_data_set_holds_the_samples_of_the_course_one_by_one(data_range):
    (X, y), course = make_number_sums(data_range), CourseDataset(data_range)
    assert len(X) == len(y) == len(course)
    for i in range(len(course)):
        assert all(torch.equal(a, b) and a.dtype == b.dtype for a, b in zip((X[i], y[i]), course[i], strict=True))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_option_is_the_torch_class_it_names(name):
    model = MLP([2, 3, 1], Generator())
    ours, plain = make_optimizer(name, model.parameters(), 0.25), PLAIN_OPTIMIZERS[name](model.parameters(), 0.25)
    assert type(ours) is type(plain)
    assert ours.defaults == plain.defaults


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loop", LOOPS)
def test_losses_and_weights_are_those_of_a_hand_written_loop(loop, optimizer):
    settings = replace(SMALL, loop=loop, optimizer=optimizer)
    run, (losses, _, weights) = train(settings), plain_run(settings)
    assert run.batch_losses.tolist() == losses
    assert_same_weights(run.weights, weights)


@pytest.mark.parametrize(
    "changes",
    [{"shuffle": False}, {"validation": 0.3}, {"shuffle": False, "validation": 0.5}, {"batch_size": 1, "lr": 0.1}]
    + [{"batch_size": 25_000, "seed": 999}, {"data_low": -9, "hidden": 1}],
    ids=str,
)
def test_other_settings_give_the_hand_written_losses_too(changes):
    settings = replace(SMALL, **changes)
    run, (losses, validation_losses, weights) = train(settings), plain_run(settings)
    assert run.batch_losses.tolist() == losses
    assert list(run.validation_losses) == validation_losses
    assert_same_weights(run.weights, weights)


@pytest.mark.parametrize("loop", ["no_step", "step_before_backward"])
def test_a_loop_whose_step_sees_no_gradient_moves_no_weight(loop):
    settings = replace(SMALL, loop=loop, shuffle=False)
    run = train(settings)
    untrained = MLP([2, SMALL.hidden, 1], Generator().manual_seed(SMALL.seed)).state_dict()
    assert_same_weights(run.weights, untrained)
    assert torch.equal(*run.batch_losses.reshape(3, -1)[:2])  # the same in every epoch
    errors = predict(untrained, run.X[:10]) - run.y[:10]
    assert run.batch_losses[0].item() == pytest.approx(errors.square().mean().item())


def test_one_sgd_update_on_one_sample_is_the_hand_derived_one():
    x, t, lr = torch.tensor([2.0, 5.0]), 7.0, 0.01
    settings = LoopSettings(optimizer="SGD", lr=lr, batch_size=1, shuffle=False, num_epochs=1, hidden=6)
    training = Training(settings, torch.stack([x, -x]), torch.tensor([[t], [-t]]))
    training.step(0)
    w = training.result().weights
    hidden_sums = w["hidden_layer.weight"] @ x + w["hidden_layer.bias"]
    hidden, on = hidden_sums.clamp(min=0), (hidden_sums > 0).float()
    d = 2 * (w["output_layer.weight"][0] @ hidden + w["output_layer.bias"] - t)  # derivative of (y - t)^2 by y
    back = d * w["output_layer.weight"][0] * on
    assert 0 < on.sum() < 6  # some units are on, some off
    gradients = {
        "hidden_layer.weight": back[:, None] * x,
        "hidden_layer.bias": back,
        "output_layer.weight": (d * hidden)[None],
        "output_layer.bias": d,
    }
    training.step()
    for name, after in training.result().weights.items():
        torch.testing.assert_close(after, w[name] - lr * gradients[name])


@pytest.mark.parametrize(("seed", "seven"), [(0, 9.99), (1, 10.27)])
def test_the_course_run_has_the_known_sums_and_nearly_knows_three_plus_seven(seed, seven):
    run = train(TrainingLoopSettings(seed=seed))
    assert run.epoch_sums[0] == pytest.approx(243_000, rel=0.01)
    assert 1 < run.epoch_sums[9] < 3
    assert answer(run.weights, 3, 7) == pytest.approx(seven, abs=0.005)
    if seed == 0:
        assert run.epoch_sums[0] == pytest.approx(243_061.9, rel=1e-6)  # processors differ in the digits after that


def test_the_printed_lines_are_the_epoch_sums_to_five_digits():
    run = train(SMALL)
    sums = [sum(epoch) for epoch in run.batch_losses.reshape(3, -1).tolist()]
    assert run.lines() == [f"Epoch {i}: Sum of Batch Losses = {total:.5f}" for i, total in enumerate(sums)]


def test_training_and_validation_samples_share_nothing_and_miss_nothing():
    run = train(replace(SMALL, validation=0.3))
    parts = [set(map(tuple, part.tolist())) for part in (run.X, run.X_validation)]
    assert (len(parts[0]), len(parts[1])) == (64 - 19, 19)
    assert parts[0] | parts[1] == {(a, b) for a in range(1, 9) for b in range(1, 9)}
    for X, y in ((run.X, run.y), (run.X_validation, run.y_validation)):
        assert torch.equal(X.sum(1), y[:, 0])


def test_divergence_is_named_with_its_first_update():
    training = number_sum_training(TrainingLoopSettings(optimizer="SGD_momentum", lr=0.005, num_epochs=1))
    training.step(100)
    run = training.result()
    finite = torch.isfinite(run.batch_losses).tolist()
    assert run.diverged_at == finite.index(False) + 1
    assert run.lines() == ["Epoch 0: Sum of Batch Losses = nan"]
    assert train(SMALL).diverged_at is None


def test_a_run_that_is_too_long_is_refused_before_it_begins():
    with pytest.raises(ValueError, match="30,000 updates; allowed: at most 10,000"):
        Training(LoopSettings(batch_size=1), torch.zeros(3000, 2), torch.zeros(3000, 1))
