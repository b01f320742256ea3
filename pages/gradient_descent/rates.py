"""200 learning rates at once: the loss after k steps."""

import streamlit as st

from core.gradient_descent.program import rates_lines, rates_program
from core.gradient_descent.rates import HIGHEST, LOWEST, sweep_rates
from core.gradient_descent.settings import DescentSettings, RateSettings
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
