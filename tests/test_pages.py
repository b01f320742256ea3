"""Every page as a user: its defaults, both ends of every control, its links, good and hostile."""

from urllib.parse import parse_qsl

import pytest
from visitor import CONCEPTS, CONTROLS, PAGES, QUICK, ends, kinds, link_of, shown, views, visit

VIEWS = [pytest.param(page, view, id="-".join([page, *view.values()])) for page in PAGES for view in views(page)]
HOSTILE = [
    "abc",
    "",
    "nan",
    "inf",
    "1e99",
    "1e999",
    "-3",
    "99999999999999999999",
    "0x10",
    "é\u202e\x00",
    "[1](x)`",
    "x" * 100_000,
]


def controls_of(at):
    return [c for kind in CONTROLS for c in at.get(kind) if not c.key.endswith((".view", "-guess", "-check"))]


@pytest.mark.parametrize("page, view", VIEWS)
def test_the_page_runs_at_its_defaults(page, view):
    at = visit(page, **view)
    assert not at.exception
    assert not at.error
    assert not at.warning


@pytest.mark.parametrize("page, view", VIEWS)
def test_both_ends_of_every_control_are_harmless_and_change_something(page, view):
    quick = QUICK.get(page, {}) | view
    before = visit(page, **quick)
    for i, control in enumerate(controls_of(before)):
        seen = []
        for value in ends(page, control):
            at = visit(page, **quick)
            at = controls_of(at)[i].set_value(value).run()
            assert not at.exception, f"{control.key} = {value}"
            seen.append(shown(at))
        assert any(words != shown(before) for words in seen), f"{control.key} changes nothing"


@pytest.mark.parametrize("page", PAGES)
def test_every_parameter_survives_a_link_round_trip(page):
    for name, kind in kinds(page).items():
        for value in a_few_values(kind):
            text = kind.write(value)
            at = visit(page, **{name: text})
            assert at.session_state[page][name] == value
            link = dict(parse_qsl(link_of(at), keep_blank_values=True))
            assert link.get(name, text) == text
            assert set(link) <= {name}


def a_few_values(kind):
    if hasattr(kind, "options"):
        return list(kind.options)[:2]
    if hasattr(kind, "low"):
        return [kind.ticks[0] if kind.ticks else kind.low]
    return [True, False] if not hasattr(kind, "max_length") else [""]


@pytest.mark.parametrize("page", PAGES)
def test_hostile_values_get_a_sentence_and_a_working_page(page):
    for text in HOSTILE:
        names = list(kinds(page))[: 3 if len(text) > 1000 else None]  # Streamlit drops a query above 512 KiB whole
        at = visit(page, **QUICK.get(page, {}) | dict.fromkeys(names, text))
        assert not at.exception, text[:40]
        told = " ".join(w.value for w in at.warning)
        assert "allowed:" in told, text[:40]
        assert len(told) < 20_000
        assert at.get("plotly_chart") or "allowed:" in at.error[0].value


@pytest.mark.parametrize("page", PAGES)
def test_unknown_names_are_listed_and_the_rest_is_used(page):
    at = visit(page, **{f"unknown{i}": "x" for i in range(500)} | {"at": "0"})
    assert not at.exception
    assert "`unknown0`" in at.warning[0].value
    assert "495 more" in at.warning[0].value
    assert at.session_state[page]["at"] == 0
    assert link_of(at) == "at=0"


@pytest.mark.parametrize("page", CONCEPTS)
def test_the_sentence_about_a_bad_value_goes_when_the_control_is_moved(page):
    at = visit(page, lr="abc", **QUICK.get(page, {}))
    assert any("lr=abc" in w.value for w in at.warning)
    at.get("select_slider")[0].set_value(0.01).run()
    assert not any("lr=abc" in w.value for w in at.warning)


@pytest.mark.parametrize("page", CONCEPTS)
def test_reset_goes_back_to_the_defaults(page):
    at = visit(page, lr="0.01", seed="5")
    assert link_of(at)
    at.button(key=f"{page}-reset").click().run()
    assert link_of(at) == ""
    assert shown(at) == shown(visit(page))


@pytest.mark.parametrize("page", CONCEPTS)
def test_values_come_back_when_a_visitor_comes_back(page):
    at = visit(page, seed="5", **QUICK.get(page, {}))
    link = link_of(at)
    at.query_params.clear()
    at.switch_page("pages/home.py").run()
    assert link_of(at) == ""
    at.switch_page(f"pages/{page}.py").run()
    assert link_of(at) == link


@pytest.mark.parametrize("page", CONCEPTS)
def test_a_late_request_with_an_older_address_of_ours_changes_nothing(page):
    at = visit(page, seed="5", **QUICK.get(page, {}))
    at.number_input(key=f"{page}.seed").set_value(6).run()  # the request still carries seed=5
    assert at.session_state[page]["seed"] == 6
    assert "seed=6" in link_of(at)
