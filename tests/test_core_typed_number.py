"""A typed number is taken for what it says, or refused with a sentence."""

import hypothesis
import hypothesis.strategies as st
import pytest

from core.settings import Integer, Real
from core.typed_number import parse_number, read_typed, write_number


@hypothesis.settings(deadline=None, derandomize=True)
@hypothesis.given(st.floats(-1e9, 1e9))
def test_a_number_is_read_in_every_spelling(value):
    texts = [write_number(value), f"{value!r}", f"{value:.16e}", f" {value!r} ".replace("-", "−")]
    texts += [f"{value:.17e}".replace(".", ","), f"{value:.17e}".replace("e", "E")]  # too many digits for thousands
    assert {parse_number(text) for text in texts} == {value}


@pytest.mark.parametrize(
    ("text", "value"),
    [(".5", 0.5), (",5", 0.5), ("0,125", 0.125), ("1.", 1.0), ("12,500,000", 12.5e6), ("1,234.5", 1234.5)],
)
def test_points_and_commas(text, value):
    assert parse_number(text) == value


def test_what_may_mean_two_numbers_is_refused_with_both():
    with pytest.raises(ValueError, match=r"can mean -1\.125 and -1125"):
        parse_number("-1,125")


@pytest.mark.parametrize("text", ["", "abc", "nan", "inf", "0x10", "1_0", "1,2,3", "1.2.3", "5e", "１", "9" * 41])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="is not a number"):
        parse_number(text)


@pytest.mark.parametrize("text", ["abc", "1,125", "11", "1e999", "0.5"])
def test_a_parameter_takes_what_is_allowed_or_says_what_is(text):
    assert read_typed(Integer("n", 0, 10), "1e1") == 10
    with pytest.raises(ValueError, match="allowed: a whole number from 0 to 10"):
        read_typed(Integer("n", 0, 10), text)
    assert read_typed(Real("lr", 0.0, 10.0), "0,5") == 0.5
