"""Optimizers: which way down is fastest?"""

from ui.page import begin, show_page

begin(
    "Which way down is fastest?",
    "Training a network means walking downhill on a surface with millions of directions. PyTorch has a dozen recipes "
    "for the next step, and each goes another way. Here they race from one start; then each view asks one question "
    "about them.",
)

from core.optim.hyperparameters import hyperparameters_of
from core.optim.known import OPTIMIZERS
from core.optimizers.basins import BasinSettings
from core.optimizers.matrices import MatrixSettings
from core.optimizers.momentum import MomentumSettings
from core.optimizers.network import NetworkSettings
from core.optimizers.schedules import ScheduleSettings
from core.optimizers.settings import OptimizersViewState, RaceSettings, RaceViewState, SurfaceSettings
from core.optimizers.weight_decay import DecaySettings
from core.settings import parameters
from pages.optimizers import basins, lr_sweep, matrices, momentum, network, race, schedules, update, weight_decay
from ui.controls import Controls

VIEWS = {
    "race": race,
    "update": update,
    "lr_sweep": lr_sweep,
    "momentum": momentum,
    "basins": basins,
    "schedules": schedules,
    "weight_decay": weight_decay,
    "matrices": matrices,
    "network": network,
}
OLD_PREFIXES = {"stability": MomentumSettings, "decay": DecaySettings, "matrix": MatrixSettings}
TODAY = {"stability": "momentum", "decay": "weight_decay", "matrix": "matrices"}
ALIASES = {
    "contestants": "optimizers",
    "basins.contestant": "basins.optimizer",
    "matrix.contestants": "matrices.optimizers",
    "network.contestants": "network.optimizers",
    "network_follow": "follow",
    "network_at": "at",
    "matrix.follow": "follow",
    "matrices.follow": "follow",
    **{f"{old}.{name}": f"{TODAY[old]}.{name}" for old, cls in OLD_PREFIXES.items() for name in parameters(cls)},
}

controls = Controls(
    "optimizers",
    OptimizersViewState,
    SurfaceSettings,
    RaceSettings,
    aliases=ALIASES,
    race=RaceViewState,
    momentum=MomentumSettings,
    **{name: hyperparameters_of(name) for name in OPTIMIZERS},
    basins=BasinSettings,
    schedules=ScheduleSettings,
    weight_decay=DecaySettings,
    matrices=MatrixSettings,
    network=NetworkSettings,
)
show_page(controls, VIEWS)
