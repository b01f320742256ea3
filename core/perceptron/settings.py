"""Every parameter of the perceptron's page, written once."""

from dataclasses import dataclass

from core.perceptron.curve_labels import label_points
from core.points import LONGEST_TEXT, MAX_POINTS, Point, decode, encode
from core.settings import Choice, Integer, Real, Settings, Switch, Text, parameter

MAX_UPDATES = 2_000  # about 0.1 s of one core
MAX_PASSES = 50
LONGEST_CURVE = 120  # characters
HOW_TO_TYPE = "Such as `0.5x + 1` or `2sin(3x)`; + - * / ^, brackets, sin, cos, tan, exp, log, sqrt, abs, tanh, pi, e."

DATA = {
    "and": "AND",
    "or": "OR",
    "nand": "NAND",
    "xor": "XOR",
    "blobs": "Two blobs",
    "overlap": "Overlapping blobs",
    "own": "Your points",
}
BLOBS = ("blobs", "overlap")
ORDERS = {"fixed": "always the same", "shuffled": "shuffled each pass"}

STARTER = encode(
    Point(*row)
    for row in (
        (3.0, 3.0, 1),
        (2.0, -0.5, 1),
        (2.5, 1.5, 1),
        (0.5, 2.0, 0),
        (0.5, -1.5, 1),
        (-1.0, 2.5, 0),
        (-0.5, 0.5, 0),
        (-2.0, -1.0, 0),
        (1.0, 0.5, 1),
        (-2.5, 1.0, 0),
    )
)


@dataclass(frozen=True)
class PerceptronSettings(Settings):
    """One run of Rosenblatt's rule."""

    data: str = parameter("blobs", Choice("Data", DATA, help="The samples that the perceptron has to tell apart."))
    gap: float = parameter(
        0.25,
        Real(
            "Gap",
            0.0625,
            1.5,
            (0.0625, 0.125, 0.25, 0.5, 0.75, 1.0, 1.5),
            unit="distance",
            help="How far each blob stays away from the middle line. Overlapping blobs reach across it, up to twice "
            "as far: from 0.6 on, both are spread evenly around it.",
        ),
    )
    lr: float = parameter(
        1.0,
        Real(
            "Learning rate lr",
            0.01,
            100.0,
            tuple(2.0**p for p in range(-6, 7)),
            help="The length of a correction. Powers of two, which a computer doubles and halves without rounding.",
        ),
    )
    order: str = parameter("fixed", Choice("Order of the samples", ORDERS))
    seed: int = parameter(
        0, Integer("Seed", 0, 999, help="Fixes the random points and the shuffling: same seed, same run.")
    )
    n_samples: int = parameter(40, Integer("Samples", 4, 300, help="Points of both blobs together."))
    noise: float = parameter(
        0.0,
        Real(
            "Wrong labels",
            0.0,
            0.3,
            (0.0, 0.02, 0.05, 0.1, 0.2, 0.3),
            unit="share of the samples",
            help="Each sample of the blobs gets the other class with this probability.",
        ),
    )
    bias: bool = parameter(
        True, Switch("Bias b", help="Without a bias, the line has to pass through the origin (0, 0).")
    )
    max_updates: int = parameter(
        2000,
        Integer(
            "Stop after",
            1,
            MAX_UPDATES,
            (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000),
            unit="updates",
            help="If no line has been found by then, the run ends.",
        ),
    )
    points: str = parameter(STARTER, Text("Your points", LONGEST_TEXT))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.data == "own":
            decode(self.points)


@dataclass(frozen=True)
class LabelSettings(Settings):
    """Random points, of class 1 above a typed curve and of class 0 below it.

    Raises:
        ValueError: also if the text is not a function of x, or has a value almost nowhere.
    """

    text: str = parameter("x^2 - 2", Text("Curve f(x) =", LONGEST_CURVE, help=HOW_TO_TYPE))
    n_samples: int = parameter(40, Integer("Points", 2, MAX_POINTS, (2, 5, 10, 20, 40, 60, 100, 200, 300, 500)))
    seed: int = parameter(0, Integer("Seed of the points", 0, 999))

    def __post_init__(self) -> None:
        super().__post_init__()
        label_points(self.text, self.n_samples, self.seed)


@dataclass(frozen=True)
class ManySettings(Settings):
    """A thousand random problems at once."""

    dimensions: int = parameter(2, Integer("Inputs", 2, 20, help="Numbers in one sample, so the number of weights."))
    n_samples: int = parameter(50, Integer("Samples a problem", 5, 100))
    seed: int = parameter(0, Integer("Seed of the problems", 0, 999))


@dataclass(frozen=True)
class PixelSettings(Settings):
    """Two digits to tell apart by their 64 pixels."""

    zero: int = parameter(1, Integer("Digit of class 0", 0, 9))
    one: int = parameter(8, Integer("Digit of class 1", 0, 9))
    num_passes: int = parameter(
        20,
        Integer("Passes at most", 1, MAX_PASSES, help="Passes over the training images; it stops when all are right."),
    )
    holdout: float = parameter(
        0.3,
        Real(
            "Held out",
            0.1,
            0.8,
            (0.1, 0.2, 0.3, 0.5, 0.8),
            unit="share of the images",
            help="These images are never learned from; accuracy is measured on them.",
        ),
    )
    seed: int = parameter(0, Integer("Seed of the split", 0, 999))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.zero == self.one:
            raise ValueError(f"Both classes are the digit {self.zero}; allowed: two different digits from 0 to 9.")


VIEWS = {
    "learn": "Watch it learn",
    "own": "Your points",
    "limits": "When no line fits",
    "bound": "How many mistakes?",
    "many": "1,000 problems",
    "weights": "Weight space",
    "pixels": "Pixels",
}
LIMITS = {name: DATA[name] for name in ("xor", "overlap", "own")}


@dataclass(frozen=True)
class PerceptronViewState(Settings):
    """Where the reader looks; changes no run."""

    view: str = parameter("learn", Choice("What do you want to see?", VIEWS))
    at: int = parameter(5, Integer("Update", 0, MAX_UPDATES, help="The moment in the run; beyond its end, the end."))
    own_at: int = parameter(MAX_UPDATES, Integer("Update of “Your points”", 0, MAX_UPDATES))
    limit_data: str = parameter("xor", Choice("Data", LIMITS))
    limit_at: int = parameter(10, Integer("Update of “When no line fits”", 0, MAX_UPDATES))
    image: int = parameter(0, Integer("Held-out image", 0, 300, help="Which image is weighed, counted from 0."))
