"""A 6 rotated until it is a 9: what a network answers on the way."""

import streamlit as st

from core.data_augmentation.label import Survival, SurvivalTask
from core.data_augmentation.program import label_program
from core.data_augmentation.settings import LabelSettings
from figures.data_augmentation.label import ANSWERS, at_amount, by_hand, survival
from figures.words import a
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "A 6, half a turn": ("The label is another one.", {"angle": 180}),
    "A 0, half a turn": ("Its shape hardly changes.", {"angle": 180, "label.digit": 0}),
    "A 3 in the mirror": ("No digit, yet it is named.", {"label.change": "width", "width": -1.0, "label.digit": 3}),
    "A small 4": ("Still a 4 for you, and for it?", {"label.change": "scale", "scale": 0.5, "label.digit": 4}),
}
FIND_OUT = {
    "angle": "Which digits can be rotated by 180° and keep their label?",
    "width": "Which digits look the same in the mirror, also for the network?",
    "scale": "Which digit can be made smallest before its label is lost?",
}


def show(controls: Controls) -> None:
    st.markdown("**How far can you go before the label is wrong?** The network has learned from unchanged digits only.")
    layout = view_layout()
    with layout.side:
        controls.show("label.change")
        change = controls.values["label.change"]
        controls.show(change, "label.digit", "label.example")
        controls.show_more("label.seed")
        controls.show_presets(PRESETS, LabelSettings)
    with layout.stage:
        found = results(
            [SurvivalTask(controls.read(LabelSettings))], "data_augmentation-label", run_label=None, place=layout.run
        )
        if not found:
            return
        (run,) = found
        amount = controls.values[change]
        if not _guess(controls, layout, run, amount):
            said = "The changed digit. What the network answers is drawn, and said here, after your guess."
            held_chart(survival(run, amount), "label", layout.words, hidden=ANSWERS, said=said)
            return
        chart(survival(run, amount), "label", layout.words)
    with layout.words:
        worked_step(by_hand(run, amount))
        st.markdown(f"**Find out.** {FIND_OUT[change]}")
    program_panel(label_program(run, amount))


def _guess(controls: Controls, layout: Layout, run: Survival, amount: float) -> bool:
    own = run.settings.digit
    upside_down = {6: 9, 9: 6}.get(own)
    options = {own: f"Still {a(own)}", upside_down: f"A {upside_down}", None: "Another digit"}
    answer, _ = run.answer(amount)
    right = options.get(answer, options[None])
    options = [options[key] for key in dict.fromkeys((own, upside_down, None))]
    question = f"This {own} is changed as the left picture shows. What will the network call it?"
    return prediction(controls, layout, question, options, [right], at_amount(run, amount), (run.settings, amount))
