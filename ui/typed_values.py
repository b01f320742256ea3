"""Numbers typed exactly, with point or comma: as a field of their own, or beside sliders that have only stops.

Streamlit's own field for numbers makes 5 of a typed 0,5. Here the text is read by `core/typed_number.py`; what is wrong
with it is said below it, and the last good number stays.
"""

from typing import TYPE_CHECKING

import streamlit as st

from core.typed_number import read_typed, write_number
from ui.widget import label_of, seed

if TYPE_CHECKING:  # it imports this module
    from ui.controls import Controls


def typed_field(controls: "Controls", name: str, key: str) -> None:
    """A field for one number; shows what stands, and what the reader has typed while that is wrong."""
    kind = controls.kinds[name]

    def take() -> None:
        typed = st.session_state[key]
        if not isinstance(typed, str):  # another control, changed at the same moment, has set this number
            return
        try:
            controls.set(**{name: read_typed(kind, typed)})
        except ValueError as error:
            controls.problems[name] = str(error)

    if name not in controls.problems or key not in st.session_state:
        seed(key, write_number(controls.values[name]))
    allowed = f"{kind.help} {kind.allowed.capitalize()}.".strip()
    st.text_input(label_of(kind), key=key, help=allowed, on_change=take)
    controls.show_problem(name)


def typed_values(controls: "Controls") -> None:
    """A button that opens a field for each number of the view whose slider has only stops, if there is any."""
    names = [name for name in controls.shown if getattr(controls.kinds[name], "ticks", ())]
    if names:
        popover = st.popover("Type exact values", key=f"{controls.page}-exact", on_change="rerun")
        if popover.open:
            with popover:
                for name in names:
                    typed_field(controls, name, f"{controls.page}.{name}:exact")
