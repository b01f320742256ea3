"""Verdicts and reasons on cases whose outcome is known."""

import math

import pytest
import torch

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.measures import distances, gradient_norms, ground, heights
from core.optimizers.outcome import outcome
from core.optimizers.race import race
from core.optimizers.reason import undivided
from core.optimizers.settings import SurfaceSettings
from core.optimizers.time_axis import time_axis
from core.plane.surfaces import box_of, points_of


def judged(name, surface="typed", start=(1.0, 1.5), steps=200, text="x^2 + y^2", **keywords):
    settings = SurfaceSettings(surface=surface, text=text, x=start[0], y=start[1])
    found = race(settings, (hyperparameters_of(name)(**keywords),), steps)
    box, run = box_of(surface, text), found.runs[0]
    return outcome(run, run.steps, found.function, points_of(surface, text), box[1] - box[0]), run


def test_sgd_past_the_limit_on_beale_is_lost_at_step_four_for_that_reason():
    outcome, run = judged("SGD", "beale", lr=0.1)
    assert (outcome.kind, run.diverged_at) == ("lost", 4)
    assert (outcome.reason.kind, outcome.reason.step) == ("limit", 0)
    assert outcome.reason.limit == pytest.approx(0.0071040, rel=1e-4)
    assert outcome.reason.lr == 0.1


def test_arrival_names_the_minimum():
    outcome, _ = judged("SGD", "booth", (-7.0, 2.0), lr=0.1)
    assert outcome.kind == "arrived"
    assert (outcome.place.x, outcome.place.y) == pytest.approx((1.0, 3.0))
    outcome, _ = judged("Rprop", "himmelblau", (-3.0, 3.0), lr=0.01)
    assert (outcome.place.x, outcome.place.y) == pytest.approx((-2.805118, 3.131313), abs=1e-5)


@pytest.mark.parametrize(
    ("name", "keywords", "limit"),
    [
        ("SGD", {}, 2 / 18),
        ("Momentum", {"momentum": 0.5}, 3 / 18),
        ("Nesterov", {"momentum": 0.5}, 1.5 / 18),
        ("SGD", {"weight_decay": 1.0}, 2 / 19),
    ],
)
def test_just_below_the_limit_it_arrives_and_just_above_it_grows(name, keywords, limit):
    below, _ = judged(name, "booth", (-7.0, 2.0), steps=500, lr=0.97 * limit, **keywords)
    above, run = judged(name, "booth", (-7.0, 2.0), steps=200, lr=1.03 * limit, **keywords)
    assert below.kind in ("arrived", "still")  # weight decay moves the minimum
    assert above.kind == "growing"
    assert above.reason.kind == "limit"
    assert above.reason.limit == pytest.approx(limit, rel=1e-9)
    assert above.reason.step == 0
    assert run.loss[-1] > run.loss[0]


def test_on_a_power_of_four_the_start_decides():
    border = 1 / math.sqrt(2 * 0.1)
    stays, _ = judged("SGD", text="x^4 + y^2", start=(0.99 * border, 1.0), lr=0.1)
    lost, run = judged("SGD", text="x^4 + y^2", start=(1.01 * border, 1.0), lr=0.1)
    assert stays.kind != "lost"
    assert lost.kind == "lost"
    assert run.diverged_at < 30
    assert lost.reason.kind == "limit"


@pytest.mark.parametrize("name", ["SGD", "Momentum", "Adam", "Rprop", "LBFGS"])
def test_a_start_on_a_line_of_symmetry_is_named(name):
    outcome, run = judged(name, "saddle", (-1.7, 0.0), steps=60, lr=0.05)
    assert outcome.line == "y"
    assert (run.path[:, 1] == 0).all()
    if outcome.place is not None:
        assert (outcome.kind, outcome.place.kind) == ("level", "saddle")
    beside, _ = judged(name, "saddle", (-1.7, 0.001), steps=60, lr=0.05)
    assert beside.line == ""


def test_a_coordinate_that_f_does_not_know_is_no_line_of_symmetry():
    assert judged("SGD", text="x^2", lr=0.1)[0].line == ""


def test_sgd_from_the_line_ends_at_the_saddle():
    outcome, _ = judged("SGD", "saddle", (-1.7, 0.0), lr=0.1)
    assert (outcome.kind, outcome.place.kind) == ("level", "saddle")


def test_downhill_without_end_is_not_blamed_on_lr():
    outcome, _ = judged("SGD", text="x - exp(y)", start=(0.0, 5.0), lr=0.5, steps=50)
    assert outcome.kind == "lost"
    assert outcome.reason.kind == "endless" or outcome.reason.kind == "overflow"


def test_zero_by_zero_is_named():
    outcome, run = judged("Adam", text="x^2 + y^2", start=(1.0, 0.0), eps=0.0, lr=0.01)
    assert (outcome.kind, run.diverged_at) == ("lost", 1)
    assert run.diverged == "a coordinate is not a number (NaN)"
    assert (outcome.reason.kind, outcome.reason.step) == ("zero by zero", 0)


def test_a_cusp_and_a_place_without_a_value_are_told_apart():
    outcome, run = judged("SGD", "ackley", (0.0, 0.0), lr=0.01)
    assert run.diverged_at == 0
    assert outcome.reason.kind == "no gradient"
    outcome, _ = judged("SGD", text="log(x) + y^2", start=(0.5, 1.0), lr=0.3)
    assert outcome.reason.kind == "no value"


def test_radam_is_lost_by_the_steps_that_it_does_not_divide():
    outcome, run = judged("RAdam", "beale", lr=0.1)
    assert outcome.kind == "lost"
    assert run.diverged_at <= undivided(0.999)
    assert outcome.reason.kind == "undivided"


def test_radam_divides_from_the_sixth_step():
    assert undivided(0.999) == 5


def test_steps_as_long_as_lr_bounce_around_the_minimum():
    outcome, _ = judged("Adam", text="abs(x) + abs(y)", lr=0.5, beta1=0.0, beta2=0.0)
    assert outcome.kind == "bouncing"


def test_hardly_moving_and_on_its_way():
    assert judged("Adadelta", "booth", (-7.0, 2.0), lr=1e-3, steps=50)[0].kind == "barely"
    assert judged("SGD", "booth", (-7.0, 2.0), lr=1e-3, steps=50)[0].kind == "moving"
    assert judged("SGD", "booth", (-7.0, 2.0), steps=50)[1].steps == 50


def test_level_ground_and_far_places_are_not_called_places_of_rest():
    for name in ("ASGD", "AdamW", "SGD"):
        assert judged(name, text="3", lr=0.01)[0].kind in ("flat", "level")
    outcome, run = judged("LBFGS", "beale", lr=10.0)
    assert run.loss[-1] > 1e100
    assert outcome.kind in ("far", "growing")
    outcome, run = judged("SGD", "booth", (-7.0, 2.0), lr=1e-8)
    assert outcome.kind == "barely"


def test_the_verdict_is_on_the_moment_not_on_the_end():
    settings = SurfaceSettings()
    found = race(settings, (hyperparameters_of("SGD")(lr=0.1),), 20)
    assert outcome(found.runs[0], 0, found.function, points_of("beale", ""), 9.0).kind == "start"
    assert outcome(found.runs[0], 2, found.function, points_of("beale", ""), 9.0).kind != "lost"


def test_in_gradients_each_run_stands_at_its_last_step_that_needed_no_more():
    all_hparams = (hyperparameters_of("LBFGS")(lr=0.1), hyperparameters_of("SGD")(lr=0.001))
    found = race(SurfaceSettings(), all_hparams, 40)
    time = time_axis(found, "gradients")
    assert time.moments[-1] == 40
    for run in found.runs:
        for moment in time.moments:
            at = time.index(run, moment)
            assert run.gradients_taken[at] <= moment
            assert at == run.steps or run.gradients_taken[at + 1] > moment
    steps = time_axis(found, "steps")
    assert steps.index(found.runs[0], 40) == found.runs[0].steps


def test_measures():
    found = race(SurfaceSettings(surface="himmelblau", x=3.0, y=2.5), (hyperparameters_of("SGD")(lr=0.01),), 3)
    run, known = found.runs[0], ground(found)
    assert known.known
    assert len(known.goals) == 4
    assert distances(run, known)[0] == pytest.approx(0.5)
    assert torch.equal(gradient_norms(run), torch.hypot(run.gradient[:, 0], run.gradient[:, 1]))
    assert torch.equal(heights(run, known), run.loss - known.level)
    found = race(SurfaceSettings(surface="saddle", x=1.0, y=1.0), (hyperparameters_of("SGD")(lr=0.1),), 5)
    known = ground(found)
    assert not known.known
    assert distances(found.runs[0], known) is None
    assert known.level == found.runs[0].loss.min()
