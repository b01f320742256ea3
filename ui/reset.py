"""The way back: a reset of the open view, which can be undone until something else changes."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import streamlit as st

from core.settings import Settings, Text, parameters
from ui.typed_values import typed_values

if TYPE_CHECKING:  # it imports this module
    from ui.controls import Controls

HELP = "Every control of this view back to its default. What you have typed, set or loaded stays."


def reset_row(controls: "Controls", own: tuple[type[Settings], ...], texts: Mapping[str, Collection[str]]) -> None:
    """The buttons Reset, for a while Undo reset, and where there are numbers with stops, the fields to type them.

    Args:
        own: settings of the view besides those that it shows. texts: name -> texts that the view offers.
    """
    page, key = controls.page, f"{controls.page}:reset"  # values and unlinked ones before the last reset, values after
    before, loose, after = st.session_state.get(key, ({}, {}, None))

    def is_the_readers(name: str) -> bool:  # a text, unless it is wrong, also beside defaults: a reset is the way out
        if not isinstance(controls.kinds[name], Text) or controls.owners[name] in controls.explained:
            return False
        cls, prefix = controls.owners[name], controls.prefixes[controls.owners[name]]
        try:
            cls(**{f: controls.values[prefix + f] for f, p in parameters(cls).items() if isinstance(p, Text)})
        except ValueError:
            return False
        return controls.values[name] not in texts.get(name, ())

    def reset() -> None:
        names = [*controls.shown, *(controls.prefixes[cls] + name for cls in own for name in parameters(cls))]
        names = [name for name in names if name != controls.view and not is_the_readers(name)]
        was = dict(controls.values), dict(controls.unlinked)
        for name in [name for name in controls.problems if name not in controls.kinds]:
            controls.problems.pop(name)
        controls.set(**{name: controls.defaults[name] for name in names})
        for name in controls.forgets:
            controls.unlinked.pop(name, None)
        if was != (controls.values, controls.unlinked):
            st.session_state[key] = (*was, dict(controls.values))

    def undo() -> None:
        controls.unlinked.update(loose)
        controls.set(**before)

    with st.container(horizontal=True, gap="small"):
        st.button("Reset", help=HELP, on_click=reset, key=f"{page}-reset")
        if after == controls.values:
            st.button("Undo reset", help="Every control as it was.", on_click=undo, key=f"{page}-undo-reset")
        typed_values(controls)
