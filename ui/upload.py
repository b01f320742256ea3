"""A file of the reader's own: one that cannot be read gets a sentence, and the last that could be read stays."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from ui.controls import Controls, unusable

T = TypeVar("T")


def upload(
    controls: Controls, label: str, types: list[str], key: str, read: Callable[[bytes], T]
) -> tuple[T, str] | None:
    """What stands in the file, and its name; None while there is none that could be read.

    Args:
        read: raises ValueError with a sentence.
    """
    file, place = st.file_uploader(label, type=types, key=key), f"file {key}"
    st.caption("The file stays in this session: a link does not carry it.")
    if file is None:
        controls.unlinked.pop(place, None)
        return None
    try:
        found = read(file.getvalue())
    except ValueError as error:
        content, name = controls.unlinked.get(place, (None, ""))
        st.error(unusable(error) if name else str(error))
        return (read(content), name) if name else None
    controls.unlinked[place] = file.getvalue(), file.name
    return found, file.name
