"""The race equals plain loops over `torch.optim`, bit for bit, and fell into none of the traps of other tools."""

import math

import pytest
import torch

from core.optim.classes import optimizer_classes
from core.optim.hyperparameters import hyperparameters_of
from core.optim.known import OPTIMIZERS, PLANE_OPTIMIZERS
from core.optimizers.race import Race, Run, race
from core.optimizers.settings import SurfaceSettings
from core.settings import parameters

STARTS = {"beale": (1.0, 1.5), "ackley": (-3.3, 2.7), "styblinski": (0.6, 4.5)}
STEPS = 30
OTHERS = {  # hyperparameters other than the defaults
    "lr": 0.02,
    "momentum": 0.7,
    "weight_decay": 0.05,
    "lambd": 0.01,
    "alpha": 0.6,
    "rho": 0.8,
    "eps": 1e-4,
    "eps2": 0.01,
    "lr_decay": 0.01,
    "initial_accumulator_value": 0.1,
    "beta1": 0.7,
    "beta2": 0.95,
    "amsgrad": True,
    "decoupled_weight_decay": True,
    "momentum_decay": 0.01,
    "centered": True,
    "eta_minus": 0.3,
    "eta_plus": 1.5,
    "step_max": 0.1,
    "beta2_decay": -0.5,
    "d": 2.0,
    "max_iter": 5,
    "history_size": 3,
    "line_search_fn": "strong_wolfe",
}


def surface(name, x, y):
    """The surfaces written out again, as torch sees them."""
    if name == "beale":
        return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2
    if name == "ackley":
        waves = torch.exp((torch.cos(2 * math.pi * x) + torch.cos(2 * math.pi * y)) / 2)
        return -20 * torch.exp(-0.2 * torch.sqrt((x**2 + y**2) / 2)) - waves + math.e + 20
    return (x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y) / 2


def plain(name, optimizer_class, keywords, steps):
    """Every place of a plain loop."""
    p = torch.tensor(STARTS[name], dtype=torch.float64, requires_grad=True)
    optimizer = optimizer_class([p], **keywords)
    places = [p.detach().clone()]

    def closure():
        optimizer.zero_grad()
        loss = surface(name, p[0], p[1])
        loss.backward()
        if optimizer_class is torch.optim.SparseAdam:
            p.grad = p.grad.to_sparse()
        return loss

    for _ in range(steps):
        if not all(math.isfinite(v) for v in (closure().item(), *p.tolist())):
            break
        optimizer.step(closure if optimizer_class is torch.optim.LBFGS else None)
        places.append(p.detach().clone())
    return torch.stack(places)


def hparams(name, other):
    kinds = parameters(hyperparameters_of(name)) if other else {}
    return hyperparameters_of(name)(**{key: OTHERS[key] for key in kinds if key in OTHERS and key != "nesterov"})


def one(name, start=(1.0, 1.5), on="typed", text="x^2 + 3*y^2 + x*y", steps=6, **keywords) -> Run:
    settings = SurfaceSettings(surface=on, text=text, x=start[0], y=start[1])
    return race(settings, (hyperparameters_of(name)(**keywords),), steps).runs[0]


@pytest.mark.parametrize("name", STARTS)
@pytest.mark.parametrize("other", [False, True], ids=["defaults", "others"])
def test_every_trajectory_is_that_of_a_plain_loop_to_the_last_bit(name, other):
    all_hparams = tuple(hparams(each, other) for each in PLANE_OPTIMIZERS)
    x, y = STARTS[name]
    found = race(SurfaceSettings(surface=name, x=x, y=y), all_hparams, STEPS)
    for run, each in zip(found.runs, all_hparams, strict=True):
        cls = optimizer_classes()[OPTIMIZERS[each.name].torch_name]
        expected = plain(name, cls, each.keywords, STEPS)
        assert torch.equal(run.path, expected[: len(run.path)]), run.name
        assert len(run.path) == len(expected) or run.diverged_at is not None, run.name


def test_nothing_is_clipped_and_the_run_goes_on_to_the_overflow():
    run = one("SGD", on="beale", lr=0.1, steps=50)
    assert run.diverged_at == 4
    assert run.diverged == "f is infinite"
    assert run.path.abs().max() > 1e200
    assert run.gradient[3].abs().max() > 1e100


def test_the_history_does_not_alias_one_tensor():
    run = one("Adam", steps=20, lr=0.1)
    assert len({tuple(place) for place in run.path.tolist()}) == 21
    assert len({tuple(slope) for slope in run.gradient.tolist()}) == 21


@pytest.mark.parametrize("name", ["Adam", "AdamW", "Adagrad", "Adamax", "Rprop"])
def test_the_first_step_from_zero_state_is_lr_times_the_sign(name):
    changes = {"weight_decay": 0.0} if name == "AdamW" else {}
    run = one(name, lr=0.01, **changes)
    step = run.path[0] - run.path[1]
    assert step.tolist() == pytest.approx((0.01 * run.gradient[0].sign()).tolist(), rel=1e-6)


def test_the_first_steps_of_rmsprop_and_adadelta():
    rms, delta = one("RMSprop", lr=0.01), one("Adadelta", lr=1.0)
    assert (rms.path[0] - rms.path[1]).abs().tolist() == pytest.approx([0.1, 0.1], rel=1e-6)
    length = math.sqrt(1e-6 / (1 - 0.9))
    assert (delta.path[0] - delta.path[1]).abs().tolist() == pytest.approx([length, length], rel=1e-5)


def test_radam_begins_with_five_steps_of_momentum():
    run, beta = one("RAdam", lr=0.01, steps=6), 0.9
    x, m = run.path[0].clone(), torch.zeros(2, dtype=torch.float64)
    for t in range(1, 7):
        m = beta * m + (1 - beta) * run.gradient[t - 1]
        x = x - 0.01 * m / (1 - beta**t)
        near = torch.allclose(run.path[t], x, rtol=1e-12)
        assert near == (t <= 5), t


def test_adam_corrects_the_bias_of_both_means():
    run = one("Adam", lr=0.01, steps=12, beta1=0.8, beta2=0.99)
    m = v = torch.zeros(2, dtype=torch.float64)
    x = run.path[0]
    for t in range(1, 13):
        g = run.gradient[t - 1]
        m, v = 0.8 * m + 0.2 * g, 0.99 * v + 0.01 * g**2
        x = x - 0.01 * (m / (1 - 0.8**t)) / ((v / (1 - 0.99**t)).sqrt() + 1e-8)
        assert torch.allclose(run.path[t], x, rtol=1e-12)


def test_lbfgs_asks_for_many_gradients_in_a_step_and_the_others_for_one():
    settings = SurfaceSettings()
    found: Race = race(settings, (hyperparameters_of("LBFGS")(), hyperparameters_of("SGD")()), 5)
    assert found.of("SGD").gradients_taken.tolist() == [0, 1, 2, 3, 4, 5]
    assert found.of("LBFGS").gradients_taken[1] > 2
