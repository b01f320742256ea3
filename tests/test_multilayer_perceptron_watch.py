"""The playground's runs: against autograd, against a plain loop, against TensorFlow Playground's own losses."""

import re
from dataclasses import replace

import pytest
import torch
from programs import printed
from torch import Generator

from core.multilayer_perceptron.activations import ACTIVATIONS
from core.multilayer_perceptron.data import MAKERS, features, recording, samples
from core.multilayer_perceptron.maps import OUTPUT, grid, layer_answers, maps, named
from core.multilayer_perceptron.module import flat, make_layers, make_model
from core.multilayer_perceptron.networks import Networks, mean_loss, n_weights, parts
from core.multilayer_perceptron.program import watch_program
from core.multilayer_perceptron.settings import PlaygroundSettings
from core.multilayer_perceptron.train import make_optimizer, recorded_updates
from core.multilayer_perceptron.watch import RunTask, falls_by_third, has_stalled, is_solved, solved_at
from core.multilayer_perceptron.weights import measured, saved
from figures.multilayer_perceptron.watch import losses, moment, neuron_by_hand, weight_table, worth
from figures.words import fmt

SHORT = PlaygroundSettings(num_epochs=3)


@pytest.mark.parametrize("loss", ["cross_entropy", "classes", "squared"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_written_out_gradient_is_autograd_s(name, loss):
    generator = Generator().manual_seed(1)
    sizes, n = (3, 4, 5, 2), 2
    vectors = torch.randn(n, n_weights(sizes), generator=generator, dtype=torch.float64)
    X = torch.randn(n, 7, 3, generator=generator, dtype=torch.float64)
    y = torch.where(torch.rand(n, 7, 2, generator=generator) > 0.5, 1.0, -1.0).double()
    y = torch.randint(0, 2, (n, 7), generator=generator) if loss == "classes" else y
    masks = [(torch.rand(n, 7, w, generator=generator) > 0.3) / 0.7 for w in (4, 5)]
    networks = Networks(vectors, sizes, [name, name, "tanh"], loss)
    networks.backward(networks.forward(X, masks), y)
    vector, h = vectors.clone().requires_grad_(), X
    for i, (weight, bias) in enumerate(parts(vector, sizes)):
        h = ACTIVATIONS[name if i < 2 else "tanh"].forward(torch.baddbmm(bias, h, weight.mT))
        h = h * masks[i] if i < 2 else h
    mean_loss(h, y, loss).sum().backward()
    if loss != "classes":  # there the mean is over the samples alone, here over the two answers, too
        networks.vector.grad /= 2
    torch.testing.assert_close(networks.vector.grad, vector.grad, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"data": "xor", "noise": 0.2, "optimizer": "Momentum", "layers": "3 relu, 2", "init": "xavier"},
        {"data": "hills", "penalty": "l2", "rate": 0.1, "frozen": "2", "optimizer": "AdamW", "batch_size": 100},
        {"data": "circle", "loss": "squared", "penalty": "l1", "frozen": "output", "activation": "gelu"},
    ],
)
def test_a_run_is_that_of_a_plain_loop(changes):
    settings = replace(SHORT, **changes)
    run, data = RunTask(settings).run(), samples(settings)
    model = make_model(settings, flat(make_layers(settings, settings.seed)))
    linear = [layer for layer in model if isinstance(layer, torch.nn.Linear)]
    if settings.frozen != "none":
        linear[-1 if settings.frozen == "output" else int(settings.frozen) - 1].requires_grad_(False)
    optimizer = make_optimizer(settings.optimizer, [p for p in model.parameters() if p.requires_grad], settings.lr)
    X, y = features(data.points, settings.features)[: data.n_train], data.target[: data.n_train, None]
    loader = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(X, y),
        batch_size=settings.batch_size,
        shuffle=True,
        generator=Generator().manual_seed(settings.seed),
    )
    kind = "squared" if settings.is_regression else settings.loss
    for _ in range(settings.num_epochs):
        for batch, target in loader:
            optimizer.zero_grad()
            loss = mean_loss(model(batch)[None], target[None], kind)[0]
            powers = {"l1": lambda w: w.abs().sum(), "l2": lambda w: 0.5 * w.square().sum()}
            if settings.penalty != "none":
                loss = loss + settings.rate * sum(powers[settings.penalty](layer.weight) for layer in linear)
            loss.backward()
            optimizer.step()
    torch.testing.assert_close(run.weights[-1], flat(linear), rtol=1e-9, atol=1e-11)
    assert run.updates[-1] == settings.updates


def test_it_repeats_tensorflow_playground_s_losses():
    preset = PlaygroundSettings(
        data="file", layers="4,2", init="file", loss="squared", optimizer="SGD", lr=0.03, shuffle=False, num_epochs=200
    )
    run = RunTask(preset).run()
    for epoch, train, test in recording()["curve"][:6]:
        assert run.curve("train_loss")[epoch].item() == pytest.approx(train, abs=1e-9)
        assert run.curve("test_loss")[epoch].item() == pytest.approx(test, abs=1e-9)


def test_the_program_prints_what_the_page_says():
    changes = [
        {"num_epochs": 10},
        {"data": "gaussian", "layers": "1 relu,2", "dropout": 0.2, "optimizer": "RMSprop", "batch_size": 7},
        {"data": "plane", "layers": "", "features": ("x1", "x1x2", "sin2"), "share": 0.3},
        {"penalty": "l1", "frozen": "1", "init": "playground", "loss": "squared", "shuffle": False},
    ]
    programs = [watch_program(RunTask(replace(SHORT, **one)).run()) for one in changes]
    assert all(program.prints for program in programs)
    assert printed([program.text for program in programs]) == [list(program.prints) for program in programs]


@pytest.mark.parametrize("name", MAKERS)
def test_data_are_whole_balanced_where_they_have_classes_and_drawn_by_the_seed(name):
    points, target = MAKERS[name](500, 0.0, Generator().manual_seed(3))
    again, _ = MAKERS[name](500, 0.0, Generator().manual_seed(3))
    assert torch.equal(points, again) and points.shape == (500, 2) and target.shape == (500,)
    assert torch.isfinite(points).all() and target.abs().max() <= 1
    if name not in ("plane", "hills"):
        assert set(target.tolist()) == {-1.0, 1.0}
        assert 0.4 < (target > 0).double().mean() < 0.6


def test_a_picture_shows_what_the_network_answers_there():
    run = RunTask(replace(SHORT, data="gaussian")).run()
    found = maps(run)
    assert found.hidden.shape == (len(run.updates), 24, 20, 20)
    corner = grid(OUTPUT)[OUTPUT - 1]  # the upper right corner
    assert corner[0] > 5 and corner[1] > 5
    answer = named(run.settings, layer_answers(run.settings, run.weights, corner[None])[-1])[-1, 0, 0].item()
    assert abs((int(found.output[-1, 0, -1]) - 128) / 127 - answer) < 0.01
    assert (found.inputs[0, 0, 0], found.inputs[1, 0, 0]) == (1, 255)  # x1 is low at the left, x2 high at the top


def test_what_is_said_of_a_run_holds():
    run = RunTask(replace(SHORT, num_epochs=40, data="xor", layers="6", lr=0.03)).run()
    accuracy, since = run.curve("test_accuracy"), solved_at(run)
    assert is_solved(run) and (accuracy[since:] >= 0.95).all() and accuracy[since - 1] < 0.95
    assert sum(falls_by_third(run)) == pytest.approx((run.curve("train_loss")[0] - run.curve("train_loss")[-1]).item())
    name, terms, total, answer = neuron_by_hand(run)
    w1, x1, w2, x2, b = (float(part) for part in re.findall(r"[-\d.]+", terms.replace("−", "-")))
    value = w1 * x1 + w2 * x2 + b
    assert f"{value:.3f}" == f"{float(total.strip('()').replace('−', '-')):.3f}" and name.startswith("h1.")
    assert float(answer.replace("−", "-")) == pytest.approx(torch.tensor(value).tanh().item(), abs=1e-3)
    assert len(weight_table(run, 0)) == run.weights.shape[1]


def test_divergence_is_named_with_its_update():
    run = RunTask(replace(SHORT, optimizer="SGD", lr=100.0, data="plane", layers="8", activation="linear")).run()
    assert run.diverged_at is not None and run.epochs < 3
    gradient = run.training.gradient[:, 0]
    assert torch.isfinite(gradient[: run.diverged_at - 1]).all()
    assert f"update {run.diverged_at:,}" in losses(run).caption
    assert solved_at(run) is falls_by_third(run) is neuron_by_hand(run) is None
    assert not watch_program(run).prints


def test_it_stops_early_when_the_test_loss_has_stalled():
    assert not has_stalled(torch.tensor([3.0, 2.0, 2.5]), 0)
    assert not has_stalled(torch.tensor([3.0, 2.0, 2.5]), 2)
    assert has_stalled(torch.tensor([3.0, 2.0, 2.5, 2.0]), 2)
    run = RunTask(replace(SHORT, num_epochs=200, patience=5, data="circle", noise=0.5)).run()
    assert run.stopped and run.epochs < 200
    assert run.epochs - int(run.curve("test_loss").argmin()) == 5
    assert "stopped early" in losses(run).caption


@pytest.mark.parametrize("per_epoch, num_epochs", [(25, 150), (1, 1), (450, 1), (1, 1000), (25, 2)])
def test_recorded_moments_begin_with_0_end_with_the_run_and_are_few(per_epoch, num_epochs):
    found = recorded_updates(per_epoch, num_epochs)
    assert found[0] == 0 and found[-1] == per_epoch * num_epochs and len(found) <= 51 and found == sorted(set(found))


def test_every_moment_is_described():
    run = RunTask(replace(SHORT, num_epochs=2)).run()
    said = [moment(run, i) for i in range(len(run.updates))]
    assert len(set(said)) == len(said)
    assert said[0].startswith("Before the first update") and said[-1].startswith("Epoch 2 of 2: loss")


@pytest.mark.parametrize("layers", ["0", "9", "8,,8", "8,8,8,8,8,8,8", "8 spam", "-1", "8.5", "eight", "8 tanh tanh"])
def test_layers_that_cannot_be_are_refused_with_what_is_allowed(layers):
    with pytest.raises(ValueError, match="^Layers: .*allowed: up to 6 whole numbers from 1 to 8"):
        PlaygroundSettings(layers=layers)


@pytest.mark.parametrize(
    "changes", [{"layers": "8", "frozen": "2"}, {"init": "file"}, {"batch_size": 1, "num_epochs": 1000}]
)
def test_what_does_not_go_together_is_refused_with_what_is_allowed(changes):
    with pytest.raises(ValueError, match="allowed: "):
        PlaygroundSettings(**changes)


def test_the_last_recorded_weights_are_those_of_the_end_also_where_a_run_ends_early():
    for changes in (
        {"data": "xor", "layers": "4", "noise": 0.2, "lr": 0.1, "patience": 5, "num_epochs": 150},
        {"lr": 100.0},
    ):
        run = RunTask(replace(SHORT, optimizer="SGD" if "lr" not in changes else "Adam", **changes)).run()
        assert run.updates[-1] == run.epochs * run.per_epoch
        assert moment(run, len(run.updates) - 1).startswith(f"Epoch {run.epochs} of {run.epochs}")


def test_looking_at_a_run_on_its_way_does_not_change_it():
    task, alone = RunTask(SHORT), RunTask(SHORT).run()
    while not task.finished:
        task.step()
        assert task.result().updates[-1] == task.done * alone.per_epoch
    assert task.result().updates == alone.updates
    assert torch.equal(task.result().weights, alone.weights)


def test_saved_weights_are_worth_what_they_were_and_those_of_another_network_are_refused():
    run = RunTask(replace(SHORT, data="xor", activation="linear")).run()
    found = measured(run, saved(run, -1))
    curves = ("train_loss", "train_accuracy", "test_loss", "test_accuracy")
    assert found == tuple(run.curve(name)[-1].item() for name in curves)
    assert fmt(found[2]) in worth(run, found) and f"{found[3]:.1%}" in worth(run, found)
    for other in ({"layers": "8,8"}, {"layers": "8,8,7"}, {"activation": "relu"}, {"features": ("x1",)}):
        with pytest.raises(ValueError, match="allowed|needs"):
            measured(RunTask(replace(SHORT, **{"activation": "linear"} | other)).run(), saved(run, 0))
