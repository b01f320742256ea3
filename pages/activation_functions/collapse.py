"""None, or a step: why a network needs a curve between its layers."""

import streamlit as st

from core.activation_functions.collapse import collapse
from core.activation_functions.program import collapse_program
from core.activation_functions.settings import CollapseSettings
from figures.activation_functions.collapse import by_hand, label, outcome_words, product_table, said, three_planes
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber
from ui.worked_step import worked_step

PRESETS = {
    "Tanh": ("Four hidden units are enough.", {}),
    "The course's ReLU": ("Two straight pieces are curve enough.", {"collapse.curved": "ReLU"}),
    "Eight units without a curve": ("More units do not help the line.", {"collapse.hidden": 8}),
    "A lucky step": ("Its hidden layer learns nothing, but begins well.", {"collapse.seed": 4}),
    "A curve that is stuck": ("A curve is needed, but it is no promise.", {"collapse.seed": 1}),
}
NONE = "None of them"


def show(controls: Controls) -> None:
    st.markdown(
        "**Why not simply no activation, or a step?** Three networks that differ only in their activation learn XOR: "
        "the class is 1 where the two inputs differ."
    )
    layout = view_layout()
    with layout.side:
        controls.show("collapse.curved", "collapse.hidden", "collapse.updates")
        controls.show_more("collapse.lr", "collapse.seed")
        controls.show_presets(PRESETS, CollapseSettings)
    found = collapse(controls.read(CollapseSettings))
    with layout.stage:
        names = [said(run) for run in found.runs]
        right = [said(run) for run in found.runs if run.solved] or [NONE]
        question = "Which of the three networks will get all four points right?"
        if not prediction(controls, layout, question, [*names, NONE], right, outcome_words(found), found.settings):
            held_chart(three_planes(found), "collapse", layout.words)
            return
        labels = [label(found, place) for place in range(len(found.steps))]
        scrubber(controls, "at", found.steps, labels, ["collapse"], f"{hash(found.settings)}collapse")
        chart(three_planes(found), "collapse", layout.words)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Without an activation, two layers are one")
        st.markdown(product_table(found))
    with right:
        worked_step(by_hand(found))
        st.markdown(
            f"{outcome_words(found)}\n\n**Find out.** What becomes of the border without an activation when there are "
            "more hidden units? With how few units does a curve still solve XOR?"
        )
    program_panel(collapse_program(found))
