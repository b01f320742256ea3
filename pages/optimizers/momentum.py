"""Momentum: the map of learning rate and momentum on a real surface."""

import streamlit as st

from core.optimizers.momentum import STEPS, StabilityMap, StabilitySettings, StabilityWork, columns, momenta
from core.optimizers.momentum_program import stability_lines, stability_program
from core.optimizers.settings import SurfaceSettings
from core.plane.surfaces import SURFACES
from core.settings import defaults
from figures.optimizers.momentum import cell_at, map_picture
from figures.optimizers.stability_path import path_picture
from figures.optimizers.stability_words import cell_words, why_they_part
from figures.words import fmt
from pages.optimizers.shared import read_surface, show_surface
from ui.chart import chart
from ui.controls import Controls
from ui.long_work import Job, results
from ui.program import program_panel


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        show_surface(controls)
        controls.show("momentum.nesterov")
        controls.show_more("x", "y")
        _presets(controls)
        controls.reset_button()
        surface, settings = read_surface(controls), controls.read_or_explain(StabilitySettings)
    if surface is None or settings is None:
        return
    with picture:
        lr, b = columns(surface).tolist(), momenta()
        for place, name, values in zip(st.columns(2), ("column", "row"), (lr, b), strict=True):
            with place:
                controls.show(f"momentum.{name}", say=lambda i, values=values: fmt(values[i], 3))
        work = Job(f"stability {surface} {settings.nesterov}", STEPS, lambda: StabilityWork(surface, settings.nesterov))
        found = results([work], "optimizers-stability", run_label=None)
        if not found:
            return
        found = found[0]
        one, two = st.columns([1.4, 1])
        with one:
            chart(
                map_picture(found, settings.column, settings.row),
                "optimizers_map",
                on_place=lambda x, y: _open(controls, found, x, y),
            )
        with two:
            chart(path_picture(found, settings.column, settings.row), "optimizers_cell")
    with side:
        st.markdown(cell_words(found, settings))
    st.markdown(why_they_part(found))
    st.markdown(
        f"Each cell is a run of {STEPS} steps of `torch.optim.SGD` on {SURFACES[surface.surface].label} from "
        f"({fmt(surface.x)}, {fmt(surface.y)}). Click a cell, or move the sliders, and its path is drawn beside the "
        "map. On a bowl the line is the whole truth: try Booth or Matyas. On other ground it holds next to the "
        "minimum only, and a run must get there first. With momentum and without Nesterov a direction of curvature h "
        "swings where b > (1 − √(lr·h))², and then each step shrinks it by √b, whatever the lr."
    )
    st.markdown(
        "**Find out by moving the controls.** On which surfaces do line and map part, and on which side of the line? "
        "Move the start close to a minimum: what happens to the difference? Does Nesterov help where the ground is "
        "steeper than at the minimum?"
    )
    st.code("\n".join(stability_lines(found, settings)), language=None)
    program_panel(
        stability_program(found, settings), "optimizers_momentum", "Run by itself, it prints the lines above."
    )


def _presets(controls: Controls) -> None:
    """Cells that are worth a look, each on its ground."""
    usual = defaults(SurfaceSettings) | controls.defaults_of("stability")

    def preset(label: str, what: str, surface: str, column: int, row: int) -> None:
        x, y = SURFACES[surface].start
        cell = {"momentum.column": column, "momentum.row": row}
        controls.preset(label, what, **usual | {"surface": surface, "x": x, "y": y} | cell)

    with st.container(horizontal=True, gap="small"):
        preset("Best on a bowl", "Booth: lr and b next to theory's best, 0.125 and 0.25.", "booth", 30, 12)
        preset("Just past the line", "Booth with b = 0: a little above 2/L.", "booth", 29, 0)
        preset("Too steep on the way", "Beale: below the line, and yet thrown out.", "beale", 21, 38)
        preset("Another valley", "Himmelblau: above this minimum's line, at home in another.", "himmelblau", 33, 0)
        preset("No minimum", "The saddle: nothing holds a run.", "saddle", 21, 38)


def _open(controls: Controls, found: StabilityMap, power: float, b: float) -> None:
    """Takes the clicked cell, if there is one."""
    cell = cell_at(found, power, b)
    if cell is not None:
        controls.set(**{"momentum.column": cell[0], "momentum.row": cell[1]})
