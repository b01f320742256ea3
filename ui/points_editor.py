"""The reader's own points beside the plane on which they are set: as a table, and as a CSV file in and out.

    points = points_of(controls)
    points_table(controls, points, partial(take_points, controls))

The points stand in the control `points`, and the moment of the run that learns them in `own_at`.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import streamlit as st

from core.number_rows import Column
from core.points import FARTHEST, HEADER, MAX_POINTS, Point, decode, encode, point, read_csv, write_csv
from ui.controls import Controls
from ui.csv_upload import corrected_dialect, dialect_controls
from ui.number_table import number_table, rows_of

COLUMNS = (*(Column(name, -FARTHEST, FARTHEST) for name in HEADER[:2]), Column(HEADER[2], 0, 1, whole=True))
Take = Callable[[Iterable[Sequence[float]]], None]


def points_of(controls: Controls) -> list[Point]:
    """The points as they stand; the page's own where a link says something else, which is said beside them."""
    return rows_of(controls, "points", COLUMNS, MAX_POINTS, decode)


def take_points(controls: Controls, rows: Iterable[Sequence[float]], **others: object) -> None:
    """Takes points over, on the grid, and moves the time slider to the end; `others` are further controls to be set."""
    controls.set(points=encode(point(*row) for row in rows), own_at=controls.kinds["own_at"].high, **others)
    st.session_state[f"{file_key(controls)}:said"] = ""


def points_table(controls: Controls, points: Sequence[Point], take: Take) -> None:
    """The points as a table, and as a CSV file, out and in."""
    key = file_key(controls)
    number_table(controls, "points", COLUMNS, MAX_POINTS, least=0, read=decode, take=take)
    said = st.session_state.get(f"{key}:said")
    if said:
        st.info(said)
    st.download_button(
        "Download as CSV",
        lambda: write_csv(points),
        file_name="points.csv",
        mime="text/csv",
        key=f"{controls.page}-csv",
        on_click="ignore",
    )
    label = f"Points from a CSV file (x1, x2, class; at most {MAX_POINTS} rows)"
    st.file_uploader(label, type=["csv", "tsv", "txt"], key=key, on_change=take_file, args=(controls, take))
    dialect_controls(key, on_change=partial(take_file, controls, take))


def file_key(controls: Controls) -> str:
    """The key of the page's uploader."""
    return f"{controls.page}-file"


def take_file(controls: Controls, take: Take) -> None:
    """Takes over what is in the uploaded file, or says what is wrong with it."""
    key = file_key(controls)
    file = st.session_state[key]
    if file is None:
        return
    content = file.getvalue()
    try:
        points, said = read_csv(content, corrected_dialect(content, key))
        take(points)
        st.session_state[f"{key}:said"] = said
    except ValueError as error:
        st.session_state[f"{key}:said"] = ""
        controls.problems["points"] = f"{error} The points stay as they were."
