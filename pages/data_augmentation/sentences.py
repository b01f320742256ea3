"""Does text augmentation help? A bag of words with copies and without, at ten seeds."""

import streamlit as st

from core.data_augmentation.program import sentences_program, sentences_table
from core.data_augmentation.sentences import Read, ReadTask
from core.data_augmentation.settings import SentencesSettings
from core.quote import literal
from figures.data_augmentation.dots import by_hand, means
from figures.data_augmentation.sentences import NAMES, accuracies, highest, met
from ui.chart import chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "20 sentences": ("Synonyms bring words that the 20 do not have.", {}),
    "100 sentences": ("There is less left to bring.", {"sentences.n": 100, "sentences.copies": 2}),
    "Strong changes": ("Up to half of the words of each copy change.", {"sentences.alpha": 0.5}),
}


def show(controls: Controls) -> None:
    st.markdown(
        "**Does it help to learn from changed sentences?** The model knows only which words are in a sentence, not "
        "their order: a bag of words."
    )
    layout = view_layout()
    with layout.side:
        controls.show("sentences.treatments", "sentences.n", "sentences.copies", "sentences.alpha")
        controls.show_more("sentences.seed")
        controls.show_presets(PRESETS, SentencesSettings)
    with layout.stage:
        task = ReadTask(controls.read(SentencesSettings))
        found = results([task], "data_augmentation-sentences", run_label=None, place=layout.run)
        if not found:
            return
        (run,) = found
        if not _guess(controls, layout, run):
            chart(accuracies(run.plain), "sentences", layout.words)
            return
        chart(accuracies(run), "sentences", layout.words)
    with layout.words:
        _examples(run)
        worked_step(by_hand(run, NAMES, "sentences"))
        st.markdown(
            "**Find out.** With how many sentences do synonyms no longer help? And why do swaps change so little here?"
        )
    program_panel(sentences_program(run))
    st.download_button(
        "Download copies.csv, which the program reads",
        lambda: sentences_table(run.settings),
        file_name="copies.csv",
        mime="text/csv",
        key="augmentation-copies",
        on_click="ignore",
    )


def _examples(run: Read) -> None:
    sentence, copies = run.example
    lines = [f"- {NAMES[name]}: {literal(text)}" for name, text in copies.items()]
    st.markdown(f"A sentence of the first seed, {literal(sentence)}, and a copy of each kind:\n\n" + "\n".join(lines))
    name = next((name for name in ("replace", "back", "insert") if name in run.words), "")
    if name:
        st.markdown(f"On average the model meets {met(run, name)}; a word that it never met counts nothing.")


def _guess(controls: Controls, layout: Layout, run: Read) -> bool:
    names = [name for name in ("replace", "swap", "delete") if name in run.accuracy]
    if len(names) < 2:
        return True
    question = f"{run.settings.n} sentences of praise or blame to learn from. Which copies help most with new ones?"
    right = [NAMES[name] for name in highest(run, names)]
    options, why = [NAMES[name] for name in names], means(run, NAMES)
    return prediction(controls, layout, question, options, right, why, run.settings)
