"""Reshape, transpose, expand, cat and their like: what becomes of the storage."""

import itertools

import streamlit as st

from core.quote import literal
from core.tensors.facts import is_view, slot_of
from core.tensors.program import storage_program
from core.tensors.settings import StorageSettings
from core.tensors.storage import arrange
from figures.tensors.facts import facts_table, slot_words, storage_words
from figures.tensors.storage import after, before, strip
from pages.tensors.shared import computed, more_controls
from ui.chart import chart
from ui.controls import Controls
from ui.layout import Layout, show_beside, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber

ROWS, CUBE = "torch.arange(12).reshape(3, 4)", "torch.arange(24).reshape(2, 3, 4)"
COLUMN, SQUARE = "torch.tensor([[1], [2], [3]])", "torch.arange(16).reshape(4, 4)"
PRESETS = {
    label: (what_it_shows, {"storage.x": x, "storage.y": y})
    for label, x, y, what_it_shows in (
        ("Transpose", ROWS, "x.T", "Rows and columns swapped by swapping the strides."),
        ("Reshape", ROWS, "x.reshape(2, 6)", "Another shape over the same row of numbers."),
        ("Permute", CUBE, "x.permute(2, 0, 1)", "Dimensions in another order: strides (1, 12, 4)."),
        ("Impossible view", CUBE, "x.permute(2, 0, 1).view(24)", "PyTorch's refusal, explained."),
        ("Reshape copies", CUBE, "x.permute(2, 0, 1).reshape(24)", "Where view fails, reshape copies."),
        ("Expand", COLUMN, "x.expand(3, 4)", "A stride of 0 reads one cell again and again."),
        ("Unsqueeze", ROWS, "x.unsqueeze(1)", "A new dimension of length 1 costs nothing."),
        ("Cat", ROWS, "torch.cat([x, x + 100], dim=1)", "Side by side along a dimension: a copy."),
        ("Stack", ROWS, "torch.stack([x, x + 100])", "Along a new dimension: a copy."),
        ("Sum", ROWS, "x.sum(dim=1)", "One dimension is added up and gone."),
        ("Diagonal", SQUARE, "x.diagonal()", "One stride that is the sum of two."),
        ("Windows", "torch.arange(8)", "x.as_strided((6, 3), (1, 1))", "Overlapping windows: strides by hand."),
    )
}

WRITES, READS = "Yes, it writes them", "No, it reads those of x in another way"


def show(controls: Controls) -> None:
    st.markdown("**Does an operation move the numbers, or only read the same row in another way?**")
    layout = view_layout()
    with layout.side:
        controls.show("storage.x", "storage.y")
        seed, asked = controls.values["seed"], controls.read(StorageSettings)
        settings, found, refused = computed(controls, layout, asked, lambda one: arrange(one, seed))
        more_controls(controls, PRESETS, StorageSettings)
    with layout.stage:
        x, y = found
        if not refused and not _guess(controls, layout, settings, x, y):
            chart(before(x), "before", layout.words)
            return
        show_beside(layout, before=before(x), after=after(x, y))
    with layout.words:
        _show_cell(controls, x, y, f"{settings.x}|{settings.y}|{seed}")
    with layout.below:
        st.table(facts_table(x=x, y=y))
        st.markdown("**Find out.** After which operations does `.view(-1)` fail?")
    program_panel(storage_program(refused or settings, None if refused else (x, y), seed))


def _guess(controls: Controls, layout: Layout, settings: StorageSettings, x: object, y: object) -> bool:
    if not y.numel():
        return True
    question = f"y is {literal(settings.y)}. Does PyTorch write new numbers into memory to make it?"
    right = READS if is_view(y, x) else WRITES
    return prediction(controls, layout, question, [WRITES, READS], [right], f"y {storage_words(y, x, 'x')}.", settings)


def _show_cell(controls: Controls, x: object, y: object, run: str) -> None:
    """One cell of y, led to its slot."""
    if not y.numel():
        st.info("y has 0 elements, so there is no cell to look for.")
        return
    cells = list(itertools.product(*map(range, y.shape)))
    labels = [f"y{list(index)}" for index in cells]
    at = scrubber(controls, "storage.place", list(range(len(cells))), labels, [], run, "Cell of y, in reading order")
    index = cells[at]
    st.markdown(f"{labels[at]} lies in slot {slot_words(y, index)}: offset plus index times stride.")
    chart(strip(y, "y", slot_of(y, index)), "storage_of_y")
    if not is_view(y, x):
        chart(strip(x, "x"), "storage_of_x")
