"""The menu, made from the list of concepts; a page's file name is its link."""

import streamlit as st

import ui.failure  # noqa: F401  before anything can fail
import ui.memory  # noqa: F401  before anything large
from ui.concepts import CONCEPTS


def navigation() -> st.navigation:
    """Builds the menu, and remembers in the session that this page is shown inside it."""
    st.session_state["framed"] = True
    sections: dict[str, list] = {"": [st.Page("pages/home.py", title="Start here", default=True)]}
    for concept in CONCEPTS:
        sections.setdefault(concept.section, []).append(st.Page(f"pages/{concept.name}.py", title=concept.title))
    return st.navigation(sections, position="hidden" if st.context.is_embedded else "top")


def ensure_frame() -> None:
    """Shows the page inside the menu even when its link is the first visit of a new server.

    Until `st.navigation` has run once in the process, Streamlit takes the folder `pages` for its older kind of
    multipage app and runs the page's file alone. Building the navigation here and starting over cures that.
    """
    if "framed" not in st.session_state:
        navigation()
        st.rerun()
