"""Which number? The regression family, with the course's house to begin with."""

import streamlit as st

from core.loss_functions.regression import LOSSES
from core.loss_functions.settings import RegressionSettings
from figures.loss_functions.regression import losses_on_curve
from pages.loss_functions.calculator import show_calculator
from ui.controls import Controls

LOSS = "regression.loss"
HOUSES = {"regression.table": "320000,300000;250000,260000;410000,405000;900000,300000", "row": 4}  # the far one
HUBER = {LOSS: "HuberLoss", "regression.delta": 1e4}
PRESETS = {
    "Course: one house": ("320000 instead of 300000: 20000 · 20000 / 1 = 400000000.", {}),
    "Four houses, one far off": ("One error of 600000 among small ones.", HOUSES),
    "The same with L1Loss": ("The far house counts by its error, not by its square.", HOUSES | {LOSS: "L1Loss"}),
    "Huber between the two": ("Squared below an error of 10000, straight above.", HOUSES | HUBER),
    "How sure is it?": ("One error, three variances: too sure costs the most.", {LOSS: "GaussianNLLLoss", "row": 2}),
    "Counts": ("Three counts. Without its constant terms this loss may lie below 0.", {LOSS: "PoissonNLLLoss"}),
}


def show(controls: Controls) -> None:
    st.markdown(
        "**What does a wrong number cost?** **Find out:** with four houses, how much of the squared loss does one bad "
        "guess make, and how much of the absolute one?"
    )
    settings = controls.read(RegressionSettings)
    show_calculator(controls, settings, LOSSES, losses_on_curve, PRESETS)
