"""A square of pixels on which the reader draws, by pointer or by keyboard.

    digit_canvas("mine", pixels, on_drawn=lambda sent: ...)

A stroke darkens the pixels near it, the middle ones most. It is seen in the browser at once; the page hears of it when
the pointer is lifted. What the browser sends is not checked here: `on_drawn` must. A text of the same pixels belongs
beside it, for those who cannot draw.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

_HTML = """
<div class="digit">
  <div class="tools">
    <label><input type="radio" name="pen" value="ink" checked>Draw</label>
    <label><input type="radio" name="pen" value="none">Erase</label>
    <button type="button" data-do="undo">Undo</button>
    <button type="button" data-do="clear">Clear</button>
  </div>
  <canvas tabindex="0" role="application"></canvas>
  <output aria-live="polite"></output>
</div>
"""

_HERE = Path(__file__)
_component = st.components.v2.component(
    "digit_canvas",
    html=_HTML,
    css=_HERE.with_suffix(".css").read_text(encoding="utf-8"),
    js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
)


def digit_canvas(
    key: str, pixels: Sequence[int], on_drawn: Callable[[object], None], *, side: int = 8, most: int = 16
) -> None:
    """Shows the square.

    Args:
        pixels: side * side levels of ink from 0 to `most`, row by row.
        on_drawn: gets what the browser sent for them, unchecked.
    """

    def drawn() -> None:
        sent = st.session_state[key].get("drawn")
        if isinstance(sent, dict) and type(sent.get("seq")) is int:
            st.session_state[f"{key}:seq"] = sent["seq"]
            on_drawn(sent.get("pixels"))

    inked = sum(value > 0 for value in pixels)
    label = (
        f"Drawing of {side} by {side} pixels, {inked} of them with ink. Arrow keys move a frame, Enter draws there, "
        "Delete erases. The same pixels stand in the text below."
    )
    data = {"pixels": list(pixels), "side": side, "most": most, "label": label}
    _component(key=key, data=data | {"seq": st.session_state.get(f"{key}:seq", 0)}, on_drawn_change=drawn)
