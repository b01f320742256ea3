"""Leaks: ways in which a holdout set is spoilt without anybody opening it."""

import streamlit as st

from core.generalization.leakage import LEAKS, leak
from core.generalization.program import leakage_program
from core.generalization.settings import LeakageSettings
from figures.generalization.leakage import LEAKING, by_hand, guess_words, leak_bars
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "50 people, 2,000 questions": ("Far more questions than people, as with genes.", {}),
    "100 people, 20 questions": (
        "All 20 are chosen: nothing can leak that way.",
        {"leakage.n_samples": 100, "leakage.n_features": 20},
    ),
    "All entered twice": ("Everybody has a copy.", {"leakage.copies": 1.0}),
    "No copies": ("Each person once.", {"leakage.copies": 0.0}),
}
BEFORE = "What an honest test says. The same tests with a leak are drawn after your guess."


def show(controls: Controls) -> None:
    st.markdown(
        "**How does a test become worthless unnoticed?** A model guesses from a person's answers which of two groups "
        "they belong to. All answers are random: no model can beat a coin."
    )
    layout = view_layout()
    with layout.side:
        controls.show("leakage.n_samples", "leakage.n_features", "leakage.n_chosen", "leakage.copies", "leakage.seed")
        controls.show_presets(PRESETS, LeakageSettings)
    found = leak(controls.read(LeakageSettings))
    with layout.stage:
        question = (
            "Three mistakes, explained below the figure, each made before the people are split into a training and a "
            "holdout part. Which makes noise look most like knowledge?"
        )
        right = found.worst
        options, why = list(LEAKS.values()), guess_words(found)
        guessed = prediction(controls, layout, question, options, right, why, found.settings)
        if guessed:
            chart(leak_bars(found), "leaks", layout.words)
        else:
            held_chart(leak_bars(found), "leaks", layout.words, hidden=LEAKING, said=BEFORE)
    with layout.words:
        st.markdown(
            "- **Scaled with all rows**: means and standard deviations come from all rows, then the nearer group mean "
            "decides.\n- **Questions chosen with all rows**: those whose answers go best with the groups, holdout rows "
            "included.\n- **Copies on both sides**: some people are entered twice, and the rows are split at random; "
            "the most similar training row decides."
        )
    if not guessed:
        return
    left, right = st.columns(2, gap="large")
    with left:
        worked_step(by_hand(found))
    with right:
        st.markdown(
            "**Find out.** How many questions do 50 people need before choosing them badly says 75%? Why does the "
            "scaled test stay honest here?"
        )
    program_panel(leakage_program(found))
