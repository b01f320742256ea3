"""The reader's points as a table that can be edited, and as a CSV file in and out."""

import pandas as pd
import streamlit as st

from core.perceptron.points import FARTHEST, MAX_POINTS, Point, point, read_csv, write_csv
from pages.perceptron.points import points_of, take
from ui.controls import Controls

COLUMNS = ("x1", "x2", "class")
EDITOR, SAID, FILE = "perceptron-table", "perceptron-table-said", "perceptron-file"


def show(controls: Controls) -> None:
    """The table, what was wrong with the last edit, and the files."""
    points = points_of(controls)
    st.subheader("The points as a table")
    editor = _editor_of(controls)
    number = st.column_config.NumberColumn
    st.data_editor(
        pd.DataFrame(editor["points"], columns=COLUMNS).astype({"x1": float, "x2": float, "class": int}),
        key=editor["key"],
        num_rows="dynamic",
        column_config={
            "x1": number(min_value=-FARTHEST, max_value=FARTHEST, required=True, format="%.6g"),
            "x2": number(min_value=-FARTHEST, max_value=FARTHEST, required=True, format="%.6g"),
            "class": number(min_value=0, max_value=1, step=1, required=True),
        },
        height=260,
        on_change=_take_edit,
        args=(controls,),
    )
    said, kind = st.session_state.get(SAID, ("", ""))
    if said:
        (st.warning if kind == "wrong" else st.info)(said)
    st.download_button(
        "Download as CSV",
        lambda: write_csv(points),
        file_name="points.csv",
        mime="text/csv",
        key="perceptron-csv",
        on_click="ignore",
    )
    st.file_uploader(
        f"Points from a CSV file (x1, x2, class; at most {MAX_POINTS} lines)",
        type="csv",
        key=FILE,
        on_change=_take_file,
        args=(controls,),
    )


def forget_message() -> None:
    """What was said about the last edit or file is no longer about these points."""
    st.session_state[SAID] = ("", "")


def _editor_of(controls: Controls) -> dict[str, object]:
    """The points that the editor was given and its key; a new one when something else has changed the points."""
    text, editor = controls.values["points"], st.session_state.get(f"{EDITOR}:given")
    if editor is None or editor["text"] != text:
        number = editor["number"] + 1 if editor else 0
        editor = {"number": number, "key": f"{EDITOR}-{number}", "text": text, "points": points_of(controls)}
        st.session_state[f"{EDITOR}:given"] = editor
    return editor


def _take_edit(controls: Controls) -> None:
    """Takes over what was edited, if every row is a point; the browser is not trusted."""
    editor = st.session_state[f"{EDITOR}:given"]
    try:
        take(controls, _edited(editor["points"], st.session_state[editor["key"]]))
        editor["text"] = controls.values["points"]
        st.session_state[SAID] = ("", "")
    except ValueError as error:
        st.session_state[SAID] = (f"{error} The last points that could be read are shown in the figures.", "wrong")
        if len(st.session_state[editor["key"]].get("added_rows", [])) > MAX_POINTS:  # too many to be drawn again
            editor["text"] = None


def _edited(points: list[Point], edits: dict) -> list[Point]:
    added = edits.get("added_rows", [])
    deleted = set(edits.get("deleted_rows", []))
    if len(points) + len(added) - len(deleted) > MAX_POINTS:
        raise ValueError(f"The table has more than {MAX_POINTS} rows; allowed: at most {MAX_POINTS}.")
    rows = [dict(zip(COLUMNS, p, strict=True)) for p in points]
    for number, changes in edits.get("edited_rows", {}).items():
        if 0 <= int(number) < len(rows):
            rows[int(number)] |= changes
    kept = [row for i, row in enumerate(rows) if i not in deleted] + list(added)
    return [_point(i, row) for i, row in enumerate(kept, start=1)]


def _point(number: int, row: dict) -> Point:
    values = [row.get(name) for name in COLUMNS]
    if not all(type(value) in (int, float) for value in values):
        raise ValueError(f"Row {number} is not complete; allowed: numbers for x1 and x2, and 0 or 1 for the class.")
    try:
        return point(*values)
    except ValueError as error:
        raise ValueError(f"Row {number}: {error}") from None


def _take_file(controls: Controls) -> None:
    file = st.session_state[FILE]
    if file is None:
        return
    try:
        points, said = read_csv(file.getvalue())
        take(controls, points)
        st.session_state[SAID] = (said, "right")
    except ValueError as error:
        st.session_state[SAID] = (f"{error} The points stay as they were.", "wrong")
