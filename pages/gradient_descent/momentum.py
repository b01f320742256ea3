"""Momentum: the map of learning rate and momentum in a bowl."""

import streamlit as st

from core.gradient_descent.momentum import START, momentum_map, rates
from core.gradient_descent.program import momentum_program
from core.gradient_descent.settings import MomentumSettings
from core.plane.momentum_map import MomentumMap, momenta
from figures.gradient_descent.momentum import pictures, words
from figures.momentum_map import BORDER, border_question, border_words, cell_at
from figures.words import fmt
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel

PRESETS = {
    "Theory's best": (
        "The cell nearest to it, b = 0.27 with lr = 2.34: past 2/L = 2, and soon at rest.",
        {},
    ),
    "Too much momentum": (
        "b = 0.93: it swings past the lowest point again and again.",
        {"momentum.column": 24, "momentum.row": 44},
    ),
    "No momentum": ("The same lr = 2.34 with b = 0: past the limit, thrown out.", {"momentum.row": 0}),
    "Nesterov": (
        "The same cell. With Nesterov momentum the limit falls as b grows: thrown out as well.",
        {"momentum.nesterov": True},
    ),
}


def show(controls: Controls) -> None:
    st.markdown(
        "**Which learning rate goes with how much momentum?** Momentum keeps a share b of the last step, which "
        "damps the zigzag."
    )
    layout = view_layout()
    with layout.side:
        controls.show("momentum.condition", "momentum.nesterov")
        for name, values in (("column", rates()), ("row", momenta())):
            controls.show(f"momentum.{name}", say=lambda i, values=values: fmt(values[i], 3))
    settings = controls.read(MomentumSettings)
    found = momentum_map(settings.condition, settings.nesterov)
    the_map, path = pictures(found, settings)
    guessed = _guess(controls, layout, found, settings)
    with layout.side:
        st.markdown(words(found, settings) if guessed else "")
        controls.show_presets(PRESETS, MomentumSettings)
    with layout.stage:
        if not guessed:
            held_chart(path, "cell_path", layout.words, hidden=(1,))  # the path
            return
        chart(the_map, "momentum_map", layout.words, on_place=lambda x, y: _open(controls, found, x, y))
    with layout.beside:
        chart(path, "cell_path")
    st.markdown(
        f"Each cell runs `torch.optim.SGD` in the bowl f = (x²/κ + y²)/2 from ({fmt(START[0])}, {fmt(START[1])}). It "
        "does as theory says if it ends lower than it began below the limit, and not above it. Click a cell, or move "
        "the sliders, to see its path."
    )
    st.markdown(
        "**Find out.** For κ = 100, is the lowest cell at the line or away from it? Which kind of momentum allows the "
        "larger lr?"
    )
    program_panel(momentum_program(found, settings))


def _guess(controls: Controls, layout: Layout, found: MomentumMap, settings: MomentumSettings) -> bool:
    question, right = border_question(settings.nesterov), [BORDER[found.border_moves]]
    about = (settings.condition, settings.nesterov)
    return prediction(controls, layout, question, list(BORDER.values()), right, border_words(found), about)


def _open(controls: Controls, found: MomentumMap, lr: float, b: float) -> None:
    """Takes the clicked cell, if there is one."""
    cell = cell_at(found, lr, b, log=False)
    if cell is not None:
        controls.set(**{"momentum.column": cell[0], "momentum.row": cell[1]})
