"""The comparison on a network: its batches are the DataLoader's, its runs those of a plain loop, bit for bit."""

import math
from dataclasses import replace
from itertools import islice

import pytest
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

from core.optim.hyperparameters import hyperparameters_of
from core.optim.known import OPTIMIZERS
from core.optimizers.network import (
    MOST_UPDATES,
    RATES,
    TARGETS,
    Comparison,
    Learned,
    NetworkSettings,
    middle,
)
from core.optimizers.network_data import batches, load_digits, make_spirals, split
from core.optimizers.network_learner import SIDE, Learner, network
from core.optimizers.network_training import Training, best_rate, train

SMALL = NetworkSettings(steps=7, seeds=2, hidden=8, optimizers=("SGD", "Adam"))


def entries_of(settings):
    return tuple(hyperparameters_of(name)(lr=settings.lr) for name in settings.optimizers)


@pytest.mark.parametrize("n, batch_size", [(300, 50), (23, 5), (7, 100), (20, 1)])
def test_the_batches_are_those_of_a_data_loader(n, batch_size):
    rows = torch.arange(n)
    generator = torch.Generator().manual_seed(5)
    loader = DataLoader(TensorDataset(rows), batch_size, shuffle=True, generator=generator)
    wanted = [batch.tolist() for _ in range(3) for (batch,) in loader]
    ours = batches(n, batch_size, torch.Generator().manual_seed(5))
    assert [batch.tolist() for batch in islice(ours, len(wanted))] == wanted


def test_the_first_weights_are_those_of_torch_after_its_seed():
    ours = network(2, 16, 3, torch.Generator().manual_seed(3))
    with torch.random.fork_rng():
        torch.manual_seed(3)
        wanted = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 3))
    for one, other in zip(ours.parameters(), wanted.parameters(), strict=True):
        assert torch.equal(one, other)


def test_the_spirals_wind_once_and_the_arms_are_a_third_of_a_turn_apart():
    x, y = make_spirals(3000, 3, 0.0, torch.Generator().manual_seed(0))
    radius, angle = x.norm(dim=1), torch.atan2(x[:, 1], x[:, 0])
    wanted = 2 * math.pi * (radius / 2 + y / 3)
    assert torch.allclose(torch.cos(angle - wanted), torch.ones(3000), atol=1e-4)
    assert (radius < 1).float().mean() == pytest.approx(1 / 4, abs=0.03)  # as densely inside as outside
    assert y.bincount().tolist() == [1000, 1000, 1000]


def test_training_and_validation_samples_share_none_and_the_digits_are_scaled():
    data = split("spiral", 4)
    assert (len(data.x), len(data.x_validation), data.classes) == (300, 150, 3)
    rows = torch.cat([data.x, data.x_validation])
    assert len(torch.unique(rows, dim=0)) == 450
    x, y = load_digits()
    assert x.shape == (1797, 64)
    assert (x.min(), x.max()) == (0, 1)
    assert y.bincount().tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert len(split("digits", 0).x) == 1198


def plain_loop(hparams, settings, seed):
    """The last training loss and validation accuracy, by a loop written in full."""
    data = split(settings.data, settings.seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        h = settings.hidden
        model = nn.Sequential(nn.Linear(2, h), nn.ReLU(), nn.Linear(h, h), nn.ReLU(), nn.Linear(h, 3))
    loss_function = nn.CrossEntropyLoss()
    optimizer_class = getattr(torch.optim, OPTIMIZERS[hparams.name].torch_name)
    if hparams.name == "Muon":
        matrices, biases = model[0::2], [layer.bias for layer in model[0::2]]
        optimizers = [
            optimizer_class([layer.weight for layer in matrices], **hparams.keywords),
            torch.optim.AdamW(biases, lr=hparams.lr),
        ]
    else:
        optimizers = [optimizer_class(model.parameters(), **hparams.keywords)]
    generator = torch.Generator().manual_seed(seed)
    loader = DataLoader(TensorDataset(data.x, data.y), settings.batch_size, shuffle=True, generator=generator)
    done = 0
    while done < settings.steps:
        for x, y in islice(loader, settings.steps - done):
            if hparams.name == "LBFGS":
                x, y = data.x, data.y

            def closure(x=x, y=y):
                model.zero_grad()
                loss = loss_function(model(x), y)
                loss.backward()
                return loss

            if hparams.name == "LBFGS":
                optimizers[0].step(closure)
            else:
                closure()
                if hparams.name == "SparseAdam":
                    for parameter in model.parameters():
                        parameter.grad = parameter.grad.to_sparse()
                for optimizer in optimizers:
                    optimizer.step()
            done += 1
    with torch.no_grad():
        loss = loss_function(model(data.x), data.y).item()
        right = (model(data.x_validation).argmax(dim=1) == data.y_validation).float().mean().item()
    return loss, right


def test_every_contestant_ends_where_a_plain_loop_does():
    settings = replace(SMALL, steps=4, optimizers=tuple(OPTIMIZERS), lr=0.02, batch_size=100)
    found = train(settings, entries_of(settings))
    assert [run.name for run in found.runs] == list(OPTIMIZERS)
    for run in found.runs:
        for i, seed in enumerate(settings.all_seeds):
            assert (run.loss[i, -1].item(), run.accuracy[i, -1].item()) == plain_loop(run.hparams, settings, seed), (
                run.name
            )


def test_the_gradient_is_that_of_finite_differences():
    data = split("spiral", 0)
    model = network(2, 4, 3, torch.Generator().manual_seed(1)).double()
    weight = model[2].weight
    loss = lambda: nn.functional.cross_entropy(model(data.x.double()), data.y)  # noqa: E731
    loss().backward()
    change = 1e-6
    with torch.no_grad():
        weight[1, 2] += change
        above = loss().item()
        weight[1, 2] -= 2 * change
        below = loss().item()
    assert weight.grad[1, 2].item() == pytest.approx((above - below) / (2 * change), rel=1e-5, abs=1e-8)


def test_pieces_of_any_size_make_the_same_run_and_nothing_global_moves():
    before = torch.random.get_rng_state()
    whole, pieces = train(SMALL, entries_of(SMALL)), Training(SMALL, entries_of(SMALL))
    while not pieces.finished:
        pieces.advance(3)
    for one, other in zip(whole.runs, pieces.run().runs, strict=True):
        assert torch.equal(one.loss, other.loss)
        assert torch.equal(one.regions, other.regions)
    assert torch.equal(before, torch.random.get_rng_state())


def test_a_stopped_comparison_holds_what_all_have_reached():
    work = Training(SMALL, entries_of(SMALL))
    assert work.run().moments == []
    work.advance(5)
    found = work.run()
    assert found.moments == [0, 1, 2]
    assert torch.equal(found.runs[1].loss, train(SMALL, entries_of(SMALL)).runs[1].loss[:, :3])


def test_all_contestants_of_a_seed_begin_alike_and_time_never_runs_backwards():
    found = train(SMALL, entries_of(SMALL))
    sgd, adam = found.runs
    assert torch.equal(sgd.loss[:, 0], adam.loss[:, 0])
    assert sgd.loss[0, 0] != sgd.loss[1, 0]
    assert (adam.seconds.diff(dim=1) >= 0).all()
    assert adam.regions.shape == (8, SIDE, SIDE)
    assert adam.regions.dtype == torch.uint8


def test_the_best_rate_is_the_one_that_ends_lowest_on_the_trial_seed():
    settings = replace(SMALL, rule="best", optimizers=("SGD",))
    run = train(settings, entries_of(settings)).runs[0]
    data = split("spiral", settings.seed)
    ends = []
    for lr in RATES:
        learner = Learner(replace(run.hparams, lr=lr), data, settings, settings.trial_seed)
        for _ in range(settings.steps):
            learner.step()
        ends.append(learner.loss())
    assert run.tried == tuple(ends)
    assert run.hparams.lr == RATES[ends.index(min(ends))]
    assert settings.trial_seed not in replace(settings, seeds=5).all_seeds
    assert best_rate((math.nan, math.inf, 2.0, 1.0, math.nan, math.inf, 3.0)) == RATES[3]
    assert best_rate((math.nan,) * 7) == RATES[0]


def test_a_diverging_run_is_named_with_its_step_and_the_others_go_on():
    settings = replace(SMALL, steps=20, hidden=32, lr=100.0, optimizers=("Momentum", "Adam"))
    momentum, adam = train(settings, entries_of(settings)).runs
    assert any(step is not None for step in momentum.diverged_at)
    for i, step in enumerate(momentum.diverged_at):
        if step is not None:
            assert momentum.diverged[i]
            assert not math.isfinite(momentum.loss[i, step].item())
    assert adam.diverged_at == (None, None)
    assert torch.isfinite(adam.loss).all()


def learned(name, loss, seconds=None):
    loss = torch.tensor(loss)
    seconds = torch.arange(loss.shape[1]).expand_as(loss) / 100 if seconds is None else torch.tensor(seconds)
    n = len(loss)
    return Learned(hyperparameters_of(name)(), loss, loss, seconds, (None,) * n, ("",) * n, None, ())


def test_steps_and_seconds_to_a_loss_by_hand():
    adam = learned("Adam", [[2.0, 0.9, 0.4], [2.0, 0.3, 0.6]])
    sgd = learned("SGD", [[2.0, 1.9, 0.9], [2.0, 1.5, 0.7]])
    slow = learned("ASGD", [[2.0, 1.9, 1.9], [2.0, math.nan, math.nan]])
    found = Comparison(NetworkSettings(seeds=2, steps=20), [0, 10, 20], (adam, sgd, slow))
    assert found.target == 1.0
    assert found.arrived(1.0) == [adam, sgd]
    assert found.steps_to(adam, 1.0) == [10, 10]
    assert found.steps_to(sgd, 0.8) == [math.inf, 20]
    assert found.seconds_to(adam, 0.5) == pytest.approx([0.02, 0.01])
    assert slow.end == pytest.approx(1.9)
    assert found.of("Muon") is adam
    assert middle([3.0, 1.0, math.inf]) == 3.0
    assert list(TARGETS) == sorted(TARGETS)


def test_too_much_work_is_refused_with_what_is_allowed():
    with pytest.raises(ValueError, match=f"allowed: at most {MOST_UPDATES:,}"):
        NetworkSettings(optimizers=tuple(OPTIMIZERS), rule="best", steps=300)
    most = NetworkSettings(optimizers=tuple(OPTIMIZERS), rule="best", steps=100)
    assert most.updates == Training(most, entries_of(most)).total_updates <= MOST_UPDATES


@pytest.mark.parametrize("rule", ["same", "best"])
def test_the_updates_that_are_promised_are_those_that_are_done(rule):
    settings = replace(SMALL, rule=rule, steps=3, optimizers=("SGD", "LBFGS"))
    work = Training(settings, entries_of(settings))
    work.advance(settings.updates - 8)  # all but the last piece, a step of LBFGS
    assert not work.finished
    assert len(work.run().moments) == 3
    work.advance(1)
    assert work.finished
    assert work.update == settings.updates
    assert work.run().moments == [0, 1, 2, 3]
