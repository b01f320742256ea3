"""Every parameter of the page on gradient descent, written once."""

from dataclasses import dataclass

from core.expression.typed_function import typed_function
from core.gradient_descent.curves import CURVES
from core.plane.momentum_map import SIDE
from core.plane.run import refuse_start
from core.settings import Choice, Integer, Real, Settings, Switch, Text, ladder, parameter

MAX_STEPS = 200
MAX_UPDATES = 400
LONGEST_TEXT = 120  # characters
RATES = (0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0, 1.05)
RATES += (1.1, 1.2, 1.5, 1.8, 2.0, 2.1, 2.5, 3.0)
STARTS = tuple(i / 4 for i in range(-16, 17))
CONDITIONS = (1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 50.0, 100.0)
MOMENTA = (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
VIEWS = {
    "curve": "One step at a time",
    "bowl": "A bowl",
    "compare": "Too low, too high",
    "lr_sweep": "200 learning rates",
    "momentum": "Momentum",
    "regression": "Real data",
}
CONDITION = Real(
    "Condition number κ",
    1.0,
    1000.0,
    CONDITIONS,
    help="How many times as strongly the bowl bends across as along. 1 is round.",
)
OLD_VIEWS = {"rates": "lr_sweep", "map": "momentum"}  # in older links
SURFACES = {"bowl": "quadratic bowl", "typed": "typed f(x, y)"}
FEATURES = {
    "bmi": "body mass index",
    "bp": "blood pressure",
    "s5": "triglycerides (log)",
    "s3": "HDL cholesterol",
    "s6": "blood sugar",
    "age": "age",
}
SCALES = {"unit": "from 0 to 1", "standard": "mean 0, spread 1", "own": "in its own unit"}
BATCHES = {"all": "all rows", "some": "mini-batch", "one": "one row"}
HOW_TO_TYPE = (
    "Such as `2x² − |x|` or `2*x^2 - abs(x)`; + - * / ^, brackets, sin, cos, tan, exp, log, sqrt, abs, tanh, pi, e."
)


@dataclass(frozen=True)
class DescentSettings(Settings):
    """One run down a curve.

    Raises:
        ValueError: also if the typed function is none, or has no value at the start.
    """

    curve: str = parameter("quadratic", Choice("Curve f(x)", {name: c.label for name, c in CURVES.items()}))
    lr: float = parameter(
        0.9, Real("Learning rate lr", 1e-4, 100.0, RATES, help="The step is lr times the slope, downhill.")
    )
    start: float = parameter(-3.0, Real("Start x", -20.0, 20.0, STARTS))
    steps: int = parameter(30, Integer("Steps", 1, MAX_STEPS))
    text: str = parameter("x^4 - 3*x^2 + x", Text("f(x) =", LONGEST_TEXT, help=HOW_TO_TYPE))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.curve == "typed":
            refuse_start(typed_function(self.text), x=self.start)


@dataclass(frozen=True)
class BowlSettings(Settings):
    """One run down a surface over the plane.

    Raises:
        ValueError: also if the typed function is none, or has no value at the start.
    """

    surface: str = parameter("bowl", Choice("Surface", SURFACES))
    condition: float = parameter(10.0, CONDITION)
    lr: float = parameter(1.7, Real("Learning rate lr", 1e-4, 100.0, RATES))
    steps: int = parameter(40, Integer("Steps", 1, MAX_STEPS))
    momentum: float = parameter(
        0.0, Real("Momentum b", 0.0, 0.99, MOMENTA, help="The share of the last step that is kept.")
    )
    angle: int = parameter(0, Integer("Angle of the valley", 0, 90, tuple(range(0, 91, 15)), unit="degrees"))
    x: float = parameter(-3.5, Real("Start x", -20.0, 20.0, STARTS))
    y: float = parameter(2.0, Real("Start y", -20.0, 20.0, STARTS))
    text: str = parameter("0.1*x^2 + 0.4*y^2 + sin(x)", Text("f(x, y) =", LONGEST_TEXT, help=HOW_TO_TYPE))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.surface == "typed":
            refuse_start(typed_function(self.text, ("x", "y")), x=self.x, y=self.y)


@dataclass(frozen=True)
class CompareSettings(Settings):
    """Four learning rates side by side on one bowl."""

    condition: float = parameter(10.0, CONDITION)
    low: float = parameter(
        0.01,
        Real("Too low", 0.001, 0.4, (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4), unit="times the limit 2/L"),
    )
    high: float = parameter(
        1.04, Real("Too high", 1.0, 3.0, (1.0, 1.01, 1.02, 1.04, 1.1, 1.2, 1.5, 2.0, 3.0), unit="times the limit 2/L")
    )
    steps: int = parameter(40, Integer("Steps", 1, MAX_STEPS))
    momentum: float = parameter(
        0.0, Real("Momentum b", 0.0, 0.99, MOMENTA, help="The same for all four; 2/L becomes 2(1 + b)/L.")
    )


@dataclass(frozen=True)
class LrSweepSettings(Settings):
    """The loss after k steps against the learning rate."""

    steps: int = parameter(20, Integer("Steps k", 1, MAX_STEPS))


@dataclass(frozen=True)
class MomentumSettings(Settings):
    """The bowl of the map, and the cell whose run is shown."""

    condition: float = parameter(10.0, CONDITION)
    nesterov: bool = parameter(
        False, Switch("Nesterov", help="Looks ahead: the gradient is taken where the momentum would lead.")
    )
    column: int = parameter(25, Integer("Learning rate lr of the cell", 0, SIDE - 1))
    row: int = parameter(13, Integer("Momentum b of the cell", 0, SIDE - 1))


@dataclass(frozen=True)
class RegressionSettings(Settings):
    """A line through real points."""

    batch: str = parameter(
        "all", Choice("Rows in one update", BATCHES, help="The gradient is taken from all rows, from some, from one.")
    )
    lr: float = parameter(0.5, Real("Learning rate lr", 1e-6, 10.0, (1e-5, 1e-4, 5e-4, *ladder(-3, 0))))
    updates: int = parameter(100, Integer("Updates", 1, MAX_UPDATES))
    feature: str = parameter("bmi", Choice("Feature", FEATURES))
    scale: str = parameter("unit", Choice("The feature is written", SCALES))
    batch_size: int = parameter(32, Integer("Size of a mini-batch", 2, 221))
    seed: int = parameter(0, Integer("Seed of the order", 0, 999))


@dataclass(frozen=True)
class DescentViewState(Settings):
    """Where the reader looks; changes no run."""

    view: str = parameter("curve", Choice("What do you want to see?", VIEWS, aliases=OLD_VIEWS))
    at: int = parameter(3, Integer("Step", 0, MAX_STEPS))
    bowl_at: int = parameter(MAX_STEPS, Integer("Step in the bowl", 0, MAX_STEPS))
    compare_at: int = parameter(MAX_STEPS, Integer("Step of the four", 0, MAX_STEPS))
    regression_at: int = parameter(MAX_UPDATES, Integer("Update of the line", 0, MAX_UPDATES))
