"""A mistake that is really made: its lines, what comes of them beside the right way, and the words of an error."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import streamlit as st

from figures.picture import Picture
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout
from ui.prediction import prediction

T = TypeVar("T")  # a `core.tried.Tried`
EFFECTS = {"error": "An error", "silence": "Another result, and no error", "none": "Nothing"}
WRONG = 1  # the place of the mistake's bar among the traces
HELD = "What the right way gives. What the mistake gives is drawn, and said here, after your guess."


def guess_effect(
    controls: Controls, layout: Layout, tried: T, effect: str, said: Callable[[float | None], str] = "{:,}".format
) -> bool:
    """Asks what comes of the mistake; whether the reader has guessed.

    Args:
        effect: of the mistake, a key of EFFECTS. said: how a number is written.
    """
    came = f"It ends with {tried.error.partition(':')[0]}" if tried.error else "No error is raised"
    why = f"{came}; {tried.quantity}: {said(tried.wrong)}, and {said(tried.right)} in the right way."
    question, right = "What comes of the mistake whose lines stand below?", [EFFECTS[effect]]
    return prediction(controls, layout, question, list(EFFECTS.values()), right, why, tried.settings)


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
