"""Batch size x learning rate: 56 runs as one map."""

import streamlit as st

from core.training_loop.map import BATCH_SIZES, LEARNING_RATES, LrMap, LrMapTask
from core.training_loop.program import map_program
from core.training_loop.settings import MapSettings, TrainingLoopSettings
from figures.training_loop.map import lr_map
from ui.chart import chart
from ui.controls import Controls
from ui.long_work import results
from ui.program import program_panel


def show(controls: Controls) -> None:
    st.markdown("**Which learning rate belongs to which batch size?**")
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        st.markdown(
            "Every cell is a whole run from the same first weights. Runs of one batch size train as one network of "
            f"{len(LEARNING_RATES)}."
        )
        controls.show("map.num_epochs", "optimizer", "hidden", "seed")
        controls.reset_button()
    settings, map_settings = controls.read_or_explain(TrainingLoopSettings), controls.read_or_explain(MapSettings)
    if settings is None or map_settings is None:
        return
    with picture:
        label = f"Train {len(BATCH_SIZES) * len(LEARNING_RATES)} networks"
        found = results([LrMapTask(settings, map_settings)], "training_loop-map", run_label=label)
        if found:
            chart(lr_map(found[0], map_settings.num_epochs), "map", on_mark=lambda x, y: _open(controls, x, y))
            _choose(controls, found[0])
            st.markdown(
                "**Find out.** Along which line of cells does the loss stay the same, and what does that say about "
                "batch size and learning rate?"
            )
    program_panel(map_program(settings, map_settings, found[0] if found else None))


def _open(controls: Controls, lr: object, batch_size: object) -> None:
    """Opens the run of the clicked cell, whose values come as they stand on the axes."""
    rates = {f"{rate:g}": rate for rate in LEARNING_RATES}
    sizes = {f"{size:,}": size for size in BATCH_SIZES}
    if lr in rates and batch_size in sizes:
        controls.set(**_cell(controls, rates[lr], sizes[batch_size]))


def _cell(controls: Controls, lr: float, batch_size: int) -> dict[str, object]:
    """What opens the very run of a cell."""
    epochs = controls.values["map.num_epochs"]
    return {"lr": lr, "batch_size": batch_size, "num_epochs": epochs, "view": "watch", "loop": "course"}


def _choose(controls: Controls, found: LrMap) -> None:
    st.markdown("Click a cell to open its run.")
    with st.expander("Choose a cell without clicking on the map"):
        key = f"{controls.page}-cell"
        lr = st.select_slider("Learning rate of the cell", LEARNING_RATES, 1e-3, key=f"{key}-lr")
        size = st.select_slider("Batch size of the cell", found.batch_sizes, key=f"{key}-size")
        loss = found.final_loss[found.batch_sizes.index(size), LEARNING_RATES.index(lr)].item()
        st.markdown(f"lr {lr:g}, batch size {size:,}: final loss **{loss:.4g}**.")
        st.button("Open this run", on_click=controls.set, kwargs=_cell(controls, lr, size), key=f"{key}-open")
