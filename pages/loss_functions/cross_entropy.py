"""Which class? Cross-entropy, with the course's dog to begin with."""

from dataclasses import replace

import streamlit as st

from core.loss_functions.calculation import Calculation
from core.loss_functions.cross_entropy import change_by_adding, cross_entropy, cross_entropy_loss, with_classes
from core.loss_functions.program import cross_entropy_program
from core.loss_functions.settings import MAX_CLASSES, MAX_ROWS, CrossEntropySettings, LossViewState
from core.number_rows import Row, read_rows, write_rows
from figures.loss_functions.cross_entropy import formula, gradient, three_steps
from figures.words import fmt
from pages.loss_functions.calculator import calculation, show_answer, table_layout
from ui.chart import chart
from ui.controls import Controls
from ui.layout import Layout
from ui.number_table import number_table, rows_of
from ui.prediction import prediction
from ui.program import program_panel

TABLE = "cross_entropy.table"
WEIGHTED = {TABLE: "2,0.5,-1,0;0,3,1,2", "cross_entropy.weight": "1,2,0.5"}
SMOOTHED = {TABLE: "2,0.5,-1,0;0,3,1,2;1,1,1,-100", "cross_entropy.label_smoothing": 0.1, "row": 2}
PRESETS = {
    "Course: surely a dog": ("Scores 2 and 5, target dog: 0.0486, not 0.0181.", {}),
    "Course: rather a cat": ("Scores 1.5 and 1.1, target dog: 0.9130.", {TABLE: "1.5,1.1,1"}),
    "What the notes computed": ("Scores 1 and 5: this one gives 0.0181.", {TABLE: "1,5,1"}),
    "Two samples, three classes, weights": ("A mean that divides by the sum of the weights.", WEIGHTED),
    "Sure and wrong": ("The dog is 8 behind: a loss of 8.0003.", {TABLE: "8,0,1"}),
    "Smoothed and one ignored": ("The third sample has the ignored target.", SMOOTHED),
}
COURSE = {  # table -> what the course notes say to these very scores
    "2,5,1": "**The course notes print 0.0181 here; right is 0.0486**, which is log(1 + e⁻³): the dog leads by 3. "
    "0.0181 is log(1 + e⁻⁴), the value of `[[1.0, 5.0]]`.",
    "1.5,1.1,1": "The course notes print 0.9130 here, and that is right.",
    "1,5,1": "These scores give 0.0181, which the course notes print for `[[2.0, 5.0]]`, where the dog leads by 3.",
}
CHANGES = {"larger": "It gets larger", "same": "It stays the same", "smaller": "It gets smaller"}


def show(controls: Controls) -> None:
    st.markdown(
        "**Each class gets a score. What does that prediction cost?** The usual loss is **cross-entropy**. "
        "**Find out:** how far ahead must the dog be for a loss below 0.01?"
    )
    rows_of(controls, TABLE, (), MAX_ROWS, lambda text: read_rows(text, cross_entropy_loss(text).columns, MAX_ROWS))
    loss = cross_entropy_loss(controls.values[TABLE])
    table, layout = table_layout(loss.columns)
    with table:
        st.markdown("**Scores (logits) and the right class.** One row is one sample; add rows below.")
        rows = number_table(controls, TABLE, loss.columns, MAX_ROWS)
    with layout.side:
        if len(rows) > 1:
            controls.show("row", most=len(rows))
        controls.show("cross_entropy.temperature", "cross_entropy.label_smoothing", "cross_entropy.reduction")
        with controls.show_more("cross_entropy.weight", "cross_entropy.ignore_index"):
            _class_buttons(controls, rows)
        controls.show_presets(PRESETS, CrossEntropySettings, LossViewState)
    with table:
        found = calculation(controls, controls.read(CrossEntropySettings), cross_entropy)
    row = min(controls.values["row"], len(found.each)) - 1
    with layout.ask:
        st.markdown(formula(found, row))
    _guess(controls, layout, found, row)
    default = replace(found.settings, table="2,5,1") == CrossEntropySettings()
    note = COURSE.get(found.settings.table, "") if default else ""
    show_answer(controls, layout, found, three_steps, "three_steps", note)
    with layout.below:
        chart(gradient(found, row), "gradient")
    program_panel(cross_entropy_program(found))


def _class_buttons(controls: Controls, rows: list[Row]) -> None:
    """A class more or less; the table changes its columns."""

    def put(number: int) -> None:
        controls.set(**{TABLE: write_rows(with_classes(rows, number))})

    classes, key = len(rows[0]) - 1, "loss_functions-class"
    with st.container(horizontal=True):
        st.button("One class more", f"{key}-more", None, put, (classes + 1,), disabled=classes == MAX_CLASSES)
        st.button("One class less", f"{key}-less", None, put, (classes - 1,), disabled=classes == 2)


def _guess(controls: Controls, layout: Layout, found: Calculation, row: int) -> None:
    """Nothing on the screen answers it, so nothing is held back."""
    here, there = found.each[row].item(), cross_entropy(found.settings, add=10.0).each[row].item()
    why = (
        f"It is {fmt(here, 6)} before and {fmt(there, 6)} after, up to float32's rounding. Ten more in every score "
        "multiplies each power and their sum by e¹⁰. Only differences of scores count."
    )
    question = f"Add 10 to every score of sample {row + 1}. What does its loss do?"
    right = [CHANGES[change_by_adding(found, row, 10.0)]]
    prediction(controls, layout, question, list(CHANGES.values()), right, why, (found.settings, row))
