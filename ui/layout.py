"""Where things stand in a view: the figure and its controls in sight together, the words after them.

    layout = view_layout()
    with layout.side:
        controls.show("lr")
    with layout.stage:
        scrubber(...)
        chart(picture, "curve", words=layout.words)

On a wide screen the controls stand beside the figure. On a phone, whose screen has no room beside it, the figure stays
in sight at the top while the controls and the words scroll by under it; `style.css` does both. Keyboard and screen
readers meet the places in the order of the fields.
"""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.picture import Picture
from ui.chart import chart


@dataclass(frozen=True)
class Layout:
    """The places of a view; what stays empty takes no room.

    Attributes:
        ask: a guess, before the figure that answers it.
        stage: the time slider and the main figure, nothing else: on a phone it must leave room for the controls.
        run: the button that starts long work.
        side: the controls.
        words: what is said about the main figure, and its numbers.
        beside: a further figure; on a phone it stands below the words.
        below: what needs the room of both figures.
    """

    ask: DeltaGenerator
    stage: DeltaGenerator
    run: DeltaGenerator
    side: DeltaGenerator
    words: DeltaGenerator
    beside: DeltaGenerator
    below: DeltaGenerator


def view_layout() -> Layout:
    """Makes the places of a view, once a page."""
    with st.container(key="view"):
        ask = st.container(key="ask")
        with st.container(key="work"):  # within it the figure stays in sight
            stage, controls, words = (st.container(key=name) for name in ("stage", "side", "words"))
        run, side = controls.container(), controls.container()
        return Layout(ask, stage, run, side, words, st.container(key="beside"), st.container(key="below"))


def show_beside(layout: Layout, **pictures: Picture) -> None:
    """Figures of one rank side by side on the stage, each by its key; what is said about them likewise."""
    stage, words = layout.stage.columns(len(pictures)), layout.words.columns(len(pictures))
    for place, said, (key, picture) in zip(stage, words, pictures.items(), strict=True):
        with place:
            chart(picture, key, said)
