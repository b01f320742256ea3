"""Which run is on screen: shared by the views that look at one and the same run."""

from dataclasses import replace

import streamlit as st

from core.perceptron.learn import PerceptronRun, run
from core.perceptron.settings import BLOBS, PerceptronSettings
from figures.perceptron.outcome import step_label
from ui.controls import Controls
from ui.scrubber import scrubber


def run_controls(controls: Controls) -> None:
    """The controls of a run, the less important ones in an expander."""
    blobs = controls.values["data"] in BLOBS
    controls.show("data", *(["gap"] if blobs else []), "order", "lr", "seed")
    controls.show_problem("points")
    controls.show_more(*(["n_samples", "noise"] if blobs else []), "bias", "max_updates")


def run_on_screen(controls: Controls, data: str = "") -> PerceptronRun | None:
    """The run of the settings on screen, on other data if named; None, with the reason shown, if there can be none."""
    settings = controls.read_or_last(PerceptronSettings)
    try:
        return run(replace(settings, data=data or settings.data))
    except ValueError as error:
        st.info(f"{error} Set some under “Your points”.")
        return None


def run_scrubber(
    controls: Controls, shown: PerceptronRun, charts: list[str], field: str = "at", steps: list[int] | None = None
) -> int:
    """The scrubber over the run's updates; returns the number of updates at the chosen step."""
    steps = steps or shown.frame_steps
    labels = [step_label(shown, at) for at in steps]
    return steps[scrubber(controls, field, steps, labels, charts, f"{hash(shown.settings)}{field}")]
