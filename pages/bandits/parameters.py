"""How much to explore: each strategy over its parameter."""

import streamlit as st

from core.bandits.parameters import VALUES, Study, StudyTask, shape
from core.bandits.program import parameters_program
from core.bandits.settings import StudySettings, WorldSettings
from figures.bandits.parameters import by_hand, epsilon_words, study_picture
from pages.bandits.shared import what_they_do
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "1,000 steps": ("As in Sutton and Barto's figure 2.6.", {}),
    "100 steps": ("With little time, exploring pays less.", {"parameters.steps": 100}),
    "Rewards around 4": ("First estimates of 4 are not optimistic any more.", {"shift": 4.0}),
}
SHAPES = {
    "rises": "The more, the better",
    "falls": "The less, the better",
    "between": "A value in between is best",
    "flat": "None is clearly best",
}
HELD = "What always pulling the best arm would pay. The strategies are drawn after your guess."


def show(controls: Controls) -> None:
    st.markdown(
        "**How much should one explore?** Each strategy has one number for it, in brackets in the legend; “What the "
        "strategies do” explains them."
    )
    layout = view_layout()
    with layout.side:
        controls.show("parameters.steps", "parameters.runs", "shift", "seed")
        controls.show_presets(PRESETS, StudySettings, WorldSettings)
    world, settings = controls.read(WorldSettings, steps=1_000), controls.read(StudySettings)
    tasks = [StudyTask(strategy, settings, world) for strategy in VALUES]
    with layout.stage:
        found = results(tasks, "bandits-parameters", run_label=None)
        if not found or any(study.settings != settings for study in found):  # the last one may be stopped
            return
        picture = study_picture(found)
        epsilon = found[list(VALUES).index("epsilon")]
        if not _guess(controls, layout, epsilon):
            held_chart(picture, "parameters", layout.words, hidden=list(range(len(found))), said=HELD)
            return
        chart(picture, "parameters", layout.words)
    with layout.below:
        what_they_do(VALUES)
        worked_step(by_hand(epsilon))
        st.markdown("**Find out.** Set the steps to 10: which ε is best now, and why does UCB's c change nothing?")
    program_panel(parameters_program(found))


def _guess(controls: Controls, layout: Layout, epsilon: Study) -> bool:
    question = "ε-greedy pulls a random arm with probability ε. From ε = 1/128 to 1/4, which earns most?"
    about = (epsilon.settings, epsilon.world)
    return prediction(
        controls, layout, question, list(SHAPES.values()), [SHAPES[shape(epsilon)]], epsilon_words(epsilon), about
    )
