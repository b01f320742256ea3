"""Which run is on screen: shared by the views that look at one and the same run."""

from dataclasses import replace

import streamlit as st

from core.perceptron.learn import PerceptronRun, run
from core.perceptron.margin import margin
from core.perceptron.program import lines, program
from core.perceptron.settings import BLOBS, DATA, PerceptronSettings
from figures.perceptron.written import plural
from ui.controls import Controls
from ui.program import program_panel
from ui.scrubber import scrubber


def run_on_screen(controls: Controls, data: str = "") -> PerceptronRun | None:
    """The run of the settings on screen, on other data if named; None, with the reason shown, if there can be none."""
    settings = controls.read_or_explain(PerceptronSettings)
    if settings is None:
        return None
    try:
        return run(replace(settings, data=data or settings.data))
    except ValueError as error:
        st.info(f"{error} Set some under “Your points”.")
        return None


def knobs(controls: Controls) -> None:
    """The controls of a run, the rest under a lid."""
    blobs = controls.values["data"] in BLOBS
    controls.show("data", *(["gap"] if blobs else []), "order", "lr", "seed")
    _points_problem(controls)
    controls.show_more(*(["n_samples", "noise"] if blobs else []), "bias", "max_updates")
    controls.reset_button()


def _points_problem(controls: Controls) -> None:
    if controls.values["view"] != "own":
        controls.show_problem("points")


def time_slider(
    controls: Controls, shown: PerceptronRun, charts: list[str], field: str = "at", moments: list[int] | None = None
) -> int:
    """The scrubber over the run's updates; returns the number of updates at the chosen moment."""
    moments = moments or shown.moments
    most = margin(shown.samples).most
    labels = [_label(shown, at, most) for at in moments]
    identity = f"{hash(shown.settings)}{field}"
    return moments[scrubber(controls, field, moments, labels, charts, identity)]


def _label(shown: PerceptronRun, at: int, most: int | None) -> str:
    limit = "no bound: no line fits" if most is None else f"at most {most:,}"
    count = f"Mistakes so far: {at:,} ({limit})."
    if at == shown.updates:
        end = {"converged": "every sample is right", "cycle": "the weights go in a circle", "stopped": "stopped here"}
        return f"After update {at:,}, the last: {end[shown.outcome]}. {count}"
    row = int(shown.rows[at])
    return (
        f"Before update {at + 1:,} of {shown.updates:,}, pass {int(shown.passes[at])}: sample {row} of class "
        f"{int(shown.samples.label[row])} is wrong. {count}"
    )


def outcome(shown: PerceptronRun) -> str:
    """How the run ended, in one or two sentences with its numbers."""
    found, name = margin(shown.samples), DATA[shown.settings.data]
    line = "line" if shown.samples.bias else "line through the origin"
    if shown.outcome == "converged":
        return (
            f"**{name}: learned** after {plural(shown.updates, 'update')} in {shown.n_passes} passes (the "
            f"last one finds no mistake). Novikoff's bound is {found.bound:,.1f}."
        )
    if shown.cycle:
        return (
            f"**{name}: a cycle of {plural(shown.cycle.length, 'state')}.** After update "
            f"{shown.cycle.start + shown.cycle.length:,} the weights are what they were after update "
            f"{shown.cycle.start:,}, and the same samples come in the same order: it never ends."
        )
    if found.separable:
        return (
            f"**{name}: stopped** after {plural(shown.updates, 'update')}. There is a {line} that separates the "
            f"classes, and the rule finds one after at most {plural(found.most, 'update')}."
        )
    return (
        f"**{name}: stopped** after {plural(shown.updates, 'update')}. No {line} separates the classes: it would "
        "never end."
    )


def program_of(shown: PerceptronRun) -> None:
    """What the run prints, and the program that prints it."""
    st.code("\n".join(lines(shown)), language=None)
    program_panel(
        program(shown),
        "perceptron",
        "The samples and settings on screen are written into it. Run by itself, it prints the four lines above.",
    )
