"""Reshape, transpose, expand, cat and their like: what becomes of the storage."""

import streamlit as st

from core.expression.errors import ExpressionError
from core.tensors.facts import index_of, slot_of
from core.tensors.program import storage_program
from core.tensors.settings import StorageSettings
from core.tensors.storage import Arranged, arrange
from figures.tensors.facts import facts_table, slot_words
from figures.tensors.storage import after, before, order
from figures.tensors.strip import strip
from pages.tensors.shared import more_controls, show_error, usable
from ui.chart import chart
from ui.controls import Controls
from ui.program import program_panel
from ui.scrubber import scrubber

CUBE = "torch.arange(24).reshape(2, 3, 4)"
PRESETS = {
    "Transpose": ("Rows and columns swapped by swapping the strides.", {}),
    "Reshape": ("Another shape over the same row of numbers.", {"storage.y": "x.reshape(2, 6)"}),
    "Permute": (
        "Dimensions in another order: strides (1, 12, 4).",
        {"storage.x": CUBE, "storage.y": "x.permute(2, 0, 1)"},
    ),
    "Impossible view": (
        "PyTorch's refusal, explained.",
        {"storage.x": CUBE, "storage.y": "x.permute(2, 0, 1).view(24)"},
    ),
    "Reshape copies": (
        "Where view fails, reshape copies.",
        {"storage.x": CUBE, "storage.y": "x.permute(2, 0, 1).reshape(24)"},
    ),
    "Expand": (
        "A stride of 0 reads one cell again and again.",
        {"storage.x": "torch.tensor([[1], [2], [3]])", "storage.y": "x.expand(3, 4)"},
    ),
    "Unsqueeze": ("A new dimension of length 1 costs nothing.", {"storage.y": "x.unsqueeze(1)"}),
    "Cat": ("Side by side along a dimension: a copy.", {"storage.y": "torch.cat([x, x + 100], dim=1)"}),
    "Stack": ("Along a new dimension: a copy.", {"storage.y": "torch.stack([x, x + 100])"}),
    "Sum": ("One dimension is added up and gone.", {"storage.y": "x.sum(dim=1)"}),
    "Diagonal": (
        "One stride that is the sum of two.",
        {"storage.x": "torch.arange(16).reshape(4, 4)", "storage.y": "x.diagonal()"},
    ),
    "Windows": (
        "Overlapping windows over one row: strides by hand.",
        {"storage.x": "torch.arange(8)", "storage.y": "x.as_strided((6, 3), (1, 1))"},
    ),
}


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("storage.x", "storage.y")
        more_controls(controls, PRESETS, StorageSettings)
    settings, seed = controls.read(StorageSettings), controls.values["seed"]
    with picture:
        st.markdown("**Does an operation move the numbers, or only read the same row in another way?**")
        try:
            found = arrange(settings, seed)
        except ExpressionError as error:
            show_error(error)
            _show_x(settings, seed)
            program_panel(storage_program(usable(settings, error), None, seed))
            return
        left, right = st.columns(2)
        with left:
            chart(before(found), "before")
        with right:
            chart(after(found), "after")
        _show_cell(controls, found, f"{settings.x}|{settings.y}|{seed}")
        left, right = st.columns(2, gap="large")
        with left:
            chart(order(found), "order")
        with right:
            st.table(facts_table(x=found.x, y=found.y).set_index("fact"))
        st.markdown("**Find out.** After which operations does `.view(-1)` fail?")
    program_panel(storage_program(settings, found, seed))


def _show_cell(controls: Controls, found: Arranged, run: str) -> None:
    """One cell of y, led to its slot."""
    count, shape = found.y.numel(), tuple(found.y.shape)
    if not count:
        st.info("y has 0 elements, so there is no cell to look for.")
        return
    labels = [f"y{list(index_of(place, shape))}" for place in range(count)]
    at = scrubber(controls, "storage.place", list(range(count)), labels, [], run, "Cell of y, in reading order")
    index = index_of(at, shape)
    st.markdown(f"{labels[at]} lies in slot {slot_words(found.y, index)}: offset plus index times stride.")
    chart(strip(found.y, "y", slot_of(found.y, index)), "storage_of_y")
    if not found.view:
        chart(strip(found.x, "x"), "storage_of_x")


def _show_x(settings: StorageSettings, seed: int) -> None:
    """x as it is, where y is impossible."""
    try:
        found = arrange(StorageSettings(x=settings.x, y="x"), seed)
    except ExpressionError:
        return
    chart(before(found), "before")
    chart(strip(found.x, "x"), "storage_of_x")
