"""The loop of agent and environment: the reader moves the agent, beside one that has learned."""

from dataclasses import replace

import streamlit as st

from core.reinforcement_learning.loop import Walk, arrival, learner_walk, your_walk
from core.reinforcement_learning.program import loop_program
from core.reinforcement_learning.settings import KEYS, MAX_MOVES, WORLDS, LoopSettings, MapSettings
from figures.reinforcement_learning.grid import towards
from figures.reinforcement_learning.loop import LEARNER, loop_picture, return_by_hand, rewards_of, why_learner
from figures.words import plural
from pages.reinforcement_learning.shared import on_map, world_controls, world_of
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Cliff walking": ("Every move costs 1, a fall 100 and the way back to the start.", {"loop.moves": "uurr"}),
    "Frozen lake": ("1 at the goal, 0 everywhere else.", {"loop.world": "lake", "loop.moves": "ddrr"}),
    "Slippery ice": (
        "Two moves in three go aside.",
        {"loop.world": "lake", "loop.slip": 2 / 3, "loop.moves": "ddrr"},
    ),
    "Your map": (
        "Draw your own world.",
        {"loop.world": "map", "loop.slip": 0.2, "loop.step_cost": 0.04, "loop.moves": "uurr"},
    ),
}
OPTIONS = {
    "shortest": "To the goal, by the shortest way",
    "longer": "To the goal, by a longer way",
    "never": "It does not come to the goal",
}
TABLE = """
| Agent | Environment | State | Actions | Reward |
|---|---|---|---|---|
| you, or the learner | {world} | its cell | up, right, down, left | {reward} |
| a robot's control | the robot and its room | joints, camera | turn a motor | has it gripped the cup? |
| a player | the game and its opponent | the board | the moves | 1 for a win |
| a driver program | the road | speed, other cars | steer, brake | arrives; no crash |
"""


def show(controls: Controls) -> None:
    st.markdown(
        "**What does an agent get to know, and what does it have to find out?** It chooses an action; the environment "
        "answers with a reward and the next state. Then it chooses again."
    )
    layout = view_layout()
    with layout.side:
        text = world_controls(controls, "loop")
        controls.show("loop.moves")
        settings = controls.read_or_last(LoopSettings)
        world = world_of(settings, text)
        yours, learner = your_walk(settings, text), learner_walk(settings, text)
        _buttons(controls, settings, yours)
        controls.show("loop.slip")
        controls.show_more("loop.gamma", "loop.step_cost", "loop.seed")
        controls.show_presets(PRESETS, LoopSettings, MapSettings)
    with layout.stage:
        if not _guess(controls, layout, learner, (replace(settings, moves=""), text)):
            picture = loop_picture(yours, learner, shows_learner=False)
            held_chart(picture, "loop", layout.words, [LEARNER], said=picture.caption)
            return
        chart(loop_picture(yours, learner), "loop", layout.words, on_place=on_map(controls, settings, world))
    with layout.below:
        worked_step(return_by_hand(yours, settings.gamma))
        st.markdown(TABLE.format(world=WORLDS[settings.world].lower(), reward=rewards_of(world, settings.step_cost)))
        st.markdown(
            "The agent has no teacher: it tries moves (**exploration**) and comes back to those that paid "
            "(**exploitation**), to make the return, the sum of all rewards, as large as it can. The course notes put "
            "this under “Optimizers”; it is a field of its own.\n\n**Find out.** Can you bring a larger return home "
            "than the learner? And on slippery ice?"
        )
    program_panel(loop_program(settings, text))


def _buttons(controls: Controls, settings: LoopSettings, yours: Walk) -> None:
    """A button for each move, one to take the last back, one to begin anew."""
    made = settings.moves[: len(yours.rewards)]
    with st.container(horizontal=True, gap="small"):
        for letter, name in KEYS.items():
            stuck = yours.ended or len(made) >= MAX_MOVES
            move = {"on_click": controls.set, "kwargs": {"loop.moves": made + letter}, "disabled": stuck}
            st.button(towards(name).capitalize(), key=f"{controls.page}-move-{letter}", **move)
        for label, moves in (("Take back", made[:-1]), ("Start over", "")):
            again = {"on_click": controls.set, "kwargs": {"loop.moves": moves}, "disabled": not settings.moves}
            st.button(label, key=f"{controls.page}-{label}", **again)
    if yours.ended:
        rest = f" {plural(yours.unused, 'typed move')} after it: not made." if yours.unused else ""
        st.info(f"The episode has ended.{rest}")


def _guess(controls: Controls, layout: Layout, learner: Walk, about: tuple) -> bool:
    question = (
        "An agent knew nothing about this world, and has tried it many times. Now it makes the moves that it thinks "
        "are best. How does it go?"
    )
    right = [OPTIONS[arrival(learner)]]
    return prediction(controls, layout, question, list(OPTIONS.values()), right, why_learner(learner), about)
