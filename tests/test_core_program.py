"""The settings on screen stand in the program, and nothing else of it changes."""

import ast

import hypothesis
import hypothesis.strategies as st
import pytest

from core.program import with_constants, with_line

TEXT = "LR = 0.1  # step\nfor _ in range(3):\n    step()  # move\n    zero()\n"


def test_a_constant_is_replaced_and_its_comment_stays():
    assert with_constants(TEXT, {"LR": 0.5}) == TEXT.replace("0.1", "0.5")


@pytest.mark.parametrize("text", [TEXT.replace("LR", "RATE"), TEXT + TEXT, " " + TEXT, TEXT.replace("LR", "MY_LR")])
def test_a_constant_that_does_not_stand_there_once_is_refused(text):
    with pytest.raises(ValueError, match="LR stands . times"):
        with_constants(text, {"LR": 0.5})


@hypothesis.settings(deadline=None, derandomize=True)
@hypothesis.given(st.text() | st.lists(st.text()) | st.floats(allow_nan=False, allow_infinity=False))
def test_any_constant_is_written_as_python_reads_it(value):
    text = with_constants(with_constants(TEXT, {"LR": value}), {"LR": value})
    assert ast.literal_eval(ast.parse(text).body[0].value) == value
    assert text.partition("\n")[2] == TEXT.partition("\n")[2]


def test_a_line_is_replaced_with_its_comment_and_keeps_its_indentation():
    assert with_line(TEXT, "step()", "hop()") == TEXT.replace("step()  # move", "hop()")


def test_an_empty_line_leaves_the_line_out():
    assert with_line(TEXT, "step()", "") == TEXT.replace("    step()  # move\n", "")


@pytest.mark.parametrize(
    "text", [TEXT.replace("step()", "jump()"), TEXT + "step()\n", TEXT.replace("step", "big_step")]
)
def test_a_line_that_does_not_stand_there_once_is_refused(text):
    with pytest.raises(ValueError, match=r"'step\(\)' stands . times"):
        with_line(text, "step()", "hop()")
