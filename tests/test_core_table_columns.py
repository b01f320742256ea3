"""A choice of columns in a link: what it says is what was chosen, or it says nothing at all."""

import hypothesis
import hypothesis.strategies as st
import pandas as pd
import pytest

from core.table_columns import read_columns, write_columns

TABLE = pd.DataFrame({"a": [1.0], "b|c": [2.0], "b": [3.0], "word": ["x"], "y": [4.0]})


def test_the_last_column_is_the_target_unless_the_link_names_others():
    assert read_columns(TABLE, "", "") == (["a", "b|c", "b"], "y")
    assert read_columns(TABLE, "b", "") == (["a", "b|c", "y"], "b")
    assert read_columns(TABLE, "word", "y|a") == (["y", "a"], "word")
    for wrong in (("colour", ""), ("", "a|colour"), ("", "b|c")):
        with pytest.raises(ValueError, match="no column `c(olour)?`"):
            read_columns(TABLE, *wrong)


def test_the_usual_columns_need_no_words():
    assert write_columns(TABLE, (["a", "b|c", "b"], "y")) == ("", "")
    assert write_columns(TABLE, (["a", "b|c", "y"], "b")) == ("b", "")


@hypothesis.settings(deadline=None, derandomize=True, max_examples=50)
@hypothesis.given(st.lists(st.text("ab|, ", max_size=4), min_size=2, max_size=6, unique=True), st.data())
def test_what_a_link_says_is_what_was_chosen(names, data):
    table = pd.DataFrame([[1.0] * len(names)], columns=names)
    target = data.draw(st.sampled_from(names))
    columns = (data.draw(st.lists(st.sampled_from(names), unique=True)), target)
    try:
        said = write_columns(table, columns)
    except ValueError:
        assert target == "" or not columns[0] or "" in columns[0] or "|" in "".join(columns[0])
    else:
        assert read_columns(table, *said) == columns
