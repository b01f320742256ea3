"""Digits, kept out: the split, the accuracy with its interval, and every mistake."""

import streamlit as st

from core.generalization.digits import BANDS, SplitTask
from core.generalization.program import digits_program
from core.generalization.settings import SplitSettings
from figures.digits import confusion_matrix, wrong_images
from figures.generalization.digits import by_hand, guess_words, intervals, right_words, split_bars
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Three in ten": ("539 images are kept out.", {}),
    "One in fifty": ("36 images: even if all are right, little is known.", {"split.holdout": 0.02}),
    "One in fifty, by chance": ("Some digits are hardly tested.", {"split.holdout": 0.02, "split.stratified": False}),
    "A logistic model": ("No hidden layer: 650 numbers to learn instead of 4,810.", {"split.width": 0}),
}
BEFORE = "The split: how many images of each digit are for training, and how many are kept out."


def show(controls: Controls) -> None:
    st.markdown(
        "**How sure is an accuracy?** It is the share of right answers on the images that happened to be kept out. "
        "Others would have given another number."
    )
    layout = view_layout()
    with layout.side:
        controls.show("split.holdout", "split.stratified", "split.width", "split.seed")
        controls.show_more("split.num_epochs")
        controls.show_presets(PRESETS, SplitSettings)
    with layout.stage:
        task = SplitTask(controls.read(SplitSettings))
        found = results([task], "generalization-digits", run_label=None, place=layout.run)
        if not found:
            return
        run = found[0]
        question = (
            f"The share of right answers is measured on the {len(run.y):,} images that are kept out. By how many "
            "percentage points may it be off for all such digits?"
        )
        if not prediction(controls, layout, question, list(BANDS), [run.band], guess_words(run), run.settings):
            held_chart(split_bars(run), "split", layout.words, said=BEFORE)
            return
        chart(intervals(run), "intervals", layout.words)
    with layout.beside:
        chart(confusion_matrix(run, right_words(run)), "confusion")
    left, right = st.columns(2, gap="large")
    with left:
        chart(wrong_images(run), "mistakes")
    with right:
        chart(split_bars(run), "split")
    worked_step(by_hand(run))
    st.markdown(
        "**Find out.** How many images must be kept out for an interval of ± 1 point? Change the seed: how far does "
        "the accuracy move, and does the interval foretell it?"
    )
    program_panel(digits_program(run))
