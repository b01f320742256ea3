"""Many learning rates of one optimizer at once are the runs of the single ones, and the best of them is the lowest."""

import math
from dataclasses import replace

import pytest
import torch

from core.optim.hyperparameters import hyperparameters_of
from core.optim.known import PLANE_OPTIMIZERS
from core.optimizers.lr_sweep import LBFGS_RATES, LbfgsRun, LrCurve, LrSweepTask, frame_steps
from core.optimizers.race import race
from core.optimizers.settings import SurfaceSettings
from core.plane.lr_batch import BASES, learning_rates, lr_batch
from core.plane.surfaces import SURFACES

STEPS = 20
DECAYS = ("SGD", "Nesterov", "Adagrad", "RMSprop", "Adam", "AdamW", "NAdam", "RAdam", "Adafactor", "ASGD")
DECOUPLED = {"weight_decay": 0.05, "decoupled_weight_decay": True}
CASES = [  # name, hyperparameters, surface, every how many learning rates, from which on
    *(
        (name, {}, "beale", 2 if name == "LBFGS" else 5 if name in ("ASGD", "Adafactor") else 4, 0)
        for name in PLANE_OPTIMIZERS
    ),
    *((name, {}, "ackley", 6, 1) for name in ("SGD", "Momentum", "Adam", "Rprop", "SparseAdam")),
    *((name, {"weight_decay": 0.05}, "himmelblau", 5, 2) for name in DECAYS),
    *((name, DECOUPLED, "himmelblau", 5, 2) for name in ("Adam", "NAdam", "RAdam")),
    ("SGD", {"momentum": 0.5, "dampening": 0.3}, "rosenbrock", 7, 1),
    ("Adagrad", {"lr_decay": 0.1, "initial_accumulator_value": 1.0}, "rosenbrock", 7, 1),
    ("RMSprop", {"centered": True, "momentum": 0.8}, "rosenbrock", 7, 1),
    ("Adam", {"amsgrad": True, "beta1": 0.5}, "rosenbrock", 7, 1),
    ("NAdam", {"momentum_decay": 0.1}, "rosenbrock", 7, 1),
    ("Rprop", {"step_max": 0.5, "eta_plus": 1.5}, "rosenbrock", 7, 1),
    ("ASGD", {"lambd": 0.1, "t0": 10.0}, "rosenbrock", 7, 1),
]


def on(name):
    x, y = SURFACES[name].start
    return SurfaceSettings(surface=name, x=x, y=y)


def single(surface, hparams, lr, steps):
    """The race's run with one learning rate alone."""
    return race.__wrapped__(surface, (replace(hparams, lr=lr),), steps).runs[0]


def swept(surface, steps, *names, **changes):
    return LrSweepTask(surface, tuple(hyperparameters_of(name)(**changes) for name in names), steps).run()


def test_the_learning_rates_are_half_octaves_of_exact_scales():
    lr = learning_rates().tolist()
    assert lr == [2.0 ** (k / 2) for k in range(-34, 14)]
    for name in PLANE_OPTIMIZERS:
        if name != "LBFGS":
            start = torch.tensor([1.0, 2.0]).double()
            batch = lr_batch(hyperparameters_of(name)(), start)
            assert torch.equal(batch.points(), start.expand(len(batch.lr), 2))
            assert batch.lr.tolist() in (lr, lr[:: len(BASES)])


@pytest.mark.parametrize(("name", "changes", "surface", "every", "first"), CASES)
def test_every_learning_rate_is_bit_for_bit_the_single_run(name, changes, surface, every, first):
    hparams = hyperparameters_of(name)(**changes)
    (curve,) = LrSweepTask(on(surface), (hparams,), STEPS).run().curves
    for i in range(first, len(curve.lr), every):
        run = single(on(surface), hparams, curve.lr[i].item(), STEPS)
        for step, loss in zip(frame_steps(STEPS), curve.loss[:, i].tolist(), strict=True):
            if run.diverged_at is not None and step >= run.diverged_at:
                assert math.isnan(loss)
            else:
                assert loss == run.loss[step].item(), (curve.lr[i], step)


def test_lbfgs_at_rest_would_not_have_moved():
    surface = on("booth")
    start = torch.tensor([surface.x, surface.y]).double()
    run = LbfgsRun(hyperparameters_of("LBFGS")(), 1.0, start, surface.shape.function, [0, 20])
    run.go_on(21)
    assert run.at_rest
    assert run.finished
    point = run.x.detach().clone()
    for _ in range(5):
        run.optimizer.step(run._closure)
        assert torch.equal(point, run.x.detach())


def test_the_best_is_the_learning_rate_whose_single_run_ends_lowest():
    names = ("SGD", "Momentum", "Adam", "Rprop", "LBFGS")
    surface = on("rosenbrock")
    best = swept(surface, STEPS, *names).best()
    assert list(best) == list(names)
    for name in names:
        ends = {}
        for lr in LBFGS_RATES if name == "LBFGS" else sorted({*learning_rates().tolist()[::3], best[name]}):
            run = single(surface, hyperparameters_of(name)(), lr, STEPS)
            if run.diverged_at is None:
                ends[lr] = run.loss[-1].item()
        assert best[name] == min(ends, key=ends.get)


def test_divergence_begins_where_single_runs_begin_to_diverge():
    curve = swept(on("booth"), 500, "SGD").of("SGD")
    first = curve.diverges_from()
    runs = {lr: single(on("booth"), curve.hparams, lr, 500) for lr in (first, first / 2**0.5)}
    assert [run.diverged_at is None for run in runs.values()] == [False, True]
    assert curve.diverged().tolist() == (curve.lr >= first).tolist()


def curve(*ends, start=100.0):
    """SGD with one learning rate for each loss at the end."""
    end = torch.tensor(ends, dtype=torch.float64)
    return LrCurve(
        hyperparameters_of("SGD")(), learning_rates()[: len(end)], torch.stack([torch.full_like(end, start), end])
    )


def test_ties_and_divergence():
    nan = math.nan
    lr = learning_rates().tolist()
    assert curve(2, 1, 1, nan, 1).best() == 1  # the first of equals
    assert curve(nan, 3).best() == 1
    assert curve(nan, nan).best() is None
    assert curve(2, 1, 1, nan, 1).diverges_from() is None  # in between does not count
    assert curve(1, nan, 1, nan, nan).diverges_from() == lr[3]
    assert curve(nan, nan).diverges_from() == lr[0]
    assert curve(1).diverges_from() is None
    assert curve(nan, nan).diverged(0).tolist() == [False, False]


def test_who_came_down_is_a_thousandth_of_the_first_height_above_the_lowest():
    assert curve(0.1, 0.11, math.nan, -5).came_down(0.0).tolist() == [True, False, False, True]
    assert curve(70.02, 70.05, start=100.0).came_down(70.0).tolist() == [True, False]
    assert curve(0.0, 1.0).came_down(None).tolist() == [False, False]
    assert not curve(0.0, 1.0).came_down(0.0, 0).any()


def test_lowest_is_the_lowest_minimum_unless_a_run_gets_below_it():
    assert swept(on("himmelblau"), 5, "SGD").lowest == pytest.approx(0, abs=1e-12)
    assert swept(on("saddle"), 5, "SGD").lowest is None
    below = swept(SurfaceSettings(surface="typed", text="x^3 - 3*x + y^2", x=-1.5, y=1.0), 40, "SGD")
    assert below.surface.shape.minima
    assert below.lowest is None


def test_sgd_s_best_on_a_bowl_is_next_to_theory_s():
    # 2/(mu + L): Booth's curvatures are 2 and 18, so 0.1; half an octave is a factor of 1.41.
    sweep = swept(on("booth"), 60, "SGD", "Momentum", "Nesterov", "Adam")
    assert 0.1 / 2**0.5 < sweep.best()["SGD"] < 1 / 9  # 2/L is the cliff
    assert sweep.limits() == pytest.approx({"SGD": 1 / 9, "Momentum": 3.8 / 18, "Nesterov": 3.8 / 2.8 / 18})
    sgd = sweep.of("SGD")
    above = sgd.lr > 1 / 9
    assert bool((sgd.loss[-1][above] > sgd.loss[0][above]).logical_or(sgd.diverged()[above]).all())
    assert swept(on("saddle"), 1, "SGD").limits() == {}
    assert swept(on("booth"), 1, "SGD", weight_decay=0.1).limits() == {}


def test_unfinished_work_shows_what_there_is_and_own_learning_rates_do_not_count():
    all_hparams = tuple(hyperparameters_of(name)() for name in ("Adam", "LBFGS"))
    task = LrSweepTask(SurfaceSettings(), all_hparams, 100)
    assert task.total <= 1000
    assert task.key == LrSweepTask(SurfaceSettings(), tuple(replace(h, lr=0.5) for h in all_hparams), 100).key
    task.step(31)
    found = task.result()
    assert found.frame_steps[-1] <= 30 < frame_steps(100)[len(found.frame_steps)]
    assert [each.name for each in found.curves] == ["Adam"]
    assert found.curves[0].loss.shape == (len(found.frame_steps), 48)
    while not task.finished:
        assert task.progress
        task.step(7)
    assert [each.name for each in task.result().curves] == ["Adam", "LBFGS"]
    assert task.result().of("LBFGS").lr.tolist() == sorted(LBFGS_RATES)
    assert task.result().of("SGD") is None


@pytest.mark.parametrize("steps", [1, 24, 25, 200, 500])
def test_every_run_of_lbfgs_comes_to_its_end(steps):
    curve = swept(on("rosenbrock"), steps, "LBFGS").of("LBFGS")
    assert len(curve.lr) == len(LBFGS_RATES)
    assert len(curve.loss) == len(frame_steps(steps))


def test_a_function_without_any_value_has_no_best():
    surface = SurfaceSettings(surface="typed", text="log(-1 - x^2) + y", x=1.0, y=1.0)
    found = swept(surface, 10, "SGD", "Adam", "LBFGS")
    assert found.best() == {}
    assert all(each.diverges_from() == each.lr[0] for each in found.curves)
