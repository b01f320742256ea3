"""Weights to a file and back."""

import streamlit as st

from core.neural_networks.build import Built
from core.neural_networks.program import weights_program
from core.neural_networks.settings import ModelSettings
from core.neural_networks.weights import answer, holds_code, load, parts, saved
from core.weights_file import MAX_BYTES
from figures.neural_networks.weights import ABOUT, file_map, size_by_hand
from pages.neural_networks.shared import PRESETS, model_controls
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

FITTING = ("The course's MLP", "Digits", "A small CNN")  # a mismatch changes no file
HELD = {False: "No, only numbers with names", True: "Yes, the model can be made from the file alone"}


def show(controls: Controls) -> None:
    st.markdown("**How are weights saved, and what does the file hold?**")
    layout = view_layout()
    with layout.side:
        built = model_controls(controls)
        content = saved(built.settings)
        name = "neural_networks.safetensors"
        key = "neural_networks-save"
        st.download_button("Save the weights", content, file_name=name, on_click="ignore", key=key)
        controls.show_more("seed")
        controls.show_presets({label: PRESETS[label] for label in FITTING}, ModelSettings)
    found = parts(content)
    with layout.stage:
        if not _guess(controls, layout, built, content):
            held_chart(file_map(found), "file", layout.words, hidden=[ABOUT])
            return
        chart(file_map(found), "file", layout.words)
    with layout.below:
        worked_step(size_by_hand(found))
        _load(built)
        st.markdown(
            "`torch.save` writes a pickle, and reading a pickle can run any code that somebody has put into it. With "
            "`weights_only=True`, `torch.load` takes tensors only. This page, which gets files from strangers, takes "
            "safetensors: a list of names and then plain numbers."
        )
        st.markdown("**Find out.** Save, change the seed, load the file: which answer does the model give?")
    program_panel(weights_program(built))


def _guess(controls: Controls, layout: Layout, built: Built, content: bytes) -> bool:
    code = holds_code(content, built.settings)
    why = "The header lists names, dtypes and shapes; no line of the class stands in the file. Keep the class yourself."
    question = "You send only this file to a friend. Can the friend use the model without your class?"
    return prediction(controls, layout, question, list(HELD.values())[::-1], [HELD[code]], why, built.settings)


def _load(built: Built) -> None:
    """A file of the reader's own into the model on screen, and what the model then answers."""
    with st.expander("Load weights from a file"):
        st.markdown(
            f"A safetensors file of at most {MAX_BYTES // 1000:,} kB with the tensors of the model on screen. It stays "
            "in this session: a link does not carry it."
        )
        file = st.file_uploader("Weights file (.safetensors)", key="neural_networks-weights")
        if file is None:
            return
        try:
            tensors = load(file.getvalue(), built.settings)
        except ValueError as error:
            st.error(str(error))
            return
        st.success("The file fits this model: every name, shape and dtype is right.")
        before, after = answer(built.settings), answer(built.settings, tensors)
        if before is None or after is None:
            st.markdown(
                "This model does not fit its input, so it gives no answer; its weights are loaded all the same."
            )
            return
        st.markdown("`model(x)` with its first weights, then with those of the file:")
        st.code(f"{before}\n{after}", language=None)
