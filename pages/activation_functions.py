"""Activation functions: what a neuron does with its sum."""

from ui.page import begin, show_page

begin(
    "What does a neuron do with its sum?",
    "A neuron adds up its inputs, each times a weight. What it passes on is not this sum itself but what an activation "
    "function makes of it. The bend in that function lets layers learn more than a line, and its slope decides how "
    "much they learn.",
)

from core.activation_functions.modules import ACTIVATIONS
from core.activation_functions.settings import (
    ActivationSettings,
    ActivationViewState,
    CollapseSettings,
    DepthSettings,
    FunctionSettings,
    GatedSettings,
    NormalSettings,
)
from pages.activation_functions import collapse, depth, function, gated, normal
from ui.controls import Controls

VIEWS = {
    "function": function,
    "normal": normal,
    "depth": depth,
    "collapse": collapse,
    "gated": gated,
}

controls = Controls(
    "activation_functions",
    ActivationViewState,
    ActivationSettings,
    function=FunctionSettings,
    normal=NormalSettings,
    depth=DepthSettings,
    collapse=CollapseSettings,
    gated=GatedSettings,
    **ACTIVATIONS,
)
show_page(controls, VIEWS)
