"""Momentum: the map of learning rate and momentum on a real surface."""

import streamlit as st

from core.optimizers.momentum import MomentumSettings, map_task, momentum_program, plan_of
from core.optimizers.settings import SurfaceSettings
from core.plane.momentum_map import MomentumMap, momenta
from core.plane.surfaces import SURFACES
from figures.momentum_map import BORDER, border_question, border_words, cell_at
from figures.optimizers.momentum import pictures, sides_words, words
from figures.words import fmt
from pages.optimizers.shared import read_surface, show_surface
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel


def _cell(surface: str, column: int, row: int) -> dict[str, object]:
    x, y = SURFACES[surface].start
    return {"momentum.surface": surface, "x": x, "y": y, "momentum.column": column, "momentum.row": row}


PRESETS = {
    "Best on a bowl": ("Booth: lr and b next to theory's best, 0.125 and 0.25.", _cell("booth", 30, 12)),
    "Just past the line": ("Booth with b = 0: a little above 2/L.", _cell("booth", 29, 0)),
    "Too steep on the way": (
        "Beale: below the line, and yet thrown out.",
        _cell("beale", 21, 38) | {"x": 1.0, "y": 1.5},
    ),
    "Another valley": (
        "Himmelblau: above this minimum's line, at home in another.",
        _cell("himmelblau", 33, 0),
    ),
    "No minimum": ("The saddle: nothing holds a run.", _cell("saddle", 21, 38)),
}


def show(controls: Controls) -> None:
    st.markdown("**Which learning rate goes with how much momentum, and does theory know?**")
    layout = view_layout()
    with layout.side:
        show_surface(controls, "momentum.surface")
        settings = controls.read(MomentumSettings)
        surface = read_surface(controls, surface=settings.surface)
        for name, values in (("column", plan_of(surface, settings.nesterov).lr.tolist()), ("row", momenta())):
            controls.show(f"momentum.{name}", say=lambda i, values=values: fmt(values[i], 3))
        controls.show("momentum.nesterov")
        controls.show_more("x", "y")
        controls.show_presets(PRESETS, MomentumSettings)
    with layout.stage:
        found = results([map_task(surface, settings.nesterov)], "optimizers-momentum", run_label=None)
        if not found:
            return
        (found,) = found
        the_map, path = pictures(found, surface, settings)
        if not _guess(controls, layout, found, surface):
            held_chart(path, "optimizers_cell", layout.words, hidden=(len(path.figure.data) - 2,))  # the path
            return
        chart(the_map, "optimizers_map", layout.words, on_place=lambda x, y: _open(controls, found, x, y))
    with layout.beside:
        chart(path, "optimizers_cell")
    with layout.side:
        st.markdown(words(found, surface, settings))
    st.markdown(
        f"Each cell runs `torch.optim.SGD` from ({fmt(surface.x)}, {fmt(surface.y)}). {sides_words(found)} Theory "
        "speaks of a bowl and of many steps. On another surface the way to the minimum may be steeper, and a run that "
        "is thrown out may come to rest in another valley."
    )
    st.markdown(
        "**Find out.** On which surfaces do line and map part? Move the start close to a minimum: what happens to the "
        "difference?"
    )
    program_panel(momentum_program(found, settings))


def _guess(controls: Controls, layout: Layout, found: MomentumMap, surface: SurfaceSettings) -> bool:
    moves = found.border_moves
    if moves is None or found.plan.curvature is None:
        return True
    question, about = border_question(found.plan.nesterov), (surface, found.plan.nesterov)
    return prediction(controls, layout, question, list(BORDER.values()), [BORDER[moves]], border_words(found), about)


def _open(controls: Controls, found: MomentumMap, x: float, b: float) -> None:
    """Takes the clicked cell, if there is one."""
    cell = cell_at(found, x, b, log=True)
    if cell is not None:
        controls.set(**{"momentum.column": cell[0], "momentum.row": cell[1]})
