"""The figures of the tensors page say what torch says, and can be read."""

import json
import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_figures import contrast

from core.tensors.arrange import arrange, pick
from core.tensors.broadcasting import broadcast
from core.tensors.create import create
from core.tensors.facts import facts
from core.tensors.pictures import change, image_of
from core.tensors.power import power
from core.tensors.products import product
from core.tensors.settings import (
    BroadcastSettings,
    CreateSettings,
    ImageSettings,
    IndexSettings,
    MatmulSettings,
    PowerSettings,
    StorageSettings,
)
from figures.tensors import cells as drawn
from figures.tensors.arrange import after, order, picked, picked_from
from figures.tensors.broadcasting import aligned_table, stretched
from figures.tensors.cells import INK, PALE, PALE_GREY, cells, layout, write
from figures.tensors.create import part_only, view_sentence, whole
from figures.tensors.pictures import histogram, shown, window, wrap_sentence
from figures.tensors.power import comparison, eigenvalues, growth, verdict
from figures.tensors.products import building, factor
from figures.tensors.strip import strip


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


@pytest.mark.parametrize("scale", [PALE, PALE_GREY], ids=["pale", "grey"])
def test_letters_can_be_read_on_every_colour_of_a_written_cell(scale):
    for one, other in zip(scale, scale[1:], strict=False):
        for share in (0, 0.25, 0.5, 0.75, 1):
            assert contrast(INK, between(one, other, share)) >= 4.5


def grid_of(figure):
    return np.nan_to_num(np.asarray(figure.data[0].z, dtype=float), nan=-1)


def test_the_colour_of_a_cell_follows_its_value_and_lit_cells_are_the_upper_half_of_the_scale():
    x = torch.tensor([[3.0, 1.0], [2.0, float("nan")]])
    plain = grid_of(cells(x))
    assert plain[0, 0] == 1
    assert plain[0, 1] == 0
    assert plain[1, 0] == pytest.approx(0.5)
    lit = np.array([True, False, False, True])
    half = grid_of(cells(x, lit=lit)).ravel()
    assert (half[lit] > 0.5).all()
    assert (half[~lit] < 0.5).all()


def test_the_frame_encloses_the_lit_cells_and_nothing_else():
    x = torch.arange(12).reshape(3, 4)
    lit = np.zeros(12, dtype=bool)
    lit[[5, 6]] = True  # row 1, columns 1 and 2
    path = cells(x, lit=lit).layout.shapes[0].path
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
    alternating = np.arange(x.numel()) % 2 == 0
    for figure in (cells(x), cells(x, lit=alternating) if x.numel() > 1 else cells(x)):
        spec = figure.to_json()
        assert len(spec) < 500_000
        described = json.loads(spec)["layout"]
        assert described["xaxis"]["title"]["text"]
        assert described["yaxis"]["title"]["text"]


def test_numbers_are_written_short_and_whole_numbers_whole():
    assert write(torch.tensor([1, -25])) == ["1", "-25"]
    assert write(torch.tensor([0.123456, 1e10, float("nan"), float("inf")])) == ["0.123", "1e10", "nan", "inf"]
    assert write(torch.tensor([True, False])) == ["True", "False"]


def test_the_course_s_picture_says_what_is_taken():
    made = create(CreateSettings())
    picture = whole(made, "images[1]")
    assert "(4, 28, 28)" in picture.caption
    assert "3,136 numbers" in picture.caption
    assert "images[1], 784 of them" in picture.caption
    assert (grid_of(picture.figure) > 0.5).sum() == 784
    assert len(picture.table) == 3136
    assert picture.table["storage slot"].tolist() == list(range(3136))
    part = part_only(made, "images[1]")
    assert part.table["storage slot"].tolist() == list(range(784, 1568))
    assert part.table["value"].tolist() == made.part.flatten().tolist()


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("images[1]", "**None.**"),
        ("images[[1]]", "**All 784.**"),
        ("images[4:]", "holds 0 numbers, and there was nothing to copy. It is a view all the same"),
        ("images[images > 9]", "holds 0 numbers, and there was nothing to copy."),
    ],
)
def test_the_answer_to_the_guess_is_measured(part, words):
    assert words in view_sentence(create(CreateSettings(part=part)), part)


def test_the_strip_shows_what_the_storage_holds_and_what_is_used():
    found = pick(IndexSettings(), 0)
    picture = strip(found.y, "part")
    assert "24 slots of 8 bytes, 192 bytes" in picture.caption
    assert "begins at slot 6 and uses 6 of them" in picture.caption
    texts = [text for trace in picture.figure.data for text in trace.text[0] if text]
    assert sorted(texts, key=int) == [str(i) for i in range(24)]
    used = [int(text) for text in picture.figure.data[-1].text[0] if text]
    assert used == found.y.flatten().tolist() == [6, 8, 10, 12, 14, 16]


def test_expanded_cells_are_said_to_be_read_more_than_once():
    found = arrange(StorageSettings(x="torch.tensor([[1], [2], [3]])", y="x.expand(3, 4)"), 0)
    assert "some of them more than once, for its 12 elements" in strip(found.y, "y").caption


def test_the_index_picture_lights_what_was_picked():
    found = pick(IndexSettings(), 0)
    assert "picks 6 cells (framed) of 24" in picked_from(found, "x[1:3, ::2]").caption
    assert "shape (2, 3)" in picked(found, "x").caption
    twice = pick(IndexSettings(at="x[[0, 0]]"), 0)
    assert "more than once: the result has 12" in picked_from(twice, "x[[0, 0]]").caption


def test_the_order_chart_draws_the_slots():
    found = arrange(StorageSettings(), 0)
    figure = order(found).figure
    assert figure.data[0].y.tolist() == list(range(12))
    assert figure.data[1].y.tolist() == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]
    assert "11 of 11 steps" in order(found).caption
    texts = [text for row in after(found).figure.data[0].text for text in row]
    assert texts == [f"{i}<br>#{i}" for i in found.y.flatten().tolist()]


def test_stretched_operands_frame_their_own_numbers_only():
    found = broadcast(BroadcastSettings(), 0)
    for name, own, wide in (("a", found.a, found.stretched_a), ("b", found.b, found.stretched_b)):
        picture = stretched(name, own, wide)
        assert (grid_of(picture.figure) > 0.5).sum() == own.numel()
        assert f"Framed: its {own.numel()} numbers" in picture.caption
    assert aligned_table(found)["what happens"].tolist() == [
        "b gets a new dimension, stretched to 3, as a has it",
        "a is stretched from 1 to 4",
    ]


def test_a_step_of_the_product_lights_row_column_and_cell():
    found = product(MatmulSettings(step=1), 0)
    assert (grid_of(factor("A", found.a, found.step.a).figure) > 0.5).tolist() == [[True] * 3, [False] * 3]
    assert (grid_of(factor("B", found.b, found.step.b).figure) > 0.5).tolist() == [[False, True]] * 3
    picture = building(found, "dot")
    assert [text for row in picture.figure.data[0].text for text in row] == ["58", "64", "", ""]
    assert "2 of 4 cells are known" in picture.caption


def test_the_growth_is_drawn_from_both_arithmetics_and_the_wrong_power_is_marked():
    found = power(PowerSettings(n=100), 0)
    exact, computed, mark = growth(found).figure.data
    assert exact.y[92] == pytest.approx(np.log10(12200160415121876738), abs=1e-5)
    assert np.abs(exact.y[:92] - computed.y[:92]).max() < 1e-5
    assert np.abs(exact.y[93:] - computed.y[93:]).max() > 0.1
    assert mark.name == "first wrong power: 92"
    assert list(mark.x) == [92, 92]
    assert "**Wrong from power 92 on:**" in verdict(found)
    assert "12,200,160,415,121,876,738" in verdict(found)
    assert "needs more than 53 binary digits" in verdict(power(PowerSettings(n=100, dtype="float64"), 0))
    assert comparison(found)["whose"].tolist() == ["PyTorch: wrong", "exact"] * 4
    right = comparison(power(PowerSettings(n=91), 0))
    assert right["whose"].tolist() == ["PyTorch: right", "exact"] * 4
    assert right["number"].tolist()[::2] == right["number"].tolist()[1::2]


@pytest.mark.parametrize(
    "text",
    [
        "img",
        "img.permute(2, 0, 1)",
        "img[:, :, 0]",
        "img / 255",
        "img.float() - 300",
        "img > 9",
        "img * 0.0",
        "img.half() * 200",
        "img.int() * 1000",
    ],
)
def test_pictures_travel_small_and_say_how_they_are_read(text):
    found = change(image_of(ImageSettings()), ImageSettings(change=text))
    for picture in (shown(found, text), window(found, 400, 9_999), histogram(found)):
        assert len(picture.json()) < 600_000
        assert re.search(r"\d", picture.caption)
    assert str(tuple(found.result.shape)) in shown(found, text).caption
    assert histogram(found).table.drop(columns="value").to_numpy().sum() == found.result.numel()
    assert "rows 400 to 407, columns 632 to 639" in window(found, 400, 9_999).caption


def test_the_window_shows_the_numbers_themselves():
    found = change(image_of(ImageSettings()), ImageSettings(change="img[:, :, 1]"))
    texts = [[int(text) for text in row] for row in window(found, 10, 20).figure.data[0].text]
    assert texts == found.result[10:18, 20:28].tolist()


def test_wrapped_bytes_are_counted_in_the_caption():
    found = change(image_of(ImageSettings()), ImageSettings(change="img + 100"))
    assert f"{found.wrapped:,} values wrapped around" in wrap_sentence(found)
    should, is_ = found.example
    assert f"should be {should} has become {is_} ({should} − 256)" in wrap_sentence(found)
    below = change(image_of(ImageSettings()), ImageSettings(change="img - 100"))
    assert "goes no lower than 0" in wrap_sentence(below)


@pytest.mark.parametrize(
    ("n", "matrix", "growth_words", "verdict_words"),
    [
        (-20, "[[2, 0], [0, 1]]", "backwards all larger ones die away", "are exactly these"),
        (-20, "[[0.5, 0], [0, 2]]", "multiplies the entries by 1 / 0.5 = 2", "not whole"),
        (-20, "[[2, 0], [0, 4]]", "shrinks what is left by the factor 1 / 2 = 0.5", "are exactly these"),
        (-2, "[[3, 0], [0, 7]]", "by the factor 1 / 3 = 0.3333", "are rounded"),
        (-4, "[[1, 1], [1, 0]]", "multiplies the entries by 1 / 0.618 = 1.618", ""),
        (0, "[[1, 1], [1, 0]]", "multiplies", "It is exact."),
    ],
)
def test_backwards_the_smallest_eigenvalue_decides(n, matrix, growth_words, verdict_words):
    found = power(PowerSettings(n=n, matrix=matrix, dtype="float64"), 0)
    assert growth_words in growth(found).caption
    assert verdict_words in verdict(found)
    assert "they grow" not in eigenvalues(found).caption or n >= 0
    assert not any("first wrong" in (trace.name or "") for trace in growth(found).figure.data)


def test_an_eigenvalue_s_size_is_a_size():
    assert "The largest has size 1." in eigenvalues(power(PowerSettings(n=12, matrix="[[0, -1], [1, 0]]"), 0)).caption


def test_long_numbers_have_the_same_form_as_the_exact_ones():
    frame = comparison(power(PowerSettings(n=150, dtype="float32"), 0))
    computed, exact = frame["number"].tolist()[:2]
    assert exact.replace(" ", "") == "16130531424904581415797907386349"
    assert computed.replace(" ", "").isdigit()
    assert len(computed) == len(exact)
    assert frame["whose"].tolist()[0] == "PyTorch: rounded"


@pytest.mark.parametrize(
    ("y", "words"),
    [
        ("x + 1", "a storage of its own, 96 bytes: new memory was written"),
        ("x.T", "the same storage"),
        ("x[1:1]", "the same storage"),
        ("torch.zeros(0)", "no numbers, nothing to share"),
    ],
)
def test_what_is_said_of_the_storage_holds_for_copied_and_for_computed_numbers(y, words):
    assert words in after(arrange(StorageSettings(y=y), 0)).caption


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("img > 100", "False is dark and True is full"),
        ("img[:, :, 0] > 100", "black is False, white True"),
        ("img.int() + 100", "values are cut off at 0 and 255"),
        ("img[0]", "shape (640, 3)"),
    ],
)
def test_a_picture_s_scale_is_told(text, words):
    found = change(image_of(ImageSettings()), ImageSettings(change=text))
    assert words in shown(found, text).caption


def test_the_ends_of_the_scale_are_those_of_the_whole_result_and_three_columns_stay_three():
    found = change(image_of(ImageSettings()), ImageSettings(change="img.float().mean(dim=2)"))
    assert f"white {found.result.max().item():.4g};" not in shown(found, "img").caption
    assert f"white {found.result.max().item():.4g}." in shown(found, "img").caption
    row = change(image_of(ImageSettings()), ImageSettings(change="img[0]"))
    assert row.result.shape == (640, 3)
    figure = shown(row, "img[0]").figure
    assert np.asarray(figure.data[0].z).shape == (320, 3)
    assert "Every second row is drawn." in shown(row, "img[0]").caption


def test_more_cells_than_can_be_read_are_not_written():
    assert drawn.is_written(torch.zeros(20, 20))
    assert not drawn.is_written(torch.zeros(21, 20))
    assert not drawn.is_written(torch.zeros(27))
    assert facts(torch.zeros(2)).elements == 2
