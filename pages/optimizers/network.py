"""A real network: who is ahead by steps, who by time, and with every seed?"""

from dataclasses import replace

import streamlit as st

from core.optim.hyperparameters import Hyperparameters
from core.optimizers.network import RATES, Comparison, NetworkSettings, clear_first
from core.optimizers.network_task import NetworkTask
from core.optimizers.program.network import network_program
from figures.optimizers.network import loss_by_step, loss_by_time, summary, time_words, tried_rates
from figures.words import fmt
from pages.optimizers.shared import read_hparams
from ui.chart import chart, table
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel

PRESETS = {
    "The course's two": (
        "SGD(lr=0.01, momentum=0.9) and Adam(lr=0.01).",
        {
            "network.optimizers": ("Momentum", "Adam"),
            "network.lr": 0.01,
            "network.steps": 200,
            "Momentum.momentum": 0.9,
        },
    ),
    "Each at its best": ("Seven learning rates are tried for each.", {"network.rule": "best"}),
    "Adam's kin": (
        "Six that differ little: do their bands overlap?",
        {"network.optimizers": ("Adam", "AdamW", "Adamax", "NAdam", "RAdam", "Adafactor")},
    ),
    "Digits": (
        "Real images: 1,198 to learn from, 599 to be judged by.",
        {
            "network.data": "digits",
            "network.lr": 0.01,
            "network.steps": 100,
            "network.optimizers": ("SGD", "Momentum", "RMSprop", "Adam", "Muon"),
        },
    ),
}
FIRST_TOO = {True: "Yes", False: "No"}


def show(controls: Controls) -> None:
    st.markdown(
        "**Which optimizer brings a real network's loss (cross-entropy, in nats) down first, by steps and by time?** "
        "Each trains the same network, two hidden layers with ReLU, from the same first weights on the same batches; "
        "LBFGS alone takes all samples in each step."
    )
    layout = view_layout()
    with layout.side:
        rule = controls.values["network.rule"]
        rates = [f"{name}.lr" for name in controls.values["network.optimizers"]] if rule == "own" else []
        controls.show("network.data", "network.rule", *["network.lr"] * (rule == "same"), "network.steps")
        controls.show_more(
            "network.optimizers", *rates, "network.seeds", "network.batch_size", "network.hidden", "network.seed"
        )
        settings = controls.read_or_last(NetworkSettings)
        all_hparams = _hparams(controls, settings)
        controls.show_presets(PRESETS, NetworkSettings)
    with layout.stage:
        task, label = NetworkTask(settings, all_hparams), "Train the networks"
        found = results([task], "optimizers-network", run_label=label, place=layout.run)
        if not found or found[0] is None:
            return
        (found,) = found
        chart(loss_by_step(found), "network_steps", layout.words)
        if not _guess(controls, layout, found):
            return
    with layout.beside:
        chart(loss_by_time(found), "network_time")
    layout.below.dataframe(summary(found), hide_index=True)
    if settings.rule == "best":
        label = f"The last training loss of every rate that was tried, with seed {settings.trial_seed}"
        table(tried_rates(found), "network_tried", label)
    st.markdown(
        "**Find out.** Is the order the same when each has its best learning rate? What does one step of the optimizer "
        "that needs the fewest cost?"
    )
    program_panel(network_program(found))


def _guess(controls: Controls, layout: Layout, found: Comparison) -> bool:
    """By time, after the picture by steps."""
    target = found.target
    by_steps = target and clear_first(found.steps_to(target))
    by_time = target and clear_first(found.milliseconds_to(target))
    if not by_steps or not by_time:
        return True
    question = f"{by_steps} needs the fewest steps to a loss of {fmt(target)}. Is it the first by the clock, too?"
    right = FIRST_TOO[by_steps == by_time]
    about = (found.settings, tuple(run.hparams for run in found.runs))
    return prediction(controls, layout, question, list(FIRST_TOO.values()), [right], time_words(found), about)


def _hparams(controls: Controls, settings: NetworkSettings) -> tuple[Hyperparameters, ...]:
    """The optimizers with the learning rates that the rule gives them."""
    all_hparams = [read_hparams(controls, name) for name in settings.optimizers]
    if settings.rule == "own":
        return tuple(all_hparams)
    lr = settings.lr if settings.rule == "same" else RATES[0]  # its own lr does not count, so it makes no other task
    return tuple(replace(hparams, lr=lr) for hparams in all_hparams)
