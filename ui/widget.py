"""The one widget that a parameter gets, by its kind; one for any real number stands in `ui/typed_values.py`."""

from collections.abc import Callable

import streamlit as st

from core.settings import Choice, Integer, Parameter, Several, Switch, Text

WIDEST_SLIDER = 300  # values; beyond that a number is typed
SHORTEST_LIST = 30  # characters of all options together; beyond that they unfold as a list


def widget(
    kind: Parameter,
    key: str,
    value: object,
    on_change: Callable[[object], None] | None = None,
    say: Callable[[int], str] | None = None,
) -> None:
    """Shows it, at a value.

    Args:
        key: the widget's own in the session, where it leaves what the reader has chosen.
        on_change: gets the new value when the reader moves it.
        say: what a slider of whole numbers shows instead of them.
    """
    label = label_of(kind)
    shared = {"key": key, "help": kind.help or None}
    if on_change:
        shared["on_change"] = lambda: _hear(kind, st.session_state[key], on_change)
    if isinstance(kind, Text):
        seed(key, value)
        st.text_input(label, max_chars=kind.max_length, **shared)
    elif isinstance(kind, Switch):
        seed(key, value)
        st.toggle(label, **shared)
    elif isinstance(kind, Choice):
        seed(key, value)
        short = sum(map(len, kind.options.values())) <= SHORTEST_LIST
        pick: Callable = st.segmented_control if short else st.selectbox
        pick(label, list(kind.options), format_func=kind.say, **shared)
    elif isinstance(kind, Several):
        seed(key, list(value))
        st.pills(label, list(kind.options), selection_mode="multi", format_func=kind.options.get, **shared)
    elif kind.ticks:
        seed(key, value)
        st.select_slider(label, sorted({*kind.ticks, value}), format_func=kind.say, **shared)
    elif isinstance(kind, Integer) and say:
        seed(key, value)
        st.select_slider(label, list(range(kind.low, kind.high + 1)), format_func=say, **shared)
    elif isinstance(kind, Integer) and kind.high - kind.low <= WIDEST_SLIDER:
        seed(key, value)
        st.slider(label, kind.low, kind.high, step=1, **shared)
    else:  # a whole number, typed; as a float, since Streamlit's whole-number input fails on infinity
        seed(key, float(value))
        # None as its own value: an emptied field then says nothing, instead of the lowest number.
        st.number_input(label, float(kind.low), float(kind.high), None, step=1.0, format="%.0f", **shared)


def label_of(kind: Parameter) -> str:
    """What stands above it."""
    return f"{kind.label} ({kind.unit})" if kind.unit else kind.label


def said(kind: Parameter, value: object) -> object:
    """What a widget holds, as its parameter has it.

    Raises:
        ValueError: if it is none of its values: the widget is not on screen, was emptied, or sent what is forged.
    """
    if isinstance(kind, Integer) and isinstance(value, float) and value.is_integer():
        value = int(value)
    return kind.accept(value)


def _hear(kind: Parameter, value: object, on_change: Callable[[object], None]) -> None:
    try:
        value = said(kind, value)
    except ValueError:
        return
    on_change(value)


def seed(key: str, value: object) -> None:
    """Gives a widget our value where it has none or another; never otherwise, so that dragging stays smooth."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value
