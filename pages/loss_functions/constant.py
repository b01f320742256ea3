"""What a loss chooses: one answer for all of the data, with an outlier among them."""

import streamlit as st

from core.loss_functions.constant import COLUMN, LOSSES, best_constants, pulled_farthest, sweep_outlier
from core.loss_functions.program import constant_program
from core.loss_functions.settings import MAX_ROWS, ConstantSettings, LossViewState
from figures.loss_functions.constant import FRAME_STEPS, follow_the_outlier, label, pull_words, search
from figures.words import bracketed, fmt
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.number_table import number_table
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber
from ui.worked_step import worked_step

EVEN = {"constant.table": "1;2;3", "constant.outlier": 10.0, "constant.quantile": 0.5}
PRESETS = {
    "One outlier": ("1, 2, 3, 4 and 100: mean 22, median 3.", {}),
    "No outlier": ("1, 2, 3, 4 and 2.5.", {"constant.outlier": 2.5}),
    "Huber like the mean": ("δ = 200.", {"constant.delta": 200.0}),
    "An even number": ("1, 2, 3 and 10: every number from 2 to 3 is a median.", EVEN),
}
GUESSED = LOSSES[:3]


def show(controls: Controls) -> None:
    st.markdown(
        "**One number has to answer for all of these values. Which one is best?** Every loss chooses another. **Find "
        "out:** which constants follow the outlier without end?"
    )
    layout = view_layout()
    with layout.side:
        controls.show("constant.outlier")
        number_table(controls, "constant.table", COLUMN, MAX_ROWS)
        controls.show("constant.delta", "constant.quantile")
        controls.show_presets(PRESETS, ConstantSettings, LossViewState)
    settings = controls.read(ConstantSettings)
    found = best_constants(settings)
    with layout.stage:
        question = f"Of these three, whose best answer does the outlier {fmt(settings.outlier)} pull farthest?"
        right, why = pulled_farthest(settings, GUESSED), pull_words(found, GUESSED)
        if not prediction(controls, layout, question, GUESSED, right, why, settings):
            held_chart(search(found), "search", layout.words, hidden=range(2, 7))
            return
        labels = [label(found, step) for step in FRAME_STEPS]
        scrubber(controls, "at", list(FRAME_STEPS), labels, ["search"], str(settings))
        chart(search(found), "search", layout.words)
    with layout.words:
        total, mean = " + ".join(bracketed(value, 7) for value in found.data.tolist()), found.exact[0][0]
        worked_step(f"MSELoss chooses the mean: ({total}) / {len(found.data)} = **{fmt(mean, 7)}**.")
    st.subheader("And if the outlier stood elsewhere?")
    swept = sweep_outlier(settings.table, settings.delta, settings.quantile)
    chart(follow_the_outlier(swept, settings.outlier), "follow_the_outlier")
    program_panel(constant_program(found))
