"""The choice of an activation function and its parameters, alike in all views that have it."""

from core.activation_functions.modules import ACTIVATIONS, Activation, parameters_of
from core.activation_functions.settings import ActivationSettings
from ui.controls import Controls


def show_activation(controls: Controls) -> None:
    """The list of functions, and the parameters of the chosen one."""
    controls.show("name")
    controls.show(*parameters_of(controls.values["name"]))


def activation(controls: Controls, name: str | None = None) -> Activation:
    """The chosen function, or another by its name, with the parameters on screen."""
    return controls.read(ACTIVATIONS[name or controls.read(ActivationSettings).name])
