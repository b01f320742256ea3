"""Real data: a line through the diabetes data, learned by steps."""

from dataclasses import replace

import streamlit as st

from core.gradient_descent.program import regression_program
from core.gradient_descent.regression import all_batches, closest
from core.gradient_descent.settings import BATCHES, DescentViewState, RegressionSettings
from figures.gradient_descent.regression import cost_bowl, costs_words, curvature_words, label, line_through
from figures.line_chart import frame_steps
from figures.words import plural
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber

PRESETS = {
    "All rows": ("442 patients in every update.", {}),
    "One row at a time": ("Stochastic gradient descent.", {"regression.batch": "one", "regression.lr": 0.1}),
    "A feature in its own unit": (
        "Mean 26, so the valley is long and narrow: slow however lr is chosen.",
        {"regression.scale": "own", "regression.lr": 0.001, "regression.updates": 400},
    ),
    "Mean 0, spread 1": (
        "The bowl is round: with lr = 1/L = 0.5, one update with all rows is enough.",
        {"regression.scale": "standard"},
    ),
}


def show(controls: Controls) -> None:
    st.markdown(
        "**Which line fits real data best, and how do steps find it?** The cost is the mean squared error: how far the "
        "line is from the patients, squared, on average."
    )
    layout = view_layout()
    with layout.side:
        controls.show("regression.batch", "regression.lr", "regression.scale", "regression.updates")
        controls.show_more("regression.feature", "regression.batch_size", "regression.seed")
        controls.show_presets(PRESETS, RegressionSettings, DescentViewState)
    settings = controls.read(RegressionSettings)
    runs = all_batches(settings)
    run = runs[settings.batch]
    with layout.stage:
        question = (
            f"An update goes by all rows (patients), a mini-batch of {settings.batch_size}, or one row. With which is "
            f"the line closest to the best one after {plural(run.updates, 'update')}?"
        )
        right, about = [BATCHES[name] for name in closest(runs)], replace(settings, batch="all")
        if not prediction(controls, layout, question, list(BATCHES.values()), right, costs_words(runs), about):
            held_chart(line_through(run), "line_through", layout.words)
            return
        steps = frame_steps(run.updates)
        labels = [label(run, at) for at in steps]
        scrubber(controls, "regression_at", steps, labels, ["cost_bowl", "line_through"], f"{hash(settings)}line")
        chart(cost_bowl(tuple(runs.items()), settings.batch), "cost_bowl", layout.words)
    with layout.beside:
        chart(line_through(run), "line_through")
    st.markdown(curvature_words(run))
    st.markdown(
        "**Find out.** Why does the feature in its own unit need a much smaller lr? Which of the three "
        "ways is nearest to the star after 20 updates?"
    )
    program_panel(regression_program(run))
