"""Digits: the same kind of network reads handwriting, and is judged by images that it never saw."""

import streamlit as st

from core.multilayer_perceptron.digits import BANDS, DigitsRun, DigitsSettings, DigitsTask, band, digits_program
from figures.multilayer_perceptron.digits import (
    accuracy_by_hand,
    accuracy_words,
    confusion_matrix,
    digit_losses,
    unit_picture,
    unseen,
    wrong_images,
)
from ui.chart import chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "One layer": ("32 hidden neurons are enough for nearly all digits.", {}),
    "Four neurons": ("Ten classes have to pass through four numbers.", {"digits.hidden": "4"}),
    "No patience": ("Two epochs only.", {"digits.num_epochs": 2}),
    "Few images": ("Trained on one image in five, tested on the rest.", {"digits.holdout": 0.8}),
}


def show(controls: Controls) -> None:
    st.markdown(
        "**Can the same kind of network read handwriting?** It is given 64 pixels instead of two coordinates, and has "
        "ten answers instead of one."
    )
    layout = view_layout()
    with layout.side:
        controls.show("digits.hidden", "digits.lr", "digits.num_epochs", "digits.seed")
        controls.show_more("digits.batch_size", "digits.optimizer", "digits.holdout")
        controls.show_presets(PRESETS, DigitsSettings)
        settings = controls.read_or_last(DigitsSettings)
    with layout.stage:
        found = results([DigitsTask(settings)], "multilayer_perceptron-digits", run_label=None, place=layout.run)
    if not found:
        return
    run = found[0]
    if not _guess(controls, layout, run):
        with layout.stage:
            chart(unseen(run), "unseen", layout.words)
        return
    if run.diverged:
        with layout.stage:
            chart(digit_losses(run), "digit_losses", layout.words)
    else:
        _pictures(controls, layout, run)
    program_panel(digits_program(run))


def _guess(controls: Controls, layout: Layout, run: DigitsRun) -> bool:
    question = "After training, how many of 100 digits that it has never seen will it get right?"
    why = "The network has diverged." if run.diverged else f"It was right in {accuracy_words(run)}."
    return prediction(controls, layout, question, list(BANDS), band(run), why, run.settings)


def _pictures(controls: Controls, layout: Layout, run: DigitsRun) -> None:
    with layout.stage:
        chart(confusion_matrix(run), "confusion", layout.words)
    with layout.beside:
        chart(wrong_images(run), "mistakes")
    first, second = st.columns(2, gap="large")
    with first:
        st.markdown("**What does a hidden neuron look for?**")
        last = run.settings.sizes[1] - 1
        controls.show("unit", most=last)
        chart(unit_picture(run, min(controls.values["unit"], last)), "unit")
    with second:
        chart(digit_losses(run), "digit_losses")
    st.markdown("**Find out.** With how few hidden neurons does it still read nine of ten digits?")
    worked_step(accuracy_by_hand(run))
