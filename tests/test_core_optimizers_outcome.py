"""What became of runs whose outcome is known, and the reasons of those that diverge."""

import math

import pytest
import torch

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.measures import distances, gradient_norms, lowest_at_the_end, reference
from core.optimizers.outcome import above_limit, outcome, reason, settled_at, stays_on_line
from core.optimizers.race import RaceTask, race
from core.optimizers.settings import SurfaceSettings
from core.optimizers.time_axis import time_axis


def raced(names, surface="typed", start=(1.0, 1.5), steps=200, text="x^2 + y^2", **keywords):
    settings = SurfaceSettings(surface=surface, text=text, x=start[0], y=start[1])
    return race(settings, tuple(hyperparameters_of(name)(**keywords) for name in names), steps)


def judged(name, *args, **keywords):
    """Outcome, reason and run of one optimizer."""
    found = raced([name], *args, **keywords)
    (run,), shape = found.runs, found.surface.shape
    return outcome(run, run.steps, shape), reason(run, run.steps, shape), run


def test_sgd_past_the_limit_on_beale_diverges_at_step_four_for_that_reason():
    found, why, run = judged("SGD", "beale", lr=0.1)
    assert (found.kind, run.diverged_at) == ("diverged", 4)
    assert (why.kind, why.step) == ("limit", 0)
    assert why.limit == pytest.approx(0.0071040, rel=1e-4)


def test_a_run_that_converged_names_its_minimum():
    found, why, _ = judged("SGD", "booth", (-7.0, 2.0), lr=0.1)
    assert (found.kind, why) == ("converged", None)
    assert (found.point.x, found.point.y) == pytest.approx((1.0, 3.0))
    found, _, _ = judged("Rprop", "himmelblau", (-3.0, 3.0), lr=0.01)
    assert (found.point.x, found.point.y) == pytest.approx((-2.805118, 3.131313), abs=1e-5)


def test_the_last_three_points_must_be_there():
    shape = SurfaceSettings(surface="booth").shape
    there, away = [1.0, 3.0], [1.0, 3.0 + 0.003 * shape.width]
    assert settled_at(torch.tensor([away, there, there, there]).double(), shape) is not None
    assert settled_at(torch.tensor([there, away, there, there]).double(), shape) is None
    assert settled_at(torch.tensor([there, there, away]).double(), shape) is None
    assert settled_at(torch.tensor([there]).double(), shape) is None
    assert settled_at(torch.tensor([there, there]).double(), shape) is not None


@pytest.mark.parametrize(
    ("name", "keywords", "limit"),
    [
        ("SGD", {}, 2 / 18),
        ("Momentum", {"momentum": 0.5}, 3 / 18),
        ("Nesterov", {"momentum": 0.5}, 1.5 / 18),
        ("SGD", {"weight_decay": 1.0}, 2 / 19),
        ("Momentum", {"momentum": 0.5, "dampening": 0.5}, 3 / 9),
    ],
)
def test_just_below_the_limit_it_comes_to_rest_and_just_above_it_climbs(name, keywords, limit):
    _, why, below = judged(name, "booth", (-7.0, 2.0), steps=500, lr=0.97 * limit, **keywords)
    assert why is None
    assert (below.path[-1] - below.path[-2]).norm() < 1e-3
    found, why, above = judged(name, "booth", (-7.0, 2.0), lr=1.03 * limit, **keywords)
    assert (found.kind, why.kind, why.step) == ("moving", "limit", 0)
    assert why.limit == pytest.approx(limit, rel=1e-9)
    assert above.loss[-1] > above.loss[0]


def test_the_limit_is_exceeded_at_every_later_point_and_not_before():
    found = raced(["Momentum"], "beale", lr=0.01)
    run, function = found.runs[0], found.surface.shape.function
    why = above_limit(run, run.steps - 1, function)
    assert 0 < why.step < run.steps - 1
    assert above_limit(run, why.step - 1, function) is None
    assert all(above_limit(run, last, function).step == why.step for last in range(why.step, run.steps))
    assert above_limit(raced(["Adam"], lr=100.0).runs[0], 3, function) is None


def test_on_a_power_of_four_the_start_decides():
    border = 1 / math.sqrt(2 * 0.1)
    stays, _, _ = judged("SGD", text="x^4 + y^2", start=(0.99 * border, 1.0), lr=0.1)
    leaves, why, run = judged("SGD", text="x^4 + y^2", start=(1.01 * border, 1.0), lr=0.1)
    assert stays.kind != "diverged"
    assert (leaves.kind, why.kind) == ("diverged", "limit")
    assert run.diverged_at < 30


@pytest.mark.parametrize("name", ["SGD", "Momentum", "Adam", "Rprop", "LBFGS"])
def test_a_start_on_a_line_of_symmetry_is_named(name):
    on, beside = (raced([name], "saddle", (-1.7, y), steps=60, lr=0.05) for y in (0.0, 0.001))
    function = on.surface.shape.function
    assert stays_on_line(on.runs[0], 60, function) == "y"
    assert (on.runs[0].path[:, 1] == 0).all()
    assert stays_on_line(beside.runs[0], 60, function) == ""
    constant = raced([name], text="x^2", steps=5, lr=0.1)
    assert stays_on_line(constant.runs[0], 5, constant.surface.shape.function) == ""


def test_from_the_line_sgd_ends_at_the_saddle():
    found, _, _ = judged("SGD", "saddle", (-1.7, 0.0), lr=0.1)
    assert (found.kind, found.point.kind) == ("saddle", "saddle")


def test_falling_without_end_is_not_blamed_on_lr():
    found, why, run = judged("SGD", text="x - exp(y)", start=(0.0, 5.0), lr=0.5, steps=50)
    assert (found.kind, why.kind) == ("diverged", "unbounded")
    assert run.loss.min() < -1e20


@pytest.mark.parametrize(
    ("name", "keywords", "said"),
    [
        ("Adam", {"text": "x^2 + y^2", "start": (1.0, 0.0), "eps": 0.0}, "a coordinate is not a number (NaN)"),
        ("SGD", {"surface": "ackley", "start": (0.0, 0.0)}, "the gradient is not a number (NaN)"),
        ("Adam", {"text": "log(x) + y^2", "start": (0.005, 1.0)}, "f is not a number (NaN)"),
        ("SGD", {"text": "sqrt(x)", "start": (-1.0, 1.0)}, "f is not a number (NaN)"),
        ("Adam", {"text": "exp(exp(x))", "start": (20.0, 20.0)}, "f is infinite"),
    ],
)
def test_what_is_not_finite_is_named(name, keywords, said):
    found, why, run = judged(name, lr=0.01, **keywords)
    assert (found.kind, run.diverged) == ("diverged", said)
    assert (why.kind, why.step) == ("not finite", max(run.diverged_at - 1, 0))


def test_the_outcome_is_that_of_the_moment_not_of_the_end():
    found = raced(["SGD"], "beale", lr=0.1, steps=20)
    (run,), shape = found.runs, found.surface.shape
    assert [outcome(run, at, shape).kind for at in (0, 2, 4, 20)] == ["moving", "moving", "diverged", "diverged"]
    assert reason(run, 0, shape) is None


def test_constant_ground_and_tiny_steps_do_not_break_it():
    for name in ("ASGD", "AdamW", "SGD"):
        assert judged(name, text="3", lr=0.01)[0].kind in ("saddle", "moving")
    assert judged("SGD", "booth", (-7.0, 2.0), lr=1e-8)[0].kind == "moving"
    assert judged("LBFGS", "beale", lr=10.0)[0].kind == "moving"


def test_in_gradients_each_run_stands_at_its_last_step_that_needed_no_more():
    found = raced(["LBFGS", "SGD"], "beale", lr=0.001, steps=40)
    time = time_axis(found, "gradients")
    assert time.frame_steps[-1] == 40
    for run in found.runs:
        assert time.indices(run) == [time.index(run, count) for count in time.frame_steps]
        for count, at in zip(time.frame_steps, time.indices(run), strict=True):
            assert run.gradients_taken[at] <= count
            assert at == run.steps or run.gradients_taken[at + 1] > count
    assert time_axis(found, "steps").index(found.runs[0], 40) == found.runs[0].steps


def test_measures():
    found = raced(["SGD"], "himmelblau", (3.0, 2.5), steps=3, lr=0.01)
    run, known = found.runs[0], reference(found)
    assert known.level == pytest.approx(0, abs=1e-12)
    assert len(known.minima) == 4
    assert distances(run, known.minima)[0] == pytest.approx(0.5)
    assert torch.equal(gradient_norms(run), torch.hypot(run.gradient[:, 0], run.gradient[:, 1]))
    assert reference(raced(["SGD"], "saddle", lr=0.1, steps=5)) == type(known)(None, ())
    below = raced(["SGD"], "mccormick", (-1.5, -3.0), lr=0.5, steps=40)
    assert reference(below).level is None or below.runs[0].loss.min() >= reference(below).level


def test_who_ends_lowest():
    names = ("SGD", "Momentum", "Adam")
    found = raced(names, "beale", steps=60, lr=0.01)
    (best,) = lowest_at_the_end(found, names)
    assert found.of(best).loss[-1] == min(run.loss[-1] for run in found.runs if run.diverged_at is None)
    assert found.of("Momentum").diverged_at == 10
    assert lowest_at_the_end(found, ("Momentum",)) == []
    twins = raced(("SGD", "Momentum"), steps=1, lr=0.1)  # the first steps are equal
    assert lowest_at_the_end(twins, names) == ["SGD", "Momentum"]


def test_a_race_that_is_stopped_is_the_beginning_of_the_whole_one():
    whole = raced(("SGD", "LBFGS"), "beale", steps=20, lr=0.01)
    task = RaceTask(whole.surface, tuple(run.hparams for run in whole.runs), 20)
    task.step(7)
    half = task.result()
    assert (half.steps, task.finished) == (7, False)
    for run, other in zip(half.runs, whole.runs, strict=True):
        assert torch.equal(run.path, other.path[:8])
    gone = RaceTask(whole.surface, (hyperparameters_of("SGD")(lr=1.0),), 500)
    gone.run()
    assert gone.finished and gone.done < 500
