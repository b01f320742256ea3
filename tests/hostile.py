"""Texts from outside that become a link, a picture, a tag or a formula as soon as anything takes them for Markdown."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from streamlit.testing.v1 import AppTest
from visitor import charts

MARK = "evil"  # in each of them, and in no word of ours
HOSTILE = (
    "![evil](//e.org/x.png)",
    "[evil](//e.org)",
    "https://evil.org",
    "<img src=//evil.org>",
    "<script>evil()</script>",
    ":red[evil]",
    "$evil$",
    "`\n\n**evil**`",
    "\u202eevil\x07",
    "![evil](//e); allowed: ",
)
LETTER_BY_LETTER = {"TextInput.value", "Code.code_text"}
LETTER_BY_LETTER |= {"Selectbox.options", "Selectbox.raw_value", "MultiSelect.options", "MultiSelect.raw_values"}
HARMLESS = {"b", "br", "extra", "i", "sub", "sup"}  # tags of our own in a figure
MARKDOWN = MarkdownIt("commonmark").enable("table")


def interpreted(at: AppTest) -> list[str]:
    """Whatever the page shows in which such a text would be read as Markdown or HTML."""
    found = [text for text in markdown_of(at) if MARK in outside_code(text)]
    return found + [text for chart in charts(at) for text in strings(json.loads(chart["figure"])) if tags(text)]


def outside_code(markdown: str) -> str:
    """All that stands outside of code spans, the addresses of links and pictures included."""
    tokens = [token for block in MARKDOWN.parse(markdown) for token in block.children or [block]]
    return " ".join(f"{token.content} {token.attrs}" for token in tokens if token.type not in ("code_inline", "inline"))


def markdown_of(at: AppTest) -> Iterator[str]:
    """Every string that Streamlit takes for Markdown: the cells of `st.table`, and all but a few of the others."""
    for node in below(at._tree):
        if node.type in ("table", "arrow_table"):
            frame = node.value.reset_index()
            yield from map(str, [*frame.columns, *frame.to_numpy().flatten()])
        elif getattr(node, "proto", None) is not None and node.type != "bidi_component":
            yield from (text for name, text in fields(node.proto) if name not in LETTER_BY_LETTER)


def below(block: object) -> Iterator[object]:
    yield block
    for child in getattr(block, "children", {}).values():
        yield from below(child)


def fields(message: object) -> Iterator[tuple[str, str]]:
    """Name and value of every string in a message of Streamlit's to the browser, but for the names of widgets."""
    for field, value in message.ListFields():
        for one in [value] if isinstance(value, str | bytes) or not hasattr(value, "__len__") else value:
            if isinstance(one, str) and field.name != "id":
                yield field.full_name, one
            elif hasattr(one, "ListFields"):
                yield from fields(one)


def strings(tree: object) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict | list):
        for part in tree.values() if isinstance(tree, dict) else tree:
            yield from strings(part)


def tags(text: str) -> set[str]:
    """The tags in a text that are not of ours."""
    found = set()
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.add(tag)
    parser.feed(text)
    return found - HARMLESS
