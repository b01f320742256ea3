"""A chart with its caption, its description for screen readers, and its numbers as a table.

Streamlit's own plotly chart builds a chart anew, three times over, whenever its figure changes, and forgets the zoom.
This one keeps it and draws once. `chart.js` says when, in which colours, and at which moment of a scrubber.
"""

import logging
import math
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

import plotly
import streamlit as st
import streamlit.components.v1 as components
from streamlit.delta_generator import DeltaGenerator

from core.number_rows import is_number
from figures.picture import Picture

logger = logging.getLogger(__name__)
_HERE = Path(__file__)


def libraries(pattern: str = "static/static/js/PlotlyChart.*.js") -> list[str]:
    """Where the browser finds plotly.js, seen from the folder of Streamlit's own program; the first that loads counts.

    First Streamlit's copy, which the browser may have loaded already. Another version may name it otherwise, so the
    copy of the plotly package comes next.
    """
    own = [path.name for path in Path(st.__file__).parent.glob(pattern)]
    folder = Path(plotly.__file__).parent / "package_data"
    components.declare_component("plotly", path=folder)
    spare = ["../../component/ui.chart.plotly/plotly.min.js"] if (folder / "plotly.min.js").exists() else []
    if not own:
        then = "Charts use the copy of the plotly package." if spare else "There is no other copy: no chart is drawn."
        logger.warning("Streamlit's copy of plotly.js was not found (%s). %s", pattern, then)
    return own + spare


_LIBRARIES = libraries()

_component = st.components.v2.component(
    "chart",
    html='<div class="chart" role="figure"><div></div></div>',
    js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


HELD = "The start. How it goes on is drawn, and said here, after your guess."


def chart(
    picture: Picture,
    key: str,
    words: DeltaGenerator | None = None,
    *,
    on_mark: Callable[[float | str, float | str], None] | None = None,
    on_place: Callable[[float, float], None] | None = None,
    on_place_y2: Callable[[float, float], None] | None = None,
) -> None:
    """Shows a picture.

    The callbacks run before the page does, so they may set controls. What the browser sends is not checked beyond
    what stands here: whether it lies in the picture, and is one of its marks, they must see for themselves.

    Args:
        key: unique on the page; also the name of the table's CSV file, and what a scrubber calls the chart.
        words: the place of caption and table, if they do not stand right under the chart.
        on_mark: gets x and y of a clicked mark, each a finite number or the name of a category.
        on_place: gets x and y of a click or a tap anywhere on the plane, two finite numbers.
        on_place_y2: the same on another plane of the figure, which has the axis y2.
    """

    def marked() -> None:
        _, x, y = _sent(key, "mark")
        if on_mark and all(isinstance(value, str) or is_number(value) for value in (x, y)):
            on_mark(x, y)

    def placed() -> None:
        axis, x, y = _sent(key, "place")
        call = {"y": on_place, "y2": on_place_y2}.get(axis) if isinstance(axis, str) else None
        if call and is_number(x) and is_number(y):
            call(float(x), float(y))

    data = _drawn(picture, key) | {"alt": picture.alt, "run": st.session_state.get("scrubbed", {}).get(key)}
    data |= {"marks": on_mark is not None, "places": on_place is not None or on_place_y2 is not None}
    _component(key=key, data=data, on_mark_change=marked, on_place_change=placed)
    with words or nullcontext():
        st.caption(picture.caption)
        if picture.table is not None:
            table(picture.table, key)


def _sent(key: str, event: str) -> tuple[object, object, object]:
    """Axis, x and y of a click, as the browser sent them, whatever that may be; None where it sent none."""
    sent = st.session_state[key].get(event)
    return tuple(sent.get(name) if isinstance(sent, dict) else None for name in ("axis", "x", "y"))


def held_chart(picture: Picture, key: str, words: DeltaGenerator, hidden: Sequence[int] = (), said: str = HELD) -> None:
    """A picture before the guess (`ui/prediction.py`): its first moment, without the words that would answer.

    Args:
        words: the place of what is said. hidden: the places of traces that would answer. said: what is to be seen.
    """
    _component(key=key, data=_drawn(picture, key) | {"alt": said, "still": True, "hidden": list(hidden)})
    words.caption(said)


def _drawn(picture: Picture, key: str) -> dict[str, object]:
    return {"key": key, "figure": picture.json, "libraries": _LIBRARIES}


def rounded(value: float, low: float, high: float) -> float:
    """A clicked number inside its bounds, with as many digits as a thousandth of the picture's width has."""
    digits = math.floor(-math.log10(max(high - low, 1e-300) / 1000))
    return round(min(max(value, low), high), digits)


def table(frame: object, key: str, label: str = "The numbers as a table") -> None:
    """A data frame behind a closed lid, with a download."""
    lid = st.expander(label, key=f"{key}-table", on_change="rerun")
    if lid.open:
        with lid:
            st.dataframe(frame, hide_index=True, height=min(38 + 35 * len(frame), 300))
            st.download_button(
                "Download as CSV",
                lambda: frame.to_csv(index=False),
                file_name=f"{key}.csv",
                mime="text/csv",
                key=f"{key}-csv",
                on_click="ignore",
            )
