"""Every parameter of the page on backpropagation, written once."""

from dataclasses import dataclass

from core.settings import Choice, Integer, Real, Settings, Switch, Text, parameter

VIEWS = {
    "graph": "The chain rule",
    "network": "A network",
    "tensors": "With tensors",
    "deep": "Deep chains",
    "mistakes": "What goes wrong",
}
NETWORKS = {"mazur": "2-2-2, Mazur's numbers", "2-3-1": "2-3-1", "2-2-2-1": "2-2-2-1"}
ACTIVATIONS = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU"}
CHAIN_ACTIVATIONS = ACTIVATIONS | {"identity": "none"}
MISTAKES = {
    "no_zero_grad": "No zero_grad()",
    "in_place": "Changing a value in place",
    "leaf_in_place": "Changing a weight in place",
    "detach": "detach() in the middle",
    "no_requires_grad": "No requires_grad",
    "twice": "backward() twice",
}
MOST_MOMENTS = 200


@dataclass(frozen=True)
class GraphSettings(Settings):
    """A typed calculation and where it is done."""

    text: str = parameter(
        "(x + y) * z",
        Text("Calculation", 300, help="Such as w*x + b, relu(a - b) or x*x. Steps: c = a*b; c + c^2"),
    )
    values: str = parameter(
        "x = -2, y = 5, z = -4", Text("Values", 200, help="Of the variables, with commas. One without a value is 1.")
    )


@dataclass(frozen=True)
class NetworkSettings(Settings):
    """A network, its sample by the seed, and the step."""

    network: str = parameter("mazur", Choice("Network", NETWORKS, help="Neurons in each layer, from the inputs."))
    activation: str = parameter("sigmoid", Choice("Activation", ACTIVATIONS))
    lr: float = parameter(
        0.5, Real("Learning rate lr", 0.001, 100.0, (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 20.0, 100.0), help="Step length.")
    )
    biases: bool = parameter(False, Switch("Train the biases too", help="Mazur's example leaves them as they are."))
    seed: int = parameter(0, Integer("Seed", 0, 999, help="Draws weights and sample of the other networks."))


@dataclass(frozen=True)
class TensorSettings(Settings):
    """A typed calculation with tensors."""

    text: str = parameter(
        "((X @ W + b - T) ** 2).mean()",
        Text("Calculation", 200, help="In PyTorch's notation; it must end in one number: .sum() or .mean()."),
    )
    tensors: str = parameter(
        "X = [[1, 2], [3, 4], [5, 6]]; W = [[0.5, -1], [0.25, 2]]; b = [0.1, -0.2]; T = [[1, 2], [3, 4], [5, 6]]",
        Text("Tensors", 400, help="Lists of numbers, with semicolons between them; at most 24 numbers in each."),
    )


@dataclass(frozen=True)
class DeepSettings(Settings):
    """A chain of layers with one neuron each: h <- f(w h), or h <- h + f(w h)."""

    depth: int = parameter(20, Integer("Depth", 1, 100, unit="layers"))
    weight: float = parameter(1.0, Real("Weight w", -10.0, 10.0, help="The same in every layer."))
    activation: str = parameter("sigmoid", Choice("Activation", CHAIN_ACTIVATIONS))
    x: float = parameter(0.5, Real("Input x", -10.0, 10.0))
    residual: bool = parameter(
        False, Switch("Skip connections", help="Each layer adds to what it gets: h + f(w h) instead of f(w h).")
    )


@dataclass(frozen=True)
class MistakeSettings(Settings):
    """One mistake, and what it is tried with: the error (w x - 1)^2."""

    mistake: str = parameter("no_zero_grad", Choice("Mistake", MISTAKES))
    w: float = parameter(1.0, Real("Weight w", -10.0, 10.0))
    x: float = parameter(2.0, Real("Input x", -10.0, 10.0))
    passes: int = parameter(3, Integer("Backward passes", 1, 20))


@dataclass(frozen=True)
class BackpropagationViewState(Settings):
    """Where the reader looks; changes no calculation."""

    view: str = parameter("graph", Choice("What do you want to see?", VIEWS))
    node: int = parameter(1, Integer("Chosen node", 0, 59, help="Or click it in the graph."))
    at: int = parameter(MOST_MOMENTS, Integer("Step", 0, MOST_MOMENTS, help="0 is the start."))
    change: float = parameter(
        0.1,
        Real("Change it by", -2.0, 2.0, help="Try what becomes of the result if the chosen number changes by so much."),
    )
    zoom: str = parameter("numbers", Choice("Zoom", {"numbers": "numbers", "layers": "layers"}))
    network_node: int = parameter(18, Integer("Chosen node", 0, 59, help="Or click it in the graph."))
    layers_node: int = parameter(5, Integer("Chosen node", 0, 59, help="Or click it in the graph."))
    network_at: int = parameter(MOST_MOMENTS, Integer("Step", 0, MOST_MOMENTS, help="0 is the start."))
    tensors_node: int = parameter(1, Integer("Chosen node", 0, 59, help="Or click it in the graph."))
    tensors_at: int = parameter(MOST_MOMENTS, Integer("Step", 0, MOST_MOMENTS, help="0 is the start."))
