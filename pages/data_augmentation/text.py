"""A sentence changed in its words, with a reason for each change."""

import streamlit as st

from core.data_augmentation.program import text_program
from core.data_augmentation.settings import TEXT_OPERATIONS, TextSettings
from core.data_augmentation.text import Copies, damage, make_copies, n_damaged
from figures.data_augmentation.text import HIDDEN, by_hand, reasons, warnings, what_happened, word_diff
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Synonyms": ("Words give way to others with the same sense here.", {}),
    "Insertions": ("A synonym of some word appears anywhere.", {"text.operation": "insert"}),
    "Swaps": ("Words change places in pairs.", {"text.operation": "swap"}),
    "Deletions": ("A “not” that is gone turns the meaning round.", {"text.operation": "delete"}),
    "There and back": ("Through senses as a language between.", {"text.operation": "back"}),
}
BANDS = ("None of them", "1 to 3 of them", "4 or more of them")


def show(controls: Controls) -> None:
    st.markdown("**Does a sentence still say the same when its words are changed by chance?**")
    layout = view_layout()
    with layout.side:
        controls.show("text.text", "text.operation")
        if controls.values["text.operation"] != "back":
            controls.show("text.alpha")
        controls.show("copy")
        controls.show_more("text.seed")
        controls.show_presets(PRESETS, TextSettings)
        copies = make_copies(controls.read_or_last(TextSettings))
    copy = copies.copies[controls.values["copy"] - 1]
    with layout.stage:
        if not _guess(controls, layout, copies):
            said = "The words of the sentence. What is done to them is drawn, and said here, after your guess."
            held_chart(what_happened(copies), "changes", layout.words, hidden=HIDDEN, said=said)
            return
        chart(what_happened(copies), "changes", layout.words)
    with layout.words:
        st.markdown("The copy word by word; `[-…-]` is gone and `{+…+}` is new:")
        st.code(word_diff(copies, copy), language=None, wrap_lines=True)
        if copy.pivot:
            st.markdown("In the language of senses:")
            st.code(copy.pivot, language=None, wrap_lines=True)
        st.markdown(reasons(copy))
        found = damage(copies, copy)
        if found:
            st.warning(warnings(found))
        if not copies.known and copies.settings.operation in ("replace", "insert", "back"):
            st.info("The table of synonyms has no word of this sentence, so nothing can be changed in this way.")
        worked_step(by_hand(copies))
        st.markdown("**Find out.** Which operation can turn praise into blame? Try each with *not* in the sentence.")
    program_panel(text_program(copies))


def _guess(controls: Controls, layout: Layout, copies: Copies) -> bool:
    damaged = n_damaged(copies)
    right = BANDS[0 if not damaged else 1 if damaged <= 3 else 2]
    by = TEXT_OPERATIONS[copies.settings.operation].partition(" (")[0]
    question = f"Eight copies are made by {by}. After how many may the label, praise or blame, be another one?"
    how = "gone, or is new or moved where it can mislead"
    who = f"After {damaged} of 8, a negation or a" if damaged else "No negation and no"
    why = f"{who} word of praise or blame is {how}."
    return prediction(controls, layout, question, BANDS, [right], why, copies.settings)
