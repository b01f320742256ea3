"""Every parameter of the playground, written once."""

import math
import re
from dataclasses import dataclass

from core.multilayer_perceptron.activations import ACTIVATIONS
from core.quote import quote
from core.settings import Choice, Integer, Real, Settings, Several, Switch, Text, ladder, parameter

MAX_UPDATES = 40_000  # in one run, about 8 s of a core
MAX_LAYERS, MAX_WIDTH = 6, 8
MAX_WEIGHTS = 433  # of the largest network: seven inputs, six layers of eight neurons

CLASSES = {"circle": "Circle", "xor": "XOR", "gaussian": "Two clouds", "spiral": "Spiral"}
REGRESSION = {"plane": "Plane (a number)", "hills": "Hills (a number)"}
DATA = CLASSES | REGRESSION | {"file": "Circle, as recorded from TensorFlow Playground"}
FEATURES = {
    "x1": "x₁",
    "x2": "x₂",
    "x1x1": "x₁²",
    "x2x2": "x₂²",
    "x1x2": "x₁x₂",
    "sin1": "sin x₁",
    "sin2": "sin x₂",
}
LOSSES = {"cross_entropy": "cross-entropy", "squared": "½ (answer − target)²"}
INITS = {
    "pytorch": "PyTorch's own, U(±1/√inputs)",
    "xavier": "Xavier, biases 0",
    "kaiming": "Kaiming, biases 0",
    "playground": "U(±0.5), biases 0.1",
    "file": "as recorded from TensorFlow Playground",
}
OPTIMIZERS = {"SGD": "SGD", "Momentum": "SGD, momentum 0.9", "RMSprop": "RMSprop", "Adam": "Adam", "AdamW": "AdamW"}
PENALTIES = {"none": "none", "l1": "L1: the sum of |w|", "l2": "L2: half the sum of w²"}
FROZEN = {"none": "none"} | {str(i + 1): f"hidden layer {i + 1}" for i in range(MAX_LAYERS)}
FROZEN |= {"output": "output layer"}
LAYERS_HELP = (
    "The neurons of each hidden layer, from the first to the last: up to six layers of 1 to 8 neurons. A layer may "
    f"name its own activation, as in “8, 4 relu”: {', '.join(ACTIVATIONS)}."
)
ALLOWED_LAYERS = (
    f"allowed: up to {MAX_LAYERS} whole numbers from 1 to {MAX_WIDTH}, such as “8, 8”, each with or without an "
    f"activation of its own, such as “6 relu, 3”; nothing for no hidden layer"
)


@dataclass(frozen=True)
class Layer:
    """A hidden layer: how many neurons, and what each does with its sum."""

    width: int
    activation: str


def read_layers(text: str, activation: str) -> tuple[Layer, ...]:
    """The hidden layers of a text such as `8, 4 relu`; `activation` is that of layers that name none.

    Raises:
        ValueError: with the part that is wrong and what is allowed.
    """
    parts = [part.strip() for part in text.split(",")] if text.strip() else []
    layers = []
    for number, part in enumerate(parts, start=1):
        found = re.fullmatch(r"([0-9]{1,3})(?:\s+([a-z_]+))?", part)
        if not found or not 1 <= int(found[1]) <= MAX_WIDTH or (found[2] or activation) not in ACTIVATIONS:
            empty = f"layer {number} is empty" if part in ("", "0") else f"layer {number} is {quote(part)}"
            raise ValueError(f"Layers: {empty}; {ALLOWED_LAYERS}")
        layers.append(Layer(int(found[1]), found[2] or activation))
    if len(layers) > MAX_LAYERS:
        raise ValueError(f"Layers: {len(layers)} of them; {ALLOWED_LAYERS}")
    return tuple(layers)


@dataclass(frozen=True)
class PlaygroundSettings(Settings):
    """One network, its data and how it is trained; the defaults learn the spiral.

    Raises:
        ValueError: also for layers that cannot be read, and for what does not go together.
    """

    data: str = parameter("spiral", Choice("Data", DATA, help="What the network has to tell apart, or to answer."))
    lr: float = parameter(0.01, Real("Learning rate lr", 1e-5, 100.0, ladder(-5, 1)))
    activation: str = parameter(
        "tanh", Choice("Activation", {name: a.label for name, a in ACTIVATIONS.items()}, help="Of all hidden neurons.")
    )
    optimizer: str = parameter("Adam", Choice("Optimizer", OPTIMIZERS))
    layers: str = parameter("8,8,8", Text("Hidden layers", 80, help=LAYERS_HELP))
    features: tuple[str, ...] = parameter(("x1", "x2"), Several("Inputs", FEATURES, help="What the network is given."))
    num_epochs: int = parameter(
        150,
        Integer(
            "Epochs", 1, 1000, (1, 2, 5, 10, 20, 50, 100, 150, 200, 500, 1000), help="Passes over the training set."
        ),
    )
    batch_size: int = parameter(10, Integer("Batch size", 1, 450, (1, 2, 5, 10, 20, 30, 50, 100, 250, 450)))
    seed: int = parameter(0, Integer("Seed", 0, 999, help="Fixes the first weights and the order of the samples."))
    loss: str = parameter(
        "cross_entropy",
        Choice("Loss", LOSSES, help="For classes. With ½ (answer − target)² the answer is a tanh and targets are ±1."),
    )
    init: str = parameter("pytorch", Choice("First weights", INITS))
    shuffle: bool = parameter(True, Switch("Shuffle before each epoch"))
    noise: float = parameter(0.0, Real("Noise", 0.0, 0.5, (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)))
    share: float = parameter(
        0.5, Real("Training share", 0.1, 0.9, tuple(n / 10 for n in range(1, 10)), help="The rest is for testing.")
    )
    data_seed: int = parameter(0, Integer("Seed of the data", 0, 999, help="Another draw of the points."))
    penalty: str = parameter("none", Choice("Penalty on weights", PENALTIES, help="Added to the loss; not on biases."))
    rate: float = parameter(0.001, Real("Penalty's rate", 0.0, 10.0, (0.0, 1e-4, *ladder(-3, 1))))
    dropout: float = parameter(
        0.0,
        Real("Dropout", 0.0, 0.8, (0.0, 0.1, 0.2, 0.3, 0.5, 0.8), help="Share of hidden answers set to 0 in training."),
    )
    frozen: str = parameter("none", Choice("Frozen layer", FROZEN, help="Keeps its first weights."))
    patience: int = parameter(
        0,
        Integer("Stop early after", 0, 100, (0, 5, 10, 20, 50, 100), "epochs", "without a lower test loss; 0: never."),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        n_hidden = len(self.hidden)
        if self.frozen not in ("none", "output") and int(self.frozen) > n_hidden:
            raise ValueError(
                f"Frozen layer: there is no hidden layer {self.frozen}; allowed: {', '.join(self.can_freeze)}"
            )
        if self.frozen == "output" and n_hidden == 0:
            raise ValueError("Frozen layer: without a hidden layer nothing else could learn; allowed: none")
        if self.init == "file" and (self.sizes != (2, 4, 2, 1) or self.features != ("x1", "x2")):
            raise ValueError(
                "First weights: the recorded ones fit a network with the inputs x₁, x₂ and the layers 4, 2 only; "
                "allowed: those, or other first weights"
            )
        if self.updates > MAX_UPDATES:
            fit = MAX_UPDATES // self.per_epoch
            raise ValueError(
                f"{self.num_epochs:,} epochs of {self.per_epoch:,} updates are {self.updates:,} updates; allowed: at "
                f"most {MAX_UPDATES:,}. Choose a larger batch size or fewer epochs ({fit:,} would fit)."
            )

    @property
    def hidden(self) -> tuple[Layer, ...]:
        """The hidden layers."""
        return read_layers(self.layers, self.activation)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many inputs, neurons of each hidden layer, and answers."""
        return (len(self.features), *(layer.width for layer in self.hidden), 1)

    @property
    def can_freeze(self) -> tuple[str, ...]:
        """The layers that there are, as `frozen` names them."""
        return ("none", *(str(i + 1) for i in range(len(self.hidden))), "output")

    @property
    def frozen_layer(self) -> int | None:
        """The layer that keeps its first weights, 1 for the first after the inputs; None for none."""
        if self.frozen == "none":
            return None
        return len(self.hidden) + 1 if self.frozen == "output" else int(self.frozen)

    @property
    def is_regression(self) -> bool:
        """Whether the target is a number; the loss is then always the squared one."""
        return self.data in REGRESSION

    @property
    def output(self) -> str:
        """The activation of the output: a logit for cross-entropy, -1 to 1 for classes with the squared loss."""
        return "linear" if self.is_regression or self.loss == "cross_entropy" else "tanh"

    @property
    def n_train(self) -> int:
        """How many samples it trains on."""
        return 250 if self.data == "file" else round(self.share * N_SAMPLES)

    @property
    def per_epoch(self) -> int:
        """How many updates an epoch has; the last, smaller batch counts too."""
        return math.ceil(self.n_train / self.batch_size)

    @property
    def updates(self) -> int:
        """How many updates the whole run has."""
        return self.per_epoch * self.num_epochs


N_SAMPLES = 500  # for training and testing together, as in TensorFlow Playground
VIEWS = {
    "watch": "Watch it learn",
    "sample": "One sample",
    "folded": "Folded plane",
    "luck": "Luck",
    "size": "How big?",
    "own": "Your points",
    "digits": "Digits",
}
AT = Integer("Update", 0, MAX_UPDATES, help="The moment in the run; beyond its end, the end is shown.")


@dataclass(frozen=True)
class PlaygroundViewState(Settings):
    """Which view is open, and what it looks at."""

    view: str = parameter("watch", Choice("View", VIEWS))
    at: int = parameter(MAX_UPDATES, AT)
    pinned: str = parameter("", Text("Pinned runs", 1200))
    test_points: bool = parameter(
        True, Switch("Show the test points", help="Their marks are lighter than those of the training points.")
    )
    discrete: bool = parameter(False, Switch("Only two colours", help="Each point of the plane by its side of 0."))


@dataclass(frozen=True)
class SampleState(Settings):
    """What the view of one sample looks at; a number beyond the last one means the last one."""

    number: int = parameter(128, Integer("Training point", 1, 450, help="Its number; or press it in the plane."))
    weight: int = parameter(
        0,
        Integer(
            "Weight",
            0,
            MAX_WEIGHTS,
            help="Its number in the table of weights; 0: that with the largest gradient. Or press a neuron.",
        ),
    )
    updated: bool = parameter(False, Switch("After the update", help="The drawing before or after one step of SGD."))


@dataclass(frozen=True)
class FoldedState(Settings):
    """Which hidden layer the view of the folded plane looks through; beyond the last one, the last one."""

    layer: int = parameter(MAX_LAYERS, Integer("Hidden layer", 1, MAX_LAYERS, help="Whose answers are drawn."))
