"""What every page does with its link and its controls, tested once on a small page of the tests' own."""

from urllib.parse import parse_qsl

import pytest
from small_page import SmallSettings, open_small
from visitor import link_of, sent_by_browser

from core.settings import parameters

HOSTILE = ["abc", "", "nan", "inf", "1e99", "1e999", "-3", "9" * 20, "0x10", "é\u202e\x00", "[1](x)`", "x" * 100_000]
ELSEWHERE = {
    "own.lr": "0.033",
    "own.n": "7",
    "own.seed": "12",
    "own.data": "and",
    "own.who": "a,b",
    "own.bias": "0",
    "own.text": "",
}


def link(at):
    return dict(parse_qsl(link_of(at), keep_blank_values=True))


def told(at):
    return " ".join(warning.value for warning in at.warning)


def test_the_defaults_need_no_link():
    at = open_small()
    assert link(at) == {}
    assert not at.warning
    assert at.text[0].value == f"first {SmallSettings()}"


@pytest.mark.parametrize("name, text", ELSEWHERE.items())
def test_a_value_in_a_link_is_shown_and_stays_in_the_link(name, text):
    at = open_small(**{name: text})
    assert not at.warning
    assert link(at) == {name: text}
    field = name.removeprefix("own.")
    assert f"{field}={parameters(SmallSettings)[field].parse(text)!r}" in at.text[0].value


def test_names_of_older_links_mean_what_they_are_called_today():
    at = open_small(rate="0.5", view="old", **{"own.who": "z"})
    assert not at.warning
    assert link(at) == {"own.lr": "0.5", "view": "second", "own.who": "b"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_values_get_a_sentence_each_and_the_page_works(text):
    names = [name for name in ELSEWHERE if name != "own.text" or len(text) > 20]
    at = open_small(**dict.fromkeys(names[:3] if len(text) > 1000 else names, text))
    assert not at.exception
    assert "allowed:" in told(at)
    assert len(told(at)) < 5_000
    assert at.text


def test_a_sentence_about_a_bad_value_goes_when_the_control_is_moved():
    at = open_small(**{"own.lr": "abc"})
    assert "own.lr = `abc`" in told(at)
    at.select_slider(key="small.own.lr").set_value(1.0).run()
    assert not at.warning


def test_unknown_names_are_listed_and_the_rest_is_used():
    at = open_small(**{f"unknown{i}": "x" for i in range(500)}, **{"own.n": "7"})
    assert "`unknown0`" in told(at)
    assert "495 more" in told(at)
    assert link(at) == {"own.n": "7"}


def test_a_name_that_is_nearly_known_is_answered_with_the_known_one():
    assert "own.seed" in told(open_small(**{"own.see": "1"}))


def test_reset_goes_back_to_the_defaults_and_leaves_the_reader_in_the_view():
    at = open_small(view="second", **ELSEWHERE)
    at.button(key="small-reset").click().run()
    assert link(at) == {"view": "second"}
    assert at.text[0].value == f"second {SmallSettings()}"


def test_a_preset_sets_its_values_and_the_others_of_its_settings_to_their_defaults():
    at = open_small(view="second", **ELSEWHERE)
    at.button(key="small-preset-Both").click().run()
    assert link(at) == {"view": "second", "own.who": "a,b"}


def test_a_late_request_with_an_older_address_of_ours_changes_nothing():
    at = open_small(**{"own.n": "7"})
    at.slider(key="small.own.n").set_value(50).run()  # the request still carries the older address
    assert link(at) == {"own.n": "50"}


@pytest.mark.parametrize("query, expected", [("own.n=12&embed=true", {"own.n": "12"}), ("", {})])
def test_a_new_session_takes_the_address_at_which_the_browser_is_connected_again(query, expected):
    at = open_small(**{"own.n": "9"})  # what Streamlit tells: the address by which the visitor once came
    lost = {"session": "another", "query": query}
    at = sent_by_browser(at, {"reconnection": {"again": lost}})
    assert link(at) == expected
    assert not at.warning


def test_a_session_that_was_not_lost_keeps_what_it_has():
    at = open_small(**{"own.n": "9"})
    kept = {"session": at.session_state["session"], "query": "own.n=7"}
    assert link(sent_by_browser(at, {"reconnection": {"again": kept}})) == {"own.n": "9"}


def test_an_emptied_field_keeps_its_last_number():
    at = open_small(**{"own.seed": "7"})
    field = at.number_input(key="small.own.seed").set_value(None).run().number_input(key="small.own.seed")
    assert not at.exception
    assert field.value == 7
    assert link(at) == {"own.seed": "7"}
