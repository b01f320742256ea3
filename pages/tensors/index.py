"""Pick cells by PyTorch's square brackets."""

import streamlit as st

from core.quote import literal
from core.tensors.facts import copied
from core.tensors.index import Picked, pick
from core.tensors.program import index_program
from core.tensors.settings import IndexSettings
from figures.tensors.create import copied_words
from figures.tensors.facts import facts_table
from figures.tensors.index import only, part, whole
from figures.tensors.storage import strip
from pages.tensors.shared import computed, more_controls
from ui.chart import chart
from ui.controls import Controls
from ui.layout import Layout, show_beside, view_layout
from ui.prediction import prediction
from ui.program import program_panel

PRESETS = {
    "One row": ("A whole number takes a dimension away.", {"index.at": "x[1]"}),
    "One column": ("The strides make a column of a table a view, too.", {"index.at": "x[:, 1]"}),
    "A block": ("start:stop and start:stop:step.", {}),
    "From the end": ("Negative numbers count from the end.", {"index.at": "x[-1, -2:]"}),
    "New dimension": ("None puts a dimension of length 1.", {"index.at": "x[:, None, 2]"}),
    "By condition": ("A mask picks in reading order, and copies.", {"index.at": "x[x % 5 == 0]"}),
    "By list": ("A list picks in any order, and copies.", {"index.at": "x[[3, 0, 0]]"}),
    "Backwards": ("PyTorch has no negative strides: its error, explained.", {"index.at": "x[::-1]"}),
    "images[1]": ("The course's second image.", {"index.x": "torch.rand((4, 28, 28))", "index.at": "x[1]"}),
}

COPIES, SHARES = "Yes, all that are picked", "No, none"


def show(controls: Controls) -> None:
    st.markdown("**Which cells does an index pick, and does it copy them?**")
    layout = view_layout()
    with layout.side:
        controls.show("index.x", "index.at")
        seed, asked = controls.values["seed"], controls.read(IndexSettings)
        settings, found, refused = computed(controls, layout, asked, lambda one: pick(one, seed))
        more_controls(controls, PRESETS, IndexSettings)
    with layout.stage:
        if not refused and not _guess(controls, layout, settings, found):
            chart(only(found.whole), "index_x", layout.words)
            return
        show_beside(layout, index_x=whole(found, "x", settings.at), index_y=part(found, "x", settings.at, "picked"))
    with layout.words:
        chart(strip(found.part, literal(settings.at)), "index_storage")
    with layout.below:
        st.table(facts_table(x=found.whole, picked=found.part))
        st.markdown("**Find out.** Does `x[[0, 1], [2, 3]]` pick a block or two cells?")
    program_panel(index_program(refused or settings, None if refused else found, seed))


def _guess(controls: Controls, layout: Layout, settings: IndexSettings, found: Picked) -> bool:
    if not found.part.numel():
        return True
    question = f"Does PyTorch copy the cells that {literal(settings.at)} picks?"
    right, why = COPIES if copied(found.part, found.whole) else SHARES, copied_words(found, "x", settings.at)
    return prediction(controls, layout, question, [COPIES, SHARES], [right], why, settings)
