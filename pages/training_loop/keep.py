"""Save the weights, load them, go on."""

import streamlit as st

from core.training_loop.record import Run
from core.training_loop.settings import TrainingLoopSettings
from core.training_loop.weights import MAX_BYTES, load, save
from ui.controls import Controls


def show(controls: Controls, run: Run) -> None:
    st.subheader("Save, load, go on")
    with st.container(horizontal=True):
        if run.checkpoint is not None:
            st.download_button(
                "Save the weights",
                lambda: save(run.checkpoint),
                file_name="training_loop.pt",
                help="For torch.load(..., weights_only=True): epoch, model and optimizer state.",
                on_click="ignore",
                key="training_loop-save",
            )
            st.button(
                f"Go on for {run.settings.num_epochs} more epochs",
                help="From the end of this run, as if it had never stopped.",
                on_click=lambda: controls.beyond.update(start=run.checkpoint),
                key="training_loop-go-on",
            )
    if run.checkpoint is None:
        st.markdown("You stopped within an epoch, so there is nothing to save: a run is taken up after a whole epoch.")
    with st.expander("Load weights from a file"):
        _upload(controls)


def _upload(controls: Controls) -> None:
    st.markdown(
        f"A file saved here, or by `torch.save(model.state_dict(), ...)` in the program above; at most "
        f"{MAX_BYTES // 1000:,} kB. "
        "It is read with `weights_only=True`, so that nothing in it can run. It stays in this session: a link does "
        "not carry it."
    )
    file = st.file_uploader("Weights file (.pt)", key="training_loop-weights")
    settings = controls.read_or_explain(TrainingLoopSettings)
    if file is None or settings is None:
        return
    try:
        checkpoint = load(file.getvalue(), settings)
    except ValueError as error:
        st.error(str(error))
        return
    st.success(f"The file fits these settings: {settings.hidden} hidden units, after {checkpoint.epoch} epochs.")
    st.button(
        "Train from these weights",
        on_click=lambda: controls.beyond.update(start=checkpoint),
        key="training_loop-use-weights",
    )
