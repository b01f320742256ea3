"""One probability, two losses: why classes are learned with cross-entropy and not with a squared error."""

import streamlit as st

from core.loss_functions.probability import two_losses
from core.loss_functions.program import probability_program
from core.loss_functions.settings import ProbabilitySettings
from figures.loss_functions.probability import probability
from figures.words import fmt
from ui.chart import chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Quite wrong": ("p = 0.1: cross-entropy pushes more than five times as hard.", {}),
    "Hopelessly wrong": ("p = 0.001: cross-entropy pushes 500 times as hard.", {"probability.p": 0.001}),
    "Undecided": ("p = 0.5: one bit.", {"probability.p": 0.5, "probability.unit": "bits"}),
    "Nearly right": ("p = 0.95: both are small.", {"probability.p": 0.95}),
}


def show(controls: Controls) -> None:
    st.markdown("**The right class has probability p. Which loss notices most when p is nearly 0?**")
    layout = view_layout()
    with layout.side:
        controls.show("probability.p", "probability.unit")
        controls.show_presets(PRESETS, ProbabilitySettings)
    found = two_losses(controls.read(ProbabilitySettings))
    with layout.stage:
        chart(probability(found), "probability", layout.words)
    p, (loss, _) = found.settings.p, found.chosen["cross-entropy"]
    log = "ln" if found.settings.unit == "nats" else "log₂"
    worked_step(f"Cross-entropy is −{log} p = −{log} {fmt(p)} = **{fmt(loss, 6)}** {found.settings.unit}.")
    st.markdown("**Find out.** From which p on is the squared error the larger of the two? Is there any?")
    program_panel(probability_program(found))
