"""Optimizers: which way down is fastest?"""

from ui.page import begin

begin(
    "Which way down is fastest?",
    "Training a network means walking downhill on a surface with millions of directions. PyTorch has a dozen recipes "
    "for the next step, and each goes another way. Here they all start at one place. Press Play, then click on the map "
    "to start elsewhere.",
)

from core.optimizers.hyperparameters import hyperparameters_of
from core.optimizers.network import NetworkLook, NetworkSettings
from core.optimizers.settings import OptimizersLook, RaceSettings, SurfaceSettings, every_optimizer
from core.optimizers.stability import StabilitySettings
from pages.optimizers import network, race, rates, stability
from ui.controls import Controls

controls = Controls(
    "optimizers",
    OptimizersLook,
    SurfaceSettings,
    RaceSettings,
    NetworkLook,
    stability=StabilitySettings,
    **{name: hyperparameters_of(name) for name in every_optimizer()},
    network=NetworkSettings,
)
controls.show_link_problems()
view = controls.show_views("view")

if view == "rates":
    rates.show(controls)
elif view == "stability":
    stability.show(controls)
elif view == "network":
    network.show(controls)
else:
    race.show(controls)
