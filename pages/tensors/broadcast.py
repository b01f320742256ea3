"""Two operands of different shapes: aligned, stretched, combined."""

import streamlit as st

from core.tensors.broadcast import Broadcast, broadcast
from core.tensors.program import broadcast_program
from core.tensors.settings import BroadcastSettings
from figures.tensors.broadcast import aligned_table, result, stretched
from figures.tensors.index import only
from pages.tensors.shared import computed, more_controls, show_refusal
from ui.chart import chart
from ui.controls import Controls
from ui.layout import Layout, show_beside, view_layout
from ui.prediction import prediction
from ui.program import program_panel

TABLE, COLUMN, ROW = "torch.arange(12).reshape(3, 4)", "torch.tensor([[0], [10], [20]])", "torch.tensor([1, 2, 3, 4])"
LONG, OTHER = "torch.arange(6).reshape(2, 1, 3, 1)", "torch.tensor([0, 100, 200]).reshape(3, 1, 1)"
ONES, OTHERS = "torch.tensor([0.0, 1.0, 5.0])[:, None]", "torch.tensor([0.5, 4.0])"
PRESETS = {
    label: (what_it_shows, {"broadcast.a": a, "broadcast.operation": operation, "broadcast.b": b})
    for label, a, operation, b, what_it_shows in (
        ("Column and row", COLUMN, "+", ROW, "Together they make a table."),
        ("Matrix and scalar", TABLE, "+", "100", "A number goes to every cell."),
        ("Matrix and row", TABLE, "+", ROW, "The row is added to every row, as a bias is."),
        ("Four dimensions", LONG, "+", OTHER, "(2, 1, 3, 1) and (3, 1, 1) make (2, 3, 3, 1)."),
        ("Does not fit", TABLE, "+", "torch.tensor([10, 20, 30])", "(3, 4) and (3,): PyTorch's refusal, explained."),
        ("One hot", "torch.tensor([[2], [0], [1]])", "==", "torch.arange(3)", "A column against a row: one-hot rows."),
        ("Distances", ONES, "-", OTHERS, "All differences of two lists at once."),
    )
}
REFUSES = "None: PyTorch refuses"


def show(controls: Controls) -> None:
    st.markdown("**How can two tensors of different shapes be combined?**")
    layout = view_layout()
    with layout.side:
        controls.show("broadcast.a", "broadcast.b", "broadcast.operation")
        seed, asked = controls.values["seed"], controls.read(BroadcastSettings)
        settings, found, refused = computed(controls, layout, asked, lambda one: broadcast(one, seed))
        more_controls(controls, PRESETS, BroadcastSettings)
    with layout.stage:
        if not refused and not _guess(controls, layout, settings, found):
            show_beside(layout, operand_a=only(found.a, "a"), operand_b=only(found.b, "b"))
            return
        if found.error:
            show_refusal(found.error)
            show_beside(layout, operand_a=only(found.a, "a"), operand_b=only(found.b, "b"))
        else:
            a, b = stretched("a", found.a, found.stretched_a), stretched("b", found.b, found.stretched_b)
            show_beside(layout, operand_a=a, operand_b=b)
            chart(result(found, settings.operation), "combined", layout.words)
    with layout.below:
        if found.rows:
            st.markdown("The shapes, written under each other from the right:")
            st.table(aligned_table(found))
        else:
            st.markdown("Both are scalars: there is no dimension to align.")
        st.markdown("**Find out.** How do you add `[10, 20, 30]` to the *columns* of a matrix of shape (3, 4)?")
    program_panel(broadcast_program(refused or settings, None if refused else found, seed))


def _guess(controls: Controls, layout: Layout, settings: BroadcastSettings, found: Broadcast) -> bool:
    shapes = {tuple(found.a.shape), tuple(found.b.shape), *([] if found.error else [tuple(found.result.shape)])}
    right = REFUSES if found.error else str(tuple(found.result.shape))
    question, options = f"Which shape has a {settings.operation} b?", [*map(str, sorted(shapes)), REFUSES]
    why = "Shapes are compared from the right; a length of 1 is stretched."
    return prediction(controls, layout, question, options, [right], why, settings)
