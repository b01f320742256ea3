"""How big, and how fast? 64 networks as one map."""

import streamlit as st

from core.multilayer_perceptron.program import size_program
from core.multilayer_perceptron.settings import PlaygroundSettings
from core.multilayer_perceptron.size import LRS, SizeMap, SizeTask, with_width
from figures.multilayer_perceptron.size import RATES, SIZES, size_map
from figures.words import fmt
from pages.multilayer_perceptron.run import open_run, run_controls
from ui.chart import chart
from ui.controls import Controls
from ui.layout import view_layout
from ui.long_work import results
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Spiral, 3 layers": ("Narrow networks fail at every rate.", {}),
    "Spiral, 1 layer": ("Width alone does not make up for depth.", {"layers": "8"}),
    "Circle, 1 layer": ("Three neurons are enough.", {"data": "circle", "layers": "8", "num_epochs": 50}),
}


def show(controls: Controls) -> None:
    st.markdown(
        "**How many neurons does it need, and which learning rate do they like?** Each cell is a network of its own; "
        "click one to watch its run."
    )
    layout = view_layout()
    with layout.side:
        run_controls(controls, "data", "activation", "layers", "num_epochs", "seed", without=("lr", "patience"))
        controls.show_presets(PRESETS, PlaygroundSettings)
        settings = controls.read_or_last(PlaygroundSettings)
    with layout.stage:
        try:
            task = SizeTask(settings)
        except ValueError as error:
            st.error(str(error))
            return
        found = results([task], "multilayer_perceptron-size", run_label=None, at_once=8, place=layout.run)
        if not found:
            return
        (map_found,) = found
        chart(size_map(map_found), "size", layout.words, on_mark=lambda lr, width: _open(controls, settings, lr, width))
    with layout.below:
        st.markdown("The layers keep their number, but all of them have the same width.")
        _choose(controls, settings, map_found)
    st.markdown(
        "**Find out.** From which width on is there a rate that solves it? Do wide networks like smaller rates?"
    )
    program_panel(size_program(map_found))
    inputs, layers = settings.sizes[0], len(settings.hidden)
    n = sum((a + 1) * b for a, b in zip((inputs, *[8] * layers), (*[8] * layers, 1), strict=True))
    between = ["(8 + 1) · 8"] * (layers - 1)
    terms = " + ".join([f"({inputs} + 1) · 8", *between, "(8 + 1) · 1"])
    worked_step(f"A network of width 8 has {terms} = **{n}** numbers: for each neuron its weights and its bias.")


def _open(controls: Controls, settings: PlaygroundSettings, lr: object, width: object) -> None:
    """Opens the run of a cell, whose values come as they stand on the axes."""
    if lr in RATES and width in SIZES:
        wide = with_width(settings, int(width))
        open_run(controls, layers=wide.layers, init=wide.init, lr=LRS[RATES.index(lr)])


def _choose(controls: Controls, settings: PlaygroundSettings, found: SizeMap) -> None:
    with st.expander("Choose a cell without clicking on the map"):
        lr = st.select_slider("Learning rate of the cell", RATES, key="multilayer_perceptron-cell-lr")
        width = st.select_slider("Width of the cell", SIZES, key="multilayer_perceptron-cell-width")
        loss = found.test_loss[SIZES.index(width), RATES.index(lr)].item()
        st.markdown(f"Width {width}, lr {lr}: {f'test loss **{fmt(loss)}**' if loss == loss else '**diverged**'}.")
        st.button(
            "Open this run", on_click=_open, args=(controls, settings, lr, width), key="multilayer_perceptron-cell-open"
        )
