"""What is on screen where a page or a callback fails for a reason that nobody foresaw.

Streamlit writes the traceback to the server's log and would then show a text for developers. A guard around the pages
would not cover callbacks, which run before them. So the function by which it shows an error is replaced here: that
holds however the server is started. Should a later version call another one, Streamlit's text comes back, but without
details: `.streamlit/config.toml` sees to that.
"""

import streamlit as st
from streamlit import error_util

from ui import link


def say_what_to_do(_: BaseException) -> None:
    """One sentence and the ways on. The error itself may name paths of the server: it is for the log."""
    st.error("Something went wrong on the server: reload the page to try again, or reset it.")
    page = st.session_state.get("page", "home")
    with st.container(horizontal=True):
        st.button("Reset this page", on_click=_forget, args=(page,), key="reset-after-failure")
        st.page_link(st.Page("pages/home.py", default=True), label="Go to the first page")


def _forget(page: str) -> None:
    """Everything that the session holds of a page, so that it opens as if for the first time and without a link."""
    link.taken(page)
    for key in list(st.session_state):
        if key == page or key.startswith((f"{page}.", f"{page}:", f"{page}-")):
            del st.session_state[key]


error_util.show_uncaught_app_exception = say_what_to_do
