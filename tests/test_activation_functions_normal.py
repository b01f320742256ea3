"""Normal sums through an activation function, against closed forms."""

import math
import re

import pytest
from programs import printed

from core.activation_functions.modules import ACTIVATIONS
from core.activation_functions.normal import outputs
from core.activation_functions.program import normal_program
from core.activation_functions.settings import NormalSettings
from figures.activation_functions.normal import by_hand, guess_words, table, through_the_curve

PI = math.pi


def through(name, mean=0.0, std=1.0, **parameters):
    return outputs(ACTIVATIONS[name](**parameters), NormalSettings(mean=mean, std=std))


def share_below(z):
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


@pytest.mark.parametrize(
    ("name", "mean", "variance"),
    [
        ("ReLU", 1 / math.sqrt(2 * PI), 1 / 2 - 1 / (2 * PI)),
        ("GELU", 1 / (2 * math.sqrt(PI)), None),
        ("Identity", 0, 1),
        ("SELU", 0, 1),
        ("Step", 1 / 2, 1 / 4),
        ("Sigmoid", 1 / 2, None),
        ("LeakyReLU", 0.99 / math.sqrt(2 * PI), (1 + 1e-4) / 2 - 0.99**2 / (2 * PI)),
    ],
)
def test_mean_and_variance_are_the_closed_forms(name, mean, variance):
    found = through(name)
    assert found.mean == pytest.approx(mean, abs=1e-8)
    assert variance is None or found.variance == pytest.approx(variance, abs=1e-8)
    assert found.shares.sum().item() == pytest.approx(1)


@pytest.mark.parametrize(
    ("name", "mean", "variance"),
    [("GELU", -5.0, 7.101e-13), ("Tanh", 5.0, 3.501e-10), ("Sigmoid", 5.0, 4.484e-7), ("SELU", -5.0, 1.4245e-6)],
)
def test_a_variance_far_below_the_mean_of_squares_keeps_its_digits(name, mean, variance):
    found = through(name, mean, 0.1)
    assert found.variance == pytest.approx(variance, rel=1e-4)
    assert f"| {found.variance:.4g} |".replace("e-0", "e−").replace("e-", "e−") in table(found)
    square, root, *_, told = re.findall(r"−?[\d.]+(?:e−\d+)?\b", by_hand(found).partition(";")[0].replace(" − ", " "))
    square, root, told = (float(number.replace("−", "-")) for number in (square, root, told))
    assert told == pytest.approx(square - root**2, rel=1e-3) == pytest.approx(variance, rel=1e-3)
    assert "∞" not in table(found)


def test_a_constant_has_no_variance_and_nothing_has_no_gain():
    assert (through("Hardtanh", 5.0, 0.1).variance, through("Tanh").mean) == (0, 0)
    assert "all outputs are 0" in (told := table(through("ReLU", -5.0, 0.1))) and "∞" not in told
    assert through("GELU", -5.0, 0.1).gain == pytest.approx(5.495e4, rel=1e-4)


@pytest.mark.parametrize("std", [3.0, 0.7, 1.23456])
def test_a_jump_between_two_cells_costs_nothing(std):
    assert through("Step", 1.0, std).mean == pytest.approx(share_below(1 / std), abs=1e-9)
    assert through("Hardshrink", 0.0, std).dead == pytest.approx(2 * share_below(0.5 / std) - 1, abs=1e-9)


def test_a_mean_that_moves_reads_differently():
    found = through("ReLU", 5.0, 1.5)
    assert found.mean_moves == "up"
    assert guess_words(found).endswith("the mean 5, what ReLU makes of them 5.0002.")
    assert "| 5 | 5.0002 |" in table(found) and "mean 5.0002" in through_the_curve(found).caption
    assert "the mean 2.34567, what" in guess_words(through("ReLU", 2.34567, 0.1))


@pytest.mark.parametrize(("mean", "std"), [(0.7, 2.0), (-3.0, 0.5), (5.0, 10.0)])
def test_a_relu_of_any_normal_sums(mean, std):
    found, t = through("ReLU", mean, std), mean / std
    density = math.exp(-t * t / 2) / math.sqrt(2 * PI)
    assert found.mean == pytest.approx(mean * share_below(t) + std * density, abs=1e-6)
    assert found.mean_square == pytest.approx((mean**2 + std**2) * share_below(t) + mean * std * density, abs=1e-6)
    assert found.dead == found.saturated == pytest.approx(share_below(-t), abs=1e-4)


@pytest.mark.parametrize("std", [0.65, 0.5, 0.2])
def test_a_tail_of_many_standard_deviations_is_integrated(std):
    """E[max(0, z)²] far below its mean: φ(t) (s² + ...) by the series of the normal tail, t standard deviations out."""
    t = 5.0 / std
    density, tail = math.exp(-t * t / 2) / math.sqrt(2 * PI), 0.5 * math.erfc(t / math.sqrt(2))
    expected = density * (2 / t**3 - 12 / t**5 + 90 / t**7 - 840 / t**9) * std**2
    found = through("ReLU", -5.0, std)
    assert found.mean_square == pytest.approx(expected, rel=2e-2)
    assert found.mean == pytest.approx(std * (density - t * tail), rel=1e-2)


def test_dead_and_saturated_shares():
    assert through("Hardtanh").dead == pytest.approx(2 * share_below(-1), abs=1e-4)
    assert through("Tanh").dead < 1e-12  # far out it rounds to 1
    edge = math.log((1 + math.sqrt(0.8)) / (1 - math.sqrt(0.8)))
    assert through("Sigmoid", std=5.0).saturated == pytest.approx(2 * share_below(-edge / 5), abs=1e-4)


def test_gains_are_those_of_torch_where_torch_means_the_same():
    for name in ("ReLU", "LeakyReLU", "Identity"):
        assert through(name).gain == pytest.approx(through(name).torch_gain)
    assert through("GELU").torch_gain is None
    assert through("ReLU", -5.0, 0.1).gain == math.inf  # not one output differs from 0


@pytest.mark.parametrize(
    ("name", "said"),
    [("ReLU", "up"), ("LogSigmoid", "down"), ("Tanh", "stays"), ("SELU", "stays"), ("Identity", "stays")],
)
def test_where_the_mean_goes(name, said):
    assert through(name).mean_moves == said


def test_words_and_programs_have_the_numbers_of_the_run():
    cases = [through("ReLU"), through("Step", 5.0, 0.1), through("Tanh"), through("PReLU", -2.0, 3.0, init=0.5)]
    cases += [through("ReLU", -5.0, 0.1), through("GELU", -5.0, 0.1)]  # nothing comes out, next to nothing
    for found in cases:
        assert "nan" not in (told := through_the_curve(found).caption + table(found) + by_hand(found))
        assert f"{found.dead:.1%}" in told
    assert "0.5 − 0.159155 = **0.340845**" in by_hand(cases[0])
    programs = [normal_program(found) for found in cases]
    assert printed([program.text for program in programs]) == [list(program.prints) for program in programs]
