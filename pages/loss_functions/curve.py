"""The shape of a loss: a curve over one prediction, a surface over two scores."""

from dataclasses import replace

import streamlit as st

from core.loss_functions.curve import curves, surface
from core.loss_functions.program import curve_program, printed_by_curve
from core.loss_functions.settings import CurveSettings
from figures.loss_functions.curve import curves_and_slopes, two_scores
from ui.chart import chart
from ui.controls import Controls
from ui.program import program_panel

AT = {  # shape -> what moves
    "numbers": "Prediction (the target is 0)",
    "yes_no": "Score x",
    "map": "Score of class 0",
    "surface": "Score of class 0",
}


def show(controls: Controls) -> None:
    picture, side = st.columns([2.3, 1], gap="large")
    with side:
        settings = controls.read(CurveSettings)
        controls.kinds["curve.at"] = replace(controls.kinds["curve.at"], label=AT[settings.shape])
        controls.show("curve.shape", "curve.at")
        if settings.shape == "numbers":
            controls.show("curve.delta")
        elif settings.shape == "yes_no":
            controls.show("curve.target", "curve.pos_weight")
        else:
            controls.show("curve.second", "curve.target", "curve.temperature")
        _presets(controls)
        controls.reset_button()
        st.markdown(
            "**Find out by moving the prediction.** Where does the slope of each loss stop growing? Which loss "
            "hardly pulls at all when a yes-or-no answer is sure and wrong? On the map, along which line is nothing "
            "gained?"
        )
    with picture:
        settings = controls.read(CurveSettings)
        if settings.shape in ("numbers", "yes_no"):
            found = curves(settings)
            chart(curves_and_slopes(found), "curves")
        else:
            found = surface(settings)
            chart(two_scores(found), "two_scores")
    program_panel(
        curve_program(settings),
        "loss_functions_curve",
        f"Run by itself, it prints the losses and slopes at your point: `{printed_by_curve(found)[0]}`.",
    )


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("curve")
    with st.container(horizontal=True):
        controls.preset("An error of 2", "Squares, straight lines, and both.", **usual)
        controls.preset(
            "Sure and wrong", "A score of −5 for a yes.", **usual | {"curve.shape": "yes_no", "curve.at": -5.0}
        )
        controls.preset(
            "Course: the dog on the map",
            "Scores 2 and 5, target 1.",
            **usual | {"curve.shape": "map", "curve.second": 5.0},
        )
        controls.preset(
            "The same in 3-D", "A ramp that levels out.", **usual | {"curve.shape": "surface", "curve.second": 5.0}
        )
