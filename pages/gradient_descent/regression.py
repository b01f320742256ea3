"""Real data: a line through the diabetes data, learned by steps."""

import streamlit as st

from core.gradient_descent.program import regression_lines, regression_program
from core.gradient_descent.regression import all_batches
from core.gradient_descent.settings import RegressionSettings
from figures.gradient_descent.regression import cost_bowl, label, line_through, moments, stability_words
from ui.chart import chart
from ui.controls import Controls
from ui.program import program_panel
from ui.scrubber import scrubber


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("regression.batch", "regression.lr", "regression.scale", "regression.updates")
        controls.show_more("regression.feature", "regression.batch_size", "regression.seed")
        settings = controls.read_or_explain(RegressionSettings)
        _presets(controls)
        controls.reset_button()
    with picture:
        if settings is None:
            return
        runs = all_batches(settings)
        run = runs[settings.batch]
        labels = [label(run, at) for at in moments(run)]
        charts = ["cost_bowl", "line_through"]
        scrubber(controls, "regression_at", moments(run), labels, charts, f"{hash(settings)}line")
        one, two = st.columns([1.25, 1])
        with one:
            chart(cost_bowl(tuple(runs.items()), settings.batch), "cost_bowl")
        with two:
            chart(line_through(run), "line_through")
    st.markdown(stability_words(run))
    st.markdown(
        "The **cost function** is the mean squared error: how far the line is from the patients, squared, on average. "
        "Gradient descent looks for its lowest point, the same one that least squares finds by formula."
    )
    st.markdown(
        "**Find out by moving the controls.** Why does the feature in its own unit need an lr hundreds of times "
        "smaller? Which of the three paths is nearest to the star after 20 updates, and which stays there? What does "
        "a smaller "
        "lr do to the trembling of one row at a time?"
    )
    st.code("\n".join(regression_lines(run)), language=None)
    program_panel(
        regression_program(run), "gradient_descent_regression", "Run by itself, it prints the two lines above."
    )


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("regression")
    usual |= {"regression_at": 400}
    with st.container(horizontal=True):
        controls.preset("All rows", "442 patients in every update.", **usual)
        controls.preset(
            "One row at a time",
            "Stochastic gradient descent.",
            **usual | {"regression.batch": "one", "regression.lr": 0.1},
        )
        controls.preset(
            "A feature in its own unit",
            "Mean 26, so the valley is long and narrow: slow however lr is chosen.",
            **usual | {"regression.scale": "own", "regression.lr": 0.001, "regression.updates": 400},
        )
        controls.preset(
            "Mean 0, spread 1",
            "The bowl is round: with lr = 1/L = 0.5, one update with all rows is enough.",
            **usual | {"regression.scale": "standard"},
        )
