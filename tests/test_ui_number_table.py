"""The editable table: its rows live in the settings, whatever a browser sends."""

from unittest import mock

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from visitor import sent_by_browser

from core.number_rows import Column, read_rows
from core.settings import Text
from ui import number_table

COLUMNS = (Column("x", -10, 10), Column("class", 0, 1, whole=True))


def shop():
    from dataclasses import dataclass

    import streamlit as st

    from core.number_rows import Column
    from core.settings import Settings, Text, parameter
    from ui.controls import Controls
    from ui.number_table import number_table

    @dataclass(frozen=True)
    class Shop(Settings):
        rows: str = parameter("1,0;2,1", Text("Rows", 40))

    controls = Controls("shop", Shop)
    rows = number_table(controls, "rows", (Column("x", -10, 10), Column("class", 0, 1, whole=True)), most=4)
    st.text(str(rows))
    controls.show_presets({"other": ("", {"rows": "7,1"})})


def at_shop(**query):
    at = AppTest.from_function(shop, default_timeout=30)
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def take(edits, text="1,0;2,1"):
    """What the callback makes of a browser's edits: the controls afterwards, and the editor that is remembered."""
    controls = mock.Mock(page="shop", values={"rows": text}, problems={}, kinds={"rows": Text("Rows", 40)})
    controls.set = lambda rows: controls.values.update(rows=controls.kinds["rows"].accept(rows))
    with mock.patch("ui.number_table.st.session_state", {"shop-rows-table-0": edits}) as session:
        editor = number_table._editor_of(controls, "rows", read_rows(text, COLUMNS, 4))
        number_table._take(controls, "rows", COLUMNS, 4)
        assert session["shop.rows:editor"] is editor
    return controls, editor


def test_the_rows_of_the_link_are_shown_and_returned():
    assert at_shop().text[0].value == "[(1.0, 0), (2.0, 1)]"
    assert at_shop(rows="3.5,1").text[0].value == "[(3.5, 1)]"
    assert at_shop(rows="3.5,1").dataframe[0].value.to_dict("list") == {"x": ["3.5"], "class": ["1"]}


@pytest.mark.parametrize("text", ["abc", "", "1,2,3", "99,0", "1,0;" * 9])
def test_a_bad_table_in_a_link_gets_a_sentence_and_the_default(text):
    at = at_shop(rows=text)
    assert not at.exception
    assert at.text[0].value == "[(1.0, 0), (2.0, 1)]"
    assert "allowed:" in at.warning[0].value


def test_edits_additions_and_deletions_are_applied_to_the_rows_that_were_given():
    edits = {"edited_rows": {0: {"x": 5}}, "added_rows": [{"x": 9, "class": 0}], "deleted_rows": [1]}
    controls, editor = take(edits)
    assert controls.values["rows"] == editor["text"] == "5,0;9,0"  # the same editor goes on, with its edits
    assert controls.problems == {}


@pytest.mark.parametrize(
    "edits",
    [
        {"edited_rows": {0: {"x": 1e9}}},
        {"edited_rows": {0: {"class": 0.5}}},
        {"edited_rows": {0: {"x": None}}},
        {"added_rows": [{"x": 1}]},
        {"added_rows": [{"x": 1, "class": 0}] * 3},
        {"deleted_rows": [0, 1]},
        {"edited_rows": {0: {"x": 0.1 + 0.2}, 1: {"x": 1 / 3}}, "added_rows": [{"x": 2 / 3, "class": 0}]},  # too long
    ],
    ids=str,
)
def test_edits_that_cannot_be_taken_get_a_sentence_and_change_nothing(edits):
    controls, editor = take(edits)
    assert controls.values["rows"] == editor["text"] == "1,0;2,1"
    assert "allowed:" in controls.problems["rows"]


@pytest.mark.parametrize(
    "edits",
    [
        {"added_rows": [{"x": 1, "class": 0}] * 20_000},
        {"added_rows": ["x"]},
        {"added_rows": 3},
        {"added_rows": [{"other": 1}]},
        {"edited_rows": {0: "x"}},
        {"edited_rows": {0: {"x": 10**400}}},
        {"edited_rows": {2: {"x": 1}}},
        {"edited_rows": 3},
        {"deleted_rows": [{}]},
        {"deleted_rows": [2]},
        {"deleted_rows": [0] * 20_000},
    ],
    ids=lambda edits: str(edits)[:40],
)
def test_edits_that_no_editor_makes_are_not_drawn_again(edits):
    controls, editor = take(edits)
    assert controls.values["rows"] == "1,0;2,1"
    assert "allowed: " in controls.problems["rows"]
    assert editor["text"] is None


def test_an_editor_keeps_its_height_since_the_browser_would_forget_the_edits_of_another():
    with mock.patch("ui.number_table.st.data_editor", wraps=st.data_editor) as editor:
        at = sent_by_browser(at_shop(), {}, edits={"added_rows": [{"x": 9, "class": 0}]})
    assert at.text[0].value == "[(1.0, 0), (2.0, 1), (9.0, 0)]"
    first, second = editor.call_args_list
    assert first.kwargs["height"] == second.kwargs["height"]


def test_a_preset_gives_the_editor_new_rows():
    at = at_shop()
    at.button(key="shop-preset-other").click().run()
    assert at.text[0].value == "[(7.0, 1)]"
    assert at.session_state["shop.rows:editor"]["key"] == "shop-rows-table-1"
