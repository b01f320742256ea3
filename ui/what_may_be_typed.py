"""What may be typed, behind a closed lid; messages of refusal point to it."""

from collections.abc import Callable

import streamlit as st


def what_may_be_typed(key: str, words: Callable[[], str]) -> None:
    """Shows the lid; the words, Markdown, are only made when it is open."""
    lid = st.expander("What may be typed", key=key, on_change="rerun")
    if lid.open:
        lid.markdown(words())
