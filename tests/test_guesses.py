"""What is right in each guess, checked on runs whose end is known."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from core.gradient_descent.bowl import roll, shares_left, slower
from core.gradient_descent.compare import four
from core.gradient_descent.compare import lowest as lowest_of_four
from core.gradient_descent.curve import descend
from core.gradient_descent.lr_sweep import sweep, three_times, worse
from core.gradient_descent.momentum import momentum_map
from core.gradient_descent.outcome import fate
from core.gradient_descent.regression import all_batches, closest
from core.gradient_descent.settings import BowlSettings, CompareSettings, DescentSettings, RegressionSettings
from core.loss_functions.constant import LOSSES, pulled_farthest, pulls
from core.loss_functions.cross_entropy import change_by_adding, cross_entropy
from core.loss_functions.mistakes import misreports
from core.loss_functions.settings import ConstantSettings, CrossEntropySettings
from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.basins import follows_the_nearest, share_at_nearest, starts
from core.optimizers.lr_sweep import LrSweepTask
from core.optimizers.matrices import lowest
from core.optimizers.momentum import map_task
from core.optimizers.noisy_runs import NoisyRunsTask, nearer
from core.optimizers.schedules import ScheduleSettings
from core.optimizers.settings import SurfaceSettings
from core.optimizers.weight_decay import groups
from core.perceptron.learn import run
from core.perceptron.limits import comes_to_rest
from core.perceptron.settings import PerceptronSettings
from core.plane.momentum_map import MUCH, MomentumMap
from core.plane.surfaces import SURFACES
from core.tensors.power import is_right, power
from core.tensors.settings import PowerSettings
from core.training_loop.addition import closeness
from figures.momentum_map import border_words
from figures.optimizers.network import time_words

INF, NAN = float("inf"), float("nan")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"lr": 0.9}, "rests"),
        ({"lr": 0.5, "steps": 1}, "moves"),  # one step: nothing shorter to compare with
        ({"lr": 0.01}, "moves"),
        ({"lr": 1.0}, "swings"),
        ({"lr": 1.1}, "flies out"),
        ({"curve": "quartic", "lr": 0.1, "start": 4.0}, "flies out"),
        ({"start": 0.0}, "rests"),
        ({"curve": "abs", "lr": 0.7}, "swings"),
    ],
)
def test_what_becomes_of_the_ball(settings, said):
    assert fate(descend(DescentSettings(**settings))) == said


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "along"),
        ({"lr": 2.1}, "across"),
        ({"lr": 100.0, "steps": 200}, "across"),  # both diverge, across it is worse or not finite
        ({"condition": 1.0}, "same"),
        ({"x": 0.0}, "across"),  # nothing to go along
        ({"angle": 90, "lr": 1.7}, "along"),
    ],
)
def test_the_slower_direction_has_more_left(settings, said):
    found = roll(BowlSettings(**settings))
    assert slower(found) == (said if found.diverged_at is None or said == "across" else "same")
    if not settings:
        assert shares_left(found) == pytest.approx((0.83**40, 0.7**40), rel=1e-6)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, ["best"]),
        ({"condition": 100.0}, ["good"]),  # the best in the long run needs longer
        ({"condition": 1.0}, ["good", "best"]),
        ({"condition": 1000.0, "high": 3.0, "momentum": 0.8}, ["best"]),
    ],
)
def test_which_of_four_is_lowest(settings, said):
    assert lowest_of_four(four(CompareSettings(**settings))) == said


def test_diverged_runs_are_not_the_lowest():
    runs = [SimpleNamespace(losses=torch.tensor([1.0, x]), diverged_at=at) for x, at in ((NAN, 1), (2.0, None))]
    assert lowest_of_four(dict(zip("ab", runs, strict=True))) == ["b"]
    assert lowest_of_four({"a": runs[0]}) == []


def test_three_times_the_best_lr_and_a_third_of_it():
    found = sweep(DescentSettings(), 20)
    lr = found.lr[found.best].item()
    factors = (1 - 2 * lr / 3) ** 40, (1 - 6 * lr) ** 40
    assert three_times(found) == pytest.approx([9 * factor for factor in factors], rel=1e-9)
    assert worse(*three_times(found)) == "larger"
    assert worse(*three_times(sweep(DescentSettings(curve="quartic", start=-1.0), 20))) == "larger"
    assert (worse(1.0, INF), worse(2.0, 1.0), worse(INF, INF), worse(0.0, 0.0)) == ("larger", "smaller", "same", "same")


@pytest.mark.parametrize(("nesterov", "said"), [(False, "larger"), (True, "smaller")])
def test_where_momentum_moves_the_border(nesterov, said):
    """The limit 2(1 + b)/L grows with b; with Nesterov 2(1 + b)/(L (1 + 2 b)) falls."""
    assert momentum_map(10.0, nesterov).border_moves == said


@pytest.mark.parametrize(("surface", "said"), [("booth", "larger"), ("beale", "smaller")])
def test_momentum_moves_the_border_of_a_bowl_up_and_that_of_a_bent_surface_down(surface, said):
    """Booth is a bowl. On Beale the way down is steeper than its end, and momentum carries the run too far there."""
    x, y = SURFACES[surface].start
    found = map_task(SurfaceSettings(surface=surface, x=x, y=y), False).run()
    assert found.border_moves == said
    assert all(f"{found.largest_kept(row):.4g}" in border_words(found) for row in (0, MUCH))


def test_where_no_run_comes_down_there_is_no_border():
    found = SimpleNamespace(largest_kept=lambda row: None if row else 0.1)
    assert MomentumMap.border_moves.fget(found) is None
    assert "No lr" in border_words(found)


def test_who_is_first_by_the_clock_is_said_with_steps_and_time():
    steps, times = {"LBFGS": [3, 4], "Adam": [40, 44]}, {"LBFGS": [21.0, 22.0], "Adam": [15.0, 16.0]}
    found = SimpleNamespace(target=0.1, steps_to=lambda _: steps, milliseconds_to=lambda _: times)
    assert "LBFGS needs 3 steps and 21 ms and Adam needs 40 steps and 15 ms" in time_words(found)
    both = SimpleNamespace(target=0.1, steps_to=lambda _: steps, milliseconds_to=lambda _: steps)
    assert "Adam" not in time_words(both)


def test_the_closest_line_has_the_lowest_cost_and_a_diverged_one_none():
    found = all_batches(RegressionSettings())
    assert closest(found) == ["all"]
    assert found["all"].cost[-1] < min(found["some"].cost[-1], found["one"].cost[-1])
    assert closest(all_batches(RegressionSettings(scale="own", lr=10.0, updates=400))) == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"data": "and"}, "soon"),
        ({"gap": 0.0625, "seed": 5}, "late"),
        ({"data": "xor"}, "never"),
        ({"gap": 0.0625, "seed": 5, "max_updates": 50}, "late"),  # stopped, and a line separates the samples
        ({"gap": 0.0625, "seed": 5, "max_updates": 2}, "unknown"),
        ({"data": "xor", "max_updates": 2}, "never"),
    ],
)
def test_whether_the_rule_comes_to_rest(settings, said):
    assert comes_to_rest(run(PerceptronSettings(**settings))) == said


@pytest.mark.parametrize("table", ["2,5,1", "10000,-10000,1", "1,2,-100", "0.001,0,0;-7,3,1"])
@pytest.mark.parametrize("other", [{}, {"temperature": 0.1}, {"label_smoothing": 0.3, "weight": "0.001,100"}])
def test_the_same_added_to_every_score_changes_no_loss(table, other):
    found = cross_entropy(CrossEntropySettings(table=table, **other))
    assert {change_by_adding(found, row, 10.0) for row in range(len(found.each))} == {"same"}


def test_the_outlier_pulls_the_mean_farthest():
    settings = ConstantSettings()
    assert pulls(settings)["MSELoss"] == pytest.approx(22 - 2.5)
    assert pulled_farthest(settings, LOSSES[:3]) == ["MSELoss"]
    assert pulled_farthest(replace(settings, delta=200.0), LOSSES[:3]) == ["MSELoss", "HuberLoss"]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [(1.0, 1.5, "more"), (0.3, -0.7, "less"), (1.0, 1.0 + 1e-7, "same"), (0.0, 0.0, "same"), (-1.0, -INF, "less")],
)
def test_what_a_mistake_reports(right, wrong, said):
    assert misreports(right, wrong) == said


def ended(**points):
    runs = [SimpleNamespace(name=name, end=torch.tensor(point)) for name, point in points.items()]
    return SimpleNamespace(runs=runs)


def test_optimizers_that_end_within_a_hundredth_are_in_one_place():
    assert groups(ended(SGD=(2.0, 0.0), Adam=(2.01, 0.0), AdamW=(1.0, 0.0))) == [["SGD", "Adam"], ["AdamW"]]
    assert groups(ended(SGD=(0.0, 0.0), Adam=(0.0, 0.02), AdamW=(NAN, 0.0))) == [["SGD"], ["Adam"], ["AdamW"]]


def test_the_lowest_loss_at_the_end_is_finite():
    runs = [SimpleNamespace(name=str(i), last_loss=loss) for i, loss in enumerate((NAN, 2.0, INF, 1.0, 1.0))]
    assert lowest(runs) == ["3", "4"]
    assert lowest(runs[:1]) == []


def test_the_best_rates_are_as_far_apart_as_the_smallest_and_the_largest():
    sgd, adam = (hyperparameters_of(name)() for name in ("SGD", "Adam"))
    sweep = LrSweepTask(SurfaceSettings(), (sgd, adam), 200).run()
    assert sweep.best_ratio() == sweep.best()["Adam"] / sweep.best()["SGD"] > 10
    assert LrSweepTask(SurfaceSettings(), (sgd,), 20).run().best_ratio() is None
    nowhere = SurfaceSettings(surface="typed", text="log(x) + y", x=-1.0, y=0.0)
    assert LrSweepTask(nowhere, (sgd, adam), 20).run().best_ratio() is None


@pytest.mark.parametrize(
    ("lr", "far", "said"),
    [
        (0.05, (3.0, 0.0), "changing"),  # it arrives, and trembles less
        (0.001, (3.0, 0.0), "constant"),  # too short a way for a falling lr
        (0.0, (3.0, 0.0), "same"),
        (10.0, (3.0, 0.0), "neither"),
    ],
)
def test_which_of_two_clouds_ends_nearer_to_a_minimum(lr, far, said):
    bowl = SurfaceSettings(surface="typed", text="x^4 + x^2 + y^2", x=far[0], y=far[1])
    settings = ScheduleSettings(lr=lr or 1e-6, steps=100, T_max=100, noise=0.3)
    runs = NoisyRunsTask(bowl, hyperparameters_of("SGD")(), settings, ("constant", "cosine")).run()
    assert nearer(bowl, *runs) == said


def test_starts_in_the_nearest_minimum_are_counted(monkeypatch):
    minima = [SimpleNamespace(x=-1.0, y=0.0), SimpleNamespace(x=1.0, y=0.0)]
    box = (-2.0, 2.0, -2.0, 2.0)
    nearest = (starts(box, 10)[:, 0] > 0).to(torch.int16).reshape(10, 10)
    found = SimpleNamespace(box=box, side=10, minima=minima, state=nearest.clone())
    measure = share_at_nearest.__wrapped__
    assert measure(found) == 1.0
    found.state[0, :2] = -1
    assert measure(found) == 0.98
    monkeypatch.setattr("core.optimizers.basins.share_at_nearest", measure)
    for state, said in ((nearest, "all"), (found.state, "most"), (1 - nearest, "few")):
        assert follows_the_nearest(SimpleNamespace(**vars(found) | {"state": state})) == said


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, False),
        ({"n": 91}, True),
        ({"n": 0}, True),
        ({"n": 92, "dtype": "float64"}, False),
        ({"matrix": "[[2]]", "n": 64}, False),
        ({"matrix": "[[2]]", "n": 150, "dtype": "float64"}, True),  # a power of two needs one binary digit
        ({"matrix": "[[2]]", "n": 150, "dtype": "float32"}, False),  # inf
        ({"matrix": "[[0, 2], [0, 0]]", "n": 150}, True),
        ({"matrix": "[[2]]", "n": -3, "dtype": "float64"}, True),
        ({"matrix": "[[3]]", "n": -1, "dtype": "float64"}, False),
    ],
)
def test_whether_each_number_of_a_power_is_right(settings, said):
    assert is_right(power(PowerSettings(**settings), 0)) == said


@pytest.mark.parametrize(("said", "kind"), [(301.0, "close"), (309.0, "rough"), (311.0, "far"), (NAN, "no number")])
def test_how_near_an_answer_is(monkeypatch, said, kind):
    monkeypatch.setattr("core.training_loop.addition.answer", lambda *_: said)
    assert closeness(SimpleNamespace(weights={}), 150.0) == kind
