"""What every page begins with: the frame, the question, the first sentences, and only then PyTorch; and its views."""

import gc
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import streamlit as st

from ui.background import background
from ui.memory import forget_widgets
from ui.navigation import ensure_frame
from ui.presets import show_promise

if TYPE_CHECKING:  # they need PyTorch
    from ui.controls import Controls

STYLE = Path(__file__).parent / "style.css"


def begin(question: str, opening: str) -> None:
    """Puts something to read on the screen, then makes sure that PyTorch is there."""
    ensure_frame()
    forget_widgets()
    st.html(STYLE)
    st.title(question)
    st.markdown(opening)
    _start_pytorch()


def show_page(controls: "Controls", views: Mapping[str, ModuleType]) -> None:
    """Shows the row of views, the chosen one, and what stands behind it."""
    controls.show_link_problems()
    view = controls.show_views("view")
    views[view].show(controls)
    show_promise(controls)
    background(controls.page, view)


@st.cache_resource(show_spinner="Starting PyTorch…")
def _start_pytorch() -> bool:
    """Once a process: pays for the imports that every page needs."""
    time.sleep(0.1)  # Imports hardly let another thread work; the one that sends the first words gets its turn now.
    _load("pandas", "plotly.graph_objects", "core")
    return True


def _load(*names: str) -> None:
    """Imports, and takes what was imported out of the garbage collector's sight.

    A full collection walks through every object there is, torch's million too: about 140 ms in the middle of
    somebody's answer. `gc.freeze` leaves them out; new garbage is collected as before.
    """
    for name in names:
        import_module(name)
    gc.collect()
    gc.freeze()
