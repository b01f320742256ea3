"""An input on its way through the layers, in eval() and in train()."""

import streamlit as st

from core.neural_networks.program import run_program
from core.neural_networks.run import Run, first_relu, holds_digits, run_layers, zero_share
from core.neural_networks.settings import ModelSettings, RunSettings
from figures.neural_networks.run import by_hand, is_long, labels, maps, strips, strips_from, why_zeros
from pages.neural_networks.shared import PRESETS as MODELS
from pages.neural_networks.shared import model_controls, show_mismatch
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber
from ui.worked_step import worked_step

DROPOUT = "Flatten(), Linear(64, 32), ReLU(), Dropout(0.5), Linear(32, 10)"
NORM = "Flatten(), Linear(64, 16), BatchNorm1d(16), ReLU(), Linear(16, 10)"
DIGIT = {"shape": "1, 1, 8, 8", "run.source": "digit"}
PRESETS = {
    "The course's MLP": MODELS["The course's MLP"],
    "Dropout": ("In train(), each hidden number becomes 0 with probability 0.5.", DIGIT | {"layers": DROPOUT, "at": 4}),
    "Batch norm": (
        "Four digits; train() looks at all of them.",
        DIGIT | {"layers": NORM, "shape": "4, 1, 8, 8", "at": 3},
    ),
    "A batch of one": ("Batch norm with one digit: train() fails.", DIGIT | {"layers": NORM}),
    "A small CNN": (MODELS["A small CNN"][0], DIGIT | {"layers": MODELS["A small CNN"][1]["layers"]}),
}
SHARES = {"few": "Few or none", "half": "About half", "most": "Nearly all"}


def show(controls: Controls) -> None:
    st.markdown("**What does each layer hand to the next?** And does `train()` change it?")
    layout = view_layout()
    with layout.side:
        built = model_controls(controls)
        show_mismatch(controls, built)
        if holds_digits(built.settings):
            controls.show("run.source")
            if controls.values["run.source"] == "digit":
                controls.show("run.digit")
        controls.show_more("seed")
        controls.show_presets(PRESETS, ModelSettings, RunSettings)
    run = run_layers(built.settings, controls.read(RunSettings))
    long = is_long(run)
    with layout.stage:
        if not built.mismatch and not _guess(controls, layout, run):
            before = first_relu(run) - 1
            near = before if long else None
            held_chart(strips(run, near), "strips", layout.words, hidden=strips_from(run, before, near))
            return
        name, steps = f"{built.settings}|{run.settings}", list(range(len(run.names)))
        at = scrubber(controls, "at", steps, labels(run), [] if long else ["strips"], name, "Layer")
        chart(strips(run, at if long else None), "strips", layout.words)
    with layout.below:
        if run.trouble:
            st.error(
                "In `train()`, batch norm divides by the spread of each feature over the batch, and one sample has no "
                "spread. Give it at least two samples, or call `model.eval()`. PyTorch's own words:"
            )
            st.code(run.trouble, language=None, wrap_lines=True)
        if images := maps(run, at):
            chart(images, "images")
        if step := by_hand(run, at):
            worked_step(step)
        st.markdown("**Find out.** With the preset Dropout: which numbers does `train()` change, and by what factor?")
    program_panel(run_program(run))


def _guess(controls: Controls, layout: Layout, run: Run) -> bool:
    place = first_relu(run)
    if place is None or run.trouble:
        return True
    question = f"`{run.names[place]}` is a ReLU: it turns what is below 0 into 0. How many of its numbers are 0?"
    right = [SHARES[zero_share(run.evaluated[place])]]
    about = (run.model, run.settings)
    return prediction(controls, layout, question, list(SHARES.values()), right, why_zeros(run, place), about)
