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
    place = f"last good: {usual}"
    try:
        found = compute(settings)
        controls.unlinked[place] = settings
    except answers as error:
        return settings, error
    except ValueError as error:
        controls.explained.add(type(settings))
        st.error(unusable(error))
        try:
            settings = controls.unlinked.pop(place, usual)
            return settings, compute(settings)
        except ValueError:  # something else has changed, such as a file
            return usual, compute(usual)
    return settings, found
