"""Which class? Cross-entropy, with the course's dog to begin with."""

from dataclasses import replace

import streamlit as st

from core.loss_functions.classes import (
    NAMES,
    ClassResult,
    class_columns,
    cross_entropy,
    loss_after_adding,
    with_one_class_less,
    with_one_class_more,
)
from core.loss_functions.program import class_program
from core.loss_functions.settings import MAX_CLASSES, MAX_ROWS, ClassSettings
from core.number_rows import Column, read_rows, write_rows
from figures.loss_functions.classes import arithmetic, probabilities_and_gradient
from figures.loss_functions.words import as_torch_prints, say, trouble
from pages.loss_functions.tables import MEANWHILE, last_good, layout, remember
from ui.chart import chart
from ui.controls import Controls
from ui.number_table import number_table
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

COURSE_DOG, COURSE_CAT = "2,5,1", "1.5,1.1,1"


def show(controls: Controls) -> None:
    columns = _columns(controls)
    table, picture, side = layout(columns)
    with table:
        st.markdown("**Scores (logits) and the right class.** One row is one sample; add rows below.")
        rows = number_table(controls, "classes.table", columns, MAX_ROWS)
    with side:
        if len(rows) > 1:
            controls.show("row")
        controls.show("classes.temperature", "classes.label_smoothing", "classes.reduction")
        with controls.show_more("classes.weight", "classes.ignore_index"):
            _class_buttons(controls, rows)
        _presets(controls)
        controls.reset_button()
    with picture:
        try:
            settings = controls.read(ClassSettings)
            result = cross_entropy(settings)
        except ValueError as error:
            st.error(str(error))
            settings = last_good(ClassSettings())
            program_panel(class_program(settings), "loss_functions", MEANWHILE + _lead(cross_entropy(settings)))
            return
        remember(settings)
        row = min(controls.values["row"], len(rows)) - 1
        _returned(result)
        _course(result)
        chart(probabilities_and_gradient(result, row), "probabilities_and_gradient")
        st.subheader(f"Step by step: sample {row + 1}")
        st.markdown(arithmetic(result, row))
    one, two = st.columns(2, gap="large")
    with one:
        _guess(result, row)
    with two:
        _by_hand(result, row)
        st.markdown(
            "**Find out by changing the table.** How far ahead must the dog be for a loss below 0.01? Which score "
            "gets the largest gradient when the network is sure and wrong? With label smoothing 0.1, which scores "
            "have the smallest loss, and why are they not infinite?"
        )
    program_panel(class_program(settings), "loss_functions", _lead(result))


def _columns(controls: Controls) -> tuple[Column, ...]:
    """The table's columns, as many as its first row has; where a link's table cannot be read, the default's."""
    name, table = "classes.table", controls.values["classes.table"]
    try:
        read_rows(table, class_columns(table), MAX_ROWS)
    except ValueError as error:
        controls.values[name] = table = controls.defaults[name]
        controls.problems[name] = f"{error} Shown instead: the page's own table."
    return class_columns(table)


def _class_buttons(controls: Controls, rows: list) -> None:
    """A class more or less; the table changes its columns."""

    def put(change: object) -> None:
        controls.set(**{"classes.table": write_rows(change(rows))})

    classes = len(rows[0]) - 1
    with st.container(horizontal=True):
        st.button(
            "One class more",
            on_click=put,
            args=(with_one_class_more,),
            disabled=classes >= MAX_CLASSES,
            key="loss_functions-class-more",
        )
        st.button(
            "One class less",
            on_click=put,
            args=(with_one_class_less,),
            disabled=classes <= 2,
            key="loss_functions-class-less",
        )


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("classes") | {"row": 1}
    with st.container(horizontal=True):
        controls.preset("Course: surely a dog", "Scores 2 and 5, target dog: 0.0486, not 0.0181.", **usual)
        controls.preset(
            "Course: rather a cat", "Scores 1.5 and 1.1, target dog: 0.9130.", **usual | {"classes.table": COURSE_CAT}
        )
        controls.preset(
            "What the notes computed",
            "Scores 1 and 5: this one gives 0.0181.",
            **usual | {"classes.table": "1,5,1"},
        )
        controls.preset(
            "Two samples, three classes, weights",
            "A mean that divides by the sum of the weights.",
            **usual | {"classes.table": "2,0.5,-1,0;0,3,1,2", "classes.weight": "1,2,0.5"},
        )
        controls.preset(
            "Sure and wrong", "The dog is 8 behind: a loss of 8.0003.", **usual | {"classes.table": "8,0,1"}
        )
        controls.preset(
            "Smoothed and one ignored",
            "Label smoothing 0.1; the third sample has the ignored target.",
            **usual | {"classes.table": "2,0.5,-1,0;0,3,1,2;1,1,1,-100", "classes.label_smoothing": 0.1, "row": 2},
        )


def _returned(result: ClassResult) -> None:
    """Torch's own words, then all digits."""
    value = result.value
    digits = ", ".join(say(v, 9) for v in value.flatten().tolist())
    st.code(
        f">>> loss_function(predicted_tensor, target_tensor)\n{as_torch_prints(value)}   all digits: {digits} nats",
        language=None,
        wrap_lines=True,
    )
    if trouble(value, result.each):
        st.warning(trouble(value, result.each))


def _course(result: ClassResult) -> None:
    """What the course notes print for these very scores, where that is wrong."""
    s = result.settings
    plain = replace(s, table=COURSE_DOG) == ClassSettings()
    if not plain or s.table not in (COURSE_DOG, COURSE_CAT, "1,5,1"):
        return
    with st.container(border=True):
        if s.table == COURSE_DOG:
            other = cross_entropy(ClassSettings(table="1,5,1")).value.item()
            st.markdown(
                f"**The course notes print 0.0181 here; right is {result.value.item():.4f}**, which is log(1 + e⁻³): "
                f"the dog leads by 3. {other:.4f} is log(1 + e⁻⁴), the value of `[[1.0, 5.0]]`."
            )
        elif s.table == COURSE_CAT:
            st.markdown(f"The course notes print 0.9130 here. That is right: {result.value.item():.4f}.")
        else:
            st.markdown(
                f"These scores give {result.value.item():.4f}, which the course notes print for `[[2.0, 5.0]]`. The "
                "dog leads by 4 here, by 3 there."
            )


def _by_hand(result: ClassResult, row: int) -> None:
    if not result.kept[row]:
        worked_step("This sample is ignored, so its loss is 0 and the sum has one term less: loss = **0**.")
        return
    z, y = result.scaled[row], int(result.target[row])
    shifted = (z - z.max()).exp()
    p = result.probabilities[row, y].item()
    worked_step(
        f"Type e^({say(z[y].item() - z.max().item(), 5)}) for {NAMES[y]} into a calculator, and divide it by the sum "
        f"of the powers: {shifted[y].item():.6g} / {shifted.sum().item():.6g} = **{p:.6g}**. Its logarithm with the "
        f"other sign, −ln {p:.6g} = **{-result.log_probabilities[row, y].item():.6g}** nats, is what a target of all "
        f"{NAMES[y]} costs."
    )


def _guess(result: ClassResult, row: int) -> None:
    higher, same, lower = "It gets larger", "It stays the same", "It gets smaller"
    here = result.each[row].item()

    def reveal(_: str) -> str:
        there = loss_after_adding(result, row, 10.0)
        close = abs(here - there) <= 1e-5 * max(1.0, abs(here))
        verdict = same if close else higher if there > here else lower
        return (
            f"{verdict}: {say(here)} before, {say(there)} after. Softmax divides e^z by a sum of such powers; ten "
            "more in every score multiplies both by e¹⁰. Only differences of scores count, which is why the "
            f"gradient's bars add up to {say(round(result.gradient[row].sum().item(), 6))}."
        )

    prediction(
        f"Add 10 to every score of sample {row + 1}. What does its loss do?",
        [higher, same, lower],
        reveal,
        "loss_functions",
    )


def _lead(result: ClassResult) -> str:
    prints = (
        "its first line is what torch shows above"
        if result.value.dim()
        else f"it prints `loss {as_torch_prints(result.value)}`"
    )
    return f"The course's snippet with the table and the settings written in. Run by itself, {prints}."
