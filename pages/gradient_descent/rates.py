"""200 learning rates at once: the loss after k steps."""

import streamlit as st

from core.gradient_descent.program import rates_lines, rates_program
from core.gradient_descent.rates import HIGHEST, LOWEST, sweep_rates
from core.gradient_descent.settings import DescentSettings, RateSettings
from core.settings import defaults
from figures.gradient_descent.rates import u_curve
from ui.chart import chart
from ui.controls import Controls
from ui.program import program_panel


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        typed = controls.values["curve"] == "typed"
        controls.show("curve", *(["text"] if typed else []), "start", "rates.steps", "lr")
        settings, rates = controls.read_or_explain(DescentSettings), controls.read_or_explain(RateSettings)
        _presets(controls)
        controls.reset_button()
    with picture:
        if settings is None or rates is None:
            return
        found = sweep_rates(settings, rates)
        chart(u_curve(found), "u_curve", on_mark=lambda x, _: _open(controls, x))
        st.markdown("Click a mark to make its lr the current one; the button opens the run.")
        st.button(
            f"Watch lr {settings.lr:g} step by step",
            on_click=controls.set,
            kwargs={"view": "curve", "steps": rates.steps, "at": 0},
            key="gradient_descent-watch",
        )
    st.markdown(
        "**Find out by moving the controls.** Too low and too high are not alike: which side of the U is a slope and "
        "which a cliff? Where does the cliff stand for twice as many steps? For which curve does the best lr depend "
        "on the start?"
    )
    st.code("\n".join(rates_lines(found)), language=None)
    program_panel(rates_program(found), "gradient_descent_rates", "Run by itself, it prints the two lines above.")


def _open(controls: Controls, lr: object) -> None:
    """Takes the clicked learning rate, rounded as one would write it."""
    if isinstance(lr, int | float) and LOWEST * 0.99 <= lr <= HIGHEST * 1.01:
        controls.set(lr=float(f"{lr:.4g}"))


def _presets(controls: Controls) -> None:
    usual = defaults(DescentSettings) | {"rates.steps": 20}
    with st.container(horizontal=True):
        controls.preset(
            "A slope and a cliff", "x²: left of the best lr it is slow, right of 2/L = 1 it is lost.", **usual
        )
        controls.preset(
            "Ten times the steps",
            "More of the low rates arrive; the cliff stays where it is.",
            **usual | {"rates.steps": 200},
        )
        controls.preset(
            "The start moves the cliff",
            "x⁴: the cliff is at 1/(2·start²), here at 0.5; from −3 it would be at 0.056.",
            **usual | {"curve": "quartic", "start": -1.0},
        )
        controls.preset(
            "A kink",
            "|x|: no cliff at all, and how near it comes is chance.",
            **usual | {"curve": "abs"},
        )
        controls.preset(
            "Two valleys",
            "Low rates end in the nearer valley, higher ones throw the ball over into the deeper one.",
            **usual | {"curve": "wells", "start": 2.0},
        )
