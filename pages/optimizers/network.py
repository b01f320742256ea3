"""A real network: who is ahead by steps, who by time, and is it more than luck?"""

from dataclasses import replace

import streamlit as st

from core.optim.hyperparameters import Hyperparameters
from core.optimizers.network import RATES, Comparison, NetworkSettings
from core.optimizers.network_program import network_lines, network_program
from core.optimizers.network_training import Training
from figures.optimizers.network import accuracy, loss_by_step, loss_by_time
from figures.optimizers.network_regions import regions
from figures.optimizers.network_words import ahead, at_the_edge, claim, label, summary, tried, trouble
from figures.words import plural
from pages.optimizers.shared import read_hparams
from ui.chart import chart, table
from ui.controls import Controls
from ui.long_work import Job, results
from ui.page import load_library
from ui.program import program_panel
from ui.scrubber import scrubber


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        follow = controls.values["network_follow"]
        rule = controls.values["network.rule"]
        rate = {"same": ["network.lr"], "own": [f"{follow}.lr"], "best": []}[rule]
        controls.show("network.data", "network.rule", *rate, "network.steps", "network_follow")
        controls.show_more(
            "network.optimizers", "network.seeds", "network.batch_size", "network.hidden", "network.seed"
        )
        settings = controls.read_or_explain(NetworkSettings)
        all_hparams = _entries(controls, settings) if settings else None
        found = _found(controls, settings, all_hparams) if all_hparams else None
        _presets(controls)
        controls.reset_button()
    with picture:
        if found is None or not found.moments:
            _not_yet(settings)
            return
        _figures(controls, found, follow)
    first, second = st.columns([1.4, 1], gap="large")
    with first:
        st.dataframe(summary(found), hide_index=True)
        st.markdown(claim(found))
        _about_rates(found)
    with second:
        st.markdown(
            "**Find out by moving the controls.** Is the order the same when each has its best learning rate? Who "
            "gains most by it? Which optimizer needs the fewest steps, and what does one of its steps cost? With how "
            "many seeds would you believe that one is better than its neighbour? Does the lowest training loss also "
            "bring the highest validation accuracy?"
        )
    _about(found)
    st.code("\n".join(network_lines(found)), language=None)
    program_panel(
        network_program(found),
        "optimizers_network",
        f"Run by itself, it prints the lines above: every optimizer with seed {found.settings.seed}.",
    )


def _entries(controls: Controls, settings: NetworkSettings) -> tuple[Hyperparameters, ...] | None:
    """The optimizers with the learning rates that the rule gives them; None if one of them is explained away."""
    all_hparams = [read_hparams(controls, name) for name in settings.optimizers]
    if None in all_hparams:
        return None
    if settings.rule == "same":
        return tuple(replace(hparams, lr=settings.lr) for hparams in all_hparams)
    if settings.rule == "best":  # so that its own lr, which does not count, makes no other job of it
        return tuple(replace(hparams, lr=RATES[0]) for hparams in all_hparams)
    return tuple(all_hparams)


def _found(
    controls: Controls, settings: NetworkSettings, all_hparams: tuple[Hyperparameters, ...]
) -> Comparison | None:
    if settings.data == "digits":
        load_library("sklearn.datasets")
    job = Job(("network", settings, all_hparams), settings.updates, lambda: Training(settings, all_hparams))
    end = controls.kinds["network_at"].high
    found = results(
        [job], "optimizers-network", run_label="Train the networks", on_run=lambda: controls.set(network_at=end)
    )
    return found[0] if found else None


def _not_yet(settings: NetworkSettings | None) -> None:
    """What stands in the place of the figures, and what the button will do."""
    if settings is None:
        return
    tries = f"First, {len(RATES)} learning rates are tried for each. " if settings.rule == "best" else ""
    st.info(
        f"{tries}{plural(len(settings.optimizers), 'optimizer')} will train networks from "
        f"{plural(settings.seeds, 'seed')}, {plural(settings.steps)} each. Press **Train the networks**; the figures "
        "appear here."
    )


def _figures(controls: Controls, found: Comparison, follow: str) -> None:
    st.markdown(ahead(found))
    if trouble(found):
        st.warning(trouble(found))
    follow = found.of(follow).name
    if follow != controls.values["network_follow"]:
        st.info(f"{controls.values['network_follow']} is not among the optimizers that run; shown is {follow}.")
    labels = [label(found, moment, follow) for moment in range(len(found.moments))]
    flat = found.of(follow).regions is not None
    charts = ["network_steps", "network_time", *["network_regions"] * flat, "network_accuracy"]
    run = f"{hash((found.settings, tuple(run.hparams for run in found.runs)))}{follow}"
    scrubber(controls, "network_at", found.moments, labels, charts, run)
    one, two = st.columns(2)
    with one:
        chart(loss_by_step(found, follow), "network_steps")
    with two:
        chart(loss_by_time(found, follow), "network_time")
    one, two = st.columns(2) if flat else (None, st.container())
    if flat:
        with one:
            chart(regions(found, follow), "network_regions")
    with two:
        chart(accuracy(found, follow), "network_accuracy")


def _about_rates(found: Comparison) -> None:
    if found.settings.rule != "best":
        return
    st.markdown(
        f"Each rate of {', '.join(f'{rate:g}' for rate in RATES)} was tried with seed {found.settings.trial_seed}, "
        f"which does not count afterwards; the one with the lowest last training loss was taken. {at_the_edge(found)}"
    )
    table(tried(found), "network_tried", "The last training loss of every rate")


def _about(found: Comparison) -> None:
    names = found.settings.optimizers
    text = (
        f"The network has two hidden layers of {found.settings.hidden} units with ReLU and ends in cross-entropy. With "
        "one seed all optimizers have the same first weights and the same batches; the seeds differ in both, the data "
        "stay the same."
    )
    if "LBFGS" in names:
        text += (
            " **LBFGS** takes all training samples in each of the up to 20 moves of its step: its guesses of the "
            "curvature would be wrong if the batch changed in between."
        )
    if "Muon" in names:
        text += " **Muon** moves the weight matrices; the biases are left to AdamW with the same lr."
    if "SparseAdam" in names:
        text += " **SparseAdam** gets gradients in which the all_hparams that are 0 are left out."
    st.markdown(text)


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("network")
    usual |= {"network_follow": "Adam", "network_at": controls.kinds["network_at"].high}
    with st.container(horizontal=True):
        controls.preset(
            "The course's two",
            "SGD(lr=0.01, momentum=0.9) and Adam(lr=0.01).",
            **usual
            | {
                "network.optimizers": ("Momentum", "Adam"),
                "network.lr": 0.01,
                "network.steps": 200,
                "Momentum.momentum": 0.9,
            },
        )
        controls.preset(
            "Each at its best", "Seven learning rates are tried for each.", **usual | {"network.rule": "best"}
        )
        controls.preset(
            "Adam's kin",
            "Six that differ little: do their bands overlap?",
            **usual | {"network.optimizers": ("Adam", "AdamW", "Adamax", "NAdam", "RAdam", "Adafactor")},
        )
        controls.preset(
            "Digits",
            "Real images: 1,198 to learn from, 599 to be judged by.",
            **usual
            | {
                "network.data": "digits",
                "network.lr": 0.01,
                "network.steps": 100,
                "network.optimizers": ("SGD", "Momentum", "RMSprop", "Adam", "Muon"),
            },
        )
