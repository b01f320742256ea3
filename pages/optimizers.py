"""Optimizers: which way down is fastest?"""

from ui.page import begin

begin(
    "Which way down is fastest?",
    "Training a network means walking downhill on a surface with millions of directions. PyTorch has a dozen recipes "
    "for the next step, and each goes another way. Here they race from one start; then each view asks one question "
    "about them.",
)

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.basins import BasinSettings
from core.optimizers.matrices import MatrixSettings
from core.optimizers.momentum import StabilitySettings
from core.optimizers.network import NetworkLook, NetworkSettings
from core.optimizers.schedules import ScheduleSettings
from core.optimizers.settings import OptimizersLook, RaceLook, RaceSettings, SurfaceSettings, every_optimizer
from core.optimizers.weight_decay import DecaySettings
from pages.optimizers import background, basins, decay, matrix, network, race, rates, schedules, stability, update
from ui.controls import Controls

controls = Controls(
    "optimizers",
    OptimizersLook,
    SurfaceSettings,
    RaceSettings,
    NetworkLook,
    race=RaceLook,
    stability=StabilitySettings,
    **{name: hyperparameters_of(name) for name in every_optimizer()},
    basins=BasinSettings,
    schedules=ScheduleSettings,
    decay=DecaySettings,
    matrix=MatrixSettings,
    network=NetworkSettings,
)
controls.show_link_problems()
view = controls.show_views("view")

if view == "update":
    update.show(controls)
elif view == "rates":
    rates.show(controls)
elif view == "stability":
    stability.show(controls)
elif view == "basins":
    basins.show(controls)
elif view == "schedules":
    schedules.show(controls)
elif view == "decay":
    decay.show(controls)
elif view == "matrix":
    matrix.show(controls)
elif view == "network":
    network.show(controls)
else:
    race.show(controls)

background.show()
