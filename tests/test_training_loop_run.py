"""Samples, batches, first weights, losses: bit for bit what plain PyTorch gives after `torch.manual_seed`."""

from dataclasses import replace

import hypothesis
import hypothesis.strategies as st
import pytest
import torch
import torch.nn as nn
from torch import Generator
from torch.utils.data import DataLoader, Dataset, random_split

from core.training_loop.addition import answer
from core.training_loop.data import NumberSumDataset, Samples, loader, split
from core.training_loop.model import MLP, make_optimizer, predict
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
    samples = NumberSumDataset(data_range=(1, 100))
    first = [(pair.tolist(), total.tolist()) for pair, total in (samples[i] for i in range(5))]
    assert first == [([1, 1], [2]), ([1, 2], [3]), ([1, 3], [4]), ([1, 4], [5]), ([1, 5], [6])]
    assert len(samples) == 99**2


@pytest.mark.parametrize("data_range", [(0, 5), (-3, 2), (7, 9)])
def test_the_data_set_holds_the_samples_of_the_course_one_by_one(data_range):
    ours, course = NumberSumDataset(data_range), CourseDataset(data_range)
    assert len(ours) == len(course)
    for i in range(len(course)):
        assert all(torch.equal(a, b) and a.dtype == b.dtype for a, b in zip(ours[i], course[i], strict=True))


def test_a_batch_taken_at_once_is_its_samples_one_by_one():
    samples, rows = NumberSumDataset((0, 5)), [3, 0, 24, 3]
    features, targets = samples[torch.tensor(rows)]
    assert torch.equal(features, torch.stack([samples[i][0] for i in rows]))
    assert torch.equal(targets, torch.stack([samples[i][1] for i in rows]))


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("batch_size", [1, 7, 36, 50])
@pytest.mark.parametrize("seed", [0, 1, 999])
def test_the_batches_are_those_of_a_plain_dataloader_in_every_epoch(seed, batch_size, shuffle):
    settings = LoopSettings(batch_size=batch_size, shuffle=shuffle)
    ours = loader(NumberSumDataset((0, 6)), settings, Generator().manual_seed(seed))
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        plain = DataLoader(CourseDataset((0, 6)), batch_size=batch_size, shuffle=shuffle)
        expected = [batch for _ in range(4) for batch in plain]
    found = [batch for _ in range(4) for batch in ours]
    assert len(ours) == len(plain)
    for batch, plain_batch in zip(found, expected, strict=True):
        assert all(map(torch.equal, batch, plain_batch))


@pytest.mark.parametrize("validation", [0.0, 0.1, 0.5])
def test_the_split_is_random_split_with_the_seed(validation):
    samples = NumberSumDataset((0, 7))
    ours = split(samples, LoopSettings(validation=validation, seed=5))
    kept_out = round(validation * 49)
    plain = random_split(range(49), [49 - kept_out, kept_out], generator=Generator().manual_seed(5))
    assert [list(part.indices) for part in ours] == [list(part) for part in plain]


@pytest.mark.parametrize(("inputs", "hidden", "outputs"), [(2, 128, 1), (1, 1, 1), (4, 16, 3)])
def test_the_first_weights_are_those_of_plain_linear_layers(inputs, hidden, outputs):
    with torch.random.fork_rng():
        torch.manual_seed(11)
        layers = {"hidden_layer": nn.Linear(inputs, hidden), "output_layer": nn.Linear(hidden, outputs)}
    plain = nn.ModuleDict(layers).state_dict()
    assert_same_weights(MLP(inputs, hidden, outputs, Generator().manual_seed(11)).state_dict(), plain)


@hypothesis.settings(deadline=None, derandomize=True, max_examples=30)
@hypothesis.given(st.integers(0, 999), st.integers(1, 30), st.integers(1, 100))
def test_predict_is_the_forward_pass_bit_for_bit(seed, hidden, n):
    generator = Generator().manual_seed(seed)
    model = MLP(2, hidden, 1, generator)
    features = 100 * torch.randn(n, 2, generator=generator)
    assert torch.equal(predict(model.state_dict(), features), model(features).detach())


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_option_is_the_torch_class_it_names(name):
    model = MLP(2, 3, 1, Generator())
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
    untrained = MLP(2, SMALL.hidden, 1, Generator().manual_seed(SMALL.seed)).state_dict()
    assert_same_weights(run.weights, untrained)
    assert torch.equal(*run.batch_losses.reshape(3, -1)[:2])  # the same in every epoch
    errors = predict(untrained, run.samples.features[:10]) - run.samples.targets[:10]
    assert run.batch_losses[0].item() == pytest.approx(errors.square().mean().item())


def test_one_sgd_update_on_one_sample_is_the_hand_derived_one():
    x, t, lr = torch.tensor([2.0, 5.0]), 7.0, 0.01
    settings = LoopSettings(optimizer="SGD", lr=lr, batch_size=1, shuffle=False, num_epochs=1, hidden=6)
    training = Training(settings, Samples(torch.stack([x, -x]), torch.tensor([[t], [-t]])))
    w = training.run().weights
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
    training.advance(1)
    for name, after in training.run().weights.items():
        torch.testing.assert_close(after, w[name] - lr * gradients[name])


@pytest.mark.parametrize(("seed", "seven"), [(0, 9.99), (1, 10.27)])
def test_the_course_run_has_the_known_sums_and_nearly_knows_three_plus_seven(seed, seven):
    run = train(TrainingLoopSettings(seed=seed))
    assert run.epoch_sums[0] == pytest.approx(243_000, rel=0.01)
    assert 1 < run.epoch_sums[9] < 3
    assert answer(run.weights, 3, 7) == pytest.approx(seven, abs=0.005)
    if seed == 0:
        assert run.lines()[0] == "Epoch 0: Sum of Batch Losses = 243061.89813"


def test_the_printed_lines_are_the_epoch_sums_to_five_digits():
    run = train(SMALL)
    sums = [sum(epoch) for epoch in run.batch_losses.reshape(3, -1).tolist()]
    assert run.lines() == [f"Epoch {i}: Sum of Batch Losses = {total:.5f}" for i, total in enumerate(sums)]


def test_training_and_validation_samples_share_nothing_and_miss_nothing():
    run = train(replace(SMALL, validation=0.3))
    parts = [set(map(tuple, part.features.tolist())) for part in (run.samples, run.validation)]
    assert (len(parts[0]), len(parts[1])) == (64 - 19, 19)
    assert parts[0] | parts[1] == {(a, b) for a in range(1, 9) for b in range(1, 9)}
    assert all(torch.equal(part.features.sum(1), part.targets[:, 0]) for part in (run.samples, run.validation))


def test_divergence_is_named_with_its_first_update():
    training = number_sum_training(TrainingLoopSettings(optimizer="SGD_momentum", lr=0.005, num_epochs=1))
    training.advance(100)
    run = training.run()
    finite = torch.isfinite(run.batch_losses).tolist()
    assert run.diverged_at == finite.index(False) + 1
    assert run.lines() == ["Epoch 0: Sum of Batch Losses = nan"]
    assert train(SMALL).diverged_at is None


def test_a_run_that_is_too_long_is_refused_before_it_begins():
    with pytest.raises(ValueError, match="30,000 updates; allowed: at most 10,000"):
        Training(LoopSettings(batch_size=1), Samples(torch.zeros(3000, 2), torch.zeros(3000, 1)))
