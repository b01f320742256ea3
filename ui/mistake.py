"""A mistake that is really made: its lines, what comes of them beside the right way, and the words of an error."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import streamlit as st

from figures.picture import Picture
from ui.chart import chart, held_chart
from ui.layout import Layout

T = TypeVar("T")  # a dataclass with right, wrong and error
WRONG = 1  # the place of the mistake's bar among the traces
HELD = "What the right way gives. What the mistake gives is drawn, and said here, after your guess."


def show_mistake(
    layout: Layout,
    guessed: bool,
    draw: Callable[[T], Picture],
    tried: T,
    wrong: str,
    right: str,
    whose: str = "PyTorch's own words:",
) -> None:
    """Its lines stand first, since the guess is about them; before it, the axis does not reach to what they give."""
    with layout.stage:
        st.code(wrong, language="python")
        if not guessed:
            held_chart(draw(replace(tried, wrong=tried.right)), "mistake", layout.words, [WRONG], HELD)
            return
        chart(draw(tried), "mistake", layout.words)
    with layout.words:
        st.markdown("The right way:")
        st.code(right, language="python")
        if tried.error:
            st.markdown(whose)
            st.code(tried.error, language=None, wrap_lines=True)
