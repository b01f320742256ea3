"""The reader's points: through a link, from a browser, from a file."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.perceptron.points import (
    FARTHEST,
    GRID,
    LONGEST_TEXT,
    MAX_BYTES,
    MAX_POINTS,
    STARTER,
    Point,
    decode,
    encode,
    from_browser,
    point,
    read_csv,
    window,
    write_csv,
)
from ui.link import LONGEST_LINK

checked = settings(derandomize=True, deadline=None, max_examples=60)
ON_GRID = st.integers(-FARTHEST * GRID, FARTHEST * GRID).map(lambda i: i / GRID)
POINTS = st.lists(st.builds(Point, ON_GRID, ON_GRID, st.integers(0, 1)), max_size=20)


@checked
@given(POINTS)
def test_points_survive_link_and_file(points):
    assert decode(encode(points)) == points
    if len({p.label for p in points}) == 2:
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


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "x",
        {},
        [[1, 2]],
        [[1, 2, 3]],
        [[1, 2, "0"]],
        [["1", 2, 0]],
        [[float("nan"), 0, 0]],
        [[True, 0, 0]],
        [[1, 2, 0.5]],
        [[0, 0, 0]] * (MAX_POINTS + 1),
    ],
)
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
    assert "“cat” is class 0, “dog” is class 1" in said
    assert read_csv(b"1,2,0\n3,4,1\n")[0] == [Point(1, 2, 0), Point(3, 4, 1)], "no header, and no point lost"
    assert [p.label for p in read_csv(b"a,b,c\n1,2,-1\n3,4,1\n")[0]] == [0, 1]
    assert [p.label for p in read_csv(b"a,b,c\n1,2,1\n3,4,1\n")[0]] == [1, 1]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "0 lines"),
        (b"x1,x2,class\n", "0 lines"),
        (b"x1,x2,class\n1,2\n", "Line 2 has 2 values; allowed: three"),
        (b"x1,x2,class\n1,2,0\n1,x,0\n", "Line 3: x1 or x2 is not a number; allowed"),
        (b"x1,x2,class\n1,nan,0\n", "Line 2: The point .* allowed"),
        (b"x1,x2,class\n1,1e9,0\n", "Line 2: The point .* allowed"),
        (b"x1,x2,class\n1,1,a\n1,1,b\n1,1,c\n", "3 different classes; allowed: two"),
        (b"x1,x2,class\n" + b"1,1,0\n" * 501, "501 lines.*allowed: 1 to 500"),
        (b"\xff\xfe\x00", "not a CSV table; allowed"),
        (b"x" * (MAX_BYTES + 1), "allowed: at most 100,000"),
        (b'x1,x2,class\n"1,2,0\n', "allowed"),
    ],
)
def test_bad_files_get_one_sentence(content, sentence):
    with pytest.raises(ValueError, match=sentence):
        read_csv(content)
