"""Every page as a user: its defaults, both ends of every control, its links, good and hostile."""

import csv
import io
import re
from functools import cache
from itertools import cycle
from urllib.parse import parse_qsl

import pytest
from hostile import HOSTILE, MARK, interpreted, outside_code
from visitor import (
    CONCEPTS,
    CONTROLS,
    PAGES,
    QUICK,
    bound,
    charts,
    ends,
    kinds,
    link_of,
    name_of,
    opened,
    other_links,
    other_value,
    shown,
    views,
    visit,
)

from core.settings import Several

VIEWS = [pytest.param(page, view, id="-".join([page, *view.values()])) for page in PAGES for view in views(page)]
READS_TEXT = {  # what a link says to open those views with a text box that the first view does not show
    "backpropagation": ({"view": "tensors"},),
    "data_augmentation": ({"view": "text"},),
    "datasets_and_loaders": ({"view": "collate"}, {"view": "own"}),
    "gradient_descent": ({"curve": "typed"}, {"view": "bowl", "bowl.surface": "typed"}),
    "loss_functions": ({"view": "regression"}, {"view": "other_losses"}, {"view": "constant"}),
    "multilayer_perceptron": ({"view": "own"}, {"view": "digits"}),
    "optimizers": ({"view": "update", "surface": "typed"},),
    "perceptron": ({"view": "own"},),
    "tensors": ({"view": "create", "maker": "typed"}, *views("tensors")[1:]),
    "reinforcement_learning": ({"view": "planning", "planning.world": "map"},),
    "training_loop": ({"view": "own"},),
}


@cache
def offered_first(page):
    """The parameters of the first view, in which every option of every choice is tried."""
    return {name_of(page, control) for control in bound(opened(page), page)}


def tried(page, view, control):
    """The values that are tried: both ends, all of a list; one that differs where the first view has tried them all."""
    if view != views(page)[0] and name_of(page, control) in offered_first(page):
        return [other_value(page, control)]
    return ends(page, control)


def controls_of(at):
    return [c for kind in CONTROLS for c in at.get(kind) if not c.key.endswith((".view", "-check"))]


@pytest.mark.parametrize("page, view", VIEWS)
def test_the_page_runs_at_its_defaults(page, view):
    at = visit(page, **view)
    assert not at.exception
    assert not at.error
    assert not at.warning
    assert not any("have not been run yet" in info.value for info in at.info)
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))
    assert charts(at), "it opens empty"
    assert page == "home" or any(re.search(r"\*\*[^*]+\?\*\*", text.value) for text in at.markdown[1:3]), "no question"


@pytest.mark.parametrize("page, view", VIEWS)
def test_both_ends_of_every_control_are_harmless_and_change_something(page, view):
    quick = QUICK.get(page, {}) | view
    at = visit(page, **quick)
    before, moved = shown(at), None
    plans = [(c.key, c.value, [v for v in tried(page, view, c) if v != c.value]) for c in controls_of(at)]
    for key, at_first, values in plans:
        seen = []
        for value in values:
            if moved and {moved[0], key} <= {control.key for control in controls_of(at)}:
                named(at, moved[0]).set_value(moved[1])  # goes back in the same run
            elif moved:
                at = visit(page, **quick)
            at = named(at, key).set_value(value).run()
            assert not at.exception, f"{key} = {value}"
            seen.append(shown(at))
            moved = key, at_first
        assert any(words != before for words in seen), f"{key} changes nothing"


def named(at, key):
    return next(c for c in controls_of(at) if c.key == key)


@pytest.mark.parametrize("page", PAGES)
def test_every_parameter_survives_a_link_round_trip(page):
    defaults = dict(visit(page).session_state[page])
    values = {name: a_few_values(kind, defaults[name]) for name, kind in kinds(page).items()}
    for turn in range(max(map(len, values.values()), default=0)):
        chosen = {name: few[min(turn, len(few) - 1)] for name, few in values.items()}
        at = visit(page, **{name: kinds(page)[name].write(value) for name, value in chosen.items()})
        assert {name: at.session_state[page][name] for name in chosen} == chosen
        link = dict(parse_qsl(link_of(at), keep_blank_values=True))
        carried = {name: value for name, value in chosen.items() if value != defaults[name]}
        assert link == {name: kinds(page)[name].write(value) for name, value in carried.items()}


def a_few_values(kind, default):
    if isinstance(kind, Several):
        return [tuple(kind.options), tuple(kind.options)[-1:]]
    if hasattr(kind, "options"):
        return list(kind.options)[:2]
    if hasattr(kind, "low"):
        return [kind.ticks[0] if kind.ticks else kind.low]
    if not hasattr(kind, "max_length"):
        return [True, False]
    return [";".join([default.split(";")[0]] * 2)] if is_table(default) else [""]


def is_table(text):
    """Whether a text holds rows of numbers, of which there must be at least one."""
    return bool(re.fullmatch(r"[-+.\de]+([,;][-+.\de]+)*", text))


@pytest.mark.parametrize("page", PAGES)
def test_hostile_values_get_a_sentence_and_a_working_page(page):
    """`test_ui_controls` tries more values, on a small page."""
    texts = dict(zip(kinds(page), cycle(HOSTILE), strict=False)) | {MARK: MARK}
    for link in (dict.fromkeys(kinds(page), "1e99"), texts, *(texts | view for view in READS_TEXT.get(page, ()))):
        at = visit(page, **link)
        assert not at.exception, link
        told = " ".join(w.value for w in at.warning)
        assert "allowed:" in told.lower(), link
        assert len(told) < 20_000
        assert charts(at) or "allowed:" in at.error[0].value
        problems = at.session_state[f"{page}:problems"].values()  # of the other views too
        assert [text for text in problems if MARK in outside_code(text)] == interpreted(at) == []


@pytest.mark.parametrize(
    "settings", [{}, {"own.target": "<img src=//evil.org>", "own.task": "regression"}, {"own.features": "a|b"}]
)
def test_names_in_a_strangers_table_are_shown_letter_by_letter(settings):
    values = [[str(i * j % 60 / 7) for j in range(len(HOSTILE))] + [HOSTILE[i % len(HOSTILE)]] for i in range(60)]
    table = io.StringIO()
    csv.writer(table).writerows([[*HOSTILE, "class"], *values])
    at = visit("training_loop", view="own", **{"own.source": "upload", "own.num_epochs": "1"} | settings)
    file = (f"{HOSTILE[0]}.csv", table.getvalue().encode(), "text/csv")
    at.file_uploader(key="own-csv").set_value(file).run()
    assert not at.exception
    assert interpreted(at) == []
    if "own.features" in settings:
        assert MARK in at.error[0].value
    else:
        assert any(MARK in chart["figure"] for chart in charts(at))
        assert f"FILE = {file[0]!r}\n" in [code.value for code in at.code if code.language == "python"][0]


@pytest.mark.parametrize("page", CONCEPTS)
def test_reset_goes_back_to_what_the_page_is_without_a_link(page):
    first, second, *_ = other_links(page)
    link = first | second
    at = visit(page, **link)
    assert dict(parse_qsl(link_of(at))) == link
    at.button(key=f"{page}-reset").click().run()
    assert link_of(at) == ""
    assert shown(at) == shown(visit(page))


@pytest.mark.parametrize("page", CONCEPTS)
def test_values_come_back_when_a_visitor_comes_back(page):
    at = visit(page, **QUICK.get(page, {}) | other_links(page)[0])
    link = link_of(at)
    assert link
    at.query_params.clear()
    at.switch_page("pages/home.py").run()
    assert link_of(at) == ""
    at.switch_page(f"pages/{page}.py").run()
    assert link_of(at) == link
