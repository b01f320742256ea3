"""Curves, surface, best constants, mistakes and the float32 zone against closed forms."""

import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.loss_functions import float32
from core.loss_functions.constant import (
    LOSSES,
    OUTLIERS,
    best_constants,
    exact_constants,
    mean_losses,
    read_data,
    sweep_outlier,
)
from core.loss_functions.curve import curves, steepest, surface
from core.loss_functions.float32 import breaks_from, digits_over_gaps
from core.loss_functions.mistakes import compare
from core.loss_functions.settings import MISTAKES, ConstantSettings, CurveSettings, MistakeSettings
from core.number_rows import write_rows
from core.settings import parameters

# Curves and surface


def test_the_curves_of_numbers_are_the_closed_forms():
    found = curves(CurveSettings(at=2.5, delta=0.5))
    x, d = found.x, 0.5
    huber = torch.where(x.abs() < d, 0.5 * x**2, d * (x.abs() - 0.5 * d))
    for losses, expected in zip(found.losses.values(), (x**2, huber, huber / d, x.abs()), strict=True):
        torch.testing.assert_close(losses, expected)
    assert list(found.at.values()) == [(6.25, 5.0), (1.125, 0.5), (2.25, 1.0), (2.5, 1.0)]


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        (CurveSettings(at=2.0), ["MSELoss"]),
        (CurveSettings(at=-0.5, delta=1.0), ["MSELoss", "L1Loss"]),
        (CurveSettings(at=0.25, delta=0.1), ["SmoothL1Loss", "L1Loss"]),
        (CurveSettings(at=0.0), []),
        (CurveSettings(shape="yes_no", at=-5.0), ["MarginRankingLoss"]),
        *(
            (CurveSettings(shape="yes_no", at=at, target="0", pos_weight=1.0), ["BCEWithLogitsLoss", "SoftMarginLoss"])
            for at in (-3.7, -2.3, -1.1)  # one function, rounded in two ways
        ),
    ],
)
def test_the_steepest_are_all_that_are_steepest(chosen, names):
    assert steepest(curves(chosen)) == names


@pytest.mark.parametrize("target", ["0", "1"])
def test_the_curves_of_yes_and_no_mirror_each_other(target):
    found = curves(CurveSettings(shape="yes_no", target=target, pos_weight=1.0))
    sign = 1.0 if target == "1" else -1.0
    expected = torch.nn.functional.softplus(-sign * found.x)
    bce, soft_margin, hinge, mse = found.losses.values()
    torch.testing.assert_close(bce, expected, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(soft_margin, expected, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(hinge, (1 - sign * found.x).clamp(min=0))
    torch.testing.assert_close(mse, found.x.mul(-sign).sigmoid() ** 2)


@pytest.mark.parametrize("shape", ["numbers", "yes_no"])
def test_every_slope_is_the_slope_of_its_curve(shape):
    found = curves(CurveSettings(shape=shape, pos_weight=2.0))
    step = (found.x[1] - found.x[0]).item()
    for losses, slopes in zip(found.losses.values(), found.slopes.values(), strict=True):
        measured = (losses[2:] - losses[:-2]) / (2 * step)
        smooth = (slopes[2:] - slopes[:-2]).abs() < 0.3  # not beside a kink
        torch.testing.assert_close(measured[smooth], slopes[1:-1][smooth], rtol=0, atol=0.03)


@pytest.mark.parametrize("target", ["0", "1"])
@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_the_surface_is_softplus_of_the_difference(target, temperature):
    chosen = CurveSettings(shape="map", at=2.0, second=5.0, target=target, temperature=temperature)
    found = surface(chosen)
    difference = found.scores[None, :] - found.scores[:, None]  # of class 0 from class 1
    lead = difference if target == "0" else -difference
    expected = torch.nn.functional.softplus(-lead / temperature)
    torch.testing.assert_close(found.losses, expected, rtol=1e-5, atol=1e-5)
    here = 3.0 if target == "1" else -3.0
    assert found.loss == pytest.approx(math.log1p(math.exp(-here / temperature)), rel=1e-5, abs=1e-7)
    assert sum(found.gradient) == pytest.approx(0, abs=1e-6)


# Best constants


def test_the_published_constants_are_found():
    found = best_constants(ConstantSettings())
    assert found.path[-1].tolist() == pytest.approx([22.0, 3.0, 3.0, 100.0], abs=1e-3)
    assert [sum(ends) / 2 for ends in found.exact] == pytest.approx([22.0, 3.0, 3.0, 100.0], abs=1e-6)


@settings(derandomize=True, deadline=None, max_examples=12)
@given(
    st.lists(st.integers(-50, 50), min_size=1, max_size=6),
    st.sampled_from([-1000.0, -10.0, 5.0, 200.0]),
    st.sampled_from([0.1, 1.0, 20.0, 200.0]),
    st.sampled_from([0.05, 0.25, 0.5, 0.9]),
)
def test_the_search_ends_where_the_closed_forms_say(values, outlier, delta, quantile):
    chosen = ConstantSettings(write_rows([(v,) for v in values]), outlier, delta, quantile)
    found = best_constants(chosen)
    reach = (found.data.max() - found.data.min()).item() or 1.0
    for name, constant, (low, high) in zip(LOSSES, found.path[-1].tolist(), found.exact, strict=True):
        assert low - 1e-4 * reach <= constant <= high + 1e-4 * reach, name


@settings(derandomize=True, deadline=None, max_examples=40)
@given(
    st.lists(st.integers(-50, 50), min_size=1, max_size=7),
    st.sampled_from([0.1, 1.0, 20.0]),
    st.sampled_from([0.05, 0.25, 0.5, 0.9]),
)
def test_no_other_constant_costs_less_than_the_closed_forms(values, delta, quantile):
    chosen = ConstantSettings(write_rows([(v,) for v in values]), 5.0, delta, quantile)
    data = torch.tensor(read_data(chosen), dtype=torch.float64)
    ends = torch.tensor(exact_constants(chosen), dtype=torch.float64)
    at_low, at_high = mean_losses(ends[:, 0], data, chosen), mean_losses(ends[:, 1], data, chosen)
    torch.testing.assert_close(at_low, at_high, rtol=1e-6, atol=1e-6)
    others = torch.linspace(-60, 60, 481, dtype=torch.float64)[:, None].expand(-1, 4)
    costs = mean_losses(others, data, chosen)
    assert (costs >= at_low - 1e-6).all()
    outside = (others < ends[:, 0] - 0.3) | (others > ends[:, 1] + 0.3)
    assert (costs > at_low + 1e-9)[outside].all(), "the interval of best constants is larger"


def test_the_sweep_is_the_same_search_for_every_outlier():
    swept = sweep_outlier("1;2;3;4", 1.0, 0.9)
    for outlier in OUTLIERS[::12]:
        alone = best_constants(ConstantSettings(outlier=float(outlier))).path[-1]
        torch.testing.assert_close(swept[OUTLIERS.index(outlier)], alone, rtol=1e-4, atol=1e-3)


def test_the_losses_fall_from_the_middle_to_the_end():
    found = best_constants(ConstantSettings())
    assert found.path[0].tolist() == [50.5] * 4
    first, last = (mean_losses(found.path[i], found.data, found.settings) for i in (0, -1))
    assert (last < first).all()


def test_equal_values_have_one_constant():
    found = best_constants(ConstantSettings(table="5;5", outlier=5.0))
    assert found.path[-1].tolist() == pytest.approx([5.0] * 4, abs=1e-5)


@pytest.mark.parametrize("table", ["", "a", "1,2", "nan", "1e9", ";".join("1" * 9)])
def test_data_that_cannot_be_read_are_refused(table):
    with pytest.raises(ValueError, match="allowed: "):
        best_constants(ConstantSettings(table=table))


# Mistakes


@pytest.mark.parametrize("classes", [2, 3, 50])
def test_softmax_twice_never_goes_below_its_floor(classes):
    found = compare(MistakeSettings(classes=classes, gap=20.0))
    assert found.limit == pytest.approx(math.log1p((classes - 1) / math.e), rel=1e-5)
    assert found.wrong.min() >= found.limit - 1e-6
    assert found.at[1] == pytest.approx(found.limit, abs=1e-6)
    assert found.at[0] < 1e-6


@pytest.mark.parametrize("gap", [-10.0, 0.0, 5.0])
def test_probabilities_in_nll_give_minus_the_probability(gap):
    found = compare(MistakeSettings(mistake="probabilities_nll", classes=4, gap=gap))
    p = 1 / (1 + 3 * math.exp(-gap))
    assert found.at[0] == pytest.approx(-math.log(p), rel=1e-5)
    assert found.at[1] == pytest.approx(-p, rel=1e-5)


def test_the_two_orders_of_kl():
    p, q = 0.9, 0.3
    found = compare(MistakeSettings(mistake="kl_order", truth=p, said=q))

    def kl(a, b):
        return a * math.log(a / b) + (1 - a) * math.log((1 - a) / (1 - b))

    assert found.at[0] == pytest.approx(kl(p, q), rel=1e-5)
    assert found.at[1] == pytest.approx(kl(q, p), rel=1e-5)


@pytest.mark.parametrize("classes", [2, 10, 50])
def test_mean_is_as_many_times_too_small_as_there_are_classes(classes):
    found = compare(MistakeSettings(mistake="kl_mean", classes=classes))
    assert found.at[0] == pytest.approx(classes * found.at[1], rel=1e-5)
    counts = found.x
    torch.testing.assert_close(found.right, counts * found.wrong, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("gap", [-10.0, 0.0, 3.0])
def test_the_pulls_of_cross_entropy_and_of_squares(gap):
    found = compare(MistakeSettings(mistake="mse_classes", classes=2, gap=gap))
    p = 1 / (1 + math.exp(-gap))
    assert found.at[0] == pytest.approx(1 - p, rel=1e-4)
    assert found.at[1] == pytest.approx(2 * (1 - p) ** 2 * p, rel=1e-3)


@pytest.mark.parametrize("name", ["gap", "said", "classes"])
def test_the_curves_reach_as_far_as_the_controls(name):
    mistake = {"gap": "mse_classes", "said": "kl_order", "classes": "kl_mean"}[name]
    x, kind = compare(MistakeSettings(mistake=mistake)).x, parameters(MistakeSettings)[name]
    assert x[0] <= kind.low
    assert kind.high <= x[-1]


@pytest.mark.parametrize("mistake", [m for m in MISTAKES if m != "naive_log"])
def test_the_marks_lie_on_their_curves(mistake):
    found = compare(MistakeSettings(mistake=mistake, gap=5.0, said=0.5, classes=3))
    place = (found.x - found.place).abs().argmin()
    assert found.x[place].item() == pytest.approx(found.place, abs=1e-6)
    assert found.right[place].item() == pytest.approx(found.at[0], rel=1e-5)
    assert found.wrong[place].item() == pytest.approx(found.at[1], rel=1e-5)


# float32


@pytest.mark.parametrize("ahead", [False, True])
def test_the_naive_way_is_broken_from_its_first_broken_gap_on_and_never_before(ahead):
    first = breaks_from(ahead)
    just_below = torch.tensor(first).nextafter(torch.tensor(0.0)).item()
    before = [just_below, *torch.linspace(0, just_below, 20_000).tolist()]
    after = [first, *torch.linspace(first, float32.GAPS[-1].item(), 2_000).tolist()]
    nothing = 0.0 if ahead else -math.inf
    assert nothing not in [float32.naive(gap, ahead) for gap in before]
    assert {float32.naive(gap, ahead) for gap in after} == {nothing}


def test_the_naive_way_breaks_where_the_probability_rounds():
    smallest = 2.0**-149  # the smallest number above zero in float32; half of it rounds to zero
    flushed, rounded = -math.log(2.0**-126), -math.log(smallest / 2)
    behind = breaks_from(False)
    assert behind == pytest.approx(rounded, abs=0.02) or behind == pytest.approx(flushed, abs=0.1)
    assert breaks_from(True) == pytest.approx(-math.log(2.0**-24), abs=0.01)


def test_log_softmax_keeps_its_digits_behind_and_bce_with_logits_on_both_sides():
    naive, log_softmax, logits = digits_over_gaps(False).values()
    assert log_softmax.min() > 6.5
    assert logits.min() > 6.5
    assert (naive[float32.GAPS > 104] == 0).all()
    naive, log_softmax, logits = digits_over_gaps(True).values()
    middle = (float32.GAPS > 17) & (float32.GAPS < 85)
    assert (naive[middle] == 0).all()
    assert (log_softmax[middle] == 0).all()
    assert logits[middle].min() > 6


@pytest.mark.parametrize(("value", "truth", "digits"), [(1.0, 1.0, 8), (1.01, 1.0, 2), (math.inf, 1, 0), (5.0, 1.0, 0)])
def test_correct_digits(value, truth, digits):
    assert float32.correct_digits(value, truth) == pytest.approx(digits, abs=0.01)


def test_settings_that_differ_give_other_curves():
    one = MistakeSettings()
    assert compare(one).at != compare(replace(one, classes=9)).at
