"""Break the loop on purpose: each mistake run beside the course's loop."""

from dataclasses import replace

import streamlit as st

from core.training_loop.health import equal_losses
from core.training_loop.program import program
from core.training_loop.run import Run
from core.training_loop.settings import MistakesViewState, TrainingLoopSettings
from core.training_loop.train import number_sum_training
from figures.training_loop.mistakes import compared, outcome
from pages.training_loop import hidden_mistake
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel

MISTAKES = {  # name on screen -> what is changed in the settings, and why it does what it does
    "the course's loop": ({"loop": "course"}, "All five lines, in their order."),
    "no zero_grad": ({"loop": "no_zero_grad"}, "Gradients add up: each step follows the sum of all batches so far."),
    "no step": ({"loop": "no_step"}, "Gradients are computed and thrown away. No weight ever moves."),
    "step before backward": ({"loop": "step_before_backward"}, "The step finds no gradient. No weight ever moves."),
    "no shuffle": ({"loop": "course", "shuffle": False}, "Each batch holds neighbours, which are alike."),
}
PAIRS = (("no zero_grad", "no shuffle"), ("no step", "step before backward"), ("no zero_grad", "no step"))


def show(controls: Controls) -> None:
    st.markdown("**What happens when a line of the loop is missing, or two are swapped?** All begin alike.")
    layout = view_layout()
    with layout.side:
        controls.show("lr", "num_epochs", "seed")
        controls.show_more("batch_size", "hidden", "optimizer")
        controls.reset_button(MistakesViewState)
    with layout.stage:
        settings = controls.read_or_last(TrainingLoopSettings)
        variants = {name: replace(settings, **change) for name, (change, _) in MISTAKES.items()}
        tasks = [number_sum_training(variant, title=name) for name, variant in variants.items()]
        found = results(tasks, "training_loop-mistakes", run_label="Run all five loops", at_once=4, place=layout.run)
        runs = dict(zip(variants, found, strict=True)) if found else {}
        if runs and not _guess(controls, layout, runs):
            held_chart(compared(runs), "mistakes", layout.words, hidden=range(1, len(runs)))
            return
        if runs:
            chart(compared(runs), "mistakes", layout.words)
    with layout.below:
        for name, run in runs.items():
            st.markdown(f"**{name}**: {outcome(run)} {MISTAKES[name][1]}")
    st.markdown("**Find out.** Is there an lr at which the loop without `zero_grad` ends lower than the course's loop?")
    hidden_mistake.show(controls, MISTAKES)
    name = st.selectbox("The program of", list(variants), key="training_loop-broken")
    program_panel(program(variants[name], runs.get(name)))


def _guess(controls: Controls, layout: Layout, runs: dict[str, Run]) -> bool:
    pairs = {f"{one} and {other}": equal_losses(runs[one], runs[other]) for one, other in PAIRS}
    why = (
        "A loop without `step`, and one whose `step` finds no gradient, compute everything and use nothing. No error "
        "message tells you so."
    )
    question, about = (
        "Two of the four mistakes give exactly the same curve. Which two?",
        tuple(run.settings for run in runs.values()),
    )
    right = [pair for pair, equal in pairs.items() if equal]
    return prediction(controls, layout, question, list(pairs), right, why, about)
