"""Which valley? The minimum that an optimizer reaches from each of 40,000 starts."""

from dataclasses import replace

import streamlit as st

from core.optimizers.basins import (
    STAY,
    WHOLE_TENSOR,
    Basins,
    BasinSettings,
    BasinTask,
    follows_the_nearest,
    share_at_nearest,
)
from core.optimizers.program.basins import basins_program
from core.optimizers.race import race
from figures.optimizers.basins import basin_map, frame_steps, label
from figures.words import plural
from pages.optimizers.shared import read_hparams, read_surface, show_hyperparameters, show_surface, start_at
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber

MAP = "optimizers_basins"
HIMMELBLAU = {"basins.surface": "himmelblau", "x": -0.5, "y": -1.5, "at": 500}
RASTRIGIN = {"basins.surface": "rastrigin", "x": -3.3, "y": 3.7, "at": 500, "basins.steps": 300}
PRESETS = {
    "Four valleys": ("Himmelblau, SGD with a small lr: smooth borders.", HIMMELBLAU | {"basins.optimizer": "SGD"}),
    "Near the limit": (
        "The same with lr = 0.0235: the borders become dust.",
        HIMMELBLAU | {"basins.optimizer": "SGD", "basins.lr": 0.0235},
    ),
    "Momentum rolls over": ("The same valleys with momentum: swirls.", HIMMELBLAU),
    "Along the axes": ("Adam on the same valleys.", HIMMELBLAU | {"basins.optimizer": "Adam", "basins.lr": 0.1}),
    "Small steps, next hole": (
        "Rastrigin, Adagrad with lr = 0.3.",
        RASTRIGIN | {"basins.optimizer": "Adagrad", "basins.lr": 0.3},
    ),
    "Large steps, better holes": (
        "The same with lr = 4: far jumps first.",
        RASTRIGIN | {"basins.optimizer": "Adagrad", "basins.lr": 4.0},
    ),
}
NEAREST = {"all": "Yes, every one", "most": "Most of them", "few": "Fewer than half of them"}


def show(controls: Controls) -> None:
    st.markdown("Where an optimizer ends depends on where it starts. **Which minimum is reached from which start?**")
    layout = view_layout()
    with layout.side:
        show_surface(controls, "basins.surface")
        controls.show("basins.optimizer", "basins.lr", "basins.steps", "basins.color")
        optimizer = controls.values["basins.optimizer"]
        with controls.show_more("x", "y"):
            show_hyperparameters(controls, optimizer, "lr")
        settings = controls.read(BasinSettings)
        surface = read_surface(controls, surface=settings.surface)
        hparams = replace(read_hparams(controls, optimizer), lr=settings.lr)
        controls.show_presets(PRESETS, BasinSettings)
    with layout.stage:
        place = st.container()
        results_found = results([BasinTask(surface, hparams, settings.steps)], MAP, run_label=None)
        if results_found is None:
            return
        (found,) = results_found
        run = race(surface, (hparams,), found.steps).runs[0]
        drawn = basin_map(found, run, settings.color)
        with place:
            if not _guess(controls, layout, found):
                held_chart(drawn, MAP, layout.words)
                return
            steps = frame_steps(found.steps)
            labels = [label(found, step) for step in steps]
            scrubber(controls, "at", steps, labels, [MAP], f"{hash(hparams)}{hash(found.surface)}{found.steps}basins")
            chart(drawn, MAP, layout.words, on_place=lambda x, y: start_at(controls, found.box, x, y))
    st.markdown(
        f"A start has reached a minimum when it has been within {found.radius:.3g} of it for {STAY} steps. All starts "
        "are one tensor with one optimizer, which treats each coordinate by itself, so every start goes where it would "
        f"go alone. A step of {' and '.join(WHOLE_TENSOR)} depends on the whole tensor, so they are not offered."
    )
    st.markdown(
        "**Find out by moving the controls.** On Himmelblau, at which lr does plain SGD's smooth border break into "
        "dust? On Rastrigin, does a larger lr find lower holes, or only other ones?"
    )
    program_panel(basins_program(found))


def _guess(controls: Controls, layout: Layout, found: Basins) -> bool:
    question, right = "Does every start end in the minimum that is nearest to it?", NEAREST[follows_the_nearest(found)]
    why = f"{share_at_nearest(found):.1%} of the starts end in the nearest one after {plural(found.steps)}."
    about = (found.surface, found.hparams, found.steps)
    return not found.minima or prediction(controls, layout, question, list(NEAREST.values()), [right], why, about)
