"""The parameters that the views of the optimizers page share; what one view alone has stands in its own module."""

from dataclasses import dataclass

from core.expression.typed_function import TypedFunction
from core.optim.known import DEFAULT_OPTIMIZERS, PLANE_OPTIMIZERS
from core.plane.surfaces import SURFACES, Surface, plane_function, surface_of
from core.settings import Choice, Integer, Real, Settings, Several, Text, ladder, parameter

MAX_STEPS = 500
LONGEST_TEXT = 120  # characters
WIDEST = 20.0  # starts lie from -20 to 20
VIEWS = {
    "race": "The race",
    "update": "One update",
    "lr_sweep": "Which learning rate?",
    "momentum": "Momentum",
    "basins": "Which valley?",
    "schedules": "Noise and schedules",
    "weight_decay": "Weight decay",
    "matrices": "Matrices",
    "network": "A real network",
}
OLD_VIEWS = {  # in older links
    "rates": "lr_sweep",
    "stability": "momentum",
    "decay": "weight_decay",
    "matrix": "matrices",
}
RULES = {"same": "one for all", "best": "each its best", "own": "each its own"}
AXES = {"steps": "steps", "gradients": "gradients taken"}
HOW_TO_TYPE = (
    "Such as `2x² + |y|` or `2*x^2 + abs(y)`; + - * / ^, brackets, sin, cos, tan, exp, log, sqrt, abs, tanh, pi, e."
)


@dataclass(frozen=True)
class SurfaceSettings(Settings):
    """The surface and the start, the same in every view over the plane.

    Raises:
        ExpressionError: if the typed function is none.
    """

    surface: str = parameter("beale", Choice("Surface", {name: s.label for name, s in SURFACES.items()}))
    text: str = parameter("x^2 + 3*y^2 + 3*sin(2*x)", Text("f(x, y) =", LONGEST_TEXT, help=HOW_TO_TYPE))
    x: float = parameter(1.2, Real("Start x", -WIDEST, WIDEST))
    y: float = parameter(1.2, Real("Start y", -WIDEST, WIDEST))

    def __post_init__(self) -> None:
        super().__post_init__()
        self.function  # noqa: B018  refuses a text that is not a function

    @property
    def function(self) -> TypedFunction:
        """f(x, y)."""
        return plane_function(self.surface, self.text)

    @property
    def shape(self) -> Surface:
        """The surface itself: its function, box and critical points."""
        return surface_of(self.surface, self.text)


@dataclass(frozen=True)
class RaceSettings(Settings):
    """Who races, how far, and with which learning rates."""

    optimizers: tuple[str, ...] = parameter(
        DEFAULT_OPTIMIZERS,
        Several(
            "Optimizers", dict(zip(PLANE_OPTIMIZERS, PLANE_OPTIMIZERS, strict=True)), help="Every class of torch.optim."
        ),
    )
    rule: str = parameter(
        "same",
        Choice(
            "Learning rates",
            RULES,
            help="One for all; for each the one of many with which it ends lowest from this start; or what is set for "
            "each among its hyperparameters.",
        ),
    )
    lr: float = parameter(0.01, Real("Learning rate lr", 1e-6, 100.0, ladder(-5, 1)))
    steps: int = parameter(200, Integer("Steps", 1, MAX_STEPS, (10, 20, 50, 100, 200, 300, 400, 500)))


@dataclass(frozen=True)
class OptimizersViewState(Settings):
    """Where the reader looks; changes no run."""

    view: str = parameter("race", Choice("What do you want to see?", VIEWS, aliases=OLD_VIEWS))
    follow: str = parameter("Adam", Choice("Follow", dict(zip(PLANE_OPTIMIZERS, PLANE_OPTIMIZERS, strict=True))))
    at: int = parameter(MAX_STEPS, Integer("Step", 0, MAX_STEPS))
    axis: str = parameter(
        "steps", Choice("Time counted in", AXES, help="LBFGS asks for many gradients in one step; the others for one.")
    )


@dataclass(frozen=True)
class RaceViewState(Settings):
    """At which moment the race is seen; it opens in full swing, so that its end is still to come."""

    at: int = parameter(40, Integer("Step of the race", 0, MAX_STEPS))
