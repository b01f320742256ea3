"""Peeking: a locked holdout set that counts how often it has been opened."""

import streamlit as st

from core.generalization.peeking import BANDS, GUESSED, peeks_of
from core.generalization.program import peeking_program
from core.generalization.settings import MOST_OPENINGS, PeekingSettings
from figures.generalization.peeking import by_hand, caught, cost_curve, guess_words, openings
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Opened 20 times": ("The best of 20 models, chosen by the holdout set.", {}),
    "Opened once": ("What a holdout set is for.", {"peeking.openings": 1}),
    "Few people": ("With 20 people, luck is large.", {"peeking.n_holdout": 20}),
    "Many people": ("With 500, luck is smaller on average.", {"peeking.n_holdout": 500}),
}
BEFORE = "The first model alone, on the holdout people and on new ones. More models are drawn after your guess."


def show(controls: Controls) -> None:
    st.markdown(
        "**What does it cost to look at the holdout set often?** Each model guesses a person's group from two "
        "answers, and each is tested on the same people: one opening."
    )
    layout = view_layout()
    settings = controls.read(PeekingSettings)
    peeks, count = peeks_of(settings), settings.openings
    with layout.stage:
        nothing = "The answers have nothing to do with the groups. " if not settings.signal else ""
        question = (
            f"{nothing}{GUESSED} models are tried on {settings.n_holdout} holdout people, and the best is kept. How "
            "many percentage points better is it there than on new people?"
        )
        about = (settings.n_holdout, settings.signal, settings.seed)
        guessed = prediction(controls, layout, question, list(BANDS), [peeks.band], guess_words(peeks), about)
    with layout.side:
        if guessed:
            _lock(controls, caught(peeks, count), count)
        controls.show("peeking.openings", "peeking.n_holdout", "peeking.signal", "peeking.seed")
        controls.show_presets(PRESETS, PeekingSettings)
    with layout.stage:
        if not guessed:
            held_chart(openings(peeks, 1), "openings", layout.words, said=BEFORE)
            return
        chart(openings(peeks, count), "openings", layout.words)
    with layout.beside:
        chart(cost_curve(peeks), "cost")
    left, right = st.columns(2, gap="large")
    with left:
        worked_step(by_hand(peeks, count))
    with right:
        st.markdown(
            "**Find out.** From how many openings on is the gap larger than 5 points? How many holdout people halve it?"
        )
    program_panel(peeking_program(peeks, settings))


def _lock(controls: Controls, said: str, count: int) -> None:
    """The count, and the keys."""
    st.markdown(said)
    with st.container(horizontal=True, gap="small"):
        for label, more in (("Try another model", 1), ("Try ten more", 10)):
            st.button(
                label,
                on_click=lambda more=more: controls.set(**{"peeking.openings": min(count + more, MOST_OPENINGS)}),
                disabled=count == MOST_OPENINGS,
                key=f"generalization-open-{more}",
            )
