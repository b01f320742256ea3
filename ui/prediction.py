"""A guess before the answer."""

from collections.abc import Callable, Hashable

import streamlit as st

JUST_SHOW_ME = "Just show me"


def prediction(
    question: str,
    options: list[str],
    reveal: Callable[[str], str],
    key: str,
    horizontal: bool = False,
    about: Hashable = None,
) -> None:
    """Asks for a guess beside the experiment; once there is one, says what the run showed.

    Args:
        reveal: from the guess (or `JUST_SHOW_ME`) to the answer, computed from the run.
        about: what it is about; a guess about anything else is forgotten.
    """
    if st.session_state.setdefault(f"{key}-about", about) != about:
        st.session_state[f"{key}-about"], st.session_state[f"{key}-guess"] = about, None
    with st.container(border=True, key=f"{key}-prediction"):
        guess = st.radio(
            f"**Guess first.** {question}",
            [*options, JUST_SHOW_ME],
            index=None,
            key=f"{key}-guess",
            horizontal=horizontal,
        )
        if guess is not None:
            said = "" if guess == JUST_SHOW_ME else f"You said: {guess}. "
            st.info(said + reveal(guess))
