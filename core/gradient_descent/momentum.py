"""Learning rate x momentum in the quadratic bowl, which is a surface like any other (`core/plane/momentum_map.py`)."""

from core.cache import cached
from core.gradient_descent.bowl import STEEP, quadratic
from core.gradient_descent.settings import MomentumSettings
from core.plane.momentum_map import SIDE, MapPlan, MomentumMap, MomentumMapTask

START = (-3.5, 2.0)
HALF = 4.0  # the plane is drawn from -4 to 4
HIGHEST = 4.4  # the largest lr in units of 1/L; the limit at momentum 1 is 4


def rates() -> tuple[float, ...]:
    """The learning rates of the columns; none of them lies on a limit."""
    return tuple((i + 0.5) * HIGHEST / SIDE / STEEP for i in range(SIDE))


def plan_of(settings: MomentumSettings) -> MapPlan:
    """The bowl f = (x²/κ + y²)/2; its lowest point is 0, with the curvature 1 across."""
    return MapPlan(quadratic(settings.condition), START, rates(), settings.nesterov, curvature=STEEP, lowest=0.0)


@cached
def momentum_map(condition: float, nesterov: bool) -> MomentumMap:
    """All cells, 200 steps each; the cell that is looked at does not count."""
    settings = MomentumSettings(condition=condition, nesterov=nesterov)
    return MomentumMapTask(settings, lambda: plan_of(settings)).run()
