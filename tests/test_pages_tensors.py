"""The tensors page as somebody uses it: types, steps, presses presets, makes mistakes."""

import io
import json
import struct
import zlib
from urllib.parse import unquote_plus

import pytest
from PIL import Image
from visitor import charts, components, link_of, visit

VIEWS = ("create", "index", "storage", "broadcast", "matmul", "power", "image")
MOST_WORDS = 45  # of a caption


def typed(at, name, text):
    return at.text_input(key=f"tensors.{name}").set_value(text).run()


def words(at):
    return "\n".join(e.value for kind in ("markdown", "caption", "code", "info", "error") for e in at.get(kind))


@pytest.mark.parametrize("view", VIEWS)
def test_every_preset_of_every_view_works_and_shows_a_picture_or_torch_s_refusal(view):
    at = visit("tensors", view=view)
    keys = [b.key for b in at.button if b.key.startswith("tensors-preset-")]
    assert len(keys) >= 6
    links = []
    for key in keys:
        at.button(key=key).click().run()
        assert not at.exception, key
        assert not at.warning, key
        if at.error:
            assert "is impossible" in at.error[0].value
            assert "PyTorch's own words" in words(at)
        else:
            assert charts(at)
        assert not [c.value for c in at.caption if len(c.value.split()) > MOST_WORDS]
        links.append(link_of(at))
    assert len(set(links)) == len(links), "two presets do the same"


@pytest.mark.parametrize(
    ("view", "name", "text", "said"),
    [
        ("index", "index.at", "x[::-1]", "ValueError: step must be greater than zero"),
        ("index", "index.at", "x[9]", "IndexError: index 9 is out of bounds for dimension 0 with size 4"),
        ("storage", "storage.y", "x.T.view(12)", "RuntimeError: view size is not compatible with input tensor's size"),
        ("storage", "storage.y", "x.reshape(5, 5)", "RuntimeError: shape '[5, 5]' is invalid for input of size 12"),
        ("broadcast", "broadcast.b", "[1, 2]", ""),
        (
            "broadcast",
            "broadcast.a",
            "torch.ones(3, 3)",
            "The size of tensor a (3) must match the size of tensor b (4)",
        ),
        ("matmul", "matmul.b", "[[1, 2]]", "RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 1x2)"),
        ("image", "image.change", "img.mean()", "RuntimeError: mean(): could not infer output dtype."),
    ],
)
def test_torch_s_own_text_is_shown_with_an_explanation_and_the_program_stays(view, name, text, said):
    at = typed(visit("tensors", view=view), name, text)
    assert not at.exception
    assert said in words(at)
    assert bool(at.error) == bool(said)
    assert any(code.language == "python" for code in at.code)
    assert text in unquote_plus(link_of(at))


@pytest.mark.parametrize(
    ("view", "name"),
    [
        ("create", "part"),
        ("create", "shape"),
        ("index", "index.x"),
        ("index", "index.at"),
        ("storage", "storage.x"),
        ("storage", "storage.y"),
        ("broadcast", "broadcast.a"),
        ("matmul", "matmul.a"),
        ("power", "power.matrix"),
        ("image", "image.change"),
    ],
)
def test_what_is_hostile_gets_a_sentence_and_the_next_try_works(view, name):
    at = visit("tensors", view=view)
    before = at.text_input(key=f"tensors.{name}").value
    for text in ("__import__('os')", "x.__class__", "9**9**9", "(", "é\u202e`*[a](b)", "torch.zeros(10**9)", ""):
        at = typed(at, name, text)
        assert not at.exception, text
        assert "allowed: " in at.error[0].value, text
        assert not any("__" in code.value for code in at.code if "__main__" not in code.value), text
    at = typed(at, name, before)
    assert not at.error
    assert charts(at)


@pytest.mark.parametrize(
    ("view", "first", "second"),
    [
        ("storage", {}, "storage.y"),
        ("create", {"dtype": "int64"}, "part"),  # PyTorch refuses the first text, so the second is not evaluated
        ("index", {"index.x": "torch.zeros(3).view(5)"}, "index.at"),
        ("storage", {"storage.x": "torch.zeros(3).view(5)"}, "storage.y"),
        ("broadcast", {"broadcast.a": "torch.zeros(3).view(5)"}, "broadcast.b"),
        ("matmul", {"matmul.a": "torch.zeros(3).view(5)"}, "matmul.b"),
    ],
)
@pytest.mark.parametrize("text", ["x[__import__('os')]", "x]\nimport os\n[0"])
def test_hostile_text_never_reaches_a_program(view, first, second, text):
    at = visit("tensors", view=view, **first, **{second: text})
    assert not at.exception
    assert at.error
    programs = [code.value for code in at.code if code.language == "python"]
    assert programs
    assert not any("import os" in program or "__import__" in program or "= os" in program for program in programs)


@pytest.mark.parametrize(
    ("step", "index", "said"),
    [
        ("0", 0, "C[0, 0] = 1 · 7 + 2 · 9 + 3 · 11 = **58**"),
        ("1", 1, "C[0, 1] = 1 · 8 + 2 · 10 + 3 · 12 = **64**"),
        ("3", 3, "C[1, 1] = 4 · 8 + 5 · 10 + 6 · 12 = **154**"),
        ("9999", 3, "C[1, 1] = 4 · 8 + 5 · 10 + 6 · 12 = **154**"),  # beyond the last: the last
    ],
)
def test_the_scrubber_stands_at_the_step_of_the_link(step, index, said):
    at = visit("tensors", **{"view": "matmul", "matmul.step": step})
    (scrubber,) = components(at, "scrubber")
    assert (scrubber["index"], len(scrubber["labels"]), scrubber["charts"]) == (index, 4, [])
    assert said in words(at)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("5", "y[1, 2] lies in slot 0 + 1 · 1 + 2 · 4 = **9**"),
        ("9999", "y[3, 2] lies in slot 0 + 3 · 1 + 2 · 4 = **11**"),
    ],
)
def test_the_chosen_cell_is_led_to_its_slot(place, said):
    at = visit("tensors", **{"view": "storage", "storage.place": place})
    assert said in words(at)
    assert components(at, "scrubber")[0]["labels"][5] == "y[1, 2]"


def test_einsum_shows_its_equation_and_third_operand_only_where_they_are_used():
    at = visit("tensors", view="matmul")
    assert not {"tensors.matmul.equation", "tensors.matmul.c"} & {t.key for t in at.text_input}
    at.selectbox(key="tensors.matmul.reading").set_value("einsum").run()
    at = typed(at, "matmul.equation", "ij,jk->")
    assert not at.exception
    assert "every element is a sum of 12 terms:" in words(at)
    at = typed(at, "matmul.equation", "ij,jk,...k->i...")
    assert "3 groups of letters, and C is empty" in at.error[0].value
    at = typed(at, "matmul.c", "torch.arange(4).reshape(2, 2)")
    assert not at.error
    assert len(charts(at)) == 4
    letters = at.table[0].value
    assert list(letters.index) == ["i", "j", "k", "...[-1]"]
    assert list(letters.loc["...[-1]"]) == ["2", "–", "–", "0", "1", "kept"]
    assert "matmul.c=torch.arange" in link_of(at)
    at = typed(at, "matmul.equation", "ij->")
    assert "no letters for B and C, which take no part" in words(at)


def test_the_page_names_the_exact_power_of_the_overflow():
    at = visit("tensors", view="power")
    assert "**Wrong from power 92 on:**" in words(at)
    assert "12,200,160,415,121,876,738" in words(at)
    at.slider(key="tensors.power.n").set_value(91).run()
    assert "PyTorch's numbers are exact." in words(at)
    assert not at.error


@pytest.mark.parametrize(
    "link",
    [
        {"view": "storage", "storage.x": "2**63"},
        {"view": "storage", "storage.x": "torch.zeros(torch.tensor(300000000))"},
        {"view": "power", "power.matrix": "torch.full((6, 6), 1000)", "power.n": "150"},  # beyond any float
        {"view": "matmul", "matmul.reading": "einsum", "matmul.a": "[[1],[2]]", "matmul.b": "[[1,2],[3,4],[5,6]]"},
        {
            "view": "matmul",
            "matmul.reading": "einsum",
            "matmul.a": "torch.zeros(0,3)",
            "matmul.b": "torch.zeros(3,2)",
        },
        {"view": "matmul", "matmul.reading": "einsum", "matmul.equation": "ij->ii"},
        {"view": "create", "shape": "0, 3", "part": "x"},
        {"view": "index", "index.x": "torch.zeros(3, 0)", "index.at": "x[0]"},
        {"view": "storage", "storage.y": "torch.zeros(0)"},
        {"view": "broadcast", "broadcast.a": "torch.zeros(0, 1)", "broadcast.b": "3"},
        {"view": "broadcast", "broadcast.a": "1", "broadcast.b": "2"},
        {"view": "power", "power.matrix": "[[2, 0], [0, 0.5]]", "power.n": "150", "power.dtype": "float32"},
        {"view": "power", "power.matrix": "[[2, 0], [0, 0.5]]", "power.look": "walks"},
        {"view": "power", "power.matrix": "[[2]]", "power.n": "-3", "power.style": "chain", "power.dtype": "float64"},
        {"view": "image", "image.change": "img / 0"},
        {"view": "image", "image.change": "img[:0]"},
        {"view": "image", "image.change": "img[0, 0, 0]"},
    ],
)
def test_no_link_breaks_the_page(link):
    at = visit("tensors", **link)
    assert not at.exception
    assert not at.warning  # power.look is the older name of power.style
    assert charts(at) or "allowed: " in at.error[0].value or "PyTorch's own words" in words(at)


def test_a_picture_that_is_none_is_answered_and_the_original_is_shown():
    at = typed(visit("tensors", view="image"), "image.change", "img[0, 0]")
    assert not at.exception
    assert "cannot be shown as a picture; allowed: " in words(at)
    assert charts(at)


def test_an_upload_is_asked_for_and_the_page_works_without_one():
    at = visit("tensors", **{"view": "image", "image.source": "upload"})
    assert not at.exception
    assert "at most 5 MB" in at.get("file_uploader")[0].proto.label
    assert charts(at)


@pytest.mark.parametrize("source", ["digit", "upload"])
def test_a_picture_without_the_flower_s_middle_is_shown_whole(source):
    followed = visit("tensors", **{"view": "image", "image.source": source})
    chosen = visit("tensors", view="image").selectbox(key="tensors.image.source").set_value(source).run()
    for at in (followed, chosen):
        assert not at.error
        assert at.text_input(key="tensors.image.change").value == "img"
        assert "Read as rows, columns (8, 8)" in words(at)
    assert "Read as rows, columns (4, 8)" in words(typed(chosen, "image.change", "img[:4].flip(1)"))


def test_what_was_typed_stays_when_the_picture_changes():
    at = typed(visit("tensors", view="image"), "image.change", "img.flip(0)")
    at = at.selectbox(key="tensors.image.source").set_value("china").run()
    assert at.text_input(key="tensors.image.change").value == "img.flip(0)"


REFUSED = {  # name -> a text that works, and two that PyTorch refuses
    "part": ("images[2]", "images[9]", "images[::-1]"),
    "index.at": ("x[2]", "x[9]", "x[::-1]"),
    "storage.y": ("x.reshape(6, 2)", "x.view(5)", "x.view(7)"),
    "broadcast.a": ("[7]", "torch.zeros(3).view(5)", "torch.zeros(3).view(7)"),
    "matmul.b": ("[[7], [8], [9]]", "[[1, 2]]", "[[1, 2], [3, 4]]"),
    "power.matrix": ("[[2, 1], [1, 2]]", "torch.zeros(3).view(5)", "[[1], [2, 3]]"),
    "image.change": ("img[:9]", "img[:, :, 9]", "img.mean()"),
}


def figures(at):
    return [(chart["alt"], chart["figure"]) for chart in charts(at)]


@pytest.mark.parametrize("name", REFUSED)
def test_under_a_refusal_the_last_good_picture_stays_and_says_what_it_is_of(name):
    good, *bad = REFUSED[name]
    view = name.partition(".")[0] if "." in name else "create"
    at = typed(visit("tensors", view=view, **{name: good}), name, good)
    drawn = figures(at)
    assert drawn and not at.error
    for text in bad:
        at = typed(at, name, text)
        assert not at.exception
        assert len(at.error) == 1
        assert "PyTorch's own words" in words(at)
        assert f"= `{good}`." in words(at)
        assert figures(at) == drawn
        programs = [code.value for code in at.code if code.language == "python"]
        assert any(text in program for program in programs)
    at = typed(at, name, good)
    assert not at.error and figures(at) == drawn


def test_while_a_text_stays_wrong_the_last_good_picture_stays_and_can_be_stepped():
    at = typed(visit("tensors", **{"view": "matmul", "matmul.reading": "row"}), "matmul.a", "[[5, 6, 7]]")
    for wrong in ("[[1, 2]]", "(", "(("):
        assert "row 0 of C = 5 · (row 0 of B) + 6" in words(typed(at, "matmul.a", wrong))
    at = visit("tensors", **{"view": "matmul", "matmul.b": "[[1, 2]]", "matmul.step": "3"})
    assert at.error and "C[1, 1] = 4 · 8 + 5 · 10 + 6 · 12 = **154**" in words(at)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_opens_with_its_question_and_few_words(view):
    at = visit("tensors", view=view)
    assert any(m.value.startswith("**") and m.value.endswith("?**") for m in at.markdown)
    said = [e.value for kind in ("markdown", "caption", "info") for e in at.get(kind)]
    said += [answer for radio in at.radio for answer in radio.options]
    assert len(" ".join(said).split()) < 900
    assert len([m for m in at.markdown if m.value.startswith("**Find out.")]) == 1


def test_the_seed_makes_the_numbers_and_the_link_keeps_them():
    first, other = visit("tensors"), visit("tensors", seed="7")

    def z(at):
        return json.loads(charts(at)[0]["figure"])["data"][0]["z"]["bdata"]

    assert z(first) == z(visit("tensors")) != z(other)


def test_an_uploaded_picture_is_shown_and_one_that_is_too_large_gets_a_sentence():
    at = visit("tensors", **{"view": "image", "image.source": "upload", "image.change": "img"})
    target = io.BytesIO()
    Image.new("RGB", (7, 5)).save(target, "PNG")
    small = target.getvalue()
    large = small.replace(struct.pack(">II", 7, 5), struct.pack(">II", 1, 25_000_000))
    large = large[:29] + struct.pack(">I", zlib.crc32(large[12:29])) + large[33:]
    for content, said in ((small, []), (large, ["1 x 25,000,000 pixels"]), (b"<svg>", ["not a picture"])):
        at.file_uploader(key="tensors-picture").set_value(("a picture.png", content, "image/png")).run()
        assert not at.exception and charts(at)
        assert [part in error.value for part, error in zip(said, at.error, strict=True)] == [True] * len(said)
        assert "(5, 7, 3)" in words(at)  # the last picture that could be read stays
