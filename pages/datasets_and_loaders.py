"""Datasets and loaders: how does data reach the model?"""

from ui.page import begin, show_page

begin(
    "How does data reach the model?",
    "A model learns from samples, a few at a time. A dataset knows every sample by its number, its index. A loader "
    "chooses the order, asks for some samples, and packs them into tensors: a batch. Here you see where every sample "
    "goes, and why.",
)

from core.datasets_and_loaders.settings import (
    CollateSettings,
    LoadersViewState,
    MistakesSettings,
    OrderSettings,
    OwnSettings,
    PathSettings,
    SamplersSettings,
    WorkersSettings,
)
from pages.datasets_and_loaders import collate, mistakes, order, own, path, samplers, workers
from ui.controls import Controls

VIEWS = {
    "path": path,
    "samplers": samplers,
    "order": order,
    "collate": collate,
    "workers": workers,
    "own": own,
    "mistakes": mistakes,
}

controls = Controls(
    "datasets_and_loaders",
    LoadersViewState,
    PathSettings,
    samplers=SamplersSettings,
    order=OrderSettings,
    collate=CollateSettings,
    workers=WorkersSettings,
    own=OwnSettings,
    mistakes=MistakesSettings,
)
show_page(controls, VIEWS)
