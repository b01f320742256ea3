"""Every parameter of the page of activation functions, written once; those of the functions stand in `modules.py`."""

from dataclasses import dataclass

from core.activation_functions.modules import NAMES
from core.settings import Choice, Integer, Real, Settings, Switch, parameter

VIEWS = {
    "function": "The function",
    "normal": "Normal sums",
    "depth": "Many layers",
    "collapse": "None, or a step",
    "gated": "Gates",
}
REACH = 6.0  # the curves go from minus this to plus this
WHOLE = tuple(float(z) for z in range(-6, 7))
MAX_DEPTH = 50
INITS = {
    "default": "PyTorch's default",
    "xavier": "Xavier normal",
    "kaiming": "Kaiming normal",
    "normal": "normal, with a scale",
}
CURVED = {name: name for name in ("Tanh", "Sigmoid", "ReLU", "GELU")}
HIGHEST_VALUE = 4.0
GATED = {
    "glu": "GLU (sigmoid)",
    "swiglu": "SwiGLU (SiLU)",
    "geglu": "GEGLU (GELU)",
    "reglu": "ReGLU (ReLU)",
    "bilinear": "bilinear (no activation)",
}
MAX_UPDATES = 200
COMPARED = {"none": "nothing"} | NAMES


@dataclass(frozen=True)
class ActivationSettings(Settings):
    """Which activation function three of the views are about."""

    name: str = parameter("ReLU", Choice("Activation function f", NAMES))


@dataclass(frozen=True)
class FunctionSettings(Settings):
    """Where the reader stands on the curve, and what is drawn beside it."""

    z: float = parameter(
        -2.0, Real("The neuron's sum z", -REACH, REACH, WHOLE, help="Inputs times weights, added up, plus the bias.")
    )
    second: str = parameter("none", Choice("Compare with", COMPARED))
    third: str = parameter("none", Choice("And with", COMPARED))
    fourth: str = parameter("none", Choice("And also with", COMPARED))
    curvature: bool = parameter(
        False, Switch("Second derivative f″", help="The slope of the slope, drawn with the slope.")
    )


@dataclass(frozen=True)
class NormalSettings(Settings):
    """The sums that go in, normally distributed."""

    mean: float = parameter(0.0, Real("Mean of the sums m", -5.0, 5.0, WHOLE[1:-1], help="A bias moves it."))
    std: float = parameter(
        1.0,
        Real("Standard deviation s", 0.1, 10.0, (0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0), help="How widely they lie."),
    )


@dataclass(frozen=True)
class DepthSettings(Settings):
    """A deep network of equally wide layers with fresh weights."""

    init: str = parameter("default", Choice("First weights", INITS))
    depth: int = parameter(20, Integer("Depth", 1, MAX_DEPTH, unit="layers"))
    scale: float = parameter(
        1.0,
        Real(
            "Scale of the weights",
            0.25,
            4.0,
            (0.25, 0.5, 0.71, 1.0, 1.41, 2.0, 2.83, 4.0),
            help="Their standard deviation times √width.",
        ),
    )
    width: int = parameter(32, Integer("Width", 8, 48, (8, 16, 32, 48), unit="units a layer"))
    seed: int = parameter(0, Integer("Seed", 0, 999, help="Of the inputs and the weights: same seed, same network."))


@dataclass(frozen=True)
class CollapseSettings(Settings):
    """Three networks with one hidden layer that learn XOR."""

    curved: str = parameter("Tanh", Choice("The third activation", CURVED))
    hidden: int = parameter(4, Integer("Hidden units", 1, 8))
    lr: float = parameter(0.1, Real("Learning rate lr", 0.001, 1.0, (0.001, 0.01, 0.03, 0.1, 0.3, 1.0)))
    updates: int = parameter(100, Integer("Updates", 1, MAX_UPDATES, (1, 10, 20, 50, 100, 200)))
    seed: int = parameter(0, Integer("Seed", 0, 999, help="Of the first weights, which all three networks share."))


@dataclass(frozen=True)
class GatedSettings(Settings):
    """A value, and what stands at its gate."""

    gate: str = parameter("glu", Choice("Gate σ", GATED))
    a: float = parameter(2.0, Real("Value a", -HIGHEST_VALUE, HIGHEST_VALUE, WHOLE[2:-2], help="One weighted sum."))
    g: float = parameter(-3.0, Real("Gate's sum g", -REACH, REACH, WHOLE, help="Another sum of the same inputs."))


@dataclass(frozen=True)
class ActivationViewState(Settings):
    """Where the reader looks; changes no run."""

    view: str = parameter("function", Choice("What do you want to see?", VIEWS))
    at: int = parameter(MAX_UPDATES, Integer("Update of the three networks", 0, MAX_UPDATES))
