"""A guess before the answer.

    if not prediction(controls, layout, "Where does the ball end?", OPTIONS, [right], why, about=settings):
        held_chart(picture, "curve", layout.words)  # its first moment, without the words that answer
        return

Who comes to a view for the first time is asked, and the view holds back whatever answers. A guess is about one run:
when that changes, the guess ends, and a button asks again; nothing is held back any more unless it is pressed. Nor is
it from somebody who came by a link with settings, which says what to see.
"""

from collections.abc import Collection, Hashable, Sequence

import streamlit as st

from ui.controls import Controls
from ui.layout import Layout

JUST_SHOW_ME = "Just show me"
ASKED = ("asked", None)  # the question stands, unanswered
ENDED = ("ended", None)  # nothing is held back, and nothing has been guessed about this run


def prediction(
    controls: Controls,
    layout: Layout,
    question: str,
    options: Sequence[str],
    right: Collection[str],
    why: str,
    about: Hashable,
) -> bool:
    """Asks for a guess, or says whether it was right; returns whether the view may show what answers.

    Args:
        question: answerable without maths. options: two to four, which may be Markdown.
        right: those of them that the run makes true; none if it makes none true.
        why: what the run showed.
        about: the run; a guess about any other has ended.
    """
    view = controls.values[controls.view]
    guesses = st.session_state.setdefault(f"{controls.page}:guesses", {})
    linked = st.session_state.get(f"{controls.page}:linked")
    key, (of, said) = f"{controls.page}-{view}-guess", guesses.get(view, ENDED if linked else ASKED)
    if (of, said) == ASKED:
        controls.promise = None  # what a preset shows may be the answer
        with layout.ask.container(border=True, key=key):
            st.markdown(f"**Guess first.** {question}")
            with st.container(horizontal=True, gap="small"):
                for i, option in enumerate([*options, JUST_SHOW_ME]):
                    kind = "tertiary" if option == JUST_SHOW_ME else "secondary"
                    guess = {"on_click": guesses.update, "args": ({view: (about, option)},)}
                    st.button(option, key=f"{key}-{i}", type=kind, wrap=True, **guess)
        return False
    if of == about:
        layout.ask.info(f"{verdict(said, right)} {why}")
    else:
        again = {"on_click": guesses.update, "args": ({view: ASKED},)}
        layout.below.button(f"Guess first: {question}", key=f"{key}-again", wrap=True, **again)
    return True


def verdict(said: str, right: Collection[str]) -> str:
    """Whether a guess was right, and what is."""
    answer = " and ".join(f"*{option}*" for option in right) or "not among these"
    if said == JUST_SHOW_ME:
        return f"The answer is {answer}."
    return f"**Right:** {answer}." if said in right else f"**Not quite.** You said *{said}*; the answer is {answer}."
