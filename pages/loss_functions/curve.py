"""The shape of a loss: a curve over one prediction, a surface over two scores."""

from dataclasses import replace

import streamlit as st

from core.loss_functions.curve import curves, surface
from core.loss_functions.program import curve_program
from core.loss_functions.settings import CurveSettings
from figures.loss_functions.curve import curves_and_slopes, two_scores
from ui.chart import chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.program import program_panel

SHAPES = {  # what is predicted -> what moves, and the controls besides
    "numbers": ("Prediction (the target is 0)", ("delta",)),
    "yes_no": ("Score x", ("target", "pos_weight")),
    "map": ("Score of class 0", ("second", "target", "temperature")),
    "surface": ("Score of class 0", ("second", "target", "temperature")),
}
PRESETS = {
    "An error of 2": ("Squares, straight lines, and both.", {}),
    "Sure and wrong": ("A score of −5 for a yes.", {"curve.shape": "yes_no", "curve.at": -5.0}),
    "Course: the dog on the map": ("Scores 2 and 5, target 1.", {"curve.shape": "map", "curve.second": 5.0}),
    "The same in 3-D": ("A ramp that levels out.", {"curve.shape": "surface", "curve.second": 5.0}),
}


def show(controls: Controls) -> None:
    st.markdown(
        "**How does a loss grow, and how steep is it where you stand?** **Find out:** which loss hardly pulls at all "
        "when a yes-or-no answer is sure and wrong?"
    )
    layout = view_layout()
    with layout.side:
        moving, others = SHAPES[controls.values["curve.shape"]]
        controls.kinds["curve.at"] = replace(controls.kinds["curve.at"], label=moving)
        controls.show("curve.shape", "curve.at", *(f"curve.{name}" for name in others))
        controls.show_presets(PRESETS, CurveSettings)
    settings = controls.read(CurveSettings)
    two = settings.shape in ("map", "surface")
    found = surface(settings) if two else curves(settings)
    with layout.stage:
        chart(two_scores(found) if two else curves_and_slopes(found), "two_scores" if two else "curves", layout.words)
    program_panel(curve_program(found))
