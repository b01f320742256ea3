"""A policy as a torch network, trained by REINFORCE."""

from dataclasses import replace

import streamlit as st

from core.reinforcement_learning.policy import PolicyRun, PolicyTask, calmer
from core.reinforcement_learning.program import policy_program
from core.reinforcement_learning.settings import MapSettings, PolicySettings
from figures.reinforcement_learning.policy import (
    gradient_by_hand,
    labels,
    moments,
    policy_map,
    return_chart,
    why_calmer,
)
from pages.reinforcement_learning.shared import on_map, world_controls, world_of
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber
from ui.worked_step import worked_step

PRESETS = {
    "The small grid": ("Goal, pit and slip on twelve cells.", {}),
    "Frozen lake": (
        "Nothing slips, and the goal is rarely met at first.",
        {"policy.world": "lake", "policy.slip": 0.0, "policy.lr": 10.0},
    ),
    "One episode a batch": ("Every update follows a single episode.", {"policy.batch_size": 1, "policy.updates": 150}),
    "Too large a step": (
        "Without the baseline, some seeds soon are sure of a wrong move.",
        {"policy.lr": 10.0, "policy.baseline": "off"},
    ),
}
OPTIONS = {"on": "With the baseline", "off": "Without it", "same": "Both vary alike"}


def show(controls: Controls) -> None:
    st.markdown(
        "**Can a network learn the moves without any table of values?** It turns a cell into probabilities π of the "
        "four moves. REINFORCE plays a batch of episodes, then makes moves likelier whose return was high."
    )
    layout = view_layout()
    with layout.side:
        text = world_controls(controls, "policy")
        controls.show("policy.baseline", "policy.lr")
        names = ("batch_size", "updates", "gamma", "slip", "step_cost", "seed")
        settings = controls.read(PolicySettings)
        world = world_of(settings, text)
        controls.show_more(*(f"policy.{name}" for name in names))
        controls.show_presets(PRESETS, PolicySettings, MapSettings)
    tasks = [PolicyTask(replace(settings, baseline=name), text) for name in ("on", "off")]
    with layout.stage:
        done = results(tasks, "reinforcement_learning-policy", run_label=None, at_once=3, place=layout.run)
        if not done or None in done or any(not len(run.returns) for run in done):
            return
        on, off = done
        run = on if settings.baseline == "on" else off
        if not _guess(controls, layout, on, off, (replace(settings, baseline="on"), text)):
            held_chart(policy_map(run), "policy", layout.words, said="Before the first update: every move has 25%.")
            return
        charts, name = ["policy", "policy_return"], f"{settings}|{text}|{len(run.returns)}"
        index = scrubber(controls, "batch", moments(run), labels(run), charts, name, "Update")
        chart(policy_map(run), "policy", layout.words, on_place=on_map(controls, settings, world))
    with layout.beside:
        chart(return_chart(on, off, run), "policy_return")
    with layout.below:
        worked_step(gradient_by_hand(run, moments(run)[index]))
        st.markdown(
            "∇ log π is the direction in which the logits, the four outputs, must change for a move to become "
            "likelier: 1 − π for the move made, −π for each other. The baseline of a cell is a running mean of the "
            "returns that came after it; subtracting it leaves the expected gradient as it is. The map shows the first "
            "seed.\n\n**Find out.** With one episode a batch: what does the baseline change?"
        )
    program_panel(policy_program(run, text))


def _guess(controls: Controls, layout: Layout, on: PolicyRun, off: PolicyRun, about: tuple) -> bool:
    question = (
        "Each update makes a move likelier by its return; with a baseline, by its return minus what its cell usually "
        "returns. With which of the two do these numbers vary less?"
    )
    right = [OPTIONS[calmer(on, off)]]
    return prediction(controls, layout, question, list(OPTIONS.values()), right, why_calmer(on, off), about)
