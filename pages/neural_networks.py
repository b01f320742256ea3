"""Neural networks: what is inside an nn.Module?"""

from ui.page import begin, show_page

begin(
    "What is inside a neural network?",
    "A network is a row of layers. Each takes some numbers, computes others from them, and hands those on. Many layers "
    "hold numbers of their own, which training changes. In PyTorch, all of this is one object: a module.",
)

from core.neural_networks.settings import (
    MistakeSettings,
    ModelSettings,
    NetworksViewState,
    ParameterSettings,
    RunSettings,
)
from pages.neural_networks import build, mistakes, parameters, run, weights
from ui.controls import Controls

VIEWS = {
    "build": build,
    "run": run,
    "parameters": parameters,
    "mistakes": mistakes,
    "weights": weights,
}

controls = Controls(
    "neural_networks",
    NetworksViewState,
    ModelSettings,
    run=RunSettings,
    parameters=ParameterSettings,
    mistakes=MistakeSettings,
)
show_page(controls, VIEWS)
