"""There is one way of writing numbers in a sentence."""

import math

import pytest

from figures.words import apart, fmt, typeset, typeset_numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (9e6, "9,000,000"),
        (14_812.3, "14,810"),
        (-1e7, "−1e7"),
        (3e-5, "3e−5"),
        (-1.234e-100, "−1.234e−100"),
        (1e20, "1e20"),
        (-1000.5, "−1000"),
        (0.05, "0.05"),
        (math.inf, "∞"),
        (math.nan, "not a number"),
    ],
)
def test_small_and_large_numbers_are_written_alike(value, text):
    assert fmt(value) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"), [(-0.0, None, "0"), (-0.00001, 2, "0.00"), (-0.625, 4, "−0.6250"), (3, 1, "3.0")]
)
def test_decimals_can_be_fixed_and_zero_has_no_minus_sign(value, decimals, text):
    assert fmt(value, decimals=decimals) == text


def test_every_concept_writes_powers_of_ten_in_the_same_way():
    assert fmt(3.5e-7) == "3.5e−7"
    assert fmt(-3.5e20) == "−3.5e20"
    assert typeset("1e+00") == "1e0"


def test_the_numbers_within_a_formula_are_written_like_all_others():
    assert typeset_numbers("max(0, cosine − -0.5) for −1, / 3") == "max(0, cosine − (−0.5)) for −1, / 3"
    assert typeset_numbers("a(1) b(2), e^-2, at least 1e-12") == "a(1) b(2), e^−2, at least 1e−12"


def test_different_numbers_look_different_and_equal_ones_stay_short():
    assert apart(1.0004, 1.0, digits=3) == ["1.0004", "1"]
    assert apart(0.1, 0.1, math.nan, math.inf) == ["0.1", "0.1", "not a number", "∞"]
    assert apart(1.0, math.nextafter(1.0, 2.0)) == ["1", "1.0000000000000002"]
