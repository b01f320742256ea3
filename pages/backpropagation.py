"""Backpropagation: how the error finds each weight."""

from ui.page import begin, show_page

begin(
    "How does the error find each weight?",
    "A network calculates, step by step, until it ends in one number: the error. To make that smaller, training must "
    "know for each weight by how much the error changes when the weight does. Going through the steps backward tells "
    "all of these at once.",
)

from core.backpropagation.settings import (
    BackpropagationViewState,
    DeepSettings,
    GraphSettings,
    MistakeSettings,
    NetworkSettings,
    TensorSettings,
)
from pages.backpropagation import deep, graph, mistakes, network, tensors
from ui.controls import Controls

VIEWS = {
    "graph": graph,
    "network": network,
    "tensors": tensors,
    "deep": deep,
    "mistakes": mistakes,
}

controls = Controls(
    "backpropagation",
    BackpropagationViewState,
    GraphSettings,
    network=NetworkSettings,
    tensors=TensorSettings,
    deep=DeepSettings,
    mistakes=MistakeSettings,
)
show_page(controls, VIEWS)
