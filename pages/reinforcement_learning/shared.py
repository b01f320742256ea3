"""What the views of this page share: the world, its map that a click changes, a world in which nobody can arrive."""

from collections.abc import Callable

import streamlit as st

from core.reinforcement_learning.map_text import LETTERS, read_map, with_letter
from core.reinforcement_learning.settings import MAP, MapSettings, WorldSettings
from core.reinforcement_learning.world import World, make_world, trouble
from figures.reinforcement_learning.grid import cell_at
from ui.controls import Controls

BRUSH = {name: letter for letter, name in LETTERS.items()}
TROUBLES = {
    "no goal": "This world has no goal: put a G on the map, or no episode can end well.",
    "closed in": "The start is closed in: no move leads out of it.",
    "unreachable": "The goal cannot be reached from the start: walls or pits are in every way.",
}


def world_controls(controls: Controls, view: str) -> str:
    """The choice of the world and, if it is the reader's own, its map; returns the map, while it is wrong the last."""
    controls.show(f"{view}.world")
    if controls.values[f"{view}.world"] != "map":
        return MAP
    controls.show("map", "brush")
    if (brush := controls.values["brush"]) != "look":
        st.markdown(f"Click a cell of the map: it becomes **{brush}**.")
    return controls.read_or_last(MapSettings).map


def world_of(settings: WorldSettings, text: str) -> World:
    """The world, with a sentence if nobody can arrive in it."""
    world = make_world(settings, text)
    if found := trouble(world):
        st.warning(TROUBLES[found])
    return world


def on_map(
    controls: Controls, settings: WorldSettings, world: World, looks: bool = False
) -> Callable[[float, float], None] | None:
    """What a click on the map does: it sets the cell by the brush or, in a view that `looks`, looks at it.

    None where a click would do nothing.
    """
    if settings.world != "map" and not looks:
        return None

    def clicked(x: float, y: float) -> None:
        cell, brush = cell_at(world, x, y), controls.values["brush"]
        if cell is None:
            return
        if settings.world == "map" and brush != "look":
            rows = with_letter(read_map("/".join(world.rows)), cell, BRUSH[brush])
            controls.set(map="/".join(rows))
        else:
            controls.set(cell=cell)

    return clicked


def looked_at(controls: Controls, world: World) -> int:
    """The cell at which the reader looks: the start, where it would lie beyond the map."""
    cell = controls.values["cell"]
    return cell if cell < world.n_cells else world.start
