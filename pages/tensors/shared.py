"""What the views of this page share: errors in PyTorch's own words, stepping, what may be typed, what is printed."""

import streamlit as st

from core.expression.errors import ExpressionError, TorchError
from core.expression.torch_language import listed
from ui.controls import Controls

ICONS = {
    "First": ":material/first_page:",
    "Back": ":material/chevron_left:",
    "Forward": ":material/chevron_right:",
    "Last": ":material/last_page:",
}


def show_error(error: ExpressionError) -> None:
    """What was wrong; if PyTorch refused, also its own text, unchanged."""
    st.error(str(error))
    if isinstance(error, TorchError):
        st.markdown("PyTorch's own words:")
        st.code(f"{error.kind}: {error.said}", language=None, wrap_lines=True)


def more_settings(controls: Controls, *names: str) -> None:
    """The seed, and what else is rarely changed, under a lid; then the way back to the defaults."""
    controls.show_more(*names, "seed")
    controls.reset_button()


def stepper(controls: Controls, field: str, count: int, label: str) -> int:
    """Buttons and a slider over 0, 1, ..., count - 1; returns the place."""
    at = min(controls.values[field], count - 1)
    places = {"First": 0, "Back": at - 1, "Forward": at + 1, "Last": count - 1}
    with st.container(horizontal=True):
        for name, place in places.items():
            st.button(
                name,
                icon=ICONS[name],
                on_click=controls.set,
                kwargs={field: min(max(place, 0), count - 1)},
                disabled=not 0 <= place < count or place == at,
                key=f"{controls.page}-{field}-{name}",
            )
    if count > 1:
        key = f"{controls.page}-{field}-update"
        if st.session_state.get(key) != at:
            st.session_state[key] = at
        st.slider(label, 0, count - 1, key=key, on_change=lambda: controls.set(**{field: st.session_state[key]}))
    controls.show_problem(field)
    return at


def printed(lines: list[str]) -> None:
    """What the program prints, as the page has computed it."""
    st.markdown("**What the program prints**")
    st.code("\n".join(lines), language=None, wrap_lines=True)


def may_be_typed(elements: int = 10_000) -> None:
    """The whole language, under a lid."""
    with st.expander("What may be typed"):
        st.markdown(
            "Numbers, nested lists, names, calls, indexing, `+ - * / // % ** @ & | ^ ~` and comparisons. A result has "
            f"at most 6 dimensions and {elements:,} elements. Nothing that is not on this list can be reached:"
        )
        for kind, names in listed().items():
            st.markdown(f"**{kind}:** " + ", ".join(f"`{name}`" for name in names))
