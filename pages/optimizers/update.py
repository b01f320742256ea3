"""One update: what a step is made of."""

import streamlit as st

from core.optim.known import OPTIMIZERS
from core.optimizers.settings import WIDEST, RaceSettings, SurfaceSettings
from core.optimizers.update import most_steps, opening, step_trace
from core.optimizers.update_program import lines, program
from core.plane.surfaces import SURFACES
from core.settings import defaults
from figures.optimizers.update import update
from figures.optimizers.update_caption import label
from figures.optimizers.update_history import history
from figures.optimizers.update_map import box_around, plane
from figures.optimizers.update_words import calculation, matters, sum_of_terms, troubles
from pages.optimizers.shared import (
    read_hparams,
    read_surface,
    show_hyperparameters,
    show_surface,
    with_rates,
)
from ui.chart import chart, rounded
from ui.controls import Controls
from ui.program import program_panel
from ui.scrubber import scrubber

CHARTS = ["update", "update_plane", "update_history"]


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        settings, surface, hparams = _controls(controls)
    with picture:
        if surface is None or settings is None or hparams is None:
            return
        hparams = with_rates([hparams], settings)[0]
        steps = min(settings.steps, most_steps(hparams))
        run = step_trace(surface, hparams, steps)
        if steps < settings.steps:
            st.info(f"{hparams.name} makes up to {hparams.max_iter} moves in a step: {steps} steps of it are shown.")
        if not run.steps:
            st.warning(f"No step can be taken from this start: {run.diverged}. Choose another start or surface.")
        moments = list(range(max(run.steps, 1)))
        labels = [label(run, at) for at in range(run.steps)] or [f"No step: {run.diverged}."]
        for sentence in troubles(run):
            st.warning(sentence)
        identity = f"{hash((surface, hparams, steps))}update"
        at = scrubber(controls, "at", moments, labels, CHARTS, identity, "Step to explain", opening(run))
        one, two = st.columns([1.25, 1])
        with one:
            chart(update(run), "update")
        with two:
            chart(plane(run), "update_plane", on_place=lambda x, y: _begin_at(controls, surface, x, y))
        chart(history(run), "update_history")
    _words(run, at)


def _controls(controls: Controls) -> tuple:
    show_surface(controls)
    name = controls.values["follow"]
    shared = controls.values["rule"] == "same"
    controls.show("follow", "lr" if shared else f"{name}.lr", "steps")
    with controls.show_more("rule", "x", "y"):
        show_hyperparameters(controls, name, "lr")
    if controls.values["rule"] == "best":
        st.caption(f"The best rates are looked for in the race; here {name} has the lr that is set above.")
    settings, surface = controls.read_or_explain(RaceSettings), read_surface(controls)
    hparams = read_hparams(controls, name)
    _presets(controls)
    controls.reset_button()
    return settings, surface, hparams


def _begin_at(controls: Controls, surface: SurfaceSettings, x: float, y: float) -> None:
    x_low, x_high, y_low, y_high = (max(-WIDEST, min(WIDEST, edge)) for edge in box_around(surface))
    controls.set(x=rounded(x, x_low, x_high), y=rounded(y, y_low, y_high))


def _words(run: object, at: int) -> None:
    if not run.steps:
        st.code(f"no step: {run.diverged}", language=None)
        return
    st.subheader(f"Step {at + 1} of {run.hparams.name} in numbers")
    st.markdown(matters(run, at))
    st.markdown(calculation(run, at))
    st.markdown(f"The terms add up to the step taken:\n\n{sum_of_terms(run, at)}")
    st.markdown(
        "**Find out by moving the controls.** For which classes does the first step have the same length on every "
        "surface, and why? In which step does momentum carry the place uphill? How does β₁ = 0 change the arrows?"
    )
    st.code("\n".join(lines(run, at)), language=None)
    program_panel(
        program(run, at),
        "optimizers_update",
        "It takes the steps up to this one with the real class. Run by itself, it prints the lines above, to the last "
        "digit.",
    )


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of(*OPTIMIZERS) | defaults(RaceSettings) | {"view": "update", "surface": "beale"}

    def preset(label: str, what: str, name: str, at: int, **values: object) -> None:
        """One optimizer with its hyperparameters by default but for some, at one of its steps."""
        chosen = usual | {"follow": name, "at": at} | values
        chosen["x"], chosen["y"] = SURFACES[chosen["surface"]].start
        controls.preset(label, what, **chosen)

    with st.container(horizontal=True):
        preset("Adam's first step", "lr in each coordinate, whatever the gradient.", "Adam", 0)
        preset("RMSprop's first step", "Ten times lr in each coordinate, since α = 0.99.", "RMSprop", 0)
        preset("Adadelta's start", "lr = 1, and yet 0.0032 in each coordinate: √(ε/(1 − ρ)).", "Adadelta", 0, lr=1.0)
        preset(
            "Carried uphill", "Momentum is stronger than the gradient.", "Momentum", 13, surface="himmelblau", lr=0.005
        )
        preset(
            "Nesterov looks ahead",
            "The gradient counts nearly twice beside the momentum.",
            "Nesterov",
            8,
            surface="rosenbrock",
            lr=0.0005,
        )
        preset("Rprop turns", "In x the gradient changes its sign: no step there.", "Rprop", 14)
        preset("RAdam warms up", "Its first five steps do not divide.", "RAdam", 3, lr=0.001)
        preset(
            "AdamW's pull",
            "Weight decay beside the step, straight to (0, 0).",
            "AdamW",
            30,
            surface="booth",
            lr=0.1,
            **{"AdamW.weight_decay": 1.0},
        )
        preset("Adafactor's limit", "An update that is too long is cut.", "Adafactor", 4, surface="himmelblau", lr=0.1)
        preset("LBFGS in one step", "Many moves in one step, down to the lowest point.", "LBFGS", 0, lr=1.0)
