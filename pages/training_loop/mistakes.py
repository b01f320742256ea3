"""Break the loop on purpose: each mistake run beside the course's loop."""

from dataclasses import replace
from itertools import combinations

import streamlit as st

from core.training_loop.program import program
from core.training_loop.record import Run
from core.training_loop.settings import TrainingLoopSettings
from figures.training_loop.losses import compared
from pages.training_loop.runs import job
from ui.chart import chart
from ui.controls import Controls
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel

COURSE = "the course's loop"
MISTAKES = {  # name on screen -> what is changed in the settings, and why it does what it does
    COURSE: ({"loop": "course"}, "All five lines, in their order."),
    "no zero_grad": (
        {"loop": "no_zero_grad"},
        "Every backward adds to the gradients that are there, so each step follows the sum of all batches so far: "
        "it keeps running long after the direction has changed.",
    ),
    "no step": ({"loop": "no_step"}, "Gradients are computed and thrown away. No weight ever moves."),
    "step before backward": (
        {"loop": "step_before_backward"},
        "The step runs while `.grad` is still empty, then backward fills it, then zero_grad empties it again. "
        "No weight ever moves, and nothing complains.",
    ),
    "no shuffle": (
        {"loop": "course", "shuffle": False},
        "Each batch holds neighbours: in the course's data all pairs with the same first number. "
        "A step that suits them can be wrong for all others.",
    ),
}


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        st.markdown("Five loops, the same first weights, the same data.")
        controls.show("lr", "num_epochs", "seed")
        controls.show_more("batch_size", "hidden", "optimizer")
        controls.reset_button()
    with picture:
        settings = controls.read_or_explain(TrainingLoopSettings)
        if settings is None:
            return
        variants = {name: replace(settings, **change) for name, (change, _) in MISTAKES.items()}
        question = st.container()
        found = results(
            [job(variant, title=name) for name, variant in variants.items()],
            "training_loop-mistakes",
            run_label="Run all five loops",
        )
        with question:
            _guess_first(found)
        if found is None:
            return
        runs = dict(zip(variants, found, strict=True))
        chart(compared(runs), "mistakes")
    for name, run in runs.items():
        st.markdown(f"**{name}** — {_outcome(run, runs[COURSE])} {MISTAKES[name][1]}")
    _broken_program(variants)


def _guess_first(found: list[Run] | None) -> None:
    runs = dict(zip(MISTAKES, found, strict=True)) if found else {}

    def reveal(_: str) -> str:
        if not runs:
            return "Run all five loops, and the answer stands here."
        twins = [
            f"*{one}* and *{other}*" for one, other in combinations(MISTAKES, 2) if runs[one].same_losses(runs[other])
        ]
        return (
            f"In these runs, equal to the last digit: {', '.join(twins) or 'none'}. A loop without `step`, and one "
            f"whose "
            "`step` finds no gradient, compute everything and use nothing. No error message tells you so."
        )

    prediction(
        "Two of the four mistakes give exactly the same curve. Which two?",
        ["no zero_grad and no shuffle", "no step and step before backward", "no zero_grad and no step"],
        reveal,
        "training_loop-mistakes",
    )


def _outcome(run: Run, course: Run) -> str:
    if run.diverged_at:
        return f"diverged at update {run.diverged_at:,}."
    if not run.epoch_sums or not course.epoch_sums:
        return "not one epoch finished."
    first, last = run.epoch_sums[0] / run.per_epoch, run.epoch_sums[-1] / run.per_epoch
    if run is course:
        return f"mean batch loss from {first:.4g} in the first epoch to {last:.4g} in the last."
    ratio = last / (course.epoch_sums[-1] / course.per_epoch)
    times = f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}"
    return f"ends at a mean batch loss of {last:,.4g}, {times} times the course's."


def _broken_program(variants: dict[str, TrainingLoopSettings]) -> None:
    name = st.selectbox("The program of", list(variants), key="training_loop-broken")
    program_panel(program(variants[name]), "training_loop")
