"""What the three calculators share: the place of the table, torch's answer, the picture and the steps."""

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.loss_functions.calculation import Calculation, Loss, calculate_chosen, problem
from core.loss_functions.program import call_program
from core.loss_functions.settings import MAX_ROWS, LossViewState
from core.number_rows import Column
from core.settings import Settings
from figures.loss_functions.calculation import PROBLEMS, arithmetic, torch_answer
from figures.picture import Picture
from ui.chart import chart
from ui.controls import Controls
from ui.last_good import last_good
from ui.layout import Layout, view_layout
from ui.number_table import number_table
from ui.program import program_panel
from ui.worked_step import worked_step

MOST_COLUMNS = 3  # that fit beside the picture
Draw = Callable[[Calculation, int], Picture]  # for the row of a sample


def table_layout(columns: Sequence[Column]) -> tuple[DeltaGenerator, Layout]:
    """The place of the table, and those of the view; a wide table goes above the view."""
    above, layout = st.container(), view_layout()
    return (above if len(columns) > MOST_COLUMNS else layout.side), layout


def calculation(controls: Controls, settings: Settings, make: Callable[[Settings], Calculation]) -> Calculation:
    """The loss of the settings; where they do not fit together, the reason, and the loss of the last that did."""
    usual = type(settings)(**{"loss": settings.loss} if hasattr(settings, "loss") else {})
    return last_good(controls, settings, make, usual)[1]


def show_answer(
    controls: Controls, layout: Layout, found: Calculation, picture: Draw, key: str, note: str = ""
) -> None:
    """The picture, what torch returns, which a note may precede, and the arithmetic of the chosen sample."""
    row = min(controls.values["row"], len(found.each)) - 1
    with layout.stage:
        chart(picture(found, row), key, layout.words)
    with layout.words:
        st.markdown(note)
        st.code(torch_answer(found), language=None, wrap_lines=True)
        if problem(found):
            st.warning(PROBLEMS[problem(found)])
    with layout.below:
        worked_step(arithmetic(found, row))


def show_calculator(
    controls: Controls,
    settings: Settings,
    losses: dict[str, Loss],
    picture: Draw,
    presets: dict[str, tuple[str, dict[str, object]]],
    hint: str = "",
    warn: Callable[[Calculation], str] = lambda found: "",
) -> None:
    """A view whose reader chooses one of several losses; `warn` says what its module would not."""
    view, loss = controls.values["view"], losses[settings.loss]
    table, layout = table_layout(loss.columns)
    with layout.side:
        controls.show(f"{view}.loss")
        st.markdown(hint)
    with table:
        rows = number_table(controls, f"{view}.{loss.table}", loss.columns, MAX_ROWS)
    with layout.side:
        if len(rows) > 1:
            controls.show("row", most=len(rows))
        names = [f"{view}.{name}" for name in loss.options.values()]
        controls.show(*names[:2], f"{view}.{loss.reduction}")
        if names[2:]:
            controls.show_more(*names[2:])
        controls.show_presets(presets, type(settings), LossViewState)
    with table:
        found = calculation(controls, controls.read(type(settings)), lambda chosen: calculate_chosen(losses, chosen))
        if warn(found):
            st.warning(warn(found))
    show_answer(controls, layout, found, picture, view)
    program_panel(call_program(found, f"loss_functions_{view}"))
