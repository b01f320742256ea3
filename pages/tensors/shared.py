"""What the views of this page share: the layout of their controls, and errors in PyTorch's own words."""

from collections.abc import Callable, Mapping
from contextlib import suppress

import streamlit as st

from core.expression.errors import ExpressionError, TorchError
from core.expression.torch_language import listed
from core.program import Program
from core.settings import Settings
from core.tensors.typed import seeded, typed_tensor
from figures.tensors.index import only
from ui.chart import chart
from ui.controls import Controls
from ui.last_good import last_good
from ui.program import program_panel


def more_controls(
    controls: Controls,
    presets: Mapping[str, tuple[str, dict[str, object]]],
    cls: type[Settings],
    *names: str,
    elements: int = 10_000,
) -> None:
    """What is rarely changed, the way back, the presets, and everything that may be typed.

    Args:
        cls: the settings that a preset puts back to their defaults. names: of rarely changed ones, besides the seed.
        elements: how many a typed tensor may have.
    """
    controls.show_more(*names, "seed")
    controls.show_presets(presets, cls)
    expander = st.expander("What may be typed", key=f"{controls.page}-typed", on_change="rerun")
    if expander.open:
        with expander:
            st.markdown(
                "Numbers, nested lists, names, calls, indexing, `+ - * / // % ** @ & | ^ ~` and comparisons. A result "
                f"has at most 6 dimensions and {elements:,} elements. Nothing else can be reached than this list:"
            )
            for kind, known in listed().items():
                st.markdown(f"**{kind}:** " + ", ".join(f"`{name}`" for name in known))


def show_refusal(error: TorchError, program: Program | None = None) -> None:
    """Why PyTorch refused, also in its own words, with which the program ends."""
    st.error(str(error))
    st.markdown("PyTorch's own words, with which the program ends:")
    st.code(f"{error.kind}: {error.said}", language=None, wrap_lines=True)
    if program:
        program_panel(program)


def computed(controls: Controls, cls: type[Settings], compute: Callable) -> tuple[Settings, int, object]:
    """The settings, the seed, and what comes of them, or PyTorch's refusal; where they are wrong, those before."""
    seed = controls.values["seed"]
    settings, found = last_good(controls, controls.read(cls), lambda one: compute(one, seed), answers=TorchError)
    return settings, seed, found


def show_x(text: str, seed: int) -> None:
    """x by itself, where nothing could be made of it; nothing where x is what was wrong."""
    with suppress(ExpressionError):
        chart(only(typed_tensor(text, seeded(seed))), "x")
