"""A table of numbers survives its way through a link, and nothing else gets in."""

import hypothesis
import hypothesis.strategies as st
import pytest

from core.number_rows import Column, read_rows, write_rows

COLUMNS = (Column("x", -1e6, 1e6), Column("class", 0, 3, whole=True))
ROWS = st.lists(st.tuples(st.floats(-1e6, 1e6), st.integers(0, 3)), min_size=1, max_size=8)


@hypothesis.settings(deadline=None, derandomize=True)
@hypothesis.given(ROWS)
def test_rows_come_back_exactly(rows):
    assert read_rows(write_rows(rows), COLUMNS, most=8) == rows


def test_whole_numbers_are_written_short_and_read_as_whole():
    assert write_rows([(2.0, 1), (0.5, 0)]) == "2,1;0.5,0"
    assert type(read_rows("2,1", COLUMNS, most=8)[0][1]) is int


@hypothesis.settings(deadline=None, derandomize=True, max_examples=300)
@hypothesis.given(st.text(alphabet="0123456789,;.-einfa é\u202e`", max_size=60))
def test_any_text_gives_rows_within_the_bounds_or_a_sentence(text):
    try:
        rows = read_rows(text, COLUMNS, most=8)
    except ValueError as error:
        assert "allowed:" in str(error)
        assert "\n" not in str(error)
    else:
        assert 1 <= len(rows) <= 8
        assert all(-1e6 <= x <= 1e6 and c in range(4) for x, c in rows)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The table has no rows; allowed: 1 to 2."),
        ("1,1;2,2;3,3", "The table has more than 2 rows; allowed: 1 to 2."),
        ("1,1;2", "Row 2 holds 1 values; allowed: 2 (x, class)."),
        ("abc,1", "Row 1, x: `abc` is not a number; allowed: a number from -1e+06 to 1e+06."),
        ("nan,1", "Row 1 says `nan` as x; allowed: a number from -1e+06 to 1e+06."),
        ("1,1.5", "Row 1 says `1.5` as class; allowed: a whole number from 0 to 3."),
        ("1,4", "Row 1 says `4` as class; allowed: a whole number from 0 to 3."),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(text, said):
    with pytest.raises(ValueError) as caught:
        read_rows(text, COLUMNS, most=2)
    assert str(caught.value) == said


def test_an_endless_text_is_not_read_to_its_end():
    with pytest.raises(ValueError, match="more than 2 rows"):
        read_rows("1,1;" * 1_000_000, COLUMNS, most=2)
