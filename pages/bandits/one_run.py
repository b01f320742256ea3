"""One run of one strategy, step by step."""

import streamlit as st

from core.bandits.one_run import OneRun, most_pulled, play_one, rank
from core.bandits.program import one_run_program
from core.bandits.settings import PARAMETERS, OneRunSettings, StrategySettings, WorldSettings
from figures.bandits.one_run import by_hand, estimates, labels, most_words, pulled
from figures.words import plural
from pages.bandits.shared import ABOUT
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber
from ui.worked_step import worked_step

PRESETS = {
    "Greedy": ("It stays with the first arm that pays.", {}),
    "ε-greedy": ("Now and then a random arm.", {"one_run.strategy": "epsilon"}),
    "Optimistic": ("It tries every arm several times.", {"one_run.strategy": "optimistic"}),
    "UCB": ("It tries what it knows least.", {"one_run.strategy": "ucb"}),
    "Gradient": ("Chances that shift to what pays.", {"one_run.strategy": "gradient"}),
    "Thompson": ("It tries what may still be the best.", {"one_run.strategy": "thompson"}),
}
CHARTS = ["one_run", "pulled"]
RANKS = {1: "The best arm", 2: "The second best", 3: "Another one"}
HELD = "Before the first step: every estimate is the same. What the run makes of it is drawn after your guess."


def show(controls: Controls) -> None:
    st.markdown("**What does a strategy think of each arm, and which does it pull?** One run, step by step.")
    layout = view_layout()
    with layout.side:
        controls.show("one_run.strategy")
        settings, strategy = controls.read(OneRunSettings), controls.values["one_run.strategy"]
        st.markdown(f"It {ABOUT[strategy]}")
        if strategy in PARAMETERS:
            controls.show(PARAMETERS[strategy])
        controls.show("one_run.run")
        controls.show_more("steps", "shift", "seed")
        controls.show_presets(PRESETS, OneRunSettings, StrategySettings, WorldSettings)
    run = play_one(settings, controls.read(StrategySettings), controls.read(WorldSettings))
    with layout.stage:
        if not _guess(controls, layout, run):
            held_chart(estimates(run), "one_run", layout.words, said=HELD)
            return
        name = f"{hash((run.settings, run.value, run.world))}one_run"
        at = scrubber(controls, "at", list(range(len(run.arms) + 1)), labels(run), CHARTS, name, "Step")
        chart(estimates(run), "one_run", layout.words)
    with layout.beside:
        chart(pulled(run), "pulled")
    with layout.below:
        worked_step(by_hand(run, max(at, 1)))
        st.markdown(
            "**Find out.** In how many of the runs 1 to 10 does greedy stay with the best arm? And UCB? A single run "
            "is luck; the next view averages 2,000."
        )
    program_panel(one_run_program(run))


def _guess(controls: Controls, layout: Layout, run: OneRun) -> bool:
    right = sorted({min(rank(run, arm), 3) for arm in most_pulled(run)})
    question = f"Of ten arms, which will it pull most in {plural(len(run.arms))}?"
    about = (run.settings, run.value, run.world)
    right = [RANKS[place] for place in right]
    return prediction(controls, layout, question, list(RANKS.values()), right, most_words(run), about)
