"""One click, one insight."""

import streamlit as st

from core.optim.known import OPTIMIZERS
from core.optimizers.settings import RaceSettings, SurfaceSettings
from core.plane.surfaces import SURFACES
from core.settings import defaults
from ui.controls import Controls


def presets(controls: Controls) -> None:
    """Buttons that set surface, start, learning rates and who races."""
    usual = controls.defaults_of(*OPTIMIZERS) | defaults(SurfaceSettings) | defaults(RaceSettings)
    usual |= {"race.at": 40, "axis": "steps", "follow": "Adam"}

    def on(surface: str, **more: object) -> dict[str, object]:
        x, y = SURFACES[surface].start
        return usual | {"surface": surface, "x": x, "y": y} | more

    with st.container(horizontal=True, gap="small"):
        controls.preset(
            "The course's two",
            "SGD(lr=0.01, momentum=0.9) against Adam(lr=0.01), from a start at which neither is lost.",
            **usual | {"optimizers": ("Momentum", "Adam"), "lr": 0.01, "x": 1.0, "y": 1.0, "steps": 500},
        )
        controls.preset("All fourteen", "Beale's valley: who arrives, who lags, who is lost.", **usual)
        controls.preset(
            "Each its best",
            "The same race, each with the learning rate that gets it lowest from here in so many steps.",
            **usual | {"rule": "best"},
        )
        controls.preset(
            "A bent valley",
            "Rosenbrock: most are soon down in the valley and then slow along it.",
            **on("rosenbrock", lr=0.002, steps=500),
        )
        controls.preset(
            "Past 2/L",
            "Booth with lr = 0.115: above 2/L = 0.111 SGD climbs, momentum may go to 2(1 + b)/L = 0.211.",
            **on("booth", lr=0.115, optimizers=("SGD", "Momentum", "Adam"), follow="SGD", steps=30),
        )
        controls.preset(
            "A saddle",
            "Started exactly on the line y = 0 nobody ever leaves it.",
            **on("saddle", y=0.0, lr=0.05),
        )
        controls.preset(
            "Full of holes",
            "Rastrigin: the nearest hole catches them, and nobody gets to the deepest.",
            **on("rastrigin", lr=0.002),
        )
        controls.preset(
            "A sharp hole",
            "Ackley: the slope at the bottom is undefined, all round it 2.83; steps in proportion to it never shrink.",
            **on("ackley", x=0.4, y=0.3, lr=0.05),
        )
        controls.preset("Your own f(x, y)", "A function that you type.", **on("typed", lr=0.05))
