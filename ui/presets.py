"""Presets: a row of buttons, and what the one that is on screen shows, in words that need no hovering."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:  # it imports this module
    from ui.controls import Controls

Presets = Mapping[str, tuple[str, dict[str, object]]]  # label -> what it shows, and values by their names in the link


def preset_row(controls: "Controls", presets: Presets, usual: dict[str, object]) -> None:
    """The buttons, and below them a place for what the preset on screen shows.

    Args:
        usual: the values that every preset sets, unless its own are others.
    """
    with st.container(horizontal=True, gap="small"):
        for label, (what_it_shows, values) in presets.items():
            key = f"{controls.page}-preset-{label}"
            st.button(label, help=what_it_shows, on_click=controls._take, args=(usual | values,), key=key)
    controls.promise = (st.empty(), on_screen(controls, presets, usual))


def on_screen(controls: "Controls", presets: Presets, usual: dict[str, object]) -> str:
    """The first preset that would change nothing, with what it shows; empty if each would."""
    if controls.unlinked:
        return ""
    said = [
        f"**{label}:** {what_it_shows}"
        for label, (what_it_shows, values) in presets.items()
        if (usual | values) and (usual | values).items() <= controls.values.items()
    ]
    return said[0] if said else ""


def show_promise(controls: "Controls") -> None:
    """Says what the preset on screen shows. After the view, since it may answer what the view asks first."""
    if controls.promise and controls.promise[1]:
        controls.promise[0].caption(controls.promise[1])
