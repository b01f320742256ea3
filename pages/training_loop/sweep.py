"""Batch size x learning rate: 56 runs as one map."""

import streamlit as st

from core.training_loop.program import program
from core.training_loop.settings import TrainingLoopSettings
from core.training_loop.sweep import BATCH_SIZES, LEARNING_RATES, Sweep, SweepMap, SweepSettings
from figures.training_loop.sweep import sweep_map
from ui.chart import chart
from ui.controls import Controls
from ui.long_work import Job, results
from ui.program import program_panel


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        st.markdown(
            "Every cell is a whole run from the same first weights. Runs of one batch size train as one network of "
            "eight."
        )
        controls.show("map.num_epochs", "optimizer", "hidden", "seed")
        controls.reset_button()
    with picture:
        settings, sweep = controls.read_or_explain(TrainingLoopSettings), controls.read_or_explain(SweepSettings)
        if settings is None or sweep is None:
            return
        begun = Sweep(settings, sweep)
        found = results(
            [Job((settings, sweep), begun.total_updates, lambda: begun)],
            "training_loop-map",
            run_label=f"Train {len(BATCH_SIZES) * len(LEARNING_RATES)} networks",
        )
        if found is None:
            return
        chart(sweep_map(found[0], sweep.num_epochs), "map", on_mark=lambda x, y: _load(controls, x, y))
        _choose(controls, found[0])
    st.markdown(
        "**Find out.** Along which line of cells does the loss stay the same, and what does that say about batch "
        "size and "
        "learning rate? Which optimizer forgives the most learning rates?"
    )
    program_panel(
        program(settings), "training_loop", "The program of a single run, with the settings of “Watch it learn”."
    )


def _load(controls: Controls, lr: object, batch_size: object) -> None:
    """Takes the clicked cell's values, as they stand on the axes, if they are on the map."""
    rates = {f"{rate:g}": rate for rate in LEARNING_RATES}
    sizes = {f"{size:,}": size for size in BATCH_SIZES}
    if lr in rates and batch_size in sizes:
        controls.set(**_cell(controls, rates[lr], sizes[batch_size]))


def _cell(controls: Controls, lr: float, batch_size: int) -> dict[str, object]:
    """What opens the very run of a cell."""
    epochs = controls.values["map.num_epochs"]
    return {"lr": lr, "batch_size": batch_size, "num_epochs": epochs, "view": "watch", "loop": "course"}


def _choose(controls: Controls, found: SweepMap) -> None:
    st.markdown("Click a cell to open its run.")
    with st.expander("Choose a cell without clicking on the map"):
        key = f"{controls.page}-cell"
        lr = st.select_slider("Learning rate of the cell", LEARNING_RATES, 1e-3, key=f"{key}-lr")
        size = st.select_slider("Batch size of the cell", BATCH_SIZES, 100, key=f"{key}-size")
        loss = found.final_loss[BATCH_SIZES.index(size), LEARNING_RATES.index(lr)].item()
        st.markdown(f"lr {lr:g}, batch size {size:,}: final loss **{loss:.4g}**.")
        st.button("Open this run", on_click=controls.set, kwargs=_cell(controls, lr, size), key=f"{key}-open")
