"""Buttons that pin the run on screen for comparison, and let pinned ones go; the link carries them."""

from typing import TypeVar

import streamlit as st

from core.pinned import MOST_PINNED, read_pinned, title, write_pinned
from core.settings import Settings
from ui.controls import Controls

S = TypeVar("S", bound=Settings)


def pinned_runs(controls: Controls, settings: S, unchanged: str, help_text: str, whole: bool = True) -> list[S]:
    """The settings of the runs that are pinned, in their order.

    Args:
        settings: of the run on screen. unchanged: what a run with the default settings is called.
        whole: whether the run on screen is one that its settings describe, so that it can be pinned.
    """
    try:
        pinned = read_pinned(controls.values["pinned"], type(settings))
    except ValueError as error:
        st.warning(f"{error} No run is pinned.")
        pinned = []

    def pin(*runs: S) -> None:
        controls.set(pinned=write_pinned(runs))

    full = settings in pinned or len(pinned) == MOST_PINNED
    with st.container(horizontal=True):
        now = {"on_click": pin, "args": (*pinned, settings), "disabled": full or not whole}
        st.button("Pin this run", help=help_text, key=f"{controls.page}-pin", **now)
        for i, one in enumerate(pinned):
            others = (*pinned[:i], *pinned[i + 1 :])
            st.button(f"Unpin: {title(one, unchanged)}", on_click=pin, args=others, key=f"{controls.page}-unpin-{i}")
    return pinned
