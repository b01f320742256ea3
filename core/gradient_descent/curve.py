"""One ball on a curve: every step of `torch.optim.SGD` recorded, nothing clipped."""

from dataclasses import dataclass

from torch import Tensor

from core.cache import cached
from core.expression.typed_function import TypedFunction
from core.gradient_descent.curves import CURVES, Minimum, function_of, minima, slopes
from core.gradient_descent.settings import DescentSettings
from core.plane.run import Run, record


@dataclass(frozen=True, eq=False)
class Descent(Run):
    """A recorded run; its path, losses and gradients (f') have the shape (steps done + 1,).

    Attributes:
        curvatures: f'' at each point, same shape.
    """

    settings: DescentSettings
    function: TypedFunction
    curvatures: Tensor

    @property
    def half(self) -> float:
        """The curve is drawn from -half to half, the start included."""
        return half_of(self.settings)

    @property
    def minima(self) -> tuple[Minimum, ...]:
        """The valleys of the curve."""
        return minima_of(self.settings)

    @property
    def left_at(self) -> int | None:
        """The first step after which the ball is outside of what is drawn."""
        outside = (~(self.path.abs() <= self.half)).nonzero()
        return int(outside[0]) if len(outside) else None

    @property
    def valley(self) -> Minimum | None:
        """The valley nearest to the end of the run; to its start if it has left the picture."""
        x = self.settings.start if self.left_at is not None else self.path[-1].item()
        return min(self.minima, key=lambda m: abs(m.x - x), default=None)


def half_of(settings: DescentSettings) -> float:
    """Half the width of the picture: that of the curve, or more where the start lies further out."""
    return max(CURVES[settings.curve].half, abs(settings.start) + 0.5)


def minima_of(settings: DescentSettings) -> tuple[Minimum, ...]:
    """The valleys of the chosen curve, in the picture and a little around it."""
    return minima(function_of(settings.curve, settings.text), max(6.0, half_of(settings)))


@cached
def descend(settings: DescentSettings) -> Descent:
    """Runs the optimizer until the last step or until a number is no longer finite."""
    function = function_of(settings.curve, settings.text)
    run = record(function, settings.start, settings.steps, ("x", "f(x)", "the slope"), lr=settings.lr)
    return Descent(**vars(run), settings=settings, function=function, curvatures=slopes(function, run.path)[2])
