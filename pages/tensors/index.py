"""Pick cells by PyTorch's square brackets."""

import streamlit as st

from core.expression.errors import ExpressionError, TorchError
from core.tensors.arrange import pick
from core.tensors.program import view_lines, view_program
from core.tensors.settings import IndexSettings
from figures.tensors.arrange import only, picked, picked_from
from figures.tensors.shapes import facts_table
from figures.tensors.strip import strip
from pages.tensors.shared import may_be_typed, more_settings, printed, show_error
from ui.chart import chart
from ui.controls import Controls
from ui.program import program_panel

EXAMPLES = {  # label: what it shows, and what it sets
    "One row": ("A whole number takes a dimension away.", {"at": "x[1]"}),
    "One column": ("The strides make a column of a table a view, too.", {"at": "x[:, 1]"}),
    "A block": ("start:stop and start:stop:step.", {}),
    "From the end": ("Negative numbers count from the end.", {"at": "x[-1, -2:]"}),
    "New dimension": ("None puts a dimension of length 1.", {"at": "x[:, None, 2]"}),
    "By condition": ("A mask picks in reading order, and copies.", {"at": "x[x % 5 == 0]"}),
    "By list": ("A list picks in any order, and copies.", {"at": "x[[3, 0, 0]]"}),
    "Backwards": ("PyTorch has no negative strides: its error, explained.", {"at": "x[::-1]"}),
    "images[1]": (
        "The course's second image.",
        {"x": "torch.rand((4, 28, 28))", "at": "x[1]"},
    ),
}


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("index.x", "index.at")
        more_settings(controls)
        _presets(controls)
        may_be_typed()
    settings, seed = controls.read(IndexSettings), controls.values["seed"]
    with picture:
        try:
            found = pick(settings, seed)
        except ExpressionError as error:
            show_error(error)
            chart_of_x(settings, seed)
            _questions()
            wrong = isinstance(error, TorchError)
            good = settings if wrong else IndexSettings()
            lead = "It ends with that error." if wrong else "The program of the example."
            program_panel(view_program(good.x, good.at, seed), "tensors_view", lead)
            return
        one, two = st.columns(2)
        with one:
            st.markdown("**x**")
            chart(picked_from(found, f"`{settings.at}`"), "index_x")
        with two:
            st.markdown(f"`{settings.at}`")
            chart(picked(found, f"`{settings.at}`"), "index_y")
        st.markdown(f"**The storage of** `{settings.at}`")
        chart(strip(found.y, f"`{settings.at}`"), "index_storage")
        st.table(facts_table(x=found.x, picked=found.y).set_index("fact"))
        printed(view_lines(found.x, found.y))
        _questions()
    program_panel(view_program(settings.x, settings.at, seed), "tensors_view")


def chart_of_x(settings: IndexSettings, seed: int) -> None:
    """x alone, where nothing can be picked from it."""
    try:
        whole = pick(IndexSettings(x=settings.x, at="x"), seed)
    except ExpressionError:
        return
    chart(only(whole.x), "index_x")


def _questions() -> None:
    st.markdown(
        "**Find out by typing.** Which of `x[0]`, `x[0:1]` and `x[[0]]` has two dimensions, and which of them is a "
        "copy? What do you have to type to get every second cell of the last column as a view? What does "
        "`x[[0, 1], [2, 3]]` pick: a block or two cells?"
    )


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("index")
    with st.container(horizontal=True):
        for label, (what, values) in EXAMPLES.items():
            controls.preset(label, what, **usual | {f"index.{name}": value for name, value in values.items()})
