"""What the views of this page share: the layout of their controls, and errors in PyTorch's own words."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

from core.expression.errors import TorchError
from core.expression.language import Limits
from core.expression.torch_language import in_words, torch_language
from core.quote import literal
from core.settings import Settings, parameters
from ui.controls import Controls
from ui.last_good import last_drawn, last_good
from ui.layout import Layout
from ui.what_may_be_typed import what_may_be_typed

S, T = TypeVar("S", bound=Settings), TypeVar("T")
LOOKED_AT = ("step", "place", "row", "column")  # settings that no operation depends on


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
    what_may_be_typed(f"{controls.page}-typed", lambda: in_words(torch_language(limits=Limits(elements))))


def show_refusal(error: TorchError) -> None:
    """Why PyTorch refused, also in its own words, with which the program ends."""
    st.error(str(error))
    st.markdown("PyTorch's own words, with which the program ends:")
    st.code(f"{error.kind}: {error.said}", language=None, wrap_lines=True)


def computed(
    controls: Controls, layout: Layout, settings: S, compute: Callable[[S], T], usual: S | None = None
) -> tuple[S, T, S | None]:
    """What a view shows: settings, and what comes of them; where they are wrong or PyTorch refuses, the last good ones.

    Args:
        usual: what is shown where there are no last ones; the defaults if None.

    Returns:
        Third: the settings that PyTorch refused, whose program ends with its error; None if it refused none.
    """
    usual = usual or type(settings)()
    shown, found = last_good(controls, settings, compute, usual, TorchError)
    if not isinstance(found, TorchError):
        return shown, found, None
    refusal = found
    shown, found = last_drawn(controls, compute, usual)
    kinds = parameters(type(settings))
    differ = [name for name in kinds if name not in LOOKED_AT and getattr(shown, name) != getattr(settings, name)]
    said = ", ".join(f"{kinds[name].label} = {literal(kinds[name].say(getattr(shown, name)))}" for name in differ)
    with layout.ask:
        show_refusal(refusal)
        st.markdown(f"Shown below instead, since PyTorch does not refuse it, {said}.")
    return shown, found, settings
