"""Every parameter of the page on neural networks, written once."""

from dataclasses import dataclass

from core.neural_networks.layers import MOST_LAYERS, Layer, read_layers, read_shape
from core.neural_networks.sizes import check_sizes
from core.settings import Choice, Integer, Real, Settings, Text, parameter

COURSE = "Linear(10, 64), ReLU(), Linear(64, 2)"
SOURCES = {"random": "random numbers", "digit": "handwritten digits"}
MISTAKES = {
    "plain_list": "Layers in a plain list",
    "no_super": "Forgetting super().__init__()",
    "forward": "Calling model.forward(x)",
    "no_eval": "Forgetting eval()",
    "in_features": "Wrong in_features",
}
VIEWS = {
    "build": "What is inside?",
    "run": "Layer by layer",
    "parameters": "What it learns",
    "mistakes": "What goes wrong",
    "weights": "Save and load",
}


@dataclass(frozen=True)
class ModelSettings(Settings):
    """A model and the shape of its input.

    Raises:
        ValueError: if the texts cannot be read, or the model would be too large.
    """

    layers: str = parameter(
        COURSE, Text("Layers", 400, help="From input to output, with commas between them, as in torch.nn.")
    )
    shape: str = parameter(
        "10", Text("Shape of the input", 40, help="One length for each dimension: 10, or 1, 1, 8, 8 for one image.")
    )
    seed: int = parameter(
        0, Integer("Seed", 0, 999, help="Fixes the first weights and the random input: same seed, same numbers.")
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        check_sizes(self.model, self.input_shape)

    @property
    def model(self) -> tuple[Layer, ...]:
        """The layers from input to output."""
        return read_layers(self.layers)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The shape of the input."""
        return read_shape(self.shape)


@dataclass(frozen=True)
class RunSettings(Settings):
    """What goes into the model."""

    source: str = parameter("random", Choice("Input", SOURCES))
    digit: int = parameter(
        0, Integer("Number of the digit", 0, 1796, unit="of 1,797", help="The first one, where the input holds more.")
    )


@dataclass(frozen=True)
class ParameterSettings(Settings):
    """What may be learned."""

    frozen: int = parameter(
        0,
        Integer(
            "Frozen layers",
            0,
            MOST_LAYERS,
            unit="from the first",
            help="requires_grad_(False) for so many of the layers that learn: no optimizer changes them.",
        ),
    )


@dataclass(frozen=True)
class MistakeSettings(Settings):
    """One mistake, and what it is tried with."""

    mistake: str = parameter("plain_list", Choice("Mistake", MISTAKES))
    n_layers: int = parameter(3, Integer("Layers in the list", 1, 8))
    calls: int = parameter(5, Integer("Calls", 1, 20, help="How often the model is used."))
    p: float = parameter(
        0.5, Real("Dropout probability p", 0.0, 0.9, (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9), help="Share set to 0.")
    )
    in_features: int = parameter(
        32, Integer("in_features of the output layer", 1, 128, help="The hidden layer hands on 64 numbers.")
    )


@dataclass(frozen=True)
class NetworksViewState(Settings):
    """Where the reader looks; changes no model."""

    view: str = parameter("build", Choice("What do you want to see?", VIEWS))
    layer: int = parameter(1, Integer("Layer to check by hand", 1, MOST_LAYERS, help="Counted from the input."))
    at: int = parameter(2, Integer("Layer", 0, MOST_LAYERS, help="0 is the input; beyond the last, the last."))
    tensor: int = parameter(
        0, Integer("Tensor", 0, 5 * MOST_LAYERS, help="Its place in the state_dict, counted from 0; or click its bar.")
    )
