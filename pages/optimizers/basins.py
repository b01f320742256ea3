"""Which valley? The minimum that an optimizer reaches from each of 40,000 starts."""

from dataclasses import replace

import streamlit as st

from core.optim.hyperparameters import Hyperparameters
from core.optimizers.basins import WHOLE, Basins, BasinSettings, BasinWork, hparams_of
from core.optimizers.basins_program import basins_lines, basins_program
from core.optimizers.race import race
from core.optimizers.settings import SurfaceSettings
from core.plane.surfaces import SURFACES, Box
from figures.optimizers.basins import basin_map
from figures.optimizers.basins_colors import moments_of
from figures.optimizers.basins_words import label, limit_words, start_words
from pages.optimizers.shared import read_hparams, show_hyperparameters, show_surface
from ui.chart import chart, rounded
from ui.controls import Controls
from ui.long_work import Job, results
from ui.program import program_panel
from ui.scrubber import scrubber

MAP = "optimizers_basins"


def show(controls: Controls) -> None:
    picture, side = st.columns([2.2, 1], gap="large")
    with side:
        show_surface(controls, "basins.surface")
        controls.show("basins.optimizer", "basins.lr", "basins.steps", "basins.color")
        optimizer = controls.values["basins.optimizer"]
        with controls.show_more("x", "y"):
            show_hyperparameters(controls, optimizer, "lr")
        settings = controls.read_or_explain(BasinSettings)
        surface = _read_surface(controls, settings) if settings else None
        hparams = read_hparams(controls, optimizer)
        _presets(controls)
        controls.reset_button()
        if surface is None or settings is None or hparams is None:
            return
        hparams = hparams_of(hparams, settings)
    with picture:
        place = st.container()
        found = _found(surface, hparams, settings.steps)
        if found is None:
            return
        run = race(surface, (hparams,), found.steps).runs[0]
        with place:
            moments = moments_of(found.steps)
            labels = [label(found, step) for step in moments]
            identity = f"{hash(hparams)}{hash(found.surface)}{found.steps}basins"
            scrubber(controls, "at", moments, labels, [MAP], identity)
            chart(
                basin_map(found, run, settings.color), MAP, on_place=lambda x, y: _start_at(controls, found.box, x, y)
            )
        st.markdown(start_words(found, run))
        st.markdown(limit_words(found))
    _words()
    st.code("\n".join(basins_lines(found)), language=None)
    program_panel(basins_program(found), MAP, "Run by itself, it prints the lines above.")


def _read_surface(controls: Controls, settings: BasinSettings) -> SurfaceSettings | None:
    """The ground and the start; or None, with the reason on the screen."""
    values = {name: controls.values[name] for name in ("text", "x", "y")}
    try:
        return SurfaceSettings(surface=settings.surface, **values)
    except ValueError as error:
        st.error(str(error))
        return None


def _found(surface: SurfaceSettings, hparams: Hyperparameters, steps: int) -> Basins | None:
    """The map, which takes a second or two; None if it was stopped before it began."""
    ground = replace(surface, x=0.0, y=0.0)  # the chosen start changes no map
    identity = f"basins {ground} {hparams} {steps}"
    found = results([Job(identity, steps, lambda: BasinWork(ground, hparams, steps))], MAP, run_label=None)
    return found[0] if found else None


def _start_at(controls: Controls, box: Box, x: float, y: float) -> None:
    """Takes the clicked place as the start."""
    controls.set(x=rounded(x, *box[:2]), y=rounded(y, *box[2:]))


def _words() -> None:
    st.markdown(
        "Click on the map, and the path of that start is drawn. Each cell is a start of its own. All of them are one "
        "tensor with one optimizer: since it treats each coordinate by itself, every start goes exactly where it would "
        f"go alone. {' and '.join(WHOLE)} are not offered, because a step of theirs depends on the whole tensor."
    )
    st.markdown(
        "**Find out by moving the controls.** On Himmelblau, at which lr does plain SGD's smooth border break into "
        "dust? Which optimizers cut the valleys along the axes, and which do not? On Rastrigin, whose larger lr finds "
        "lower holes, and whose merely other ones?"
    )


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("basins") | {"at": 500}

    def preset(label: str, what: str, surface: str, optimizer: str, lr: float, **more: object) -> None:
        x, y = SURFACES[surface].start
        values = {"basins.surface": surface, "x": x, "y": y, "basins.optimizer": optimizer, "basins.lr": lr}
        controls.preset(label, what, **usual | values | more)

    with st.container(horizontal=True):
        preset("Four valleys", "Himmelblau, SGD with a small lr: smooth borders.", "himmelblau", "SGD", 0.01)
        preset("Near the limit", "The same with lr = 0.0235: the borders become dust.", "himmelblau", "SGD", 0.0235)
        preset("Momentum rolls over", "The same valleys with momentum: swirls.", "himmelblau", "Momentum", 0.01)
        preset("Along the axes", "Adam on the same valleys.", "himmelblau", "Adam", 0.1)
        long = {"basins.steps": 300}
        preset("Small steps, next hole", "Rastrigin, Adagrad with lr = 0.3.", "rastrigin", "Adagrad", 0.3, **long)
        preset(
            "Large steps, better holes", "The same with lr = 4: far jumps first.", "rastrigin", "Adagrad", 4.0, **long
        )
