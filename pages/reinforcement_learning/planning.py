"""Planning: value iteration sweep by sweep, in a world that is known."""

import streamlit as st

from core.reinforcement_learning.planning import Plan, greedy, plan
from core.reinforcement_learning.program import planning_program
from core.reinforcement_learning.settings import COIN, MAP, MapSettings, PlanningSettings
from figures.reinforcement_learning.planning import (
    backup_by_hand,
    change_chart,
    labels,
    moments,
    plan_map,
    why_start,
)
from figures.words import fmt
from pages.reinforcement_learning.shared import looked_at, on_map, world_controls, world_of
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber
from ui.worked_step import worked_step

GRID = {"planning.world": "map", "planning.slip": 0.2, "planning.step_cost": 0.04, "planning.gamma": 1.0, "map": MAP}
PRESETS = {
    "Slippery lake": ("The best moves seem odd, until you see what slips where.", {}),
    "The lake without slip": (
        "Worth 1 beside the goal, γ times as much a move farther off.",
        {"planning.slip": 0.0},
    ),
    "Cliff walking": (
        "The start is worth −13: thirteen moves.",
        {"planning.world": "cliff", "planning.slip": 0.0, "planning.gamma": 1.0},
    ),
    "Russell and Norvig's grid": ("The values of their textbook: 0.705 at the start.", GRID),
    "Costly moves": ("A move costs 2: better to end in the pit than to go on.", GRID | {"planning.step_cost": 2.0}),
    "A reward to come back for": (
        "Staying with +0.2 beats the goal: a reward can be read too literally.",
        GRID | {"map": COIN, "planning.gamma": 0.95},
    ),
}


def show(controls: Controls) -> None:
    st.markdown(
        "**What is each cell worth to somebody who knows the whole world?** A sweep asks in every cell: which move has "
        "the best reward plus value of what comes after it?"
    )
    layout = view_layout()
    with layout.side:
        text = world_controls(controls, "planning")
        controls.show("planning.slip", "planning.gamma")
        settings = controls.read(PlanningSettings)
        world = world_of(settings, text)
        if settings.world == "map":
            controls.show_more("planning.step_cost", "cell")
        else:
            controls.show("cell", most=world.n_cells - 1)
            controls.show_more("planning.step_cost")
        controls.show_presets(PRESETS, PlanningSettings, MapSettings)
    found, cell = plan(settings, text), looked_at(controls, world)
    picture = plan_map(found, cell)
    with layout.stage:
        if not _guess(controls, layout, found, (settings, text)):
            held_chart(picture, "planning", layout.words, said="The world, before the first sweep.")
            return
        steps, name = moments(found), f"{settings}|{text}"
        charts = ["planning", "planning_change"]
        index = scrubber(controls, "sweep", steps, labels(found), charts, name, "Sweep")
        chart(picture, "planning", layout.words, on_place=on_map(controls, settings, world, looks=True))
    with layout.below:
        sweep = min(steps[index], len(found.values) - 2)
        worked_step(backup_by_hand(found, sweep, cell))
        if not found.settled:
            st.warning("The values have not settled yet: γ is 1 or nearly, so what comes late still counts.")
        st.markdown(
            "Click another cell to see its sums.\n\n**Find out.** With the reward to come back for: from which γ on "
            "does even the cell left of the goal lead away from it?"
        )
    with layout.beside:
        chart(change_chart(found), "planning_change")
    program_panel(planning_program(found, settings, text))


def _guess(controls: Controls, layout: Layout, found: Plan, about: tuple) -> bool:
    names = found.world.rules.actions
    best = greedy(found.moves()[found.world.start]).tolist()
    right = [name for name, is_best in zip(names, best, strict=True) if is_best]
    question = "Which move is the best at the start (S)?"
    if found.world.slip:
        question = f"In {fmt(100 * found.world.slip, 3)}% of the cases a move slips to one of its sides. {question}"
    return prediction(controls, layout, question, names, right, why_start(found), about)
