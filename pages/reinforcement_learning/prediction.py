"""Prediction: what a given way of moving is worth, learned from episodes alone."""

import streamlit as st

from core.reinforcement_learning.prediction import N_SEEDS, Predicted, PredictTask, best_method
from core.reinforcement_learning.program import prediction_program
from core.reinforcement_learning.settings import CORRIDOR, METHODS, MapSettings, PredictionSettings
from figures.reinforcement_learning.prediction import (
    error_chart,
    estimates,
    labels,
    moments,
    update_by_hand,
    why_best,
)
from pages.reinforcement_learning.shared import on_map, world_controls, world_of
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.last_good import last_good
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber
from ui.worked_step import worked_step

PRESETS = {
    "A random walk": ("Any move at random on the small grid.", {}),
    "A corridor": (
        "Sutton and Barto's example: five cells, exact values from −2/3 to 2/3.",
        {"map": CORRIDOR, "prediction.step_cost": 0.0},
    ),
    "The best moves, slipping": (
        "Cells off its way are hardly seen, so their estimates stay wrong.",
        {"prediction.policy": "best", "prediction.slip": 0.2},
    ),
    "The cliff": (
        "The best moves, but 1 in 5 at random.",
        {"prediction.world": "cliff", "prediction.policy": "mixed", "prediction.step_cost": 0.0},
    ),
}

USUAL = PredictionSettings(gamma=0.9)  # what can be shown in any world, even one without an end


def show(controls: Controls) -> None:
    st.markdown(
        "**What is a way of moving worth, if all you have are its episodes?** Monte Carlo waits for the end of each "
        "episode. TD(0), temporal difference, corrects each estimate at once, by the next one; n-step lies between "
        "them."
    )
    layout = view_layout()
    with layout.side:
        text = world_controls(controls, "prediction")
        controls.show("prediction.method", "prediction.alpha")
        rest = ("prediction.n", "prediction.episodes", "prediction.slip", "prediction.gamma", "prediction.step_cost")
        controls.show_more("prediction.policy", *rest, "prediction.seed")
        settings, task = last_good(
            controls, controls.read(PredictionSettings), lambda chosen: PredictTask(chosen, text), USUAL
        )
        world = world_of(settings, text)
        controls.show_presets(PRESETS, PredictionSettings, MapSettings)
    with layout.stage:
        done = results([task], "reinforcement_learning-prediction", run_label=None, place=layout.run)
        if not done:
            return
        (found,) = done
        picture, steps = estimates(found), moments(found)
        if not _guess(controls, layout, found, (settings, text)):
            said = "Before the first episode: every estimate is 0; in brackets the exact values."
            held_chart(picture, "prediction", layout.words, said=said)
            return
        charts, name = ["prediction", "prediction_error"], f"{settings}|{text}|{len(found.values)}"
        index = scrubber(controls, "episode", steps, labels(found), charts, name, "Episode")
        chart(picture, "prediction", layout.words, on_place=on_map(controls, settings, world))
    with layout.beside:
        chart(error_chart(found), "prediction_error")
    with layout.below:
        worked_step(update_by_hand(found, steps[index]))
        st.markdown(
            "The exact values come from a system of linear equations, V = R + γ P V, which needs the whole world; the "
            "three methods have only seen episodes.\n\n**Find out.** Which method is the best with a step size of "
            "0.01, and which with 0.5?"
        )
    program_panel(prediction_program(found, text))


def _guess(controls: Controls, layout: Layout, found: Predicted, about: tuple) -> bool:
    n = len(found.values) - 1
    question = (
        f"{N_SEEDS} runs, each with {n:,} episodes and the same step size: which method ends nearest to the exact "
        "values, on average?"
    )
    options = METHODS | {"n_step": f"{found.settings.n}-step: {found.settings.n} rewards, then an estimate"}
    right = [options[name] for name in best_method(found)]
    return prediction(controls, layout, question, list(options.values()), right, why_best(found), about)
