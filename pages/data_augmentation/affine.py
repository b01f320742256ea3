"""Where the pixels of a rotated picture come from: by kornia and by plain torch."""

import streamlit as st

from core.data_augmentation.affine import Affine, affine
from core.data_augmentation.program import affine_program
from core.data_augmentation.settings import AffineSettings
from figures.data_augmentation.affine import ANSWERS, by_hand, matrix, two_grids
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "A small turn": ("Most pixels become a mixture of four.", {}),
    "A quarter turn": ("Every pixel comes from exactly one: nothing is mixed.", {"affine.angle": 90}),
    "Twice as large": ("The corners of the digit are lost.", {"affine.angle": 0, "affine.scale": 2.0}),
    "Half as large": ("What comes from outside is 0.", {"affine.angle": 0, "affine.scale": 0.5}),
}
SOURCES = ("No pixel: it is 0", "One pixel", "A mixture of several pixels")


def show(controls: Controls) -> None:
    st.markdown(
        "**Where does a rotated picture get its numbers from?** Each pixel of the result asks where it was before."
    )
    layout = view_layout()
    with layout.side:
        controls.show("affine.angle", "affine.scale", "affine.row", "affine.column")
        controls.show_more("affine.digit")
        controls.show_presets(PRESETS, AffineSettings)
    found = affine(controls.read(AffineSettings))

    def clicked(x: float, y: float) -> None:
        if 0 <= round(x) < 8 and 0 <= round(y) < 8:
            controls.set(**{"affine.row": round(y), "affine.column": round(x)})

    with layout.stage:
        if not _guess(controls, layout, found):
            said = "The digit before it is rotated. The result is drawn, and said here, after your guess."
            held_chart(two_grids(found), "affine", layout.words, hidden=ANSWERS, said=said)
            return
        chart(two_grids(found), "affine", layout.words, on_place_y2=clicked)
    with layout.words:
        st.markdown(f"The matrix that takes column, row and 1 to the new column and row: {matrix(found)}")
        worked_step(by_hand(found))
        st.markdown("**Find out.** At which angles is no pixel a mixture?")
    program_panel(affine_program(found))


def _guess(controls: Controls, layout: Layout, found: Affine) -> bool:
    s = found.settings
    question = (
        f"The digit is rotated by {s.angle}° and scaled by {s.scale:g}. Where does the number of the result's pixel in "
        f"row {s.row}, column {s.column} come from?"
    )
    why = f"The place it comes from touches {len(found.terms)} of the digit's pixels."
    return prediction(controls, layout, question, SOURCES, [SOURCES[min(len(found.terms), 2)]], why, s)
