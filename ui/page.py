"""What every page begins with: the frame, the question, the first sentences, and only then PyTorch."""

from pathlib import Path

import streamlit as st

from ui.navigation import ensure_frame

STYLE = Path(__file__).parent / "style.css"


def begin(question: str, opening: str) -> None:
    """Puts something to read on the screen, then makes sure that PyTorch is there."""
    ensure_frame()
    st.html(STYLE)
    st.title(question)
    st.markdown(opening)
    _start_pytorch()


@st.cache_resource(show_spinner="Starting PyTorch…")
def _start_pytorch() -> bool:
    """Once a process: pays for the imports, then takes them out of the garbage collector's sight.

    A full collection walks through every object there is, torch's million too: about 140 ms in the middle of
    somebody's answer. `gc.freeze` leaves them out; new garbage is collected as before.
    """
    import gc

    import pandas  # noqa: F401
    import plotly.graph_objects  # noqa: F401

    from core.warm_up import warm_up

    warm_up()
    gc.collect()
    gc.freeze()
    return True


@st.cache_resource(show_spinner="Loading a library…")
def load_library(name: str) -> bool:
    """Imports a heavy library that only some views need, once a process, and takes it out of the collector's sight too.

    Without that, each full collection walks through it as well, in the middle of somebody's answer (scikit-learn:
    50 ms).
    """
    import gc
    from importlib import import_module

    import_module(name)
    gc.collect()
    gc.freeze()
    return True
