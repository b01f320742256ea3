"""Sentences of different length in one batch: default collate against padding."""

import streamlit as st

from core.datasets_and_loaders.collate import Collated, default_outcome, run_collate
from core.datasets_and_loaders.program import collate_program
from core.datasets_and_loaders.sentences import SENTENCES
from core.datasets_and_loaders.settings import CollateSettings
from figures.datasets_and_loaders.collate import batch_cells, by_hand, lengths_of_first, others_table
from figures.words import plural
from ui.chart import chart, held_chart, table
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

LONG = (
    "a dog; one very long sentence about ships and other things; a bird; we saw that film about ships last year; "
    "a fish; a cow"
)
PRESETS = {
    "Four sentences": ("Batches of two, each as long as its longest.", {"collate.sentences": SENTENCES}),
    "Default collate": (
        "An error at the first uneven batch.",
        {"collate.sentences": SENTENCES, "collate.collate": "default"},
    ),
    "Equal lengths": (
        "Default collate has nothing against these.",
        {"collate.sentences": "a b c; d e f; g h i; a e i", "collate.collate": "default"},
    ),
    "Two long sentences": (
        "Each fills its batch up with padding.",
        {"collate.sentences": LONG, "collate.batch_size": 3},
    ),
    "Sorted by length": (
        "The same, with less padding.",
        {"collate.sentences": LONG, "collate.batch_size": 3, "collate.by_length": True},
    ),
}
OUTCOMES = {
    "error": "An error",
    "padded": "One tensor, short sentences filled up with zeros",
    "stack": "One tensor, nothing filled up",
}


def show(controls: Controls) -> None:
    st.markdown("**How do sentences of different length become one tensor?** The collate function packs a batch.")
    layout = view_layout()
    with layout.side:
        controls.show("collate.sentences", "collate.collate", "collate.batch_size", "collate.by_length")
        controls.show_presets(PRESETS, CollateSettings)
    found = run_collate(controls.read_or_last(CollateSettings))
    with layout.stage:
        if not _guess(controls, layout, found):
            held_chart(batch_cells(found), "cells", layout.words, said="The sentences, batch by batch.")
            return
        chart(batch_cells(found), "cells", layout.words)
    with layout.below:
        if found.error:
            st.error("Default collate calls `torch.stack`, which needs tensors of one size. PyTorch's own words:")
            st.code(found.error, language=None, wrap_lines=True)
        else:
            one, at_once = found.asked
            st.markdown(
                f"The loader called `__getitem__` {plural(one, 'time')}, once for each sentence. A dataset that has "
                f"`__getitems__` was called {plural(at_once, 'time')}, once for each batch."
            )
        if step := by_hand(found):
            worked_step(step)
        table(others_table(), "others", "What default collate makes of other items")
        st.markdown(
            "**Find out.** Python's 0.5 has 64 bits and a layer's weights 32: what does default collate make of three "
            "such numbers? And how much padding does sorting by length save in the preset “Two long sentences”?"
        )
    program_panel(collate_program(found))


def _guess(controls: Controls, layout: Layout, found: Collated) -> bool:
    lengths, right = lengths_of_first(found), [OUTCOMES[default_outcome(found)]]
    question = f"{lengths} What does *default* collate make of these sentences?"
    why = f"{lengths} `torch.stack` needs equal sizes."
    return prediction(controls, layout, question, list(OUTCOMES.values()), right, why, found.settings)
