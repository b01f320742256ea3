"""The comparison on a network: its runs are those of a plain loop, bit for bit; figures, program and page."""

import json
import math
import warnings
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch
import torch.nn as nn
from programs import printed
from torch.utils.data import DataLoader, TensorDataset
from visitor import charts, link_of, visit

from core.datasets import load_digits
from core.nn import MLP
from core.optim.hyperparameters import hyperparameters_of
from core.optim.known import OPTIMIZERS
from core.optimizers.network import (
    MOST_UPDATES,
    RATES,
    TARGETS,
    Comparison,
    NetworkRun,
    NetworkSettings,
    clear_first,
)
from core.optimizers.network_task import Learner, NetworkTask, best_rate, split
from core.optimizers.program.network import network_program
from core.program import source
from figures.optimizers.network import LOWEST, loss_by_step, loss_by_time, summary, tried_rates

SMALL = NetworkSettings(steps=7, seeds=2, hidden=8, optimizers=("SGD", "Adam"))


def hparams_of(settings, **changes):
    return tuple(hyperparameters_of(name)(**{"lr": settings.lr} | changes) for name in settings.optimizers)


def train(settings, **changes):
    return NetworkTask(settings, hparams_of(settings, **changes)).run()


@pytest.fixture(scope="module")
def found():
    return train(NetworkSettings(steps=16))


def test_training_and_validation_samples_share_none_and_the_digits_are_scaled():
    data = split("spiral", 4)
    assert (len(data.X), len(data.X_validation), int(data.y.max())) == (300, 150, 2)
    assert len(torch.unique(torch.cat([data.X, data.X_validation]), dim=0)) == 450
    digits = split("digits", 0)
    assert (digits.X.shape, digits.X.dtype, digits.X.max()) == ((1198, 64), torch.float32, 1)
    both = torch.cat([digits.X, digits.X_validation]).sum(dim=0)
    assert torch.allclose(16 * both, load_digits()[0].flatten(1).sum(dim=0).float())


def test_the_first_weights_are_those_of_torch_after_its_seed():
    with torch.random.fork_rng():
        torch.manual_seed(3)
        wanted = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 3))
    ours = MLP((2, 16, 16, 3), torch.Generator().manual_seed(3))
    for one, other in zip(ours.parameters(), wanted.parameters(), strict=True):
        assert torch.equal(one, other)


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
        weights, biases = [layer.weight for layer in model[0::2]], [layer.bias for layer in model[0::2]]
        optimizers = [optimizer_class(weights, **hparams.keywords), torch.optim.AdamW(biases, lr=hparams.lr)]
    else:
        optimizers = [optimizer_class(model.parameters(), **hparams.keywords)]
    generator = torch.Generator().manual_seed(seed)
    loader = DataLoader(TensorDataset(data.X, data.y), settings.batch_size, shuffle=True, generator=generator)
    done = 0
    while done < settings.steps:
        for X, y in islice(loader, settings.steps - done):
            if hparams.name == "LBFGS":
                X, y = data.X, data.y

            def closure(X=X, y=y):
                model.zero_grad()
                loss = loss_function(model(X), y)
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
        loss = loss_function(model(data.X), data.y).item()
        right = (model(data.X_validation).argmax(dim=1) == data.y_validation).float().mean().item()
    return loss, right


def test_every_optimizer_ends_where_a_plain_loop_does():
    settings = replace(SMALL, steps=4, optimizers=tuple(OPTIMIZERS), lr=0.02, batch_size=100)
    found = train(settings)
    assert [run.name for run in found.runs] == list(OPTIMIZERS)
    for run in found.runs:
        for i, seed in enumerate(settings.all_seeds):
            ended = (run.loss[i, -1].item(), run.accuracy[i, -1].item())
            assert ended == plain_loop(run.hparams, settings, seed), run.name


def test_steps_of_any_number_make_the_same_run_and_nothing_global_moves():
    before = torch.random.get_rng_state()
    whole, pieces = train(SMALL), NetworkTask(SMALL, hparams_of(SMALL))
    while not pieces.finished:
        pieces.step(3)
    for one, other in zip(whole.runs, pieces.result().runs, strict=True):
        assert torch.equal(one.loss, other.loss)
        assert (one.seconds.diff(dim=1) >= 0).all()
    assert torch.equal(whole.runs[0].loss[:, 0], whole.runs[1].loss[:, 0])  # of a seed all begin alike
    assert whole.runs[0].loss[0, 0] != whole.runs[0].loss[1, 0]
    assert torch.equal(before, torch.random.get_rng_state())


@pytest.mark.parametrize("rule", ["same", "best"])
def test_a_stopped_comparison_holds_what_all_have_reached(rule):
    settings = replace(SMALL, rule=rule, steps=3, optimizers=("SGD", "LBFGS"))
    task = NetworkTask(settings, hparams_of(settings))
    task.step()
    assert (task.result() is None) == (rule == "best")
    task.step(settings.updates - 9)  # all but the last piece, a step of LBFGS, which counts for eight
    assert task.result().steps == [0, 1, 2]
    task.step(8)
    assert task.finished
    assert task.result().steps == [0, 1, 2, 3]


def test_the_best_rate_is_the_one_that_ends_lowest_on_the_trial_seed():
    settings = replace(SMALL, rule="best", optimizers=("SGD",))
    found = train(settings)
    (run,) = found.runs
    ends = []
    for lr in RATES:
        learner = Learner(replace(run.hparams, lr=lr), split("spiral", settings.seed), settings, settings.trial_seed)
        for _ in range(settings.steps):
            learner.step()
        ends.append(learner.loss())
    assert run.tried == tuple(ends)
    assert run.hparams.lr == RATES[ends.index(min(ends))]
    assert tried_rates(found).shape == (1, 8)
    assert settings.trial_seed not in replace(settings, seeds=5).all_seeds
    assert best_rate((math.nan, math.inf, 2.0, 1.0, math.nan, math.inf, 3.0)) == RATES[3]
    assert best_rate((math.nan,) * 7) == RATES[0]


def test_a_diverging_run_is_named_with_its_step_and_the_others_go_on():
    found = train(replace(SMALL, steps=20, hidden=32, lr=100.0, optimizers=("Momentum", "Adam")))
    momentum, adam = found.runs
    assert any(step is not None for step in momentum.diverged_at)
    for i, step in enumerate(momentum.diverged_at):
        if step is not None:
            assert momentum.diverged[i] in summary(found).set_index("optimizer").loc["Momentum", "diverged"]
            assert not math.isfinite(momentum.loss[i, step].item())
    assert adam.diverged_at == (None, None)
    assert torch.isfinite(adam.loss).all()


def made(losses, milliseconds):
    """A comparison of runs by their losses at steps 0, 10 and 20 and the time of one recorded step."""
    runs = []
    for name, loss in losses.items():
        loss = torch.tensor(loss)
        n = len(loss)
        seconds = torch.arange(3).expand(n, 3) * torch.tensor(milliseconds[name])[:, None] / 1000
        runs.append(NetworkRun(hyperparameters_of(name)(), loss, loss, seconds, (None,) * n, ("",) * n, ()))
    return Comparison(NetworkSettings(seeds=n, steps=20), [0, 10, 20], tuple(runs))


def test_steps_and_time_to_a_loss_by_hand():
    losses = {"Adam": [[2.0, 0.9, 0.4], [2.0, 0.3, 0.6]], "SGD": [[2.0, 1.9, 0.9], [2.0, 1.5, 0.7]]}
    found = made(losses | {"ASGD": [[2.0, 1.9, 1.9], [2.0, math.nan, math.nan]]}, dict.fromkeys(OPTIMIZERS, [10.0] * 2))
    assert found.target == 1.0  # the lowest that two reach with every seed
    assert found.steps_to(1.0) == {"Adam": [10, 10], "SGD": [20, 20], "ASGD": [math.inf, math.inf]}
    assert found.steps_to(0.8)["SGD"] == [math.inf, 20]
    assert found.milliseconds_to(0.5)["Adam"] == pytest.approx([20, 10])
    assert found.runs[2].last_loss == pytest.approx(1.9)
    assert [run.name for run in found.ranking] == ["Adam", "SGD", "ASGD"]
    assert list(TARGETS) == sorted(TARGETS)


def test_first_is_who_is_before_every_seed_of_all_others():
    assert clear_first({"Adam": [60, 60], "AdamW": [60, 60]}) is None  # a tie
    assert clear_first({"Adam": [10, 20], "AdamW": [20, 30]}) is None
    assert clear_first({"AdamW": [20, 30], "Adam": [10, 19]}) == "Adam"
    assert clear_first({"Adam": [10, 10], "AdamW": [30, 40], "SGD": [9, math.inf]}) is None
    assert clear_first({"Adam": [math.inf], "AdamW": [math.inf]}) is None
    assert clear_first({"Adam": [10]}) is None


def test_the_captions_follow_the_run_by_steps_and_by_time():
    losses = {"Adam": [[2.0, 1.5, 0.4]] * 3, "LBFGS": [[2.0, 0.4, 0.1]] * 3, "SGD": [[2.0, 1.9, 1.8]] * 3}
    found = made(losses, {"Adam": [3.0, 4.0, 5.0], "LBFGS": [30.0, 33.0, 36.0], "SGD": [1.0] * 3})
    assert "LBFGS needs" in loss_by_step(found).caption
    assert "Adam needs" in loss_by_time(found).caption
    assert "steps to 0.5" in summary(found).columns
    tied = made({"Adam": losses["Adam"], "AdamW": losses["Adam"]}, {"Adam": [1.0] * 3, "AdamW": [1.0] * 3})
    assert "do not tell" in loss_by_step(tied).caption
    assert "with every seed" in loss_by_step(found).caption
    once = made({name: each[:1] for name, each in losses.items()}, {"Adam": [3.0], "LBFGS": [30.0], "SGD": [1.0]})
    assert "LBFGS needs" in loss_by_step(once).caption
    assert "every seed" not in loss_by_step(once).caption + loss_by_time(once).caption
    assert "do not tell" in loss_by_time(tied).caption
    alone = made({"Adam": losses["Adam"]}, {"Adam": [1.0] * 3})
    assert alone.target is None
    falls = made({"Adam": [[2.0, 1.5, 1.4]] * 3, "SGD": [[2.0, 1.9, 1.8]] * 3}, {"Adam": [1.0] * 3, "SGD": [1.0] * 3})
    assert "No two optimizers reach a loss of 1 with every seed." in loss_by_step(falls).caption
    for picture in (draw(case) for draw in (loss_by_step, loss_by_time) for case in (found, tied, alone, once)):
        assert len(picture.caption.split()) <= 45


def test_the_drawn_median_and_band_are_those_of_the_seeds(found):
    run = next(run for run in found.runs if run.name == "SGD")
    for picture in (loss_by_step(found), loss_by_time(found)):
        line = next(trace for trace in picture.figure.data if trace.name == "SGD")
        band = next(trace for trace in picture.figure.data if trace.name == "SGD, all seeds")
        shown = len(band.y) // 2  # on the scale of time all but the start, which has taken none
        assert np.allclose(line.y, run.loss.median(dim=0).values)
        high, low = np.split(band.y, 2)
        assert np.allclose(high, run.loss.amax(dim=0)[-shown:])
        assert np.allclose(low[::-1], run.loss.amin(dim=0)[-shown:])
        assert shown == len(found.steps) - (picture.figure.layout.xaxis.type == "log")
        assert len(picture.json) < 100_000
    low = made({"LBFGS": [[1.1, 0.04, 4e-8]]}, {"LBFGS": [1.0]})
    assert loss_by_step(low).figure.data[0].y.min() == pytest.approx(LOWEST)
    assert loss_by_step(low).table["training loss"].min() == pytest.approx(4e-8)


@pytest.mark.parametrize(
    "changes",
    [
        {"lr": 100.0, "optimizers": tuple(OPTIMIZERS), "steps": 10, "seeds": 2},
        {"lr": 1e-6, "hidden": 2, "seeds": 1, "steps": 2},
        {"optimizers": ("LBFGS",), "lr": 1.0, "steps": 10, "seeds": 1},
    ],
)
def test_wild_runs_are_drawn_and_told(changes):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = train(NetworkSettings(**changes))
        for draw in (loss_by_step, loss_by_time):
            json.loads(draw(found).json)
        assert len(summary(found)) == len(found.runs)


def test_too_much_work_is_refused_with_what_is_allowed():
    with pytest.raises(ValueError, match=f"allowed: at most {MOST_UPDATES:,}"):
        NetworkSettings(optimizers=tuple(OPTIMIZERS), rule="best", steps=300)
    most = NetworkSettings(optimizers=tuple(OPTIMIZERS), rule="best", steps=100)
    assert most.updates == NetworkTask(most, hparams_of(most)).total <= MOST_UPDATES


PROGRAMS = [
    (NetworkSettings(steps=8, seeds=1, seed=7, batch_size=100, hidden=8, optimizers=("SparseAdam", "Muon")), {}),
    (NetworkSettings(steps=8, seeds=1, lr=100.0, optimizers=("Momentum", "LBFGS", "Adam")), {}),
    (NetworkSettings(steps=3, seeds=1, rule="best", optimizers=("NAdam", "Rprop")), {}),
    (NetworkSettings(steps=4, seeds=1, data="digits", optimizers=("RMSprop", "AdamW")), {}),
    (NetworkSettings(steps=4, seeds=1, optimizers=("Adam",)), {"lr": 0.03, "beta1": 0.5, "amsgrad": True}),
]


def test_the_programs_print_the_lines_of_the_page():
    made = [network_program(train(settings, **changes)) for settings, changes in PROGRAMS]
    said = printed([program.text for program in made], warnings_are_errors=True)
    assert said == [list(program.prints) for program in made]
    assert "diverged" in "".join(said[1])
    usual = train(NetworkSettings(steps=1, seeds=1))
    assert network_program(usual).text.replace("STEPS = 1\n", "STEPS = 60\n") == source("optimizers_network")


def small(**changes):
    return visit(
        "optimizers",
        view="network",
        **{"network.steps": "4", "network.seeds": "1", "network.optimizers": "SGD"} | changes,
    )


def test_it_starts_by_itself_and_training_again_gives_the_same():
    at = small(**{"network.optimizers": "SGD,Adam"})
    assert not at.exception
    assert len(charts(at)) == 2
    assert len(at.dataframe[0].value) == 2
    before = at.code[0].value
    at.button(key="optimizers-network-run").click().run()
    assert at.code[0].value == before


def test_old_links_that_follow_one_still_work():
    at = small(network_follow="SGD", network_at="3")
    assert not [warning.value for warning in at.warning]
    assert "follow=SGD" in link_of(at)


def test_each_its_own_shows_the_rate_of_each():
    at = small(**{"network.rule": "own", "network.optimizers": "SGD,Muon"})
    assert {"optimizers.SGD.lr", "optimizers.Muon.lr"} <= {slider.key for slider in at.select_slider}
    assert '{"lr": 0.001}' in next(code.value for code in at.code if code.language == "python")


def test_the_course_s_preset_writes_the_course_s_two_lines_into_the_program():
    at = small()
    at.button(key="optimizers-preset-The course's two").click().run()
    text = next(code.value for code in at.code if code.language == "python")
    assert '("Momentum", torch.optim.SGD, {"lr": 0.01, "momentum": 0.9}),' in text
    assert '("Adam", torch.optim.Adam, {"lr": 0.01}),' in text


@pytest.mark.parametrize(
    "wild",
    [
        {"network.lr": "100", "network.optimizers": "SGD,Momentum,LBFGS,Muon,Adafactor"},
        {"network.rule": "best", "network.optimizers": "SGD,Muon"},
        {"network.hidden": "2", "network.batch_size": "5", "network.steps": "1", "network.data": "digits"},
        {"network.rule": "own", "network.optimizers": "SGD,Momentum", "SGD.lr": "1000", "SGD.nesterov": "1"},
        {"network.optimizers": "Nobody", "network.steps": "1e9", "network_at": "-4", "network_follow": "x"},
        {"network.rule": "best", "network.optimizers": ",".join(OPTIMIZERS), "network.steps": "300"},
    ],
)
def test_wild_links_are_harmless(wild):
    at = small(**wild)
    assert not at.exception
    assert charts(at) or "allowed:" in at.error[0].value
    for chart in charts(at):
        json.loads(chart["figure"])
