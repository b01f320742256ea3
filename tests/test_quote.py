"""A text from outside is shown letter by letter, in Markdown and in a figure, and never means anything there."""

from html.parser import HTMLParser

import hypothesis
import hypothesis.strategies as st
import pytest
import torch
from hostile import HOSTILE, MARK, MARKDOWN, outside_code

from core.expression.typed_function import typed_function
from core.pinned import read_pinned
from core.quote import LONGEST_QUOTE, literal, printable, quote
from core.tensors.create import shape_of
from core.tensors.einsum import einsum
from core.tensors.index import pick
from core.tensors.settings import IndexSettings, MatmulSettings
from core.tensors.typed import seeded, typed_tensor
from core.training_loop.settings import TrainingLoopSettings
from figures.words import drawn_text, plain

TEXTS = st.text(st.sampled_from("` \n\t$[]()<>&*_:!|\\a1\u202e\x00é") | st.characters(), min_size=1, max_size=30)
ODD = ('torch.einsum("![evil](//e)", x)', "x.reshape(7)[evil](2)", "x.evil", "x.max()[evil]")


@hypothesis.settings(deadline=None, derandomize=True, max_examples=300)
@hypothesis.given(TEXTS)
def test_a_text_is_one_code_span_with_all_its_letters(text):
    line = printable(text)
    assert line.isprintable()
    for said in (literal(text), f"**Say** {literal(text)} here."):
        (code,) = [t for block in MARKDOWN.parse(said) for t in block.children or () if t.type == "code_inline"]
        assert code.content == line or not line.strip()
        assert not line.strip() or plain(said) == said.replace(literal(text), line).replace("**Say**", "Say")


@hypothesis.settings(deadline=None, derandomize=True, max_examples=300)
@hypothesis.given(TEXTS)
def test_a_figure_finds_no_tag_in_a_text_and_draws_all_its_letters(text):
    parser, data = HTMLParser(), []
    parser.handle_data = data.append
    parser.feed(drawn_text(text))
    parser.close()
    assert parser.get_starttag_text() is None
    assert "".join(data) == printable(text)


@hypothesis.settings(deadline=None, derandomize=True)
@hypothesis.given(st.text(max_size=100) | st.floats() | st.integers() | st.binary())
def test_a_quoted_value_is_short_and_on_one_line(value):
    assert quote(value).isprintable()
    assert len(quote(value).strip("` ")) <= LONGEST_QUOTE + 1


def test_a_value_is_quoted_as_it_is_or_by_its_beginning():
    assert [quote(v) for v in ("abc", 5, None, "", "a`b")] == ["`abc`", "`5`", "`None`", "nothing", "``a`b``"]
    assert quote("x" * 1_000_000) == f"`{'x' * LONGEST_QUOTE}…`"
    assert quote(10**5000) == "`a number of very many digits`"


REFUSES = {
    "function": typed_function,
    "tensor": lambda text: typed_tensor(text, seeded(0), {"x": torch.arange(6)}),
    "shape": shape_of,
    "equation": lambda text: einsum(MatmulSettings(reading="einsum", equation=text), 0),
    "part": lambda text: pick(IndexSettings(at=text), 0),
    "pinned": lambda text: read_pinned(text, TrainingLoopSettings),
}


@pytest.mark.parametrize("what", REFUSES)
def test_a_refused_text_is_quoted_as_code(what):
    for text in (*HOSTILE, *ODD):
        with pytest.raises(ValueError) as refusal:
            REFUSES[what](text)
        assert MARK not in outside_code(str(refusal.value)), text
