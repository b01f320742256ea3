"""Which number? The regression family, with the course's house to begin with."""

import streamlit as st

from core.loss_functions.numbers import loss_over_errors, number_loss, number_table_of
from core.loss_functions.settings import MAX_ROWS, NumberSettings
from figures.loss_functions.one_call import losses_and_gradient
from pages.loss_functions import one_call
from pages.loss_functions.tables import MEANWHILE, last_good, remember
from ui.controls import Controls
from ui.number_table import number_table

HOUSES = "320000,300000;250000,260000;410000,405000;900000,300000"


def show(controls: Controls) -> None:
    picture, side = st.columns([1.9, 1], gap="large")
    with side:
        controls.show("numbers.loss")
        settings = controls.read(NumberSettings)
        field, columns = number_table_of(settings)
        rows = number_table(controls, f"numbers.{field}", columns, MAX_ROWS)
        if len(rows) > 1:
            controls.show("row")
        if settings.loss in ("HuberLoss", "SmoothL1Loss"):
            controls.show("numbers.delta")
        if settings.loss in ("GaussianNLLLoss", "PoissonNLLLoss"):
            controls.show("numbers.full")
        if settings.loss == "PoissonNLLLoss":
            controls.show("numbers.log_input")
        controls.show("numbers.reduction")
        _presets(controls)
        controls.reset_button()
    with picture:
        settings = controls.read(NumberSettings)
        try:
            found = number_loss(settings)
        except ValueError as error:
            st.error(str(error))
            one_call.program(number_loss(last_good(NumberSettings(loss=settings.loss))), MEANWHILE)
            return
        remember(settings)
        reach = 1.25 * max(found.steps[0].values.abs().max().item(), 1e-3)
        curve = loss_over_errors(settings, reach)
        one_call.returned(found, losses_and_gradient(found, curve))
        one_call.steps(controls, found)
    st.markdown(
        "**Find out by changing the table.** With four houses, how much of the squared loss does one bad guess "
        "make, and how much of the absolute one? Which variance makes GaussianNLLLoss smallest for an error of 1? "
        "Why do the gradient bars of L1Loss all have the same height?"
    )
    one_call.program(found)


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("numbers") | {"row": 1}
    with st.container(horizontal=True):
        controls.preset("Course: one house", "320000 instead of 300000: 20000 · 20000 / 1 = 400000000.", **usual)
        controls.preset(
            "Four houses, one far off", "One error of 600000 among small ones.", **usual | {"numbers.table": HOUSES}
        )
        controls.preset(
            "The same with L1Loss",
            "The far house counts by its error, not by its square.",
            **usual | {"numbers.table": HOUSES, "numbers.loss": "L1Loss"},
        )
        controls.preset(
            "Huber between the two",
            "Squared below an error of 10000, straight above.",
            **usual | {"numbers.table": HOUSES, "numbers.loss": "HuberLoss", "numbers.delta": 1e4},
        )
        controls.preset(
            "How sure is it?",
            "One error, three variances: too sure costs the most.",
            **usual | {"numbers.loss": "GaussianNLLLoss"},
        )
        controls.preset("Counts", "PoissonNLLLoss of three counts.", **usual | {"numbers.loss": "PoissonNLLLoss"})
