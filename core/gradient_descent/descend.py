"""One ball on a curve: every step of `torch.optim.SGD` recorded, nothing clipped."""

from dataclasses import dataclass

from torch import Tensor

from core.cache import cached
from core.expression.typed_function import TypedFunction
from core.gradient_descent.curves import CURVES, Minimum, function_of, minima, slopes
from core.gradient_descent.settings import DescentSettings
from core.plane.run import record


@dataclass(frozen=True, eq=False)
class Descent:
    """A recorded run.

    Attributes:
        x: where the ball is before each step and at the end, shape (steps done + 1,), float64.
        loss, slope, curvature: f, f' and f'' there, same shape.
        diverged_at: the step after which a number is infinite or NaN; None if none is.
        lost: which number that is and what it has become, such as "f(x) is infinite".
    """

    settings: DescentSettings
    function: TypedFunction
    x: Tensor
    loss: Tensor
    slope: Tensor
    curvature: Tensor
    diverged_at: int | None
    diverged: str

    @property
    def steps(self) -> int:
        """Steps that were done."""
        return len(self.x) - 1

    @property
    def half(self) -> float:
        """The curve is drawn from -half to half, the start included."""
        return max(CURVES[self.settings.curve].half, abs(self.settings.start) + 0.5)

    @property
    def minima(self) -> tuple[Minimum, ...]:
        """The valleys of the curve."""
        return minima(self.function, max(6.0, self.half))

    @property
    def left_at(self) -> int | None:
        """The first step after which the ball is outside of what is drawn."""
        outside = (~(self.x.abs() <= self.half)).nonzero()
        return int(outside[0]) if len(outside) else None

    @property
    def valley(self) -> Minimum | None:
        """The valley nearest to the end of the run; to its start if it has left the picture."""
        place = self.settings.start if self.left_at is not None else self.x[-1].item()
        return min(self.minima, key=lambda m: abs(m.x - place), default=None)


@cached
def descend(settings: DescentSettings) -> Descent:
    """Runs the optimizer until the last step or until a number is no longer finite.

    Raises:
        ExpressionError: if the typed function is none.
    """
    function = function_of(settings.curve, settings.text)
    run = record(function, settings.start, settings.steps, ("x", "f(x)", "the slope"), lr=settings.lr)
    curvatures = slopes(function, run.path)[2]
    return Descent(settings, function, run.path, run.losses, run.gradients, curvatures, run.diverged_at, run.diverged)
