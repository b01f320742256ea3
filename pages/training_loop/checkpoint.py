"""Save the weights, load them, go on."""

import streamlit as st

from core.training_loop.checkpoint import load, save
from core.training_loop.run import Run
from core.training_loop.settings import TrainingLoopSettings
from core.weights_file import MAX_BYTES
from figures.words import plural
from ui.controls import Controls


def show(controls: Controls, run: Run) -> None:
    st.subheader("Save, load, go on")
    end = run.checkpoint
    if end is None:
        st.markdown("You stopped within an epoch, so there is nothing to save: a run is taken up after a whole epoch.")
    else:
        with st.container(horizontal=True):
            name, key = "training_loop.safetensors", "training_loop-save"
            st.download_button("Save the weights", lambda: save(end), file_name=name, on_click="ignore", key=key)
            more = f"Go on for {plural(run.settings.num_epochs, 'epoch')} more"
            st.button(more, on_click=controls.unlinked.update, kwargs={"start": end}, key="training_loop-go-on")
    with st.expander("Load weights from a file"):
        _upload(controls)


def _upload(controls: Controls) -> None:
    st.markdown(
        f"A safetensors file of at most {MAX_BYTES // 1000:,} kB, saved here or by the program. "
        "`torch.save` writes a pickle, which can run any code when it is read, so a server must not read one. To turn "
        'yours into a safetensors file: `safetensors.torch.save_file(torch.load("weights.pt"), '
        '"weights.safetensors")`. The file stays in this session: a link does not carry it.'
    )
    file = st.file_uploader("Weights file (.safetensors)", key="training_loop-weights")
    settings = controls.read_or_last(TrainingLoopSettings)
    if file is None:
        return
    try:
        start = load(file.getvalue(), settings)
    except ValueError as error:
        st.error(str(error))
        return
    st.success(f"The file fits these settings. Its network was trained for {plural(start.epoch, 'epoch')}.")
    use = {"on_click": controls.unlinked.update, "kwargs": {"start": start}}
    st.button("Train from these weights", key="training_loop-use-weights", **use)
