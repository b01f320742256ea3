"""The reader's points: through a link, from a browser, from a file, in the table; the view as a user."""

import math
from functools import partial
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from perceptron_runs import checked
from programs import printed
from visitor import components, link_of, shown, visit

from core.perceptron.curve_labels import curve_of, label_points
from core.perceptron.settings import STARTER
from core.points import (
    FARTHEST,
    GRID,
    LONGEST_TEXT,
    MAX_BYTES,
    MAX_POINTS,
    Point,
    decode,
    encode,
    from_browser,
    point,
    read_csv,
    window,
    write_csv,
)
from ui import number_table, points_editor
from ui.link import LONGEST_LINK

ON_GRID = st.integers(-FARTHEST * GRID, FARTHEST * GRID).map(lambda i: i / GRID)
XOR = encode([Point(0, 0, 0), Point(0, 1, 1), Point(1, 0, 1), Point(1, 1, 0)])
POINTS = st.lists(st.builds(Point, ON_GRID, ON_GRID, st.integers(0, 1)), max_size=20)


@checked
@given(POINTS)
def test_points_survive_link_and_file(points):
    assert decode(encode(points)) == points
    if len({p.y for p in points}) == 2:
        assert read_csv(write_csv(points).encode())[0] == points


def test_the_most_points_fit_into_a_link():
    text = encode([Point(-FARTHEST, FARTHEST, 1)] * MAX_POINTS)
    assert len(text) == LONGEST_TEXT < LONGEST_LINK - 1000
    assert decode(text) == [Point(-FARTHEST, FARTHEST, 1)] * MAX_POINTS


@checked
@given(st.text(max_size=40))
def test_any_text_is_points_or_a_sentence(text):
    try:
        assert all(abs(x) <= FARTHEST for p in decode(text) for x in p[:2])
    except ValueError as error:
        assert "allowed: at most 500 points" in str(error)


@pytest.mark.parametrize("text", ["abc", "AAAAAAA", STARTER + "A", "é" * 8, "AAAAAAAA" * 501, "________", "+/+/+/+/"])
def test_hostile_texts_are_refused(text):
    with pytest.raises(ValueError, match="allowed"):
        decode(text)


NOT_POINTS = [None, "x", {}, [[1, 2]], [[1, 2, 3]], [[1, 2, "0"]], [["1", 2, 0]], [[True, 0, 0]], [[1, 2, 0.5]]]


@pytest.mark.parametrize("sent", [*NOT_POINTS, [[float("nan"), 0, 0]], [[0, 0, 0]] * (MAX_POINTS + 1)])
def test_what_a_browser_sends_is_not_trusted(sent):
    assert from_browser(sent, 4) is None


def test_points_from_the_browser_are_kept_inside_and_on_the_grid():
    assert from_browser([[99, -99, 1], [0.1, 0.2, 0]], 4) == [Point(4, -4, 1), point(0.1, 0.2, 0)]
    assert from_browser([[float("inf"), -(10**400), 1]], 4) == [Point(4, -4, 1)]
    assert from_browser([], 4) == []


@pytest.mark.parametrize("bad", [(float("nan"), 0, 0), (10**400, 0, 0), (0, -1000.1, 1), (0, 0, 2), (0, 0, 0.5)])
def test_a_point_outside_is_refused(bad):
    with pytest.raises(ValueError, match="cannot be used; allowed"):
        point(*bad)


@pytest.mark.parametrize(("farthest", "half"), [(0, 4), (3.9, 4), (4, 4), (4.1, 8), (1000, 1024)])
def test_the_window_shows_all_points(farthest, half):
    assert window([Point(-farthest, 0, 0)]) == half
    assert window([]) == 4


def test_names_of_classes_and_signs():
    points, said = read_csv(b"\xef\xbb\xbfa,b,kind\n1, 2, dog\n3,4,cat\n")
    assert points == [Point(1, 2, 1), Point(3, 4, 0)]
    assert "`cat` is class 0, `dog` is class 1" in said
    assert read_csv(b"1,2,0\n3,4,1\n")[0] == [Point(1, 2, 0), Point(3, 4, 1)], "no header, and no point lost"
    assert read_csv(b"class,x2,x1\n1,2,3\n0,5,6\n")[0] == [Point(3, 2, 1), Point(6, 5, 0)], "a header says the order"
    assert read_csv(b"n;X2;Class;x1\n8;2,5;1;3\n")[0] == [Point(3, 2.5, 1)], "among other columns, decimal comma"
    assert [p.y for p in read_csv(b"a,b,c\n1,2,-1\n3,4,1\n")[0]] == [0, 1]
    assert [p.y for p in read_csv(b"a,b,c\n1,2,1\n3,4,1\n")[0]] == [1, 1]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "holds no row"),
        (b"x1,x2,class\n", "0 rows; allowed: 1 to 500"),
        (b"x1,x2,class\n1,2\n", "Row 2 has no class; allowed"),
        (b"a,b,c,d\n1,2,3,4\n", "4 columns; allowed: three"),
        (b",2,0\n2,1,1\n3,3,0\n", "Row 1, column `column 1`: the cell is empty; allowed"),
        (b"x1,x2,class\n1,2,0\n1,x,0\n", "Row 3, column `x2`: `x` is not a number; allowed"),
        (b"x1,x2,class\n1,nan,0\n", "Row 2, column `x2`: `nan` is not a number; allowed"),
        (b"x1,x2,class\n1,1e9,0\n", "Row 2: The point .* allowed"),
        (b"x1,x2,class\n1,1,a\n1,1,b\n1,1,c\n", "3 different classes; allowed: two"),
        (b"x1,x2,class\n" + b"1,1,0\n" * 501, "501 rows.*allowed: 1 to 500"),
        (b"\xff\xfe\x00", "not a text; allowed"),
        (b"x" * (MAX_BYTES + 1), "allowed: at most 100,000"),
        (b'x1,x2,class\n"1,2,0\n', "check its double quotes"),
    ],
)
def test_bad_files_get_one_sentence(content, sentence):
    with pytest.raises(ValueError, match=sentence):
        read_csv(content)


@pytest.mark.parametrize("view", ["learn", "own", "limits", "bound", "weights"])
@pytest.mark.parametrize("points", ["", "________", XOR, encode([Point(0, 0, 1)])])
def test_whatever_points_the_link_holds_every_view_works(view, points):
    at = visit("perceptron", view=view, data="own", limit_data="own", points=points)
    assert not at.exception
    assert not at.error
    assert sum("allowed:" in w.value for w in at.warning) == (points == "________")


def test_no_points_are_a_plane_to_click_on_and_a_sentence():
    at = visit("perceptron", view="own", points="")
    assert components(at, "points_canvas")[0]["points"] == []
    assert any("There are no points" in i.value and "allowed: 1 to 500" in i.value for i in at.info)
    assert at.button(key="perceptron-watch-own").disabled
    at = visit("perceptron", data="own", points="")
    assert any("no points to learn from; allowed" in i.value for i in at.info)


def test_the_canvas_gets_the_points_and_a_line_for_each_moment():
    at = visit("perceptron", view="own")
    canvas, scrubber = components(at, "points_canvas")[0], components(at, "scrubber")[0]
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
    assert f"The link holds {MAX_POINTS} points" in "\n".join(shown(at))
    assert len(link_of(at)) < 8_000
    assert components(at, "points_canvas")[0]["half"] == 32


def test_points_go_to_the_other_views():
    at = visit("perceptron", view="own", points=XOR)
    at.button(key="perceptron-watch-own").click().run()
    assert at.session_state["perceptron"]["view"] == "learn"
    assert "After 4 corrections the weights are as they were after 0" in "\n".join(shown(at))


@pytest.mark.parametrize(
    ("text", "f"),
    [
        ("0.5x + 1", lambda x: x / 2 + 1),
        ("log(x)", lambda x: math.log(x) if x > 0 else -math.inf if x == 0 else math.nan),
        ("100", lambda x: 100),
    ],
)
@pytest.mark.parametrize(("n_samples", "seed"), [(1, 0), (500, 7)])
def test_a_typed_curve_labels_the_points_above_it(text, f, n_samples, seed):
    points = label_points(text, n_samples, seed)
    assert len(points) == n_samples
    assert all(math.isfinite(p.x1) and not math.isnan(f(p.x1)) and p.y == (p.x2 > f(p.x1)) for p in points)
    assert decode(encode(points)) == list(points), "they lie on the grid"
    assert label_points.__wrapped__(text, n_samples, seed) == points != label_points(text, n_samples, seed + 1)
    assert max(abs(y) for _, y in curve_of(text) if y is not None) <= 8


def test_a_curve_without_values_is_refused():
    with pytest.raises(ValueError, match="no value almost everywhere; allowed"):
        label_points("log(-1 - x^2)", 1, 0)
    assert {y for _, y in curve_of("log(-1 - x^2)")} == {None}


def test_points_above_and_below_a_curve_become_the_points():
    at = visit("perceptron", view="own", **{"labels.text": "sin(x) + 1", "labels.n_samples": "20"})
    assert components(at, "points_canvas")[0]["curve"] == []
    at.button(key="perceptron-labels").click().run()
    canvas = components(at, "points_canvas")[0]
    points = label_points("sin(x) + 1", 20, 0)
    assert canvas["points"] == [list(p) for p in points]
    assert canvas["curve"] == [list(place) for place in curve_of("sin(x) + 1")]
    assert any("the dotted curve is f(x)" in c.value for c in at.caption)
    (program,) = [code.value for code in at.code if code.language == "python"]
    (lines,) = printed([program])
    assert f"    {tuple(points[0])}, {tuple(points[1])}," in program
    assert set(lines) <= {line for text in shown(at) for line in text.splitlines()}

    at.text_input(key="perceptron.labels.text").set_value("sin(x").run()
    assert not at.exception
    assert "allowed:" in at.error[0].value
    assert components(at, "points_canvas")[0]["points"] == canvas["points"]


def page_controls():
    controls = mock.Mock(
        page="perceptron", values={"points": STARTER}, problems={}, kinds={"own_at": mock.Mock(high=9)}
    )
    controls.set = lambda **values: controls.values.update(values)
    return controls


def table_after(edits):
    """What the page makes of a browser's edits to the table: its controls afterwards."""
    controls = page_controls()
    session = {"perceptron.points:editor": {"rows": decode(STARTER), "text": STARTER, "key": "k"}, "k": edits}
    with (
        mock.patch("ui.number_table.st.session_state", session),
        mock.patch("ui.points_editor.st.session_state", session),
    ):
        take = partial(points_editor.take_points, controls, data="own")
        number_table._take(controls, "points", points_editor.COLUMNS, MAX_POINTS, least=0, take=take)
    return controls


def test_the_table_adds_changes_and_deletes_points():
    added = [{"x1": 1, "x2": 2.5, "class": 1}]
    controls = table_after({"edited_rows": {0: {"x1": 9}}, "added_rows": added, "deleted_rows": [1]})
    before = decode(STARTER)
    assert decode(controls.values["points"]) == [before[0]._replace(x1=9), *before[2:], Point(1, 2.5, 1)]
    assert (controls.values["data"], controls.problems) == ("own", {})
    assert table_after({"deleted_rows": list(range(10))}).values["points"] == ""


@pytest.mark.parametrize(
    "edits",
    [
        {"added_rows": [{"x1": 1}]},
        {"edited_rows": {0: {"class": 2}}},
        {"edited_rows": {0: {"x1": 10**400}}},
        {"added_rows": [{"x1": 1, "x2": 1, "class": 0}] * 491},
        {"added_rows": ["x"]},
    ],
    ids=lambda e: str(e)[:40],
)
def test_edits_that_cannot_be_taken_get_a_sentence_and_change_nothing(edits):
    controls = table_after(edits)
    assert controls.values == {"points": STARTER}
    assert "allowed:" in controls.problems["points"]


@pytest.mark.parametrize(
    ("content", "good"), [(b"a,b,c\n1,2,0\n3,4,1\n", True), (b"a,b,c\n1,2\n", False), (b"\x00\xff", False)]
)
def test_a_file_is_taken_or_answered_with_a_sentence(content, good):
    controls = page_controls()
    file = mock.Mock(getvalue=lambda: content)
    key = points_editor.file_key(controls)
    with mock.patch("ui.points_editor.st.session_state", {key: file}) as session:
        points_editor.take_file(controls, partial(points_editor.take_points, controls))
    assert ("2 points read" in session.get(f"{key}:said", "")) == good
    assert ("allowed:" in controls.problems.get("points", "")) != good
    assert (controls.values["points"] == STARTER) != good
