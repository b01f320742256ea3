"""How wide: networks with more and more hidden neurons learn the same points."""

import streamlit as st

from core.generalization.program import width_program
from core.generalization.settings import CurveSettings, HiddenSettings, WidthSettings
from core.generalization.width import BANDS, Widths, WidthTask
from figures.generalization.width import by_hand, guess_words, width_curves, width_errors
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "A wave": ("The widest networks are as good as any.", {"hidden": 64}),
    "A straight line": ("Two neurons are enough: more of them follow the noise.", {"curve": "line", "hidden": 64}),
    "Much noise": ("Width 8 is best; the wider ones learn more of the noise.", {"noise": 1.0, "hidden": 64}),
    "Five points": ("193 numbers learned from five points, and still the best.", {"n_samples": 5, "hidden": 64}),
}
BEFORE = "Each blue curve is a network of the chosen width. The errors of all widths are drawn after your guess."


def show(controls: Controls) -> None:
    st.markdown(
        "**How wide should a network be?** Its width is the number of hidden neurons: each can add one bend. "
        "All learn the same points, from several random starts (first weights)."
    )
    layout = view_layout()
    with layout.side:
        controls.show("hidden", "width.n_seeds", "n_samples", "noise", "curve")
        controls.show_more("width.updates", "width.lr", "seed")
        controls.show_presets(PRESETS, CurveSettings, WidthSettings, HiddenSettings)
    task = WidthTask(controls.read(CurveSettings), controls.read(WidthSettings))
    width = controls.read(HiddenSettings).hidden
    with layout.stage:
        found = results([task], "generalization-width", run_label=None, place=layout.run)
        if not found:
            return
        run = found[0]
        if not _guess(controls, layout, run):
            held_chart(width_curves(run, width), "width_curves", layout.words, said=BEFORE)
            return
        chart(width_curves(run, width), "width_curves", layout.words)
    with layout.beside:
        chart(width_errors(run, width), "width_errors")
    left, right = st.columns(2, gap="large")
    with left:
        worked_step(by_hand(run, width))
    with right:
        st.markdown(
            "**Find out.** How much noise does it take until the widest network is no longer among the best? Which "
            "widths depend most on the random start?"
        )
    program_panel(width_program(run))


def _guess(controls: Controls, layout: Layout, run: Widths) -> bool:
    question = "Which width comes closest to new points of the same curve, in the mean over the random starts?"
    about = (run.curve, run.settings)
    return prediction(controls, layout, question, list(BANDS), run.band, guess_words(run), about)
