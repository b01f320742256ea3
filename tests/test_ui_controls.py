"""What every page does with its link and its controls, tested once on a small page of the tests' own."""

from unittest import mock
from urllib.parse import parse_qsl

import pytest
from small_page import SecondSettings, SmallSettings, open_small
from streamlit.runtime.scriptrunner import StopException
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


OWN = {"own.text": "my own", "second.x": "-2.0"}  # what neither reset nor preset of the first view may touch


def test_a_reset_of_the_open_view_keeps_what_is_typed_and_can_be_undone_until_the_next_change():
    at = open_small(**ELSEWHERE | OWN)
    at.button(key="small-reset").click().run()
    assert link(at) == OWN
    at.button(key="small-undo-reset").click().run()
    assert link(at) == ELSEWHERE | OWN
    at.button(key="small-reset").click().run()
    at.slider(key="small.own.n").set_value(9).run()
    assert not [button for button in at.button if button.key == "small-undo-reset"]


def test_a_reset_is_the_way_out_of_a_text_that_cannot_be_used():
    at = open_small(view="second", **{"second.text": "abc", "second.x": "3"})
    assert "abc is not a number. Until that is mended" in at.error[0].value
    assert at.text[0].value == f"{SecondSettings()}"  # there was no last good one
    at.text_input(key="small.second.text").set_value("7").run()
    assert not at.error
    at.text_input(key="small.second.text").set_value("x").run()
    assert at.text[0].value == f"{SecondSettings(x=3.0, text='7')}"
    at.button(key="small-reset").click().run()
    assert (at.error, link(at)) == ([], {"view": "second"})


def test_a_preset_sets_its_values_and_the_others_of_its_settings_to_their_defaults():
    at = open_small(**ELSEWHERE | OWN)
    at.button(key="small-preset-Both").click().run()
    assert link(at) == {"own.who": "a,b"} | OWN


def test_a_number_without_stops_is_typed_and_refused_beside_its_field():
    at = open_small(view="second", **{"second.x": "3"})
    for text, said in (("0,5", ""), ("1e-3", ""), ("−2", ""), ("abc", "is not a number"), ("11", "from -10 to 10")):
        field = at.text_input(key="small.second.x").set_value(text).run().text_input(key="small.second.x")
        assert said in told(at)
        assert bool(said) == bool(at.warning)
        assert field.value == {"0,5": "0.5", "1e-3": "0.001", "−2": "-2"}.get(text, text)
    assert link(at) == {"view": "second", "second.x": "-2.0"}


def test_a_slider_with_stops_has_a_field_for_what_lies_between():
    at = open_small()
    at.session_state["small-exact"] = True  # the button "Type exact values" has been pressed
    at.run()
    at.text_input(key="small.own.lr:exact").set_value("0,033").run()
    assert link(at) == {"own.lr": "0.033"}
    assert at.select_slider(key="small.own.lr").value == 0.033
    at.text_input(key="small.own.lr:exact").set_value("1,125").run()
    assert "can mean 1.125 and 1125" in told(at)
    assert link(at) == {"own.lr": "0.033"}


def guess(at, option):
    return next(button for button in at.button if button.label == option).click().run()


def test_who_comes_for_the_first_time_is_asked_and_sees_no_answer_before_the_guess():
    at = open_small(view="second")
    assert [button.label for button in at.button] == ["Yes", "No", "Just show me"]
    assert not at.text
    assert "x is" not in str(at.markdown)
    guess(at, "No")
    assert at.info[0].value == "**Not quite.** You said *No*; the answer is *Yes*. x is 1."
    assert at.text


def test_a_guess_ends_with_its_settings_and_holds_nothing_back_any_more():
    at = guess(open_small(view="second"), "Yes")
    assert at.info[0].value.startswith("**Right:** *Yes*.")
    at.text_input(key="small.second.x").set_value("0").run()
    assert not at.info
    assert at.text
    at = guess(guess(at, "Guess first: Is x positive?"), "Just show me")
    assert at.info[0].value == "The answer is not among these. x is 0."


def test_who_comes_by_a_link_with_settings_sees_what_it_says():
    at = open_small(view="second", **{"second.x": "2"})
    assert at.text
    assert [button.label for button in at.button if "Guess" in button.label] == ["Guess first: Is x positive?"]


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


def test_a_link_is_taken_by_the_next_run_where_the_first_was_ended_before_it_could():
    with mock.patch("ui.controls.Controls.set", side_effect=StopException):
        at = open_small(**{"own.n": "7"})
    assert not at.text
    assert link(at.run()) == {"own.n": "7"}


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
