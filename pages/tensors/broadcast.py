"""Two operands of different shapes: aligned, stretched, combined."""

import streamlit as st

from core.expression.errors import ExpressionError
from core.tensors.broadcast import broadcast
from core.tensors.program import broadcast_program
from core.tensors.settings import BroadcastSettings
from figures.tensors.broadcast import aligned_table, result, stretched
from figures.tensors.index import only
from pages.tensors.shared import more_controls, show_error, usable
from ui.chart import chart
from ui.controls import Controls
from ui.program import program_panel

TABLE = "torch.arange(12).reshape(3, 4)"
PRESETS = {
    "Column and row": ("Together they make a table.", {}),
    "Matrix and scalar": ("A number goes to every cell.", {"broadcast.a": TABLE, "broadcast.b": "100"}),
    "Matrix and row": ("The row is added to every row, as a bias is.", {"broadcast.a": TABLE}),
    "Four dimensions": (
        "(5, 1, 4, 1) and (3, 1, 1) make (5, 3, 4, 1).",
        {
            "broadcast.a": "torch.arange(20).reshape(5, 1, 4, 1)",
            "broadcast.b": "torch.tensor([0, 100, 200]).reshape(3, 1, 1)",
        },
    ),
    "Does not fit": (
        "(3, 4) and (3,): PyTorch's refusal, explained.",
        {"broadcast.a": TABLE, "broadcast.b": "torch.tensor([10, 20, 30])"},
    ),
    "One hot": (
        "Comparing a column with a row makes one-hot rows.",
        {
            "broadcast.a": "torch.tensor([[2], [0], [1]])",
            "broadcast.b": "torch.arange(3)",
            "broadcast.operation": "==",
        },
    ),
    "Distances": (
        "All differences of two lists at once.",
        {
            "broadcast.a": "torch.tensor([0.0, 1.0, 5.0])[:, None]",
            "broadcast.b": "torch.tensor([0.5, 4.0])",
            "broadcast.operation": "-",
        },
    ),
}


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("broadcast.a", "broadcast.b", "broadcast.operation")
        more_controls(controls, PRESETS, BroadcastSettings)
    settings, seed = controls.read(BroadcastSettings), controls.values["seed"]
    with picture:
        st.markdown("**How can two tensors of different shapes be combined?**")
        try:
            found = broadcast(settings, seed)
        except ExpressionError as error:
            show_error(error)
            program_panel(broadcast_program(usable(settings, error), None, seed))
            return
        if found.error:
            show_error(found.error)
        if found.rows:
            st.markdown("The shapes, written under each other from the right:")
            st.table(aligned_table(found).set_index("dimension"))
        else:
            st.markdown("Both are scalars: there is no dimension to align.")
        left, right = st.columns(2)
        with left:
            chart(only(found.a, "a") if found.error else stretched("a", found.a, found.stretched_a), "operand_a")
        with right:
            chart(only(found.b, "b") if found.error else stretched("b", found.b, found.stretched_b), "operand_b")
        if not found.error:
            chart(result(found, settings.operation), "combined")
        st.markdown("**Find out.** How do you add `[10, 20, 30]` to the *columns* of a matrix of shape (3, 4)?")
    program_panel(broadcast_program(settings, found, seed))
