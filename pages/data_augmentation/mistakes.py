"""Two mistakes with augmentation, each really made."""

import streamlit as st

from core.data_augmentation.mistakes import WRONG, Fooled, FooledTask, compared
from core.data_augmentation.program import mistakes_program
from core.data_augmentation.settings import MistakesSettings
from figures.data_augmentation.mistakes import both_ways, by_hand, says
from figures.words import a
from ui.chart import chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Augment, then split": ("Copies of one digit stand on both sides of the split.", {}),
    "One class only": ("“Rotated” comes to mean “a 3”.", {"mistakes.mistake": "one_class"}),
    "Many copies": ("The more copies, the surer a twin is among the tested.", {"mistakes.copies": 16}),
}
EXPLAINED = {
    "leak": "Many tested copies have a sister among those that the network learned from. So the reported accuracy "
    "says how well the network remembers, not how well it reads. Split first; then augment the training part only.",
    "one_class": "The class has {times} times as many images as any other now, and only its images are rotated. So the "
    "network can learn to say it when in doubt, and whenever something is rotated. Augment all classes alike.",
}
FIND_OUT = {
    "leak": "How many copies does it take until nearly everything seems right?",
    "one_class": "Does it get worse with more copies, or with larger angles?",
}
OPTIONS = {
    "leak": {"more": "More than is true", "same": "About what is true", "less": "Less than is true"},
    "one_class": {"more": "More often", "same": "As often", "less": "Less often"},
}


def show(controls: Controls) -> None:
    st.markdown("**How can augmentation fool you?** A mistake is made beside the right way, at five seeds.")
    layout = view_layout()
    with layout.side:
        controls.show("mistakes.mistake", "mistakes.n", "mistakes.copies", "mistakes.angle")
        one_class = controls.values["mistakes.mistake"] == "one_class"
        if one_class:
            controls.show("mistakes.digit")
        controls.show_more("mistakes.seed")
        controls.show_presets(PRESETS, MistakesSettings)
    with layout.stage:
        task = FooledTask(controls.read(MistakesSettings))
        found = results([task], "data_augmentation-mistakes", run_label=None, place=layout.run)
        if not found:
            return
        (run,) = found
        if not _guess(controls, layout, run):
            chart(both_ways(run.right_way), "mistakes", layout.words)
            return
        chart(both_ways(run), "mistakes", layout.words)
    with layout.words:
        if WRONG in run.true:
            worked_step(by_hand(run))
        st.markdown(EXPLAINED[run.settings.mistake].format(times=run.settings.copies + 1))
        st.markdown(f"**Find out.** {FIND_OUT[run.settings.mistake]}")
    program_panel(mistakes_program(run))


def _guess(controls: Controls, layout: Layout, run: Fooled) -> bool:
    if WRONG not in run.true:
        return True
    s, options = run.settings, OPTIONS[run.settings.mistake]
    if s.mistake == "leak":
        question = (
            f"Each of {s.n} digits is copied {s.copies} times and rotated, and all copies are shuffled. Some are kept "
            "out to test. What accuracy do they report?"
        )
    else:
        question = (
            f"Only the {s.digit}s get rotated copies. How often is another digit, rotated, now taken for {a(s.digit)}, "
            "compared to the right way?"
        )
    return prediction(controls, layout, question, list(options.values()), [options[compared(run)]], says(run), s)
