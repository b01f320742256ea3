"""Reshape, transpose, expand, cat and their like: what becomes of the storage."""

import streamlit as st

from core.expression.errors import ExpressionError, TorchError
from core.tensors.arrange import Arranged, arrange
from core.tensors.program import view_lines, view_program
from core.tensors.settings import StorageSettings
from figures.tensors.arrange import after, before, order
from figures.tensors.shapes import facts_table
from figures.tensors.strip import strip
from pages.tensors.shared import may_be_typed, more_settings, printed, show_error, stepper
from ui.chart import chart
from ui.controls import Controls
from ui.program import program_panel

CUBE = "torch.arange(24).reshape(2, 3, 4)"
EXAMPLES = {  # label: what it shows, and what it sets
    "Transpose": ("Rows and columns swapped by swapping the strides.", {}),
    "Reshape": ("Another shape over the same row of numbers.", {"y": "x.reshape(2, 6)"}),
    "Permute": ("Dimensions in another order: strides (1, 12, 4).", {"x": CUBE, "y": "x.permute(2, 0, 1)"}),
    "Impossible view": ("PyTorch's refusal, explained.", {"x": CUBE, "y": "x.permute(2, 0, 1).view(24)"}),
    "Reshape copies": ("Where view fails, reshape copies.", {"x": CUBE, "y": "x.permute(2, 0, 1).reshape(24)"}),
    "Expand": (
        "A stride of 0 reads one cell again and again.",
        {"x": "torch.tensor([[1], [2], [3]])", "y": "x.expand(3, 4)"},
    ),
    "Unsqueeze": ("A new dimension of length 1 costs nothing.", {"y": "x.unsqueeze(1)"}),
    "Cat": ("Side by side along a dimension: a copy.", {"y": "torch.cat([x, x + 100], dim=1)"}),
    "Stack": ("Along a new dimension: a copy.", {"y": "torch.stack([x, x + 100])"}),
    "Sum": ("One dimension is added up and gone.", {"y": "x.sum(dim=1)"}),
    "Diagonal": ("One stride that is the sum of two.", {"x": "torch.arange(16).reshape(4, 4)", "y": "x.diagonal()"}),
    "Windows": (
        "Overlapping windows over one row: strides by hand.",
        {"x": "torch.arange(8)", "y": "x.as_strided((6, 3), (1, 1))"},
    ),
}


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("storage.x", "storage.y")
        more_settings(controls)
        _presets(controls)
        may_be_typed()
    settings, seed = controls.read(StorageSettings), controls.values["seed"]
    with picture:
        try:
            found = arrange(settings, seed)
        except ExpressionError as error:
            show_error(error)
            _before_only(settings, seed)
            _questions()
            ends = "It ends with that error." if isinstance(error, TorchError) else "The program of the example."
            program_panel(_program(settings, seed, error), "tensors_view", ends)
            return
        one, two = st.columns(2)
        with one:
            st.markdown("**x**, before")
            chart(before(found), "before")
        with two:
            st.markdown(f"**y**, after: `{settings.y}`")
            chart(after(found), "after")
        _cell(controls, found)
        _more(found)
        _questions()
    program_panel(view_program(settings.x, settings.y, seed), "tensors_view")


def _cell(controls: Controls, found: Arranged) -> None:
    """One cell of y, led to its slot."""
    if not found.y.numel():
        st.info("y has no elements, so there is no cell to look for.")
        return
    stepper(controls, "storage.place", found.y.numel(), "Cell of y, in reading order")
    place = f"[{', '.join(map(str, found.index))}]" if found.index else ""
    st.markdown(f"y{place} lies in slot {found.arithmetic} = **{found.slot}**: offset plus index times stride.")
    chart(strip(found.y, "y", found.slot), "storage_of_y")
    if not found.view:
        st.markdown("y has a storage of its own. That of **x**:")
        chart(strip(found.x, "x"), "storage_of_x")


def _more(found: Arranged) -> None:
    one, two = st.columns(2, gap="large")
    with one:
        chart(order(found), "order")
    with two:
        st.table(facts_table(x=found.x, y=found.y).set_index("fact"))
    printed(view_lines(found.x, found.y))


def _before_only(settings: StorageSettings, seed: int) -> None:
    """x as it is, where y is impossible."""
    try:
        found = arrange(StorageSettings(x=settings.x, y="x"), seed)
    except ExpressionError:
        return
    chart(before(found), "before")
    chart(strip(found.x, "x"), "storage_of_x")


def _program(settings: StorageSettings, seed: int, error: ExpressionError) -> str:
    if isinstance(error, TorchError):
        return view_program(settings.x, settings.y, seed)
    return view_program(StorageSettings().x, StorageSettings().y, seed)


def _questions() -> None:
    st.markdown(
        "**Find out by typing.** Which of `x.reshape(4, 3)` and `x.T` have the same shape, and why not the same "
        "numbers in the same places? After which operations does `.view` fail, and what do their strides have in "
        "common? Which operation makes a tensor that is larger than its storage?"
    )


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("storage")
    with st.container(horizontal=True):
        for label, (what, values) in EXAMPLES.items():
            controls.preset(label, what, **usual | {f"storage.{name}": value for name, value in values.items()})
