"""Digits: the same kind of network reads handwriting, and is judged by images that it never saw."""

import streamlit as st

from core.multilayer_perceptron.digits import BANDS, DigitsRun, DigitsSettings, DigitsTask, band, digits_program
from core.multilayer_perceptron.drawing import drawing_from_browser, read_drawing, write_drawing
from figures.digits import confusion_matrix, wrong_images
from figures.multilayer_perceptron.digits import (
    accuracy_by_hand,
    accuracy_words,
    digit_losses,
    drawn_answers,
    unit_picture,
    unseen,
)
from ui.chart import chart
from ui.controls import Controls
from ui.digit_canvas import digit_canvas
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
        chart(confusion_matrix(run, accuracy_words(run)), "confusion", layout.words)
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
    _drawing(controls, run)
    st.markdown(
        "**Find out.** With how few hidden neurons does it still read nine of ten digits? And does it read your own "
        "7, with and without a bar across it?"
    )
    worked_step(accuracy_by_hand(run))


def _drawing(controls: Controls, run: DigitsRun) -> None:
    """What the reader draws, beside what the network makes of it."""
    st.markdown("**Draw one yourself.** Make it as large as the square, like the images above.")
    first, second = st.columns(2, gap="large")
    pixels = _pixels_of(controls)

    def drawn(sent: object) -> None:
        found = drawing_from_browser(sent)
        if found is not None:
            controls.set(drawing=write_drawing(found))

    with first:
        digit_canvas("multilayer_perceptron-drawing", pixels, drawn)
        with st.expander("The drawing as a text", expanded="drawing" in controls.problems):
            controls.show("drawing")
    with second:
        chart(drawn_answers(run, pixels), "answers")


def _pixels_of(controls: Controls) -> list[int]:
    """The drawing as it stands; the page's own where the text says something else, which is said beside it."""
    try:
        return read_drawing(controls.values["drawing"])
    except ValueError as error:
        controls.problems["drawing"] = f"{error} Shown instead: the page's own drawing."
        return read_drawing(controls.defaults["drawing"])
