"""Does it help? The same network with and without each augmentation, at several seeds."""

import streamlit as st

from core.data_augmentation.compare import Compared
from core.data_augmentation.digits import HelpedTask
from core.data_augmentation.program import digits_program
from core.data_augmentation.settings import DigitsSettings
from figures.data_augmentation.digits import DRAWN, NAMES, helpful
from figures.data_augmentation.dots import accuracies, by_hand, means
from ui.chart import chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "200 digits": ("Small turns and shifts help, the mirror hurts.", {}),
    "50 digits": ("So few that small turns and shifts are not clearly better.", {"digits.n": 50}),
    "800 digits": ("With four times as many, there is less to gain.", {"digits.n": 800}),
    "Two seeds": ("Too few to tell luck from effect.", {"digits.n_seeds": 2}),
}


def show(controls: Controls) -> None:
    st.markdown(
        "**Which augmentation earns its place?** All networks are tested on the same digits, which none has seen."
    )
    layout = view_layout()
    with layout.side:
        controls.show("digits.augmentations", "digits.n", "digits.n_seeds", "digits.updates")
        controls.show_more("digits.seed")
        controls.show_presets(PRESETS, DigitsSettings)
    with layout.stage:
        task = HelpedTask(controls.read(DigitsSettings))
        found = results([task], "data_augmentation-digits", run_label=None, place=layout.run)
        if not found:
            return
        (run,) = found
        if not _guess(controls, layout, run):
            chart(accuracies(run.plain, *DRAWN), "digits", layout.words)
            return
        chart(accuracies(run, *DRAWN), "digits", layout.words)
    with layout.words:
        st.markdown(
            "*Helps* and *hurts* are said only where luck would do it in at most 1 of 32 cases: all of five seeds go "
            "the same way, or nine of ten."
        )
        worked_step(by_hand(run, *DRAWN[:2]))
        st.markdown("**Find out.** How does the gain by small turns and shifts change with the number of digits?")
    program_panel(digits_program(run))


def _guess(controls: Controls, layout: Layout, run: Compared) -> bool:
    names = [name for name in ("mild", "flip", "half_turn", "noise", "erase") if name in run.accuracy][:4]
    if len(names) < 2:
        return True
    question = f"{run.settings.n} digits to learn from. Which augmentation makes the network clearly better?"
    right = [NAMES[name] for name in helpful(run) if name in names]
    options, why = [NAMES[name] for name in names], means(run, NAMES)
    return prediction(controls, layout, question, options, right, why, run.settings)
