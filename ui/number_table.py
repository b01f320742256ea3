"""An editable table of numbers, kept in a `Text` field of the settings and so in the link.

    COLUMNS = (Column("x", -10, 10), Column("class", 0, 1, whole=True))
    rows = number_table(controls, "points", COLUMNS, most=100)  # [(1.5, 0), ...]

A field says its rows as `core.number_rows` writes them, or in a way of the page's own (`read` and `take`). What cannot
be understood gets a sentence, and the last rows that could be understood stay. The cells are texts, which we read
ourselves: Streamlit's own cells for numbers make -13 of a typed 1e-3 and 15 of a pasted 1,5.
"""

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from core.number_rows import Column, Row, check_rows, is_number, read_rows, write_rows
from core.typed_number import write_number
from ui.controls import Controls

HEIGHT_OF_A_ROW, MOST_HEIGHT = 35, 320  # pixels
ROOM = 4  # rows beside those that the editor was given: its header, the row for adding, and two that are added
_NO_EDITS = {"edited_rows": {}, "added_rows": [], "deleted_rows": []}

Read = Callable[[str], Sequence[Row]]


def rows_of(
    controls: Controls, field: str, columns: Sequence[Column], most: int, read: Read | None = None
) -> list[Row]:
    """The rows that a field holds; where a link says something else, the default's, with a problem to be shown."""
    read = read or (lambda text: read_rows(text, columns, most))
    try:
        return list(read(controls.values[field]))
    except ValueError as error:
        controls.values[field] = controls.defaults[field]
        controls.problems[field] = f"{error} Shown instead: the page's own table."
        return list(read(controls.defaults[field]))


def number_table(
    controls: Controls,
    field: str,
    columns: Sequence[Column],
    most: int,
    *,
    least: int = 1,
    read: Read | None = None,
    take: Callable[[list[Row]], None] | None = None,
) -> list[Row]:
    """Shows the table with its problem, if there is one, and returns its rows.

    Rows are added at its lower end and deleted by their boxes on the left.

    Args:
        read: the rows that a text says; raises ValueError. take: sets the field to checked rows.
    """
    rows = rows_of(controls, field, columns, most, read)
    editor = _editor_of(controls, field, rows)
    config = {c.name: st.column_config.TextColumn(required=True, alignment="right") for c in columns}
    st.data_editor(
        _frame(editor["rows"], columns),
        key=editor["key"],
        num_rows="dynamic",
        column_config=config,
        # Not of the rows as they stand: an editor whose height changes forgets its edits.
        height=min(HEIGHT_OF_A_ROW * (len(editor["rows"]) + ROOM) + 3, MOST_HEIGHT),
        on_change=_take,
        args=(controls, field, columns, most, least, take),
    )
    controls.show_problem(field)
    return rows


def _editor_of(controls: Controls, field: str, rows: Sequence[Row]) -> dict[str, object]:
    """The rows that the editor was given and its key: a new one whenever the field was changed by something else."""
    place, text = f"{controls.page}.{field}:editor", controls.values[field]
    editor = st.session_state.get(place)
    if editor is None or editor["text"] != text:
        number = editor["number"] + 1 if editor else 0
        key = f"{controls.page}-{field}-table-{number}"
        editor = st.session_state[place] = {"number": number, "key": key, "text": text, "rows": rows}
    return editor


def _frame(rows: Sequence[Row], columns: Sequence[Column]) -> pd.DataFrame:
    return pd.DataFrame([[write_number(value) for value in row] for row in rows], columns=[c.name for c in columns])


def _take(
    controls: Controls,
    field: str,
    columns: Sequence[Column],
    most: int,
    least: int = 1,
    take: Callable[[list[Row]], None] | None = None,
) -> None:
    """Takes over what the reader has edited; the browser is not trusted."""
    editor, names = st.session_state[f"{controls.page}.{field}:editor"], [column.name for column in columns]
    edits = st.session_state[editor["key"]]
    drawable = _drawable(edits, len(editor["rows"]), names, most)
    try:
        if not drawable:
            raise ValueError(f"The edit cannot be read; allowed: numbers, in {least} to {most:,} rows.")
        rows = check_rows(_edited(editor["rows"], edits, names), columns, most, least)
        if take:
            take(rows)
        else:
            controls.set(**{field: write_rows(rows)})
        editor["text"] = controls.values[field]
    except ValueError as error:
        reason = str(error) or f"The table is too long for a link; allowed: {controls.kinds[field].allowed}."
        controls.problems[field] = f"{reason} The last table that could be read is shown in the figures."
        if not drawable:
            editor["text"] = None  # a new editor without the edits, at which the old one would fail


def _drawable(edits: dict, count: int, names: Sequence[str], most: int) -> bool:
    """Whether `st.data_editor` can draw the edits again: cells and rows that there are, with a text, a number or none.

    Args:
        edits: as Streamlit has them; within its three parts may be anything.
        count: how many rows the editor was given.
    """
    edited, added, deleted = (edits.get(part, empty) for part, empty in _NO_EDITS.items())
    if not (isinstance(edited, dict) and isinstance(added, list) and isinstance(deleted, list)):
        return False
    if len(added) > most or len(deleted) > count:
        return False
    changes = [*edited.values(), *added]
    return (
        all(type(place) is int and 0 <= place < count for place in (*edited, *deleted))
        and all(isinstance(row, dict) and row.keys() <= {*names, "_index"} for row in changes)
        and all(v is None or isinstance(v, str) or is_number(v) for row in changes for v in row.values())
    )


def _edited(rows: list[Row], edits: dict, names: Sequence[str]) -> list[list[object]]:
    """The rows after `st.data_editor`'s edits, which are counted from the rows that it was given."""
    edited, added, deleted = (edits.get(part, empty) for part, empty in _NO_EDITS.items())
    table = [
        [edited.get(place, {}).get(name, value) for name, value in zip(names, row, strict=True)]
        for place, row in enumerate(rows)
        if place not in deleted
    ]
    return table + [[row.get(name) for name in names] for row in added]
