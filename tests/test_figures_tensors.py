"""The figures of the tensors page say what torch says, and can be read."""

import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_figures import contrast

from core.tensors.broadcast import broadcast
from core.tensors.create import create
from core.tensors.facts import copied, slots, storage
from core.tensors.image import change, image_of
from core.tensors.index import pick
from core.tensors.matmul import product
from core.tensors.power import overflow, power
from core.tensors.settings import (
    READINGS,
    BroadcastSettings,
    CreateSettings,
    ImageSettings,
    IndexSettings,
    MatmulSettings,
    PowerSettings,
    StorageSettings,
)
from core.tensors.storage import arrange
from figures.tensors.broadcast import aligned_table, stretched
from figures.tensors.broadcast import result as combined
from figures.tensors.cells import DIM_GREY, INK, PALE, PALE_GREY, PALE_SLOTS, cells, is_written, table_of, write
from figures.tensors.create import copied_words, worked_slot
from figures.tensors.image import dark_and_bright, odd_words, shown, window
from figures.tensors.index import part, whole
from figures.tensors.layout import layout
from figures.tensors.matmul import building, factor, step_words
from figures.tensors.power import comparison, eigenvalues, growth, verdict
from figures.tensors.power import result as raised
from figures.tensors.storage import after, before, storage_lines, strip
from figures.tensors.walks import chain, graph

NILPOTENT = "[[0, 997, 0, 0], [0, 0, 991, 0], [0, 0, 0, 983], [0, 0, 0, 0]]"


def changed(text, source="flower"):
    chosen = ImageSettings(change=text, source=source)
    return change(image_of(chosen), chosen)


def lit_cells(picture):
    """Which cells of a picture are in the upper half of its scale, which means lit where only some are."""
    return np.nan_to_num(np.asarray(picture.figure.data[0].z, dtype=float), nan=-1) > 0.5


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 4), max_size=6).map(tuple))
def test_every_element_has_a_cell_of_its_own_inside_the_picture(shape):
    place = layout(shape)
    spots = set(zip(place.rows.tolist(), place.columns.tolist(), strict=True))
    assert len(spots) == int(np.prod(shape))
    assert min(place.rows.min(), place.columns.min()) == 0
    assert place.rows.max() + 1 == place.height
    assert place.columns.max() + 1 == place.width


def test_rows_run_down_and_columns_across_and_matrices_stand_apart():
    place = layout((2, 3, 4))
    rows, columns = place.rows.reshape(2, 3, 4), place.columns.reshape(2, 3, 4)
    assert rows[0, :, 0].tolist() == [0, 1, 2]
    assert columns[0, 0].tolist() == [0, 1, 2, 3]
    assert columns[1, 0].tolist() == [5, 6, 7, 8]
    assert place.across == {1.5: "[0]", 6.5: "[1]"}


def between(one, other, share):
    """The colour at a place between two others."""
    parts = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def test_cells_that_are_picked_are_brighter_than_the_others_in_the_dark_theme():
    x = torch.arange(6).reshape(2, 3)
    (heat,) = cells(x, lit=torch.tensor([True, False] * 3)).data
    brightness = [contrast(colour, "#000000") for _, colour in heat.meta["dark"]["colorscale"]]
    others, picked = brightness[: len(DIM_GREY)], brightness[len(DIM_GREY) :]
    assert len(picked) == len(PALE)
    assert min(picked) > 1.5 * max(others)


@pytest.mark.parametrize("scale", [PALE, PALE_GREY, DIM_GREY, PALE_SLOTS])
def test_letters_can_be_read_on_every_colour_of_a_written_cell(scale):
    for one, other in zip(scale, scale[1:], strict=False):
        for share in (0, 0.25, 0.5, 0.75, 1):
            assert contrast(INK, between(one, other, share)) >= 4.5


def test_the_colour_of_a_cell_follows_its_value_and_lit_cells_are_the_upper_half_of_the_scale():
    x = torch.tensor([[3.0, 1.0], [2.0, float("nan")]])
    plain = np.asarray(cells(x).data[0].z, dtype=float)
    assert plain.tolist() == [[1, 0], [0.5, 0]]
    lit = torch.tensor([True, False, False, True])
    half = np.asarray(cells(x, lit=lit).data[0].z, dtype=float).ravel()
    assert ((half > 0.5) == lit.numpy()).all()


def test_the_frame_encloses_the_lit_cells_and_nothing_else():
    lit = torch.zeros(12, dtype=torch.bool)
    lit[[5, 6]] = True  # row 1, columns 1 and 2
    path = cells(torch.arange(12).reshape(3, 4), lit=lit).layout.shapes[0].path
    number = r"(-?[\d.]+)"
    found = re.findall(f"M{number},{number}([VH]){number}", path)
    assert "".join(f"M{x},{y}{way}{end}" for x, y, way, end in found) == path
    edges = {
        ((float(x), float(y)), (float(x), float(end)) if way == "V" else (float(end), float(y)))
        for x, y, way, end in found
    }
    assert edges == {
        ((0.5, 0.5), (0.5, 1.5)),
        ((2.5, 0.5), (2.5, 1.5)),
        ((0.5, 0.5), (1.5, 0.5)),
        ((1.5, 0.5), (2.5, 0.5)),
        ((0.5, 1.5), (1.5, 1.5)),
        ((1.5, 1.5), (2.5, 1.5)),
    }


@pytest.mark.parametrize(
    "shape", [(), (0,), (3, 0), (1,), (7,), (2, 3), (5, 3, 4, 1), (2, 1, 2, 1, 2, 3), (100, 100), (10_000,)]
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bool, torch.uint8])
def test_any_tensor_within_the_limits_can_be_drawn_small_enough(shape, dtype):
    x = torch.zeros(shape, dtype=dtype)
    alternating = torch.arange(x.numel()) % 2 == 0
    for figure in (cells(x), cells(x, by_slot=True), cells(x, lit=alternating)):
        spec = figure.to_json()
        assert len(spec) < 500_000
        described = json.loads(spec)["layout"]
        assert bool(described["xaxis"]["title"]["text"]) == (x.dim() > 0)
        assert bool(described["yaxis"]["title"]["text"]) == (x.dim() > 1)
    assert len(table_of(x)) == x.numel()


def test_a_scalar_has_no_axes_and_a_vector_no_rows():
    scalar, vector, matrix = (cells(torch.ones(shape)).layout for shape in ((), (3,), (2, 3)))
    assert (scalar.xaxis.title.text, scalar.yaxis.title.text) == ("", "")
    assert scalar.xaxis.showticklabels is scalar.yaxis.showticklabels is vector.yaxis.showticklabels is False
    assert (vector.xaxis.title.text, vector.yaxis.title.text) == ("column (dimension 0)", "")
    assert matrix.yaxis.title.text == "row (dimension 0)"


@pytest.mark.parametrize(("shape", "square"), [((327,), False), ((450, 1), False), ((28, 28), True), ((30, 400), True)])
def test_a_long_row_is_stretched_until_it_can_be_seen_and_has_room_for_its_scale(shape, square):
    figure = cells(torch.rand(shape))
    assert (figure.layout.yaxis.scaleanchor == "x") == square
    assert figure.data[0].showscale
    assert figure.layout.height >= 250


def test_numbers_are_written_short_enough_for_a_cell():
    assert write(torch.tensor([1, -25, 999_999, 12_345_678])) == ["1", "−25", "999999", "1.23e7"]
    assert write(torch.tensor([0.123456, 1e10, float("nan"), float("inf")])) == ["0.123", "1e10", "nan", "∞"]
    assert write(torch.tensor([True, False])) == ["True", "False"]
    assert is_written(torch.zeros(20, 20))
    assert not is_written(torch.zeros(21, 20))
    assert not is_written(torch.zeros(27))


# Every number of a caption is a number of the tensor, its part, or its storage.
def numbers_in(text):
    return {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", re.sub(r"`.*?`|\.\d+", "", text))}


def test_the_course_s_picture_says_what_is_taken():
    made = create(CreateSettings())
    picture = whole(made, "images", "images[1]")
    assert {4, 28, 3136, 784} <= numbers_in(picture.caption)
    assert lit_cells(picture).sum() == 784
    assert picture.table["storage slot"].tolist() == list(range(3136))
    taken = part(made, "images", "images[1]", "part")
    assert taken.table["storage slot"].tolist() == list(range(784, 1568))
    assert taken.table["value"].tolist() == made.part.flatten().tolist()
    assert whole(create(CreateSettings(seed=1)), "images", "images[1]").json != picture.json


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        ("images[1]", 0),
        ("images[[1]]", 784),
        ("images[4:]", 0),
        ("images[images > 9]", 0),
        ("images[0, 0, 0]", 0),
    ],
)
def test_the_answer_to_the_guess_and_the_worked_step_are_measured(chosen, count):
    made = create(CreateSettings(part=chosen))
    assert copied(made.part, made.whole) == count
    assert ("has a storage of its own" in copied_words(made, "images", chosen)) == bool(count)
    step = worked_slot(made.part, chosen)
    assert (step is None) == (made.part.numel() == 0)
    if step:
        index = [int(i) for i in re.findall(r"\d+", step.split("element [")[1].split("]")[0])]
        arithmetic, slot, at_byte = re.search(r"slot (.*?) = \*\*(.*?)\*\*.*\*\*(.*?)\*\*", step).groups()
        assert eval(arithmetic.replace("·", "*")) == int(slot.replace(",", ""))
        start = int(at_byte.replace(",", ""))
        raw = torch.tensor(made.part.untyped_storage().tolist()[start : start + 4], dtype=torch.uint8)
        assert raw.view(torch.float32).item() == made.part[tuple(index)].item()


def test_the_strip_shows_what_the_storage_holds_and_what_is_used():
    found = pick(IndexSettings(), 0)
    picture = strip(found.part, "part", 8)
    assert numbers_in(picture.caption) == {24, 8, 6}  # slots, bytes of one, first and number of used ones
    texts = list(picture.figure.data[0].text[0])
    assert [text.split("<br>")[0] for text in texts] == [str(i) for i in range(24)]
    used = lit_cells(picture)[0].nonzero()[0].tolist()
    assert used == found.part.flatten().tolist() == [6, 8, 10, 12, 14, 16]
    chosen = picture.figure.layout.shapes[-1]
    assert (chosen.x0, chosen.x1) == (7.5, 8.5)
    _, again = arrange(StorageSettings(x="torch.tensor([[1], [2], [3]])", y="x.expand(3, 4)"), 0)
    assert "more than once" in strip(again, "y").caption
    assert "more than once" not in picture.caption


@pytest.mark.parametrize(
    ("chosen", "width"),
    [
        ({}, 100),
        ({"part": "images[images > 0.9]"}, 20),  # a copy, whose storage is its own
        ({"shape": "14, 14", "part": "x[:, 3]"}, 10),
        ({"maker": "typed", "typed": "[[1, 2, 3], [4, 5, 6]]", "part": "x[:, 1]"}, 6),
        ({"maker": "typed", "typed": "3.5", "part": "x"}, 1),
    ],
)
def test_a_value_has_one_colour_in_the_tensor_and_in_its_storage(chosen, width):
    made = create(CreateSettings(**chosen))

    def colours(picture):  # as shares of the coloured half of the scale
        (heat,) = picture.figure.data
        z = np.asarray(heat.z, dtype=float)
        return (z - 0.51) / 0.49 if heat.meta else z

    drawn, place = colours(whole(made, "x", "part")), layout(tuple(made.whole.shape))
    line = colours(storage_lines(made.part, "part", made.whole))
    for at, slot in zip(made.places.flatten().tolist(), slots(made.part).flatten().tolist(), strict=True):
        assert line[slot // width, slot % width] == pytest.approx(drawn[place.rows[at], place.columns[at]], abs=1e-6)
    assert np.isfinite(line).sum() == len(storage(made.part))


@pytest.mark.parametrize("value", [0, 7, -(2**63), 1e300])
def test_cells_that_are_all_alike_are_drawn_in_the_middle_of_the_scale(value):
    assert cells(torch.full((2, 2), value, dtype=torch.float64)).data[0].z == pytest.approx(0.5)


def test_a_storage_of_nothing_can_be_drawn():
    made = create(CreateSettings(maker="zeros", shape="0, 3", part="x"))
    assert "0 slots" in storage_lines(made.part, "x", made.whole).caption


def test_cells_have_their_slot_and_its_colour_before_and_after():
    x, y = arrange(StorageSettings(), 0)
    for picture, tensor in ((before(x), x), (after(x, y), y)):
        texts = [text for row in picture.figure.data[0].text for text in row]
        assert texts == [f"{i}<br>#{i}" for i in tensor.flatten().tolist()]
        assert np.allclose(picture.figure.data[0].z, tensor.numpy() / 11)


@pytest.mark.parametrize(
    ("y", "words"),
    [("x + 1", "storage of its own, 96 bytes"), ("x.T", "view"), ("x[1:1]", "view"), ("torch.zeros(0)", "no numbers")],
)
def test_what_is_said_of_the_storage_holds_for_copied_and_for_computed_numbers(y, words):
    assert words in after(*arrange(StorageSettings(y=y), 0)).caption


def test_stretched_operands_frame_their_own_numbers_only():
    found = broadcast(BroadcastSettings(), 0)
    for name, own, wide in (("a", found.a, found.stretched_a), ("b", found.b, found.stretched_b)):
        assert lit_cells(stretched(name, own, wide)).sum() == own.numel()
        assert ("stretched" in stretched(name, own, wide).caption) == (own.shape != wide.shape)
    assert "stretched" not in stretched("a", found.result, found.result).caption
    assert aligned_table(found)["what happens"].tolist() == [
        "b gets a new dimension of length 3, as a has it",
        "a is stretched from 1 to 4",
    ]
    assert "wraps" not in combined(found, "+").caption
    bytes_ = broadcast(BroadcastSettings(a="torch.tensor([200, 1], dtype=torch.uint8)", b="100"), 0)
    assert "into uint8 wraps around: 1 value differs" in combined(bytes_, "+").caption


@pytest.mark.parametrize("reading", [reading for reading in READINGS if reading != "einsum"])
def test_every_step_of_a_product_lights_its_cells_and_its_words_can_be_checked_by_hand(reading):
    for step in range(product(MatmulSettings(reading=reading), 0).steps):
        found = product(MatmulSettings(reading=reading, step=step), 0)
        for name, tensor, mask in zip("AB", (found.a, found.b), found.cells, strict=False):
            if not mask.all():
                assert np.array_equal(lit_cells(factor(name, tensor, mask)), mask.numpy())
        texts = [text for row in building(found).figure.data[0].text for text in row]
        partial = found.partial.flatten().tolist()
        assert texts == [
            str(x) if known else "" for x, known in zip(partial, found.known.flatten().tolist(), strict=True)
        ]
        arithmetic, value = re.search(r"= ([^=]*?)(?: to C\[0, 0\], which is now | = )\*\*(.*?)\*\*", step_words(
            found, reading
        )).groups()  # fmt: skip
        if reading == "dot":
            assert eval(arithmetic.replace("·", "*")) == int(value) == found.c[found.i, found.j]
        elif reading == "outer":
            assert int(arithmetic) == found.a[0, step] * found.b[step, 0]
            assert int(value) == found.partial[0, 0]
        else:
            assert eval(value) == (found.c[step] if reading == "row" else found.c[:, step]).tolist()


def test_the_growth_is_drawn_from_both_arithmetics_and_the_wrong_power_is_marked():
    found = power(PowerSettings(n=100), 0)
    exact, computed, mark = growth(found).figure.data
    assert exact.y[92] == pytest.approx(np.log10(12200160415121876738), abs=1e-5)
    assert np.abs(exact.y[:92] - computed.y[:92]).max() < 1e-5
    assert np.abs(exact.y[93:] - computed.y[93:]).max() > 0.1
    assert (list(mark.x), list(mark.y)) == ([92], [exact.y[92]])
    wrong, right = (comparison(power(PowerSettings(n=n), 0)) for n in (92, 91))
    assert wrong["whose"].tolist() == ["PyTorch: not exact", "exact", *["PyTorch: right", "exact"] * 3]
    assert right["whose"].tolist() == ["PyTorch: right", "exact"] * 4
    assert right["number"].tolist()[::2] == right["number"].tolist()[1::2]


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"n": 91}, "exact"),
        ({"n": 0}, "exact"),
        ({"n": 100}, "Wrong from power 92 on"),
        ({"n": 100, "dtype": "float64"}, "First rounded at power 78"),
        ({"n": 150, "dtype": "float32", "matrix": "[[2]]"}, "Not finite at power 128"),
        ({"n": 150, "dtype": "float32", "matrix": "[[2, 0], [0, 0.5]]"}, "Not finite at power 128"),
        ({"n": 4, "dtype": "float32", "matrix": NILPOTENT}, "First rounded at power 3"),  # and power 4 is 0
        ({"n": -2, "dtype": "float64", "matrix": "[[3, 0], [0, 7]]"}, "Rounded:"),
        ({"n": -20, "dtype": "float64", "matrix": "[[2, 0], [0, 4]]"}, "exact"),
        ({"n": 3, "dtype": "float64", "matrix": "[[0.5]]"}, "not whole"),
        ({"n": -50, "dtype": "float32", "matrix": "[[1000]]"}, "Became 0"),
    ],
)
def test_the_verdict_is_that_of_the_exact_numbers_and_every_picture_can_be_drawn(chosen, words):
    found = power(PowerSettings(**chosen), 0)
    assert words in verdict(found)
    assert (overflow(found) is not None) == ("Wrong" in words or "finite" in words)
    for picture in (raised(found), growth(found), eigenvalues(found)):
        assert len(picture.json) < 100_000
        assert re.search(r"\d", picture.caption)
    assert len(comparison(found)) == found.a.numel() * (1 if found.exact is None else 2)


def test_eigenvalues_are_written_with_their_signs_and_parts():
    golden = eigenvalues(power(PowerSettings(), 0)).caption
    assert "1.618" in golden
    assert "−0.618" in golden
    turns = eigenvalues(power(PowerSettings(matrix="[[0, -1], [1, 0]]"), 0)).caption
    assert "1i" in turns
    assert "−1i" in turns
    small = power(PowerSettings(matrix="[[1e-7, 0], [0, 3e-8]]", dtype="float64"), 0)
    assert ": 1e−7, 3e−8." in eigenvalues(small).caption


def test_long_numbers_have_the_same_form_as_the_exact_ones():
    frame = comparison(power(PowerSettings(n=150, dtype="float32"), 0))
    computed, exact = frame["number"].tolist()[:2]
    assert exact.replace(" ", "") == "16130531424904581415797907386349"
    assert computed.replace(" ", "").isdigit()
    assert len(computed) == len(exact)


def test_walks_and_chains_are_drawn_with_the_numbers_of_the_power():
    matrix = "[[0, 1, 2, 0], [1, 0, 1, 0], [1, 1, 0, 1], [0, 0, 1, 0]]"
    found = power(PowerSettings(matrix=matrix, n=3), 0)
    assert {3, found.result[0, 3].item()} <= numbers_in(graph(found).caption)
    assert len(graph(found).figure.layout.annotations) == int((found.a > 0).sum())  # arrows, no loop
    loops = graph(power(PowerSettings(matrix="[[2, 1], [0, 1]]", n=1), 0)).figure
    assert [text for trace in loops.data for text in trace.text] == ["<b>0</b>", "<b>1</b>", "↻ 2", "↻ 1"]
    weather = power(PowerSettings(matrix="[[0.9, 0.1], [0.5, 0.5]]", n=12, dtype="float64"), 0)
    assert np.allclose(chain(weather).table[["state 0", "state 1"]].to_numpy()[-1], weather.result[0])
    assert "0.8333, 0.1667" in chain(weather).caption
    leaves = PowerSettings(matrix="[[1, 0], [0.5, 0.5]]", n=12, dtype="float32")
    assert "does not change: 1, 0." in chain(power(leaves, 0)).caption  # not 1.7e-16


TEXTS = [
    "img",
    "img.permute(2, 0, 1)",
    "img[:, :, 0]",
    "img / 255",
    "img.float() - 300",
    "img > 9",
    "img * 0.0",
    "img.half() * 200",
    "img.int() * 1000",
    "img / 0",
]


@pytest.mark.parametrize("text", TEXTS)
def test_pictures_travel_small_and_say_how_they_are_read(text):
    found = changed(text)
    for picture in (shown(found), window(found, 400, 9_999)):
        assert len(picture.json) < 600_000
        assert re.search(r"\d", picture.caption)
    assert str(tuple(found.result.shape)) in shown(found).caption
    assert {400, 407, 632, 639} <= numbers_in(window(found, 400, 9_999).caption)


@pytest.mark.parametrize(
    ("text", "grey", "ends"),
    [
        ("img", False, (0, 255)),
        ("img[:, :, 0]", True, (0, 255)),
        ("img > 100", False, (0, 1)),
        ("img.int() + 100", False, (0, 255)),
        ("img / 255", False, (0, 1)),
        ("img * 2.0", False, (0, 510)),
        ("img[:, :, 0] * 2.0", True, (0, 510)),
        ("img / 0", False, (0, 1)),
    ],
)
def test_a_picture_is_as_dark_and_as_bright_as_its_dtype_or_its_values_say(text, grey, ends):
    assert dark_and_bright(changed(text).result, grey) == ends


def test_a_digit_has_sixteen_levels_and_its_window_the_numbers_themselves():
    digit = changed("img", "digit")
    assert dark_and_bright(digit.result, True) == (0, 16)
    found = changed("img[:, :, 1]")
    texts = [[int(text) for text in row] for row in window(found, 10, 20).figure.data[0].text]
    assert texts == found.result[10:18, 20:28].tolist()


def test_thinned_pictures_say_so_and_keep_their_places():
    row = changed("img[0]")  # (640, 3)
    trace = shown(row).figure.data[0]
    assert (trace.dx, trace.dy) == (1, 2)
    assert "1 row in 2 and 1 column in 1" in shown(row).caption


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("img + 100", "wrapped around"),
        ("img - 100", "wrapped around"),
        ("(img + 100) // 2", "on the way"),
        ("255 / img", "inf or nan"),
        ("img / 0", "inf is drawn bright"),
        ("img // 2", ""),
    ],
)
def test_what_is_odd_about_a_result_is_counted(text, words):
    found = changed(text)
    said = odd_words(found)
    assert words in said
    assert f"{found.wrapped or found.not_finite:,}" in said or not said
    if found.wrapped:
        assert str(found.example[1]) in said
    one = "1 value wrapped" if found.wrapped else "1 value is inf"
    assert one in odd_words(replace(found, wrapped=min(found.wrapped, 1), result=torch.tensor([math.inf]))) or not said


def test_a_picture_of_one_value_has_neither_a_dark_nor_a_bright_one():
    for text, words in (
        ("img[:, :, 0] * 0.0", "; all values are 0;"),
        ("img[:, :, 0] * 0.0 / 0", "no value is finite"),
    ):
        assert words in shown(changed(text)).caption
    assert len(shown(changed("img" + " + 1 - 1" * 12)).caption.split()) <= 45
