"""Momentum: the map of learning rate and momentum on a real surface."""

import streamlit as st

from core.optimizers.stability import STEPS, StabilityMap, StabilitySettings, stability_map
from core.optimizers.stability_program import stability_lines, stability_program
from core.optimizers.surfaces import SURFACES
from figures.optimizers.stability import cell_at, cell_words, map_picture, path_picture, why_they_part
from figures.words import say
from pages.optimizers.shared import read_surface, show_surface
from ui.chart import chart
from ui.controls import Controls
from ui.plane_click import plane_click
from ui.program import program_panel


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        show_surface(controls)
        controls.show("stability.nesterov", "stability.column", "stability.row")
        controls.show_more("x", "y")
        controls.reset_button()
        surface, settings = read_surface(controls), controls.read_or_explain(StabilitySettings)
    if surface is None or settings is None:
        return
    found = stability_map(surface, settings.nesterov)
    with side:
        st.markdown(cell_words(found, settings))
    with picture:
        one, two = st.columns([1.4, 1])
        with one:
            chart(map_picture(found, settings.column, settings.row), "optimizers_map")
            plane_click("optimizers_map", take=lambda x, y: _open(controls, found, x, y))
        with two:
            chart(path_picture(found, settings.column, settings.row), "optimizers_cell")
    st.markdown(why_they_part(found))
    st.markdown(
        f"Each cell is a run of {STEPS} steps of `torch.optim.SGD` on {SURFACES[surface.surface].label} from "
        f"({say(surface.x)}, {say(surface.y)}). Click a cell, or move the sliders, and its path is drawn beside the "
        "map. On a bowl the line is the whole truth: try Booth or Matyas. On other ground it holds next to the "
        "minimum only, and a run must get there first."
    )
    st.markdown(
        "**Find out by moving the controls.** On which surfaces do line and map part, and on which side of the line? "
        "Move the start close to a minimum: what happens to the difference? Does Nesterov help where the ground is "
        "steeper than at the minimum?"
    )
    st.code("\n".join(stability_lines(found, settings)), language=None)
    program_panel(
        stability_program(found, settings), "optimizers_stability", "Run by itself, it prints the lines above."
    )


def _open(controls: Controls, found: StabilityMap, power: float, b: float) -> None:
    """Takes the clicked cell, if there is one."""
    cell = cell_at(found, power, b)
    if cell is not None:
        controls.set(**{"stability.column": cell[0], "stability.row": cell[1]})
