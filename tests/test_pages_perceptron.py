"""The perceptron's page as a user: what happens before the reader's eyes, and the reader's own points."""

import gc
from dataclasses import asdict
from unittest import mock

import pytest
from visitor import components, link_of, shown, visit

from core.perceptron.learn import run
from core.perceptron.points import MAX_POINTS, STARTER, Point, decode, encode
from core.perceptron.settings import VIEWS, PerceptronSettings
from figures.perceptron.plane import plane
from pages.perceptron import table
from ui.controls import Controls
from ui.page import load_library

XOR = encode([Point(0, 0, 0), Point(0, 1, 1), Point(1, 0, 1), Point(1, 1, 0)])


def words(at):
    return "\n".join(shown(at))


def component(at, name):
    """The data that one of our components was given."""
    (found,) = components(at, name)
    return found


@pytest.mark.parametrize(
    ("data", "end", "sentence"),
    [
        ("and", "After update 18, the last: every sample is right. Mistakes so far: 18 (at most 51).", "in 9 passes"),
        ("or", "After update 9, the last: every sample is right. Mistakes so far: 9 (at most 27).", "in 6 passes"),
        ("xor", "After update 12, the last: the weights go in a circle.", "a cycle of 4 states"),
        (
            "blobs",
            "After update 16, the last: every sample is right. Mistakes so far: 16 (at most 556).",
            "in 4 passes",
        ),
        ("own", "After update 6, the last: every sample is right. Mistakes so far: 6 (at most 49).", "in 4 passes"),
    ],
)
def test_each_data_set_learns_or_cycles_with_the_bound_beside_it(data, end, sentence):
    at = visit("perceptron", data=data)
    labels = component(at, "scrubber")["labels"]
    assert labels[0].startswith("Before update 1 of ")
    assert labels[-1].startswith(end)
    assert sentence in words(at)


def test_xor_s_four_states_and_two_inequalities_are_written_out():
    text = words(visit("perceptron", view="limits"))
    assert "(0, 0, 0) → (0, 0, −1) → (0, 1, 0) → (1, 1, 1) → (0, 0, 0)" in text
    assert "w·p + b **> 0**" in text
    assert "w·p + b **< 0**" in text
    assert "p = (0.5, 0.5)" in text


@pytest.mark.parametrize(("lr", "after"), [("1", "| 1 | 1 | 0 |"), ("8", "| 8 | 8 | 0 |")])
def test_the_numbers_beside_the_arrows_are_those_of_the_moment(lr, after):
    """AND: the first sample takes lr from the bias, the second one to be wrong is (1, 1) of class 1."""
    at = visit("perceptron", data="and", at="1", lr=lr)
    (numbers,) = [m.value for m in at.markdown if m.value.startswith("| |")]
    assert f"| **w after update 2** {after}" in numbers
    (step,) = [m.value for m in at.markdown if m.value.startswith("**Check it by hand.**")]
    assert "Sample 3 is of class 1" in step


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("points", ["", "abc", "________", XOR, encode([Point(0, 0, 1)]), "A" * 4000])
def test_whatever_points_the_link_holds_every_view_works(view, points):
    at = visit("perceptron", view=view, data="own", limit_data="own", points=points)
    assert not at.exception
    assert not at.error
    if points in ("abc", "________") and view in ("learn", "own", "bound", "weights", "limits"):
        assert sum("cannot be" in w.value and "allowed:" in w.value for w in at.warning) == 1


def test_no_points_are_a_plane_to_click_on_and_a_sentence():
    at = visit("perceptron", view="own", points="")
    assert component(at, "points_canvas")["points"] == []
    assert any("There are no points" in i.value and "allowed: 1 to 500" in i.value for i in at.info)
    assert at.button(key="perceptron-watch-own").disabled
    at = visit("perceptron", data="own", points="")
    assert any("no points to learn from; allowed" in i.value for i in at.info)


def test_the_canvas_gets_the_points_and_a_line_for_each_moment():
    at = visit("perceptron", view="own")
    canvas, scrubber = component(at, "points_canvas"), component(at, "scrubber")
    assert canvas["points"] == [list(p) for p in decode(STARTER)]
    assert len(canvas["lines"]) == len(canvas["rings"]) == len(scrubber["labels"])
    assert canvas["lines"][0] == [0, 0, 0]
    assert canvas["rings"][-1] == -1
    assert canvas["name"] in scrubber["charts"]
    assert "5 points of class 0 and 5 of class 1" in canvas["label"]


def test_the_most_points_work_and_are_all_in_the_link():
    points = encode([Point(i / 16 - 15, (i * 7 % 160) / 8 - 10, i * i % 3 % 2) for i in range(MAX_POINTS)])
    at = visit("perceptron", view="own", points=points)
    assert not at.exception
    assert f"All {MAX_POINTS} points are in the link" in words(at)
    assert len(link_of(at)) < 8_000
    assert component(at, "points_canvas")["half"] == 32


def test_points_go_to_the_other_views():
    at = visit("perceptron", view="own", points=XOR)
    at.button(key="perceptron-watch-own").click().run()
    assert at.session_state["perceptron"]["view"] == "learn"
    assert "Your points: a cycle of 4 states" in words(at)


@pytest.mark.parametrize("preset", ["AND", "OR", "NAND", "XOR", "Two blobs", "A narrow gap"])
def test_a_preset_stops_at_a_moment_with_a_line_to_see(preset):
    at = visit("perceptron", at="0")
    at.button(key=f"perceptron-preset-{preset}").click().run()
    values = at.session_state["perceptron"]
    found = run(PerceptronSettings(**{name: values[name] for name in asdict(PerceptronSettings())}))
    line = plane(found).frames[found.moments.index(values["at"])]["data"][2]
    assert line["x"][0] is not None
    assert values["at"] < found.updates


def test_one_update_is_singular():
    text = words(visit("perceptron", max_updates="1"))
    assert "after 1 update." in text
    assert "after 1 updates" not in text


def test_one_digit_twice_is_answered_with_a_sentence():
    at = visit("perceptron", view="pixels", **{"pixels.zero": "8"})
    assert "allowed: two different digits" in at.error[0].value
    assert at.slider(key="perceptron.pixels.one")  # the control to mend it is there


def test_scikit_learn_is_loaded_for_the_pixels_and_taken_out_of_the_collector_s_sight():
    load_library.clear()
    before = gc.get_freeze_count()
    assert not visit("perceptron", view="bound").exception
    assert gc.get_freeze_count() <= before
    assert not visit("perceptron", view="pixels").exception
    assert gc.get_freeze_count() > before


def test_the_button_leads_through_the_wrong_images():
    at = visit("perceptron", view="pixels")
    seen = []
    for _ in range(3):
        at.button(key="perceptron-next-wrong").click().run()
        seen.append(at.session_state["perceptron"]["image"])
        assert any("wrong." in m.value and f"**Image {seen[-1]}.**" in m.value for m in at.markdown)
    assert seen == sorted(set(seen))


def edited(edits, points=STARTER, key="perceptron-table-0"):
    """What the callback makes of a browser's edits to the table: the controls and the session afterwards."""
    controls = mock.Mock(spec=Controls, values={"points": points}, kinds={"own_at": mock.Mock(high=9)})
    controls.set = lambda **values: controls.values.update(values)
    with mock.patch("pages.perceptron.table.st.session_state", {key: edits}) as session:
        table._editor_of(controls)
        table._take_edit(controls)
        return controls, dict(session)


def test_the_table_adds_changes_and_deletes_points():
    edits = {"edited_rows": {0: {"x1": 9}}, "added_rows": [{"x1": 1, "x2": 2.5, "class": 1}], "deleted_rows": [1]}
    controls, session = edited(edits)
    before, after = decode(STARTER), decode(controls.values["points"])
    assert after == [before[0]._replace(x1=9), *before[2:], Point(1, 2.5, 1)]
    assert controls.values["data"] == "own"
    assert session[table.SAID] == ("", "")


@pytest.mark.parametrize(
    "edits",
    [
        {"added_rows": [{"x1": 1}]},
        {"added_rows": [{"x1": 1, "x2": None, "class": 0}]},
        {"edited_rows": {0: {"class": 2}}},
        {"edited_rows": {0: {"x1": "abc"}}},
        {"edited_rows": {0: {"x1": 1e9}}},
        {"edited_rows": {0: {"x1": 10**400}}},
        {"added_rows": [{"x1": 1, "x2": 1, "class": 0}] * 20_000},
    ],
    ids=lambda e: str(e)[:40],
)
def test_edits_that_cannot_be_taken_get_a_sentence_and_change_nothing(edits):
    controls, session = edited(edits)
    assert controls.values["points"] == STARTER
    assert "allowed:" in session[table.SAID][0]


@pytest.mark.parametrize(
    ("content", "kind"), [(b"a,b,c\n1,2,0\n3,4,1\n", "right"), (b"a,b,c\n1,2\n", "wrong"), (b"\x00\xff", "wrong")]
)
def test_a_file_is_taken_or_answered_with_a_sentence(content, kind):
    controls = mock.Mock(spec=Controls, values={"points": STARTER}, kinds={"own_at": mock.Mock(high=9)})
    controls.set = lambda **values: controls.values.update(values)
    file = mock.Mock(getvalue=lambda: content)
    with mock.patch("pages.perceptron.table.st.session_state", {table.FILE: file}) as session:
        table._take_file(controls)
    assert session[table.SAID][1] == kind
    assert (controls.values["points"] == STARTER) == (kind == "wrong")
