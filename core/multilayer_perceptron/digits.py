"""Digits: a network with one or two hidden layers learns to read handwriting, and is tested on images it never saw."""

import math
import re
from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor

from core.batches import split_rows
from core.datasets import load_digits
from core.digits import CLASSES, N_IMAGES, SIDE, Reading, ReadingTask, pixels, standard_error
from core.multilayer_perceptron.drawing import ALLOWED as ALLOWED_INK
from core.multilayer_perceptron.drawing import LONGEST_DRAWING, TWO
from core.multilayer_perceptron.settings import OPTIMIZERS
from core.multilayer_perceptron.train import make_optimizer
from core.nn import Weights, copied, predict
from core.program import Program, source, with_constants, with_line
from core.quote import quote
from core.settings import Choice, Integer, Real, Settings, Text, ladder, parameter

MAX_UNITS = 64
BANDS = {"fewer than 80": 0, "80 to 89": 80, "90 to 95": 90, "96 to 100": 96}  # and the fewest of each
ALLOWED = f"allowed: one or two whole numbers from 1 to {MAX_UNITS} with a comma between them, such as 32 or 32, 16"


@dataclass(frozen=True)
class DigitsSettings(Settings):
    """One network for the digits, and how it is trained."""

    hidden: str = parameter("32", Text("Hidden layers", 20, help="The neurons of one or two layers, each with ReLU."))
    lr: float = parameter(0.01, Real("Learning rate lr", 1e-4, 10.0, ladder(-4, 1)))
    num_epochs: int = parameter(20, Integer("Epochs", 1, 50, (1, 2, 5, 10, 20, 50)))
    batch_size: int = parameter(32, Integer("Batch size", 16, 512, (16, 32, 64, 128, 256, 512)))
    optimizer: str = parameter("Adam", Choice("Optimizer", OPTIMIZERS))
    seed: int = parameter(0, Integer("Seed", 0, 999, help="Fixes the split, the first weights and the order."))
    holdout: float = parameter(
        0.3, Real("Kept out", 0.1, 0.8, (0.1, 0.2, 0.3, 0.5, 0.8), "share of the images", "Never trained on.")
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        assert self.sizes

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many pixels, neurons of each hidden layer, and classes.

        Raises:
            ValueError: if the text names no such layers.
        """
        parts = [part.strip() for part in self.hidden.split(",")]
        if len(parts) > 2 or any(not re.fullmatch(r"[0-9]{1,3}", p) or not 1 <= int(p) <= MAX_UNITS for p in parts):
            raise ValueError(f"Hidden layers: {quote(self.hidden)}; {ALLOWED}")
        return (SIDE * SIDE, *map(int, parts), CLASSES)


@dataclass(frozen=True)
class DigitsViewState(Settings):
    """What the reader looks at, and what the reader has drawn."""

    unit: int = parameter(0, Integer("Hidden neuron", 0, MAX_UNITS - 1, help="Of the first hidden layer, from 0 on."))
    drawing: str = parameter(TWO, Text("Your drawing, row by row", LONGEST_DRAWING, help=ALLOWED_INK.capitalize()))


@dataclass(frozen=True, eq=False)
class DigitsRun(Reading):
    """A trained network and what it says about the images that were kept out.

    Attributes:
        weights: at the end. train_loss, holdout_loss: mean cross-entropy in nats, before the first epoch and after
            each. n_right: how many of the images that were kept out were named right, likewise.
    """

    settings: DigitsSettings
    weights: Weights
    train_loss: list[float]
    holdout_loss: list[float]
    n_right: list[int]

    @property
    def diverged(self) -> bool:
        """Whether a number of the network is no longer finite."""
        return not all(bool(torch.isfinite(t).all()) for t in (*self.weights.values(), self.probabilities))

    @property
    def n_correct(self) -> int:
        """How many images are named right at the end."""
        return self.n_right[-1]


class DigitsTask(ReadingTask):
    """The training, an epoch a step."""

    def __init__(self, settings: DigitsSettings) -> None:
        self.settings = self.key = settings
        n = round((1 - settings.holdout) * N_IMAGES)
        super().__init__(settings.sizes, n, settings.num_epochs, settings.batch_size)

    def begin(self) -> None:
        s = self.settings
        _, digits = load_digits()
        rows, self.kept_out = split_rows(len(digits), round(s.holdout * len(digits)), s.seed)
        self.train_loss, self.holdout_loss, self.n_right = [], [], []
        self.learn_from(rows, digits[rows], s.seed, lambda params: make_optimizer(s.optimizer, params, s.lr))

    @property
    def finished(self) -> bool:
        return super().finished or (bool(self.done) and not math.isfinite(self.train_loss[-1]))

    def measure(self) -> None:
        y, said = load_digits()[1][self.kept_out], predict(self.network.weights, pixels()[self.kept_out])
        self.train_loss.append(F.cross_entropy(predict(self.network.weights, self.X), self.y).item())
        self.holdout_loss.append(F.cross_entropy(said, y).item())
        self.n_right.append(int((said.argmax(dim=1) == y).sum()))

    def result(self) -> DigitsRun:
        return DigitsRun(
            **self.reading(self.kept_out),
            settings=self.settings,
            weights=copied(self.network.weights),
            train_loss=list(self.train_loss),
            holdout_loss=list(self.holdout_loss),
            n_right=list(self.n_right),
        )


def band(run: DigitsRun) -> list[str]:
    """Which of `BANDS` the right answers out of a hundred are in; none after divergence."""
    right = round(100 * run.accuracy)
    return [] if run.diverged else [name for name, fewest in BANDS.items() if right >= fewest][-1:]


def unit_weights(run: DigitsRun, unit: int) -> tuple[Tensor, float]:
    """What a neuron of the first hidden layer multiplies the pixels with, shape (8, 8), and its bias."""
    return run.weights["hidden_layer.weight"][unit].view(SIDE, SIDE), run.weights["hidden_layer.bias"][unit].item()


def digits_program(run: DigitsRun) -> Program:
    """The program that trains the same network and prints how many of the kept-out digits it names right."""
    s = run.settings
    names = ("lr", "num_epochs", "batch_size", "seed", "holdout")
    text = with_constants(source("multilayer_perceptron_digits"), {n.upper(): getattr(s, n) for n in names})
    pairs = list(pairwise(s.sizes))
    layers = ", nn.ReLU(), ".join(f"nn.Linear{pair}" for pair in pairs)
    old = "model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))"
    text = with_line(text, old, f"model = nn.Sequential({layers})")
    kind, momentum = {"Momentum": ("SGD", ", momentum=0.9")}.get(s.optimizer, (s.optimizer, ""))
    old = "optimizer = torch.optim.Adam(model.parameters(), lr=LR)"
    text = with_line(text, old, f"optimizer = torch.optim.{kind}(model.parameters(), lr=LR{momentum})")
    return Program("multilayer_perceptron_digits", text, [] if run.diverged else printed(run))


def printed(run: DigitsRun) -> list[str]:
    """What the program prints: about ten lines on the way, and the accuracy with its uncertainty."""
    every, n = max(run.settings.num_epochs // 10, 1), len(run.y)
    lines = [
        f"Epoch {epoch}: training loss {loss:.5f}, {right} of {n} digits right"
        for epoch, (loss, right) in enumerate(zip(run.train_loss, run.n_right, strict=True))
        if epoch % every == 0
    ]
    return [*lines, f"Accuracy {run.accuracy:.4f}, standard error {standard_error(run):.4f}"]
