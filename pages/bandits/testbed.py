"""Strategies on 2,000 bandits at once."""

import streamlit as st

from core.bandits.program import testbed_program
from core.bandits.settings import PARAMETERS, STRATEGIES, CompareSettings, StrategySettings, WorldSettings
from core.bandits.testbed import Curves, CurvesTask, leaders
from figures.bandits.testbed import by_hand, curves_picture, noise_picture, said, spike_words
from pages.bandits.shared import what_they_do
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Greedy and ε-greedy": (
        "Sutton and Barto's figure 2.2: who never explores gets stuck.",
        {"testbed.strategies": ("greedy", "epsilon"), "measure": "reward"},
    ),
    "Optimistic": (
        "Much like their figure 2.3: high hopes make a greedy agent explore.",
        {"testbed.strategies": ("epsilon", "optimistic"), "measure": "optimal"},
    ),
    "UCB's spike": (
        "Their figure 2.4, its beginning: what happens at step 11.",
        {"testbed.strategies": ("epsilon", "ucb"), "measure": "optimal", "steps": 50},
    ),
    "A baseline": (
        "Their figure 2.5: rewards around 4, with and without a baseline.",
        {"testbed.strategies": ("gradient", "no_baseline"), "measure": "optimal", "shift": 4.0},
    ),
    "All eight": (
        "The regret of every strategy: greedy's grows most.",
        {"testbed.strategies": tuple(STRATEGIES), "measure": "regret"},
    ),
}
SHARES = {0.5: "In half at most", 0.75: "In half to three quarters", 1.0: "In more than three quarters"}  # up to there
HELD = "The other strategies. Greedy is drawn after your guess."


def show(controls: Controls) -> None:
    st.markdown(
        "**Which strategy finds the best arm?** Every run has ten arms of its own; all strategies play the same runs. "
        "Regret is how much more the best arm pays, summed over the steps."
    )
    layout = view_layout()
    with layout.side:
        controls.show("testbed.strategies", "measure", "testbed.runs", "steps")
        settings, values = controls.read(CompareSettings), controls.read(StrategySettings)
        numbers = dict.fromkeys(PARAMETERS[name] for name in settings.strategies if name in PARAMETERS)
        controls.show_more("shift", "seed", *numbers)
        controls.show_presets(PRESETS, CompareSettings, StrategySettings, WorldSettings)
    world, measure = controls.read(WorldSettings), controls.values["measure"]
    tasks = [CurvesTask(name, values.value(name), world, settings.runs) for name in settings.strategies]
    with layout.stage:
        found = results(tasks, "bandits-testbed", run_label=None)
        if not found:
            return
        found = [curves.until(min(each.steps for each in found)) for curves in found]  # the last one may be stopped
        picture = curves_picture(found, measure)
        if not _guess(controls, layout, found):
            hidden = [place for place, curves in enumerate(found) if curves.strategy == "greedy"]
            held_chart(picture, "testbed", layout.words, hidden=hidden, said=HELD)
            return
        chart(picture, "testbed", layout.words)
    top = leaders(found, measure)[0]
    with layout.beside:
        chart(noise_picture(top), "noise")
    with layout.below:
        what_they_do(settings.strategies)
        st.markdown(spike_words(found))
        worked_step(by_hand(top))
        st.markdown(
            "**Find out.** Set the runs to 1, 10, 100: from how many on can you tell the strategies apart? Add "
            "Optimistic: is its reward above greedy's after 50 steps, and after 1,000?"
        )
    program_panel(testbed_program(found))


def _guess(controls: Controls, layout: Layout, found: list[Curves]) -> bool:
    greedy = [curves for curves in found if curves.strategy == "greedy"]
    if not greedy or len(found) == 1 or greedy[0].runs < 100:
        return True
    share = greedy[0].at_the_end("optimal")
    right = next(words for most, words in SHARES.items() if share <= most)
    question = (
        "Greedy always pulls the arm that has paid best so far. In how many of the runs does it pull the best arm in "
        "the end?"
    )
    why = f"Greedy pulls it in {said(share, 'optimal')}: what looks worse is not tried, however little is known of it."
    about = (greedy[0].world, greedy[0].runs)
    return prediction(controls, layout, question, list(SHARES.values()), [right], why, about)
