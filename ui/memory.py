"""How much memory the process keeps that nobody needs any more; imported before anything large is.

By itself glibc keeps a heap for each thread, and learns from the first large tensor that is freed to keep such blocks,
too: small objects then pin them. 56 error maps left 250 MB behind.
"""

import contextlib
import ctypes
import sys

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # malloc.h
LARGE = 2**19  # bytes; such blocks go back to the system as soon as they are freed
HEAPS = 2  # visitors' threads share them


def _libc() -> ctypes.CDLL | None:
    """The C library, if it is glibc."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            found = ctypes.CDLL(None)
            if hasattr(found, "gnu_get_libc_version"):
                return found
    return None


_glibc = _libc()
if _glibc is not None:
    _glibc.mallopt(M_MMAP_THRESHOLD, LARGE)
    _glibc.mallopt(M_ARENA_MAX, HEAPS)


def give_back() -> None:
    """Returns what is free to the system; worth some milliseconds after long work."""
    if _glibc is not None:
        _glibc.malloc_trim(0)


def forget_widgets() -> None:
    """Forgets the widgets of pages that this session has left; called when it enters a page.

    Streamlit keeps all that a session has ever shown, with their callbacks and whatever those hold: after every view
    of six pages 770 widgets, 1.6 MB for each visitor. A widget whose value is still there is kept.
    """
    context = get_script_run_ctx()
    if st.session_state.get("entered") == context.page_script_hash:
        return
    st.session_state["entered"] = context.page_script_hash
    widgets = context.session_state._state._new_widget_state
    for name in widgets.widget_metadata.keys() - widgets.states.keys():
        del widgets.widget_metadata[name]
