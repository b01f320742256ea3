"""Momentum: the map of learning rate and momentum."""

import streamlit as st

from core.gradient_descent.momentum_map import START, STEPS, momenta, momentum_map, rates
from core.gradient_descent.program import map_lines, map_program
from core.gradient_descent.settings import MapSettings
from figures.gradient_descent.momentum_map import cell_at, cell_path, cell_words, stability_map
from ui.chart import chart
from ui.controls import Controls
from ui.program import program_panel


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("map.condition", "map.nesterov", "map.column", "map.row")
        settings = controls.read_or_explain(MapSettings)
        found = momentum_map(settings) if settings else None
        if found is not None:
            st.markdown(cell_words(found))
        _presets(controls)
        controls.reset_button()
    if found is None:
        return
    with picture:
        one, two = st.columns([1.4, 1])
        with one:
            chart(stability_map(found), "stability_map", on_mark=lambda x, y: _open(controls, x, y))
        with two:
            chart(cell_path(settings), "cell_path")
    lr, b = rates()[settings.column].item(), momenta()[settings.row].item()
    st.markdown(
        f"Each cell is a run of {STEPS} steps on the bowl f = (x²/κ + y²)/2 from ({START[0]:g}, {START[1]:g}), by "
        f"`torch.optim.SGD`. Click a cell, or move the sliders, and its path is drawn beside the map. Momentum keeps a "
        f"share b of the last step, here {b:.3g} with lr {lr:.3g}. It lets lr grow past 2/L, and it damps the zigzag."
    )
    st.markdown(
        "**Find out with the map.** Without momentum, where does the bright region begin? For κ = 100, is the darkest "
        "cell at the line or away from it? Which kind of momentum allows the larger lr, and which is safer to be near "
        "the top?"
    )
    st.code("\n".join(map_lines(found)), language=None)
    program_panel(map_program(settings), "gradient_descent_map", "Run by itself, it prints the two lines above.")


def _open(controls: Controls, lr: object, momentum: object) -> None:
    """Takes the clicked cell, if it is one of the map's."""
    cell = cell_at(lr, momentum)
    if cell is not None:
        controls.set(**{"map.column": cell[0], "map.row": cell[1]})


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("map")
    best = usual | {"map.column": 25, "map.row": 13}
    with st.container(horizontal=True):
        controls.preset("Too much momentum", "b = 0.93: it swings past the lowest point again and again.", **usual)
        controls.preset(
            "Theory's best", "The cell nearest to it, b = 0.27 with lr = 2.34: past 2/L = 2, and soon at rest.", **best
        )
        controls.preset(
            "No momentum", "The same lr = 2.34 with b = 0: past the limit, thrown out.", **best | {"map.row": 0}
        )
        controls.preset(
            "Nesterov",
            "The same cell. With Nesterov momentum the limit falls as b grows: thrown out as well.",
            **best | {"map.nesterov": True},
        )
