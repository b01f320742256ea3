"""Two algorithms side by side, many runs of each at once."""

from math import isnan

import streamlit as st

from core.reinforcement_learning.compare import PATIENCE, Many, ManyTask, better, settings_of
from core.reinforcement_learning.program import compare_program
from core.reinforcement_learning.settings import SLIPPERY, CompareSettings, MapSettings
from figures.reinforcement_learning.compare import (
    mean_by_hand,
    names_of,
    returns_chart,
    ways_map,
    why_better,
)
from figures.words import plural
from pages.reinforcement_learning.shared import on_map, world_controls, world_of
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "The cliff": ("Sutton and Barto's example 6.6.", {}),
    "Expected SARSA": ("The mean instead of the move that is made: less chance.", {"compare.other": "expected"}),
    "Little exploration": ("With ε = 0.01, falls are rare.", {"compare.epsilon": 0.01}),
    "Slippery lake": (
        "Returns are 0 or 1 here; small steps.",
        {"compare.world": "lake", "compare.slip": SLIPPERY, "compare.gamma": 0.95, "compare.alpha": 0.1},
    ),
}
HELD = "The world. What both collect in it is drawn after your guess."


def show(controls: Controls) -> None:
    st.markdown(
        "**Which algorithm collects more, and is it luck?** All runs of an algorithm learn at once, each with a seed "
        "of its own; both algorithms have the same seeds."
    )
    layout = view_layout()
    with layout.side:
        text = world_controls(controls, "compare")
        controls.show("compare.one", "compare.other")
        if controls.values["compare.world"] == "map":
            more = ["compare.epsilon"]
        else:
            controls.show("compare.epsilon")
            more = []
        names = ("alpha", "gamma", "episodes", "seeds", "slip", "step_cost", "seed")
        settings = controls.read(CompareSettings)
        world = world_of(settings, text)
        controls.show_more(*more, *(f"compare.{name}" for name in names))
        controls.show_presets(PRESETS, CompareSettings, MapSettings)
    tasks = [ManyTask(settings_of(settings, name), settings.seeds, text) for name in (settings.one, settings.other)]
    with layout.stage:
        found = results(tasks, "reinforcement_learning-compare", run_label=None, at_once=4, place=layout.run)
        if not found or None in found:
            return
        one, other = found
        if not _guess(controls, layout, one, other, (settings, text)):
            held_chart(ways_map(one, other), "compare", layout.words, [0, 1], said=HELD)
            return
        chart(returns_chart(one, other), "compare", layout.words)
    with layout.beside:
        if not settings.slip:  # else there is no one way
            chart(ways_map(one, other), "compare_ways", on_place=on_map(controls, settings, world))
    with layout.below:
        worked_step(mean_by_hand(one))
        for name, many in zip(names_of(one, other), found, strict=True):
            if many.unfinished:
                st.warning(
                    f"{name}: {many.unfinished} of {plural(len(many.Q), 'run')} did not come to the last episode "
                    f"within {PATIENCE:,} moves; what is missing is left out."
                )
        st.markdown(
            "**Find out.** How small must the exploration be for Q-learning to collect as much as SARSA? The edge is "
            "the shortest way for an agent that never stumbles."
        )
    program_panel(compare_program(one, other, text))


def _guess(controls: Controls, layout: Layout, one: Many, other: Many, about: tuple) -> bool:
    if isnan(one.last_mean) or isnan(other.last_mean):  # no run has come so far
        return True
    names = names_of(one, other)
    options = {"one": names[0], "other": names[1], "same": "Both about the same"}
    question = "Which one collects more in its last episodes, with all the moves that it makes at random?"
    right = [options[better(one, other)]]
    return prediction(controls, layout, question, list(options.values()), right, why_better(one, other), about)
