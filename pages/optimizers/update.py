"""One update: what a step is made of."""

import streamlit as st

from core.optim.hyperparameters import Hyperparameters, hyperparameters_of
from core.optim.known import OPTIMIZERS
from core.optimizers.outcome import reason
from core.optimizers.program.update import update_program
from core.optimizers.settings import OptimizersViewState, RaceSettings, SurfaceSettings
from core.optimizers.update import StepTrace, StepTraceTask, follows_steepness, most_steps, opening
from core.plane.surfaces import SURFACES
from figures.optimizers.race.ranking import why_in_words
from figures.optimizers.update.arrows import arrows, step_label
from figures.optimizers.update.calculation import calculation, direction, step_question, sum_of_terms
from figures.optimizers.update.history import history
from figures.optimizers.update.map import update_box, update_map
from pages.optimizers.shared import (
    read_hparams,
    read_surface,
    show_hyperparameters,
    show_surface,
    start_at,
    with_lr,
)
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber

CHARTS = ["update", "update_plane", "update_history"]


def step_of(name: str, at: int, surface: str = "beale", **values: object) -> dict[str, object]:
    """The values of a preset: one step of one optimizer, from the start that is worth seeing on a surface."""
    x, y = SURFACES[surface].start
    return {"follow": name, "at": at, "surface": surface, "x": x, "y": y} | values


PRESETS = {
    "Adam's first step": ("lr in each coordinate, whatever the gradient.", step_of("Adam", 0)),
    "RMSprop's first step": ("Ten times lr in each coordinate, since α = 0.99.", step_of("RMSprop", 0)),
    "Adadelta's start": (
        "lr = 1, and yet 0.0032 in each coordinate: √(ε/(1 − ρ)).",
        step_of("Adadelta", 0, lr=1.0),
    ),
    "Carried uphill": ("Momentum is stronger than the gradient.", step_of("Momentum", 13, "himmelblau", lr=0.005)),
    "Nesterov looks ahead": (
        "The gradient counts nearly twice beside the momentum.",
        step_of("Nesterov", 8, "rosenbrock", lr=0.0005),
    ),
    "Rprop turns": ("In x the gradient changes its sign: no step there.", step_of("Rprop", 9)),
    "RAdam warms up": ("Its first five steps do not divide.", step_of("RAdam", 3, lr=0.001)),
    "AdamW's pull": (
        "Weight decay beside the step, straight to (0, 0).",
        step_of("AdamW", 30, "booth", lr=0.1, **{"AdamW.weight_decay": 1.0}),
    ),
    "Adafactor's limit": ("An update that is too long is cut.", step_of("Adafactor", 4, "himmelblau", lr=0.1)),
    "LBFGS in one step": ("Many moves in one step, down to the lowest point.", step_of("LBFGS", 0, lr=1.0)),
}


def show(controls: Controls) -> None:
    st.markdown("**What is one step of an optimizer made of?**")
    layout = view_layout()
    with layout.side:
        settings, surface, hparams = _controls(controls)
    with layout.stage:
        trace = _trace(layout, surface, with_lr([hparams], settings)[0], settings.steps)
        at = trace and _charts(controls, layout, trace)
    if at is None:
        return
    st.subheader(f"Step {at + 1} of {hparams.name} in numbers")
    st.markdown(f"{direction(trace, at)} In PyTorch's order:")
    st.table(calculation(trace, at), hide_index=True, border="horizontal")
    st.markdown("The terms add up to the step taken:")
    st.table(sum_of_terms(trace, at), hide_index=True, border="horizontal")
    st.markdown(
        "**Find out.** For which classes does the first step have the same length on every surface? In which step does "
        "momentum carry the point uphill?"
    )
    program_panel(update_program(trace, at))


def _controls(controls: Controls) -> tuple:
    show_surface(controls)
    name = controls.values["follow"]
    controls.show("follow", "lr" if controls.values["rule"] == "same" else f"{name}.lr", "steps")
    with controls.show_more("rule", "x", "y"):
        show_hyperparameters(controls, name, "lr")
    if controls.values["rule"] == "best":
        st.caption(f"The race looks for the best rates; here {name} has the lr that is set above.")
    fresh = (SurfaceSettings, RaceSettings, OptimizersViewState)
    controls.show_presets(PRESETS, *fresh, *map(hyperparameters_of, OPTIMIZERS))
    return controls.read(RaceSettings), read_surface(controls), read_hparams(controls, name)


def _trace(layout: Layout, surface: SurfaceSettings, hparams: Hyperparameters, steps: int) -> StepTrace | None:
    """The run, with why it ends early; None while it is not there."""
    most = most_steps(hparams)
    if most < steps:
        layout.words.info(
            f"{hparams.name} makes up to {hparams.max_iter} moves in a step: {most} steps of it are shown."
        )
    found = results([StepTraceTask(surface, hparams, min(steps, most))], "optimizers-update", run_label=None)
    if found is None:
        return None
    (trace,) = found
    run = trace.run
    if not run.steps:
        layout.words.warning(f"No step can be taken from this start: {run.diverged}. Choose another one.")
    elif run.diverged_at is not None:
        why = why_in_words(run, reason(run, run.steps, surface.shape))
        layout.words.warning(f"{run.name} diverges at step {run.diverged_at}: {run.diverged}. {why}")
    return trace


def _charts(controls: Controls, layout: Layout, trace: StepTrace) -> int | None:
    """The cursor and the charts that it moves; returns the step at which the reader rests, None where there is none."""
    box = update_box(trace.surface)
    if not trace.run.steps:
        chart(update_map(trace), "update_plane", layout.words, on_place=lambda x, y: start_at(controls, box, x, y))
        return None
    moments = list(range(trace.run.steps))
    if not _guess(controls, layout, trace):
        drawn = update_map(trace)
        point = len(drawn.figure.data) - 1  # before it stand the path and the part so far, each with its white edge
        held_chart(drawn, "update_plane", layout.words, hidden=range(point - 4, point))
        return None
    labels = [step_label(trace, at) for at in moments]
    identity = f"{hash((trace.surface, trace.run.hparams, trace.run.steps))}update"
    at = scrubber(controls, "at", moments, labels, CHARTS, identity, "Step to explain", opening(trace))
    chart(arrows(trace), "update", layout.words)
    with layout.beside:
        chart(update_map(trace), "update_plane", on_place=lambda x, y: start_at(controls, box, x, y))
    with layout.below:
        chart(history(trace), "update_history")
    return at


def _guess(controls: Controls, layout: Layout, trace: StepTrace) -> bool:
    right, about = follows_steepness(trace, opening(trace)), (trace.surface, trace.run.hparams, trace.run.steps)
    if right is None:
        return True
    question, options, why = step_question(trace, opening(trace))
    return prediction(controls, layout, question, list(options.values()), [options[right]], why, about)
