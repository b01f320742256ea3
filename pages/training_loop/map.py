"""Batch size x learning rate: 56 runs as one map."""

import streamlit as st

from core.training_loop.map import BATCH_SIZES, LEARNING_RATES, LrMap, LrMapTask
from core.training_loop.program import map_program
from core.training_loop.settings import MapSettings, TrainingLoopSettings
from figures.training_loop.map import lr_map
from ui.chart import chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.long_work import results
from ui.program import program_panel

RATES = {f"{rate:g}": rate for rate in LEARNING_RATES}  # as they stand on the axes of the map
SIZES = {f"{size:,}": size for size in BATCH_SIZES}


def show(controls: Controls) -> None:
    st.markdown("**Which learning rate belongs to which batch size?**")
    layout = view_layout()
    with layout.side:
        controls.show("map.num_epochs", "optimizer", "hidden", "seed")
        controls.reset_button()
    settings, map_settings = controls.read_or_last(TrainingLoopSettings), controls.read_or_last(MapSettings)
    with layout.stage:
        label = f"Train {len(BATCH_SIZES) * len(LEARNING_RATES)} networks"
        task = LrMapTask(settings, map_settings)
        found = results([task], "training_loop-map", run_label=label, at_once=4, place=layout.run)
        if found:
            picture = lr_map(found[0], map_settings.num_epochs)
            chart(picture, "map", layout.words, on_mark=lambda lr, batch_size: _open(controls, lr, batch_size))
    with layout.below:
        st.markdown("Every cell is a whole run from the same first weights; the runs of a row are trained at once.")
        if found:
            _choose(controls, found[0])
    st.markdown("**Find out.** Along which line of cells does the loss stay about the same, and why?")
    program_panel(map_program(settings, map_settings, found[0] if found else None))


def _open(controls: Controls, lr: object, batch_size: object) -> None:
    """Opens the very run of a cell, whose values come as they stand on the axes."""
    if lr in RATES and batch_size in SIZES:
        cell = {"lr": RATES[lr], "batch_size": SIZES[batch_size], "num_epochs": controls.values["map.num_epochs"]}
        controls.set(view="watch", loop="course", **cell)


def _choose(controls: Controls, found: LrMap) -> None:
    st.markdown("Click a cell to open its run.")
    with st.expander("Choose a cell without clicking on the map"):
        lr = st.select_slider("Learning rate of the cell", list(RATES), "0.001", key="training_loop-cell-lr")
        sizes = list(SIZES)[: len(found.batch_sizes)]
        size = st.select_slider("Batch size of the cell", sizes, key="training_loop-cell-size")
        loss = found.final_loss[list(SIZES).index(size), list(RATES).index(lr)].item()
        st.markdown(f"lr {lr}, batch size {size}: final loss **{loss:.4g}**.")
        st.button("Open this run", on_click=_open, args=(controls, lr, size), key="training_loop-cell-open")
