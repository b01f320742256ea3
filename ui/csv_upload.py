"""How an uploaded CSV file was read, and two controls with which the reader corrects it.

What stands in a file is no key: the controls have a checksum of the file, and so each file has its own correction.
"""

import zlib
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from core.csv_dialect import DECIMALS, Dialect, find_dialect
from core.csv_table import Table, read_table
from ui.controls import Controls
from ui.upload import upload

FIRST_LINE = {True: "names", False: "values"}


def uploaded_table(controls: Controls, key: str, label: str, *rows: tuple[int, int]) -> tuple[Table | None, str]:
    """The reader's own table and the name of its file; None while there is none.

    Args:
        key, label: of the uploader. rows: how many a table may have, if other than usual.
    """
    found = upload(
        controls,
        label,
        ["csv", "tsv", "txt"],
        key,
        lambda content: read_table(content, corrected_dialect(content, key), *rows),
    )
    if found is None:
        st.info("Choose a table. The picture and the program follow.")
    return found or (None, "")


def corrected_dialect(content: bytes, key: str) -> Dialect:
    """The dialect of a file, as the reader has corrected it in this session.

    Raises:
        ValueError: in one sentence, if the file is no table.
    """
    header, decimal = _keys(content, key)
    found, session = find_dialect(content), st.session_state
    return replace(found, header=session.get(header, found.header), decimal=session.get(decimal, found.decimal))


def dialect_controls(key: str, on_change: Callable[[], None] | None = None) -> None:
    """The two controls for the file in the uploader of this key; none where there is no file or it is no table."""
    file = st.session_state.get(key)
    if file is None:
        return
    content = file.getvalue()
    try:
        dialect = corrected_dialect(content, key)
    except ValueError:  # which the page says
        return
    choices = (("First line", "header", FIRST_LINE), ("Decimal mark", "decimal", DECIMALS))
    with st.container(horizontal=True):
        for (label, field, options), name in zip(choices, _keys(content, key), strict=True):
            st.session_state[name] = getattr(dialect, field)
            st.segmented_control(
                label, list(options), format_func=options.get, required=True, key=name, on_change=on_change
            )


def _keys(content: bytes, key: str) -> tuple[str, str]:
    number = zlib.crc32(content)
    return f"{key}-header-{number}", f"{key}-decimal-{number}"
