"""What the views of this page share: the model on screen, its presets, and a layer that does not fit."""

import streamlit as st

from core.neural_networks.build import Built, build
from core.neural_networks.layers import KINDS, signature
from core.neural_networks.settings import COURSE, ModelSettings
from ui.controls import Controls

CNN = "Conv2d(1, 8, 3, padding=1), ReLU(), MaxPool2d(2), Flatten(), Linear(128, 10)"
PRESETS = {
    "The course's MLP": ("10 inputs, 64 hidden units, 2 outputs.", {"layers": COURSE, "shape": "10"}),
    "Digits": (
        "64 pixels, 32 hidden units, 10 classes.",
        {"layers": "Flatten(), Linear(64, 32), ReLU(), Linear(32, 10)", "shape": "1, 1, 8, 8"},
    ),
    "A small CNN": ("It slides small windows over the image.", {"layers": CNN, "shape": "1, 1, 8, 8"}),
    "A mismatch": (
        "Two layers that do not fit.",
        {"layers": "Flatten(), Linear(64, 32), ReLU(), Linear(64, 10)", "shape": "1, 1, 8, 8"},
    ),
}


def model_controls(controls: Controls) -> Built:
    """The two texts that make the model, and the model that they make; while they are wrong, the last one."""
    controls.show("layers", "shape")
    return build(controls.read_or_last(ModelSettings))


def what_may_be_typed() -> None:
    """Every layer with its arguments, behind a lid."""
    lid = st.expander("What may be typed", key="neural_networks-typed", on_change="rerun")
    if lid.open:
        with lid:
            st.markdown("At most 12 layers of this list, each with its arguments as in `torch.nn`:")
            st.markdown(", ".join(signature(kind) for kind in KINDS))


def show_mismatch(controls: Controls, built: Built) -> None:
    """Says below the fields which layer does not fit, in plain words and in torch's, with a button that mends it."""
    found = built.mismatch
    if found:
        st.error(f"{found.meaning} {found.fix}")
        if found.layers:
            mend = {"on_click": controls.set, "kwargs": {"layers": found.layers}}
            st.button("Mend it", key="neural_networks-mend", **mend)
        st.code(found.said, language=None, wrap_lines=True)
