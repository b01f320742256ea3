"""A bowl: gradient descent in two dimensions, steep across and flat along."""

import streamlit as st

from core.gradient_descent.bowl import BowlRun, roll, slower
from core.gradient_descent.program import bowl_program
from core.gradient_descent.settings import BowlSettings, DescentViewState
from figures.gradient_descent.bowl import axis_table, bowl, bowl_losses, label, left_words
from ui.chart import chart, held_chart, rounded
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber

PRESETS = {
    "A narrow valley": ("κ = 10: it zigzags across and creeps along.", {}),
    "Round": ("κ = 1: straight to the lowest point.", {"bowl.condition": 1.0}),
    "Past 2/L": ("The steep direction diverges, the flat one does not.", {"bowl.lr": 2.1}),
    "With momentum": ("κ = 100 with b = 0.8.", {"bowl.condition": 100.0, "bowl.momentum": 0.8}),
    "Your own": (
        "A typed surface with more than one valley.",
        {"bowl.surface": "typed", "bowl.lr": 0.5, "bowl.x": 3.0},
    ),
}
WORDS = {
    "bowl": "The steep direction allows no more than its limit, and at that the flat one is slow: the larger the "
    "condition number κ, their ratio, the slower.\n\n**Find out.** For κ = 10, which lr makes both directions shrink "
    "equally fast? How much momentum makes κ = 100 as quick as κ = 10 without?",
    "typed": "This surface bends differently from place to place, and so the limits change with the step.\n\n"
    "**Find out.** At which step is the limit lowest? Are there starts from which the ball ends in another valley?",
}
SLOWER = {"along": "Along the valley", "across": "Across the valley", "same": "The same in both"}


def show(controls: Controls) -> None:
    st.markdown("**One learning rate for two directions: what if one is steep and the other flat?**")
    layout = view_layout()
    with layout.side:
        typed = controls.values["bowl.surface"] == "typed"
        controls.show("bowl.surface", "bowl.text" if typed else "bowl.condition", "bowl.lr", "bowl.momentum")
        controls.show("bowl.steps")
        controls.show_more("bowl.x", "bowl.y", *([] if typed else ["bowl.angle"]))
        run = roll(controls.read_or_last(BowlSettings))
        controls.show_presets(PRESETS, BowlSettings, DescentViewState)
    with layout.stage:
        if not _guess(controls, layout, run):
            held_chart(bowl(run), "bowl", layout.words)
            return
        steps = list(range(run.steps + 1))
        labels = [label(run, at) for at in steps]
        at = scrubber(controls, "bowl_at", steps, labels, ["bowl", "bowl_losses"], f"{hash(run.settings)}bowl")
        chart(bowl(run), "bowl", layout.words, on_place=lambda x, y: _start_at(controls, run.box[1], x, y))
    with layout.beside:
        chart(bowl_losses(run), "bowl_losses")
    st.subheader("Two directions, one learning rate")
    st.markdown(axis_table(run, at))
    st.markdown(WORDS[run.settings.surface])
    program_panel(bowl_program([run]))


def _guess(controls: Controls, layout: Layout, run: BowlRun) -> bool:
    if run.settings.surface != "bowl":
        return True
    question = "The valley is flat along and steep across. In which direction does the ball take longer to arrive?"
    return prediction(
        controls, layout, question, list(SLOWER.values()), [SLOWER[slower(run)]], left_words(run), run.settings
    )


def _start_at(controls: Controls, half: float, x: float, y: float) -> None:
    """Takes the clicked point as the start; the map reaches from -half to half."""
    half = min(half, controls.kinds["bowl.x"].high)
    controls.set(**{"bowl.x": rounded(x, -half, half), "bowl.y": rounded(y, -half, half)})
