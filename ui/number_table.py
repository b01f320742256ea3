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

from core.number_rows import Column, Row, check_rows, read_rows, write_rows
from core.typed_number import write_number
from ui.controls import Controls

HEIGHT_OF_A_ROW, MOST_HEIGHT = 35, 320  # pixels


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
        height=min(HEIGHT_OF_A_ROW * (len(rows) + 2) + 3, MOST_HEIGHT),
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
    editor = st.session_state[f"{controls.page}.{field}:editor"]
    edits = st.session_state[editor["key"]]
    try:
        rows = check_rows(_edited(editor["rows"], edits, columns, most, least), columns, most, least)
        if take:
            take(rows)
        else:
            controls.set(**{field: write_rows(rows)})
        editor["text"] = controls.values[field]
    except ValueError as error:
        reason = str(error) or f"The table is too long for a link; allowed: {controls.kinds[field].allowed}."
        controls.problems[field] = f"{reason} The last table that could be read is shown in the figures."
        added = edits.get("added_rows", [])
        if not isinstance(added, list) or len(added) > most:  # forged, or too many to be drawn again
            editor["text"] = None


def _edited(rows: list[Row], edits: dict, columns: Sequence[Column], most: int, least: int) -> list[list[object]]:
    """The rows after `st.data_editor`'s edits, which are counted from the rows that it was given."""
    names, added = [column.name for column in columns], edits.get("added_rows", [])
    try:
        if len(added) > most:
            raise ValueError(f"The table has more than {most:,} rows; allowed: {least} to {most:,}.")
        table = [list(row) for row in rows]
        for number, changes in edits.get("edited_rows", {}).items():
            for name, value in changes.items():
                if name in names and 0 <= int(number) < len(table):
                    table[int(number)][names.index(name)] = value
        deleted = set(edits.get("deleted_rows", []))
        return [row for i, row in enumerate(table) if i not in deleted] + [[row.get(n) for n in names] for row in added]
    except (AttributeError, TypeError):
        raise ValueError("The edit cannot be read; allowed: changed, added and deleted rows.") from None
