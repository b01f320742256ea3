"""Many learning rates of one optimizer at once are the runs of the single ones, and the best of them is the lowest."""

from dataclasses import replace

import pytest
import torch

from core.optim.hyperparameters import hyperparameters_of
from core.optim.known import PLANE_OPTIMIZERS
from core.optimizers.lr_curves import ARRIVED, NEAR, RateCurve, RateSweep, best_of, longest_row, row_around
from core.optimizers.lr_sweep import RATES_ALONE, RateWork, moments_of
from core.optimizers.race import race
from core.optimizers.settings import SurfaceSettings
from core.plane.derivatives import value_and_gradient
from core.plane.lr_batch import BASES, Alone, rates, rows_of
from core.plane.surfaces import SURFACES, function_of

STEPS = 20
DECAYS = ("SGD", "Nesterov", "Adagrad", "RMSprop", "Adam", "AdamW", "NAdam", "RAdam", "Adafactor", "ASGD")
BESIDE = ("Adam", "NAdam", "RAdam")


def ground(name):
    x, y = SURFACES[name].start
    return SurfaceSettings(surface=name, x=x, y=y)


def same_as_alone(hparams, surface, every, offset=0):
    """Compares each `every`-th rate with the race's run of that rate alone: its loss, or that it is lost."""
    work = RateWork(surface, (hparams,), STEPS)
    work.advance(10_000)
    (curve,) = work.run().curves
    for i in range(offset, len(curve.lr), every):
        single = race.__wrapped__(surface, (replace(hparams, lr=curve.lr[i].item()),), STEPS).runs[0]
        for moment, loss in zip(moments_of(STEPS), curve.loss[:, i].tolist(), strict=True):
            if single.diverged_at is not None and moment >= single.diverged_at:
                assert loss != loss
            else:
                assert loss == single.loss[moment].item(), (hparams.name, curve.lr[i], moment)


def test_the_ladder_is_half_octaves_of_exact_scales():
    lr = rates()
    assert len(lr) == 48
    assert lr.tolist() == sorted(lr.tolist())
    assert [lr[0].item(), lr[-1].item()] == [2.0**-17, 2.0**6.5]
    assert torch.allclose(lr[1:] / lr[:-1], torch.tensor(2.0).double().sqrt())
    assert all(rate == 2.0 ** (i / 2 - 17) for i, rate in enumerate(lr.tolist()))


@pytest.mark.parametrize("name", PLANE_OPTIMIZERS)
def test_every_rate_is_bit_for_bit_the_single_run(name):
    every = 2 if name == "LBFGS" else 5 if name in ("ASGD", "Adafactor") else 4
    same_as_alone(hyperparameters_of(name)(), ground("beale"), every)


@pytest.mark.parametrize("name", ["SGD", "Momentum", "Adam", "Rprop", "SparseAdam"])
def test_so_it_is_where_functions_are_not_polynomials(name):
    same_as_alone(hyperparameters_of(name)(), ground("ackley"), 6, 1)


@pytest.mark.parametrize("name", DECAYS)
def test_weight_decay_is_bit_for_bit_the_optimizer_s_own(name):
    same_as_alone(hyperparameters_of(name)(weight_decay=0.05), ground("himmelblau"), 5, 2)


@pytest.mark.parametrize("name", BESIDE)
def test_decoupled_weight_decay_too(name):
    hparams = hyperparameters_of(name)(weight_decay=0.05, decoupled_weight_decay=True)
    same_as_alone(hparams, ground("himmelblau"), 5, 2)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("SGD", {"momentum": 0.5, "dampening": 0.3}),
        ("Adagrad", {"lr_decay": 0.1, "initial_accumulator_value": 1.0}),
        ("RMSprop", {"centered": True, "momentum": 0.8}),
        ("Adam", {"amsgrad": True, "beta1": 0.5}),
        ("NAdam", {"momentum_decay": 0.1}),
        ("Rprop", {"step_max": 0.5, "eta_plus": 1.5}),
        ("ASGD", {"lambd": 0.1, "t0": 10.0}),
    ],
)
def test_other_hyperparameters_keep_it_so(name, changes):
    same_as_alone(hyperparameters_of(name)(**changes), ground("rosenbrock"), 7, 1)


def test_lbfgs_at_rest_would_not_have_moved():
    surface = ground("booth")
    function = function_of("booth", "")
    alone = Alone(hyperparameters_of("LBFGS")(), 1.0, torch.tensor([surface.x, surface.y]).double(), function)
    for _ in range(20):
        alone.step()
    assert alone.at_rest
    place = alone.x.detach().clone()
    for _ in range(5):
        alone.optimizer.step(alone._closure)
        assert torch.equal(place, alone.x.detach())


def swept(surface, all_hparams, steps):
    work = RateWork(surface, all_hparams, steps)
    while not work.finished:
        work.advance(100)
    return work.run()


def test_the_best_rate_is_the_one_of_which_the_race_ends_lowest():
    names = ("SGD", "Momentum", "Adam", "Rprop", "LBFGS")
    all_hparams = tuple(hyperparameters_of(name)() for name in names)
    surface, steps = ground("rosenbrock"), 20
    sweep = swept(surface, all_hparams, steps)
    best = best_of(sweep)
    assert list(best) == list(names)
    for hparams in all_hparams:
        ladder = RATES_ALONE if hparams.name == "LBFGS" else rates().tolist()[::3] + [best[hparams.name]]
        ends = {}
        for lr in ladder:
            (run,) = race.__wrapped__(surface, (replace(hparams, lr=lr),), steps).runs
            if run.diverged_at is None:
                ends[lr] = run.loss[-1].item()
        assert best[hparams.name] == min(ends, key=ends.get)
    assert best_of(sweep) is not best_of(sweep)


def test_sgd_s_best_rate_on_a_bowl_is_next_to_theory_s():
    # 2/(mu + L): Booth's curvatures are 2 and 18, so 0.1; half an octave is a factor of 1.41.
    best = best_of(swept(ground("booth"), (hyperparameters_of("SGD")(),), 60))["SGD"]
    assert 0.1 / 2**0.5 < best < 1 / 9  # 2/L is the cliff
    work = RateWork(ground("booth"), (hyperparameters_of("SGD")(),), 60)
    work.advance(1000)
    (curve,) = work.run().curves
    above = curve.lr > 1 / 9
    assert bool((curve.loss[-1][above] > curve.loss[0][above]).logical_or(curve.lost()[above]).all())


def test_unfinished_work_shows_what_there_is():
    all_hparams = tuple(hyperparameters_of(name)() for name in ("Adam", "LBFGS"))
    work = RateWork(SurfaceSettings(), all_hparams, 100)
    assert work.total_updates <= 1000
    assert not work.run().moments
    work.advance(31)
    found = work.run()
    assert found.moments[-1] <= 30 < moments_of(100)[len(found.moments)]
    assert [curve.name for curve in found.curves] == ["Adam"]
    assert found.curves[0].loss.shape == (len(found.moments), 48)
    while not work.finished:
        assert work.update < work.total_updates
        assert work.progress
        work.advance(7)
    assert [curve.name for curve in work.run().curves] == ["Adam", "LBFGS"]


def test_a_function_without_any_value_has_no_best_rate_and_breaks_nothing():
    surface = SurfaceSettings(surface="typed", text="log(-1 - x^2) + y", x=1.0, y=1.0)
    all_hparams = tuple(hyperparameters_of(name)(lr=0.3) for name in ("SGD", "Adam", "LBFGS"))
    work = RateWork(surface, all_hparams, 10)
    work.advance(10_000)
    found = work.run()
    assert best_of(found) == {"SGD": 0.3, "Adam": 0.3, "LBFGS": 0.3}
    assert all(curve.best() is None and curve.lost_from() == curve.lr[0] for curve in found.curves)
    assert all(curve.good() is None for curve in found.curves)


def test_rows_of_one_tensor_hold_each_rate_once():
    start = torch.tensor([1.0, 2.0]).double()
    for name in PLANE_OPTIMIZERS:
        if name != "LBFGS":
            rows = rows_of(hyperparameters_of(name)(), start)
            assert torch.equal(rows.places(), start.expand(len(rows.lr), 2))
            assert len(rows.lr) in (48, 48 // len(BASES))


def test_good_rates_come_down_by_one_measure_for_all():
    work = RateWork(ground("beale"), tuple(hyperparameters_of(name)() for name in ("RAdam", "Adam")), 200)
    work.advance(1000)
    sweep = work.run()
    radam, adam = sweep.curves
    assert sweep.lowest == pytest.approx(0, abs=1e-12)
    assert radam.good() is None  # its best has hardly come down, however many others are as bad
    low, high = adam.good()
    assert bool((adam.loss[-1][low : high + 1] <= 1e-3 * adam.loss[0][0]).all())
    assert low <= adam.best() <= high
    value, _ = value_and_gradient(sweep_function(sweep), torch.tensor([[sweep.surface.x, sweep.surface.y]]).double())
    assert bool((radam.loss[0] == value).all())


def test_of_the_rates_that_arrive_the_middle_is_taken():
    work = RateWork(ground("booth"), (hyperparameters_of("Momentum")(),), 500)
    work.advance(1000)
    (curve,) = work.run().curves
    first, last = curve.row()
    assert last - first > 8
    assert curve.best() == (first + last) // 2
    assert bool((curve.loss[-1][first : last + 1] <= 1e-12 * curve.loss[0][0]).all())
    assert curve.best() != int(curve.loss[-1].nan_to_num(torch.inf).argmin())
    assert [longest_row(torch.tensor(row).bool()) for row in ([0], [1], [1, 0, 1, 1], [1, 1, 0, 1, 1])] == [
        None,
        (0, 0),
        (2, 3),
        (0, 1),
    ]


def ended(*heights, start=100.0, lowest=0.0):
    """SGD with one rate for each height at the end above the lowest minimum, or above 0 without one."""
    end = torch.tensor(heights, dtype=torch.float64) + (lowest or 0.0)
    loss = torch.stack([torch.full_like(end, start + (lowest or 0.0)), end])
    return RateCurve(hyperparameters_of("SGD")(), rates()[: len(end)], loss, lowest)


@pytest.mark.parametrize("lowest", [0.0, -70.0, 3.0])
def test_where_no_rate_arrives_the_lowest_has_the_neighbours_that_end_at_most_a_tenth_higher(lowest):
    assert NEAR == 0.1
    curve = ended(5, 1.2, 1.09, 1, 1.05, torch.nan, 1.02, 9, lowest=lowest)
    assert not curve.arrives()
    assert curve.best() == 3
    assert curve.row() == (2, 4)  # a lost rate ends the row
    assert curve.elsewhere() == [(6, 6)]
    assert ended(1.11, 1, 1.11, lowest=lowest).row() == (1, 1)
    assert ended(1, 1.09, lowest=lowest).row() == (0, 1)
    assert ended(1, 5, 1.05, 1.06, lowest=lowest).row() == (0, 0)  # the best's own row, not the longest
    assert ended(1, 5, 1.05, 1.06, lowest=lowest).elsewhere() == [(2, 3)]
    assert ended(torch.nan, torch.nan, lowest=lowest).row() is None
    assert ended(torch.nan, lowest=lowest).elsewhere() == []
    assert ended(1, 1.05, 1.01, 1).best() == 0  # of equals apart, the first


@pytest.mark.parametrize("lowest", [0.0, -70.0, 3.0])
def test_a_run_arrives_at_a_part_of_the_height_at_the_start_and_none_is_better_than_another(lowest):
    assert ARRIVED == 1e-12
    level = 1e-10  # the start is 100 high
    curve = ended(1, 0, 5, 0.9 * level, 1e-11, 0.5 * level, 1.1 * level, torch.nan, lowest=lowest)
    assert curve.arrival == pytest.approx(level, rel=1e-3)
    assert curve.arrived().tolist() == [False, True, False, True, True, True, False, False]
    assert curve.row() == (3, 5)
    assert curve.best() == 4  # the middle of the longest row, though another ends lower
    assert curve.elsewhere() == [(1, 1)]
    assert not curve.arrives(0)


def test_a_rate_just_above_where_runs_arrive_does_not_and_the_lowest_is_marked():
    curve = ended(1.9e-10, 1.5e-10, 1.01e-10, 1.2e-10)  # all within 1e-12 of the height at the start
    assert not curve.arrives()
    assert curve.best() == 2
    assert curve.row() == (2, 2)


def test_rms_prop_on_booth_has_the_middle_of_those_that_arrive_though_others_end_lower():
    surface = SurfaceSettings(surface="booth", x=-7.0, y=2.0)
    (curve,) = swept(surface, (hyperparameters_of("RMSprop")(),), 200).curves
    first, last = curve.row()
    assert [curve.lr[i].item() for i in (first, curve.best(), last)] == pytest.approx([2**3.5, 32, 2**6.5])
    (other,) = curve.elsewhere()
    assert curve.loss[-1][other[1]] < 1e-9 * curve.loss[-1][curve.best()]


def test_without_a_minimum_the_lowest_has_its_equals_but_for_rounding():
    assert ended(1.2, 1.09, 1, 1.05, lowest=None).row() == (2, 2)
    assert ended(1, 1 - 2e-11, 1 + 3e-11, 1 + 1e-9, lowest=None).row() == (0, 2)
    assert ended(100, 100, 100, lowest=None).row() == (0, 2)
    assert ended(1e-13, lowest=None).arrival is None
    assert not ended(1e-13, lowest=None).arrives()
    assert ended(-1.7e308, -1e308, 5, start=1.7e308, lowest=None).row() == (0, 0)  # their difference overflows
    assert [row_around(1, torch.tensor(row).bool()) for row in ([0, 1, 0], [1, 1, 1], [0, 1, 1])] == [
        (1, 1),
        (0, 2),
        (1, 2),
    ]


@pytest.mark.parametrize("name", ["rastrigin", "mccormick"])
def test_many_rates_end_in_one_valley_as_low_as_the_best(name):
    all_hparams = tuple(hyperparameters_of(each)() for each in ("Momentum", "ASGD", "Adam"))
    sweep, again = (swept(ground(name), all_hparams, 200) for _ in range(2))
    assert best_of(sweep) == best_of(again)
    for curve in sweep.curves:
        assert not curve.arrives()
        first, last = curve.row()
        assert first <= curve.best() <= last
        height = (curve.loss[-1] - sweep.lowest).tolist()
        least = min(h for h in height if h == h)
        assert all(h <= 1.1 * least for h in height[first : last + 1])
        beside = [height[i] for i in (first - 1, last + 1) if 0 <= i < len(height)]
        assert not any(h <= 1.1 * least for h in beside)
    momentum = sweep.of("Momentum")
    assert momentum.row()[1] - momentum.row()[0] >= 19


def test_the_best_rate_is_one_of_those_near_it():
    curve = ended(1.09, 1.08, 1, 1.07, 1.06, 1.05)
    sweep = RateSweep(SurfaceSettings(), 1, [0, 1], (curve,), 0.0)
    assert curve.row() == (0, 5)
    assert best_of(sweep) == {"SGD": curve.lr[2].item()}


def sweep_function(sweep):
    return function_of(sweep.surface.surface, sweep.surface.text)
