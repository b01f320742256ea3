"""A plane on which the reader sets points of two classes: click or tap to add, drag to move, or by the keyboard.

    points_canvas("mine", points, lines=[(1.0, -2.0, 0.5)], on_edit=lambda sent: ...)

Class 0 is a blue circle, class 1 a vermillion cross; behind the points lies a line, or the answers of a network with
their border. The points move in the browser at once; the page hears of an edit when it is done. What the browser sends
is not checked here: `on_edit` must. Where a scrubber stands above, what lies behind follows its moments without a
request to the server. A table of the same points belongs beside it: dragging is for those who have a pointer.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

_HTML = """
<div class="plane">
  <div class="tools">
    <fieldset aria-label="What a click does">
      <label><input type="radio" name="pen" value="0" checked><svg viewBox="0 0 16 16" aria-hidden="true"><circle
        cx="8" cy="8" r="6" fill="#0072B2"/></svg>Class 0</label>
      <label><input type="radio" name="pen" value="1"><svg viewBox="0 0 16 16" aria-hidden="true"><path
        d="M3 3l10 10M3 13L13 3" stroke="#D55E00" stroke-width="3.5"/></svg>Class 1</label>
      <label><input type="radio" name="pen" value="delete">Delete</label>
    </fieldset>
    <div class="buttons"><button type="button" data-do="undo">Undo</button>
    <button type="button" data-do="clear">Clear</button></div>
  </div>
  <canvas tabindex="0" role="application"></canvas>
  <output aria-live="polite"></output>
</div>
"""

_HERE = Path(__file__)
_component = st.components.v2.component(
    "points_canvas",
    html=_HTML,
    css=_HERE.with_suffix(".css").read_text(encoding="utf-8"),
    js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True, eq=False)
class Field:
    """What a network answers over a square of the plane at each moment.

    Attributes:
        values: shape (moments, side, side), uint8, rows from the top: 1 is class 0, 255 class 1, 128 undecided.
        half: the square reaches from -half to half.
    """

    values: np.ndarray
    half: float


def points_canvas(
    key: str,
    points: Sequence[Sequence[float]],
    on_edit: Callable[[object], None],
    *,
    half: float,
    most: int,
    lines: Sequence[Sequence[float]] = (),
    rings: Sequence[int] = (),
    curve: Sequence[Sequence[float | None]] = (),
    field: Field | None = None,
    index: int = 0,
    run: str = "",
    axes: tuple[str, str] = ("x1", "x2"),
) -> None:
    """Shows the plane.

    Args:
        points: x1, x2 and class of each; x from -half to half.
        on_edit: gets what the browser sent for the points, unchecked.
        most: how many points there may be.
        lines: (w1, w2, b) for each moment; the line is w1 x1 + w2 x2 + b = 0, class 1 on its positive side.
        rings: for each moment the point to put a ring around; a number that is no point's for none.
        curve: x1 and x2 of places on a curve to be drawn, from one end to the other; None for x2 breaks it.
        field: what is tinted behind the points, with a line where it is undecided.
        index: the moment shown at first; then the scrubber that names `key` among its charts decides.
        run: changes when lines or field do.
    """

    def edited() -> None:
        sent = st.session_state[key].get("edit")
        if isinstance(sent, dict) and type(sent.get("seq")) is int:
            st.session_state[f"{key}:seq"] = sent["seq"]
            on_edit(sent.get("points"))

    counts = [sum(point[2] == label for point in points) for label in (0, 1)]
    label = (
        f"Plane from -{half:g} to {half:g} with {counts[0]} points of class 0 and {counts[1]} of class 1. Arrow keys "
        "move a cross-hair, with Shift in finer steps; 0 and 1 choose the class, Enter adds a point, Delete removes "
        "the nearest. The same points stand in the table below."
    )
    data = {"name": key, "points": [list(point) for point in points], "half": half, "most": most, "label": label}
    data["curve"] = [list(place) for place in curve]
    data |= {"lines": [list(line) for line in lines], "rings": list(rings), "index": index, "run": run, "axes": axes}
    if field is not None:
        sent = base64.b64encode(np.ascontiguousarray(field.values).tobytes()).decode()
        data["field"] = {"values": sent, "side": field.values.shape[-1], "half": field.half}
    _component(key=key, data=data | {"seq": st.session_state.get(f"{key}:seq", 0)}, on_edit_change=edited)
