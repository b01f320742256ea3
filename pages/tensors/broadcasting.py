"""Two operands of different shapes: aligned, stretched, combined."""

import streamlit as st

from core.expression.errors import ExpressionError
from core.tensors.broadcasting import Broadcast, broadcast
from core.tensors.program import broadcast_lines, broadcast_program
from core.tensors.settings import BroadcastSettings
from figures.tensors.broadcasting import aligned_table, result, stretched
from pages.tensors.shared import may_be_typed, more_settings, printed, show_error
from ui.chart import chart
from ui.controls import Controls
from ui.program import program_panel

EXAMPLES = {  # label: what it shows, and what it sets
    "Column and row": ("Together they make a table.", {}),
    "Matrix and scalar": ("A number goes to every cell.", {"a": "torch.arange(12).reshape(3, 4)", "b": "100"}),
    "Matrix and row": ("The row is added to every row, as a bias is.", {"a": "torch.arange(12).reshape(3, 4)"}),
    "Five dimensions": (
        "(5, 1, 4, 1) and (3, 1, 1) make (5, 3, 4, 1).",
        {"a": "torch.arange(20).reshape(5, 1, 4, 1)", "b": "torch.tensor([0, 100, 200]).reshape(3, 1, 1)"},
    ),
    "Does not fit": (
        "(3, 4) and (3,): PyTorch's refusal, explained.",
        {"a": "torch.arange(12).reshape(3, 4)", "b": "torch.tensor([10, 20, 30])"},
    ),
    "One hot": (
        "Comparing a column with a row makes one-hot rows.",
        {"a": "torch.tensor([[2], [0], [1]])", "b": "torch.arange(3)", "operation": "=="},
    ),
    "Distances": (
        "All differences of two lists at once.",
        {"a": "torch.tensor([0.0, 1.0, 5.0])[:, None]", "b": "torch.tensor([0.5, 4.0])", "operation": "-"},
    ),
}


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("broadcast.a", "broadcast.b", "broadcast.operation")
        more_settings(controls)
        _presets(controls)
        may_be_typed()
    settings, seed = controls.read(BroadcastSettings), controls.values["seed"]
    with picture:
        try:
            found = broadcast(settings, seed)
        except ExpressionError as error:
            show_error(error)
            _questions()
            program_panel(
                broadcast_program(BroadcastSettings(), seed), "tensors_broadcast", "The program of the example."
            )
            return
        _shapes(found)
        one, two = st.columns(2)
        with one:
            st.markdown("**a**")
            chart(stretched("a", found.a, found.stretched_a), "operand_a")
        with two:
            st.markdown("**b**")
            chart(stretched("b", found.b, found.stretched_b), "operand_b")
        if found.error is None:
            st.markdown(f"`a {settings.operation} b`")
            chart(result(found, f"a {settings.operation} b"), "combined")
            printed(broadcast_lines(found))
        _questions()
    lead = "It ends with that error." if found.error else ""
    program_panel(broadcast_program(settings, seed), "tensors_broadcast", lead)


def _shapes(found: Broadcast) -> None:
    if found.error is not None:
        show_error(found.error)
    if found.rows:
        st.markdown("**The shapes, written under each other from the right**")
        st.table(aligned_table(found).set_index("dimension"))
    else:
        st.markdown("Both are scalars, so there is no dimension to align.")


def _questions() -> None:
    st.markdown(
        "**Find out by typing.** How do you add `[10, 20, 30]` to the *columns* of a matrix of shape (3, 4)? Which "
        "two shapes of 2 dimensions make a result of more elements than both together? Why does a missing dimension "
        "count as one on the left, never on the right?"
    )


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("broadcast")
    with st.container(horizontal=True):
        for label, (what, values) in EXAMPLES.items():
            controls.preset(label, what, **usual | {f"broadcast.{name}": value for name, value in values.items()})
