"""The columns of a reader's table, chosen as target and features: in the link, or, where their names do not fit, kept.

What stands in a file is no key: the widgets have a checksum of the table's names and the number of a column.
"""

import zlib

import pandas as pd
import streamlit as st

from core.csv_table import number_columns
from core.table_columns import Columns, known_columns, read_columns, write_columns
from ui.controls import Controls


def column_choice(controls: Controls, prefix: str, table: pd.DataFrame) -> Columns | None:
    """The widgets, and what is chosen; where the link names other columns, what is wrong, the way back, and None.

    Args:
        prefix: of the settings, whose fields `target` and `features` are texts.
    """
    names = list(table.columns)
    number = zlib.crc32("|".join(names).encode())
    _follow_table(controls, prefix, names, table)

    def choose(target: str, features: list[str]) -> None:
        _keep(controls, prefix, table, (features or number_columns(table, but=target), target))

    for name in ("target", "features"):
        controls.show_problem(f"{prefix}.{name}")
    try:
        features, target = columns = _chosen(controls, prefix, table)
    except ValueError as error:
        st.error(str(error))
        st.button("Use the usual columns", on_click=choose, args=(names[-1], []), key=f"{prefix}-usual")
        return None
    one, several = f"{prefix}-target-{number}", f"{prefix}-features-{number}-{names.index(target)}"
    usable = number_columns(table, but=target)
    st.session_state[one] = target
    st.session_state[several] = [name for name in features if name in usable]
    st.selectbox("Target", names, key=one, on_change=lambda: choose(st.session_state[one], []))
    st.multiselect("Features", usable, key=several, on_change=lambda: choose(target, st.session_state[several]))
    if f"{prefix}.columns" in controls.unlinked:
        st.caption("A link cannot carry these names, so this choice of columns stays in the session.")
    return columns


def _keep(controls: Controls, prefix: str, table: pd.DataFrame, columns: Columns) -> None:
    """In the link where it can carry them, else in the session."""
    target, features = f"{prefix}.target", f"{prefix}.features"
    controls.unlinked.pop(f"{prefix}.columns", None)
    try:
        controls.set(**dict(zip((target, features), write_columns(table, columns), strict=True)))
    except ValueError:
        controls.unlinked[f"{prefix}.columns"] = columns
        controls.set(**{target: "", features: ""})


def _chosen(controls: Controls, prefix: str, table: pd.DataFrame) -> Columns:
    """What the link names; where it names nothing, what the session keeps, or the usual columns."""
    named = [controls.values[f"{prefix}.{name}"] for name in ("target", "features")]
    kept = controls.unlinked.get(f"{prefix}.columns")
    return known_columns(table, kept) if kept and not any(named) else read_columns(table, *named)


def _follow_table(controls: Controls, prefix: str, names: list[str], table: pd.DataFrame) -> None:
    """Lets another table than before that lacks a column of the choice begin with its usual columns."""
    unlinked, target = controls.unlinked, f"{prefix}.target"
    before = unlinked.get(f"{prefix}.table", names)
    unlinked[f"{prefix}.table"] = names
    if before == names:
        return
    controls.problems.pop(target, None)
    try:
        _chosen(controls, prefix, table)
    except ValueError:
        unlinked.pop(f"{prefix}.columns", None)
        controls.set(**{target: "", f"{prefix}.features": ""})
        controls.problems[target] = "This table lacks a column that was chosen; its usual columns are chosen instead."
