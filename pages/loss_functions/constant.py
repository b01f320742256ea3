"""What a loss chooses: one answer for all of the data, with an outlier among them."""

import streamlit as st

from core.loss_functions.constant import COLUMN, LOSSES, best_constants, sweep_outlier
from core.loss_functions.program import constant_program
from core.loss_functions.settings import MAX_ROWS, ConstantSettings
from figures.loss_functions.constant import MOMENTS, follow_the_outlier, label, search
from figures.loss_functions.words import say
from ui.chart import chart
from ui.controls import Controls
from ui.number_table import number_table
from ui.program import program_panel
from ui.scrubber import scrubber


def show(controls: Controls) -> None:
    picture, side = st.columns([2.3, 1], gap="large")
    with side:
        st.markdown("One number has to answer for all of these values. Which one is best?")
        controls.show("constant.outlier")
        number_table(controls, "constant.table", COLUMN, MAX_ROWS)
        controls.show("constant.delta", "constant.quantile")
        _presets(controls)
        controls.reset_button()
    with picture:
        settings = controls.read_or_explain(ConstantSettings)
        found = best_constants(settings)
        labels = [label(found, step) for step in MOMENTS]
        scrubber(controls, "at", list(MOMENTS), labels, ["search"], str(settings))
        chart(search(found), "search")
    one, two = st.columns([1.3, 1], gap="large")
    with one:
        st.subheader("And if the outlier stood elsewhere?")
        swept = sweep_outlier(settings.table, settings.delta, settings.quantile)
        chart(follow_the_outlier(swept, settings), "follow_the_outlier")
    with two:
        st.subheader("Why these")
        data = found.data.tolist()
        st.markdown(
            f"- **MSELoss**: the slope is proportional to the sum of the errors (2 / {len(data)} of it), so it is zero "
            "at the mean: "
            f"({' + '.join(say(v) for v in data)}) / {len(data)} = {say(sum(data) / len(data))}.\n"
            "- **L1Loss**: every value pulls by 1, however far it is. Balance is where at most half of the values lie "
            "below and at most half above: a median.\n"
            f"- **HuberLoss**: values within δ = {settings.delta:g} pull by their distance, farther ones by "
            f"{settings.delta:g}.\n"
            f"- **Quantile loss**: too low costs {settings.quantile:g}, too high {1 - settings.quantile:g} a unit, "
            f"so at least a share of {settings.quantile:g} of the data lies at or below it, and at least "
            f"{1 - settings.quantile:g} at or above. `torch.nn` has no module for it; the program writes it "
            "out."
        )
        st.markdown(
            "**Find out by moving the outlier.** Which constants follow it without end? For which δ does Huber "
            "choose nearly the mean, for which nearly the median? With an even number of values, why is the median "
            "a whole interval?"
        )
    ends = ", ".join(f"{name} {v:.4f}" for name, v in zip(LOSSES, found.path[-1].tolist(), strict=True))
    program_panel(
        constant_program(settings),
        "loss_functions_constant",
        f"The same search as a script. Run by itself, it prints the last step's constants: {ends}.",
    )


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("constant") | {"at": 100}
    with st.container(horizontal=True):
        controls.preset("One outlier", "1, 2, 3, 4 and 100: mean 22, median 3.", **usual)
        controls.preset("No outlier", "1, 2, 3, 4 and 2.5.", **usual | {"constant.outlier": 2.5})
        controls.preset("Huber like the mean", "δ = 200.", **usual | {"constant.delta": 200.0})
        controls.preset(
            "An even number",
            "1, 2, 3 and 10: every number from 2 to 3 is a median.",
            **usual | {"constant.table": "1;2;3", "constant.outlier": 10.0, "constant.quantile": 0.5},
        )
