"""Learning what to do: Q-learning, SARSA and Expected SARSA, update by update."""

import streamlit as st

from core.reinforcement_learning.learning import (
    Learned,
    arrives,
    best_table,
    goes_along_pits,
    learn,
    never_learned,
    route,
)
from core.reinforcement_learning.program import learning_program
from core.reinforcement_learning.settings import ALGORITHMS, SLIPPERY, LearningSettings, MapSettings
from core.reinforcement_learning.world import trouble
from figures.reinforcement_learning.learning import (
    distance_chart,
    labels,
    moments,
    table_map,
    update_by_hand,
    why_way,
)
from figures.words import fmt, plural
from pages.reinforcement_learning.shared import on_map, world_controls, world_of
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber
from ui.worked_step import worked_step

LAKE = {"learning.world": "lake", "learning.gamma": 0.95}
PRESETS = {
    "Q-learning on the cliff": ("It learns the edge of the cliff.", {}),
    "SARSA on the cliff": ("It learns a way that keeps off the cliff.", {"learning.algorithm": "sarsa"}),
    "Slippery lake": (
        "Small steps, many episodes.",
        LAKE | {"learning.slip": SLIPPERY, "learning.alpha": 0.1, "learning.episodes": 1000},
    ),
    "The goal moves": ("Half-way, the goal moves as far as it can: does it turn round?", {"learning.change": "goal"}),
    "A pit opens": ("Half-way, a pit opens on its way.", {"learning.change": "pit"}),
    "A mistake: ties": ("Always the first of equally good moves: it never learns.", LAKE | {"learning.ties": "first"}),
    "No exploration": ("ε = 0, yet it tries every move: those still at Q = 0 look best.", {"learning.epsilon": 0.0}),
    "No future": ("γ = 0: only the next reward counts.", {"learning.gamma": 0.0}),
}
OPTIONS = {
    "edge": "To the goal, mostly right beside pits",
    "safe": "To the goal, mostly off the pits",
    "never": "Not to the goal",
}


def show(controls: Controls) -> None:
    st.markdown(
        "**How does one move after the other become a plan?** Q(s, a) is the return that the agent expects of move a "
        "in cell s. Every move corrects one Q by its error."
    )
    layout = view_layout()
    with layout.side:
        text = world_controls(controls, "learning")
        controls.show("learning.algorithm")
        controls.show("shows")
        controls.show("near", on_change=lambda update: controls.set(at=update))
        if controls.values["learning.world"] != "map":
            controls.show("learning.epsilon")
        more = ["learning.epsilon"] if controls.values["learning.world"] == "map" else []
        more += [
            f"learning.{name}" for name in ("change", "alpha", "gamma", "episodes", "slip", "step_cost", "ties", "seed")
        ]
        settings = controls.read(LearningSettings)
        world = world_of(settings, text)
        controls.show_more(*more)
        controls.show_presets(PRESETS, LearningSettings, MapSettings)
    run, near, shows = learn(settings, text), controls.values["near"], controls.values["shows"]
    worlds = (run.first_world, run.world)
    compares = all(best_table(each, settings.gamma).isfinite().all() for each in worlds)
    with layout.stage:
        if not _guess(controls, layout, run, (settings, text)):
            before = "The table before the first update: every Q is 0."
            held_chart(table_map(run, near), "learning", layout.words, [4, 5], said=before)
            return
        if shows == "exact" and not compares:
            st.info("Q* is not known here: planning does not settle. The map shows Q as learned.")
            shows = "learned"
        picture, steps = table_map(run, near, shows), moments(run, near)
        charts, name = ["learning", *["learning_distance"] * compares], f"{settings}|{text}|{near}|{shows}"
        index = scrubber(controls, "at", steps, labels(run, near), charts, name, "Update")
        chart(picture, "learning", layout.words, on_place=on_map(controls, settings, world))
    with layout.below:
        worked_step(update_by_hand(run, steps[index]))
        _say(run)
        st.markdown(
            "**Find out.** Which of the three algorithms keeps off the cliff? With seed 0, the best moves of SARSA's "
            "table do not arrive: what changes with a smaller step size?"
        )
        if compares:
            chart(distance_chart(run, near), "learning_distance")
    program_panel(learning_program(run, text))


def _say(run: Learned) -> None:
    """What happened to the world and to the run."""
    if never_learned(run):
        st.warning(
            "Every Q is still 0. Where all moves look alike, the first one wins each time, so the agent hardly leaves "
            "the start; break ties at random."
            if run.settings.ties == "first" and not trouble(run.world)
            else "Every Q is still 0: no reward came in any episode, so there was nothing to learn from."
        )
    if run.world is not run.first_world:
        st.markdown(f"The map shows the world after the change, which came after update {run.changed_at:,}.")
    if run.cut:
        st.markdown(f"The run was ended after {plural(run.updates, 'update')}, the most that are done here.")


def _guess(controls: Controls, layout: Layout, run: Learned, about: tuple) -> bool:
    if run.settings.slip:  # there is no one way to ask for
        return True
    way = route(run.world, run.tables([run.updates])[0][-1])
    kind = "never" if not arrives(run.world, way) else "edge" if goes_along_pits(run.world, way) else "safe"
    episodes, share = plural(int(run.episode[-1]), "episode"), fmt(100 * run.settings.epsilon, 3)
    question = (
        f"{ALGORITHMS[run.settings.algorithm]} walks for {episodes}, {share}% of its moves at random. Where do its "
        "best moves then lead?"
    )
    return prediction(controls, layout, question, list(OPTIONS.values()), [OPTIONS[kind]], why_way(run), about)
