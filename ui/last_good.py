"""While what is typed cannot be used, the sentence stands beside it and the last good picture stays."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from core.settings import Settings
from ui.controls import Controls, unusable

S, T = TypeVar("S", bound=Settings), TypeVar("T")


def last_good(
    controls: Controls,
    settings: S,
    compute: Callable[[S], T],
    usual: S | None = None,
    answers: type[ValueError] | tuple[()] = (),
) -> tuple[S, T]:
    """The settings and what comes of them; where that raises ValueError, the last that could be used, with the reason.

    Args:
        usual: settings for when there are no last ones, or these cannot be used any more; the defaults if None.
        answers: errors that are an answer, to be returned instead of one.

    Raises:
        ValueError: if the usual settings cannot be used either.
    """
    usual = usual or type(settings)()
    try:
        found = compute(settings)
    except answers as error:
        return settings, error
    except ValueError as error:
        controls.explained.add(type(settings))
        st.error(unusable(error))
        return last_drawn(controls, compute, usual)
    _kept(controls)[str(usual)] = settings
    return settings, found


def last_drawn(controls: Controls, compute: Callable[[S], T], usual: S) -> tuple[S, T]:
    """The last settings that could be used, and what comes of them; the usual ones if these cannot be used any more."""
    settings = _kept(controls).get(str(usual), usual)
    try:
        return settings, compute(settings)
    except ValueError:  # something else has changed, such as a file
        return usual, compute(usual)


def _kept(controls: Controls) -> dict[str, Settings]:
    """The last good settings by the usual ones. The reader has not set them: no preset and no reset is about them."""
    return st.session_state.setdefault(f"{controls.page}:last good", {})
