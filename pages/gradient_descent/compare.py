"""Too low, good, best, too high: four learning rates side by side."""

import streamlit as st

from core.gradient_descent.bowl import BowlRun
from core.gradient_descent.compare import four, lowest
from core.gradient_descent.program import bowl_program
from core.gradient_descent.settings import CompareSettings, DescentViewState
from figures.gradient_descent.compare import ends_words, four_label, four_losses, one_of_four, rates_table
from figures.line_chart import frame_steps
from figures.words import fmt, plural
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, show_beside, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber

PRESETS = {
    "From too low to too high": ("κ = 10: 4% past the limit is enough to climb out.", {}),
    "Exactly at the limit": (
        "“Too high” with lr = 2/L: across the valley for ever, from side to side.",
        {"compare.high": 1.0},
    ),
    "A narrower valley": (
        "κ = 100: 40 steps are too few for the best rate, which is behind 1/L and as slow as one far too low.",
        {"compare.condition": 100.0},
    ),
    "With momentum": (
        "κ = 100 with b = 0.8: all but the one that is too high end much lower than without.",
        {"compare.condition": 100.0, "compare.momentum": 0.8},
    ),
}


def show(controls: Controls) -> None:
    st.markdown(
        "**Too low, good, best, too high: how do four learning rates differ in one valley?** Without momentum, steps "
        "past the limit 2/L grow; L is how strongly the valley bends across."
    )
    layout = view_layout()
    with layout.side:
        controls.show("compare.low", "compare.high", "compare.condition", "compare.momentum", "compare.steps")
        controls.show_presets(PRESETS, CompareSettings, DescentViewState)
    settings = controls.read(CompareSettings)
    runs = four(settings)
    with layout.stage:
        if not _guess(controls, layout, settings, runs):
            held_chart(one_of_four("best", runs["best"], (0,)), "path_best", layout.words)
            return
        steps = frame_steps(max(run.steps for run in runs.values()))
        labels = [four_label(runs, at) for at in steps]
        charts = [*(f"path_{name}" for name in runs), "four_losses"]
        scrubber(controls, "compare_at", steps, labels, charts, f"{hash(settings)}compare")
        show_beside(layout, **{f"path_{name}": one_of_four(name, run, tuple(steps)) for name, run in runs.items()})
    with layout.below:
        chart(four_losses(tuple(runs.items())), "four_losses")
    st.subheader("Why these four")
    st.markdown(rates_table(settings, runs))
    st.markdown("A step, in theory, makes the distance that many times as long; with momentum, in the long run.")
    st.markdown(
        "**Find out.** How close to the limit may an lr come before it is slower than 1/L? Is the best lr for κ = 2 "
        "nearer to 1/L or to 2/L, and for κ = 100?"
    )
    program_panel(bowl_program(list(runs.values())))


def _guess(controls: Controls, layout: Layout, settings: CompareSettings, runs: dict[str, BowlRun]) -> bool:
    options = {name: f"lr = {fmt(run.settings.lr)}" for name, run in runs.items()}
    question = f"Four balls start here, each with a learning rate. Which is lowest after {plural(settings.steps)}?"
    right = list(dict.fromkeys(options[name] for name in lowest(runs)))
    return prediction(controls, layout, question, [*dict.fromkeys(options.values())], right, ends_words(runs), settings)
