"""Save the weights, load them, go on."""

import streamlit as st

from core.training_loop.checkpoint import MAX_BYTES, load, save
from core.training_loop.run import Checkpoint, Run
from core.training_loop.settings import TrainingLoopSettings
from figures.words import plural
from ui.controls import Controls


def show(controls: Controls, run: Run) -> None:
    st.subheader("Save, load, go on")
    if run.checkpoint is None:
        st.markdown("You stopped within an epoch, so there is nothing to save: a run is taken up after a whole epoch.")
    else:
        with st.container(horizontal=True):
            st.download_button(
                "Save the weights",
                lambda: save(run.checkpoint),
                file_name="training_loop.pt",
                help="For torch.load(..., weights_only=True): epoch, model and optimizer state.",
                on_click="ignore",
                key="training_loop-save",
            )
            st.button(
                f"Go on for {plural(run.settings.num_epochs, 'epoch')} more",
                help="From the end of this run, as if it had never stopped.",
                on_click=_train_from,
                args=(controls, run.checkpoint),
                key="training_loop-go-on",
            )
    with st.expander("Load weights from a file"):
        _upload(controls)


def _train_from(controls: Controls, start: Checkpoint) -> None:
    controls.unlinked["start"] = start


def _upload(controls: Controls) -> None:
    st.markdown(
        f"A file saved here, or by `torch.save(model.state_dict(), ...)` in the program; at most "
        f"{MAX_BYTES // 1000:,} kB. It is read with `weights_only=True`, so that nothing in it can run. It stays in "
        "this session: a link does not carry it."
    )
    file = st.file_uploader("Weights file (.pt)", key="training_loop-weights")
    settings = controls.read_or_explain(TrainingLoopSettings)
    if file is None or settings is None:
        return
    try:
        start = load(file.getvalue(), settings)
    except ValueError as error:
        st.error(str(error))
        return
    st.success(
        f"The file fits these settings: {plural(settings.hidden, 'hidden unit')}, after {plural(start.epoch, 'epoch')}."
    )
    st.button("Train from these weights", on_click=_train_from, args=(controls, start), key="training_loop-use-weights")
