"""Where a table stands, and what stays on the page while its numbers do not fit together."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.number_rows import Column
from core.settings import Settings

MOST_COLUMNS = 3  # that fit beside the picture
MEANWHILE = "Until that is mended, this is the program of the last settings that fitted together. "


def layout(columns: Sequence[Column]) -> tuple[DeltaGenerator, DeltaGenerator, DeltaGenerator]:
    """The places of the table, the picture and the other controls; a wide table goes above both."""
    above = st.container()
    picture, side = st.columns([1.9, 1], gap="large")
    return (above if len(columns) > MOST_COLUMNS else side), picture, side


def remember(settings: Settings) -> None:
    """Keeps settings that fit together, for the program that is shown while others do not."""
    st.session_state[_key(type(settings))] = settings


def last_good(usual: Settings) -> Settings:
    """The last settings that fitted together; the usual ones where there are none yet."""
    return st.session_state.get(_key(type(usual)), usual)


def _key(cls: type[Settings]) -> str:
    return f"loss_functions:last {cls.__name__}"
