"""The menu. A page is one line here; its file name is its link."""

import streamlit as st


def navigation() -> st.navigation:
    """Builds the menu, and remembers in the session that this page is shown inside it."""
    st.session_state["framed"] = True
    return st.navigation(
        {
            "": [st.Page("pages/home.py", title="Start here", default=True)],
            "PyTorch": [
                st.Page("pages/loss_functions.py", title="Loss functions"),
                st.Page("pages/training_loop.py", title="Training loop"),
            ],
        },
        position="top",
    )


def ensure_frame() -> None:
    """Shows the page inside the menu even when its link is the first visit of a new server.

    Until `st.navigation` has run once in the process, Streamlit takes the folder `pages` for its older kind of
    multipage app and runs the page's file alone. Building the navigation here and starting over cures that.
    """
    if "framed" not in st.session_state:
        navigation()
        st.rerun()
