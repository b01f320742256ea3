"""The surfaces of the race, each written as a reader would type it, with the part of the plane that is drawn."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.expression.typed_function import TypedFunction, typed_function
from core.plane.critical_points import CriticalPoint, CriticalPointsTask, cusp
from core.task import Task, result_of

Box = tuple[float, float, float, float]  # lowest and highest x, lowest and highest y
WIDEST_SEARCH = 10.0  # critical points of a typed function are looked for from -10 to 10
MARGIN = 0.06  # of the width, between a start and the edge


@dataclass(frozen=True)
class KnownSurface:
    """A function over the plane, as it is offered.

    Attributes:
        text: its formula, empty for the reader's own.
        box: what is drawn of the plane. start: a place to begin that is worth seeing.
        about: what it is like, in one sentence.
        cusp: a lowest point at which the gradient does not exist, if there is one.
    """

    label: str
    text: str
    box: Box
    start: tuple[float, float]
    about: str
    cusp: tuple[float, float] | None = None


SURFACES = {
    "beale": KnownSurface(
        "Beale",
        "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
        (-4.5, 4.5, -4.5, 4.5),
        (1.2, 1.2),
        "A flat valley between steep corners.",
    ),
    "rosenbrock": KnownSurface(
        "Rosenbrock",
        "(1 - x)^2 + 100*(y - x^2)^2",
        (-2.0, 2.0, -1.0, 3.0),
        (-1.2, 1.0),
        "A narrow bent valley: easy to enter, slow to follow.",
    ),
    "himmelblau": KnownSurface(
        "Himmelblau",
        "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        (-5.0, 5.0, -5.0, 5.0),
        (-0.5, -1.5),
        "Four valleys of the same depth.",
    ),
    "booth": KnownSurface(
        "Booth",
        "(x + 2*y - 7)^2 + (2*x + y - 5)^2",
        (-10.0, 10.0, -10.0, 10.0),
        (-7.0, 2.0),
        "A bowl, nine times as steep across as along.",
    ),
    "matyas": KnownSurface(
        "Matyas",
        "0.26*(x^2 + y^2) - 0.48*x*y",
        (-10.0, 10.0, -10.0, 10.0),
        (-7.0, 4.0),
        "A nearly flat bowl, 25 times as steep across as along.",
    ),
    "three_hump": KnownSurface(
        "Three-hump camel",
        "2*x^2 - 1.05*x^4 + x^6/6 + x*y + y^2",
        (-3.0, 3.0, -3.0, 3.0),
        (-2.5, 2.5),
        "One deep valley between two shallow ones.",
    ),
    "six_hump": KnownSurface(
        "Six-hump camel",
        "(4 - 2.1*x^2 + x^4/3)*x^2 + x*y + (-4 + 4*y^2)*y^2",
        (-2.5, 2.5, -1.5, 1.5),
        (-1.9, 1.2),
        "Six valleys, two of them deepest.",
    ),
    "styblinski": KnownSurface(
        "Styblinski-Tang",
        "(x^4 - 16*x^2 + 5*x + y^4 - 16*y^2 + 5*y)/2",
        (-5.0, 5.0, -5.0, 5.0),
        (0.6, 4.5),
        "Four valleys, one of them deepest.",
    ),
    "rastrigin": KnownSurface(
        "Rastrigin",
        "20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)",
        (-5.12, 5.12, -5.12, 5.12),
        (-3.3, 3.7),
        "A bowl full of holes: 121 valleys, one of them deepest.",
    ),
    "ackley": KnownSurface(
        "Ackley",
        "-20*exp(-0.2*sqrt((x^2 + y^2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + e + 20",
        (-5.0, 5.0, -5.0, 5.0),
        (-3.3, 2.7),
        "A rough plain with a sharp hole, at whose bottom the gradient does not exist.",
        cusp=(0.0, 0.0),
    ),
    "mccormick": KnownSurface(
        "McCormick",
        "sin(x + y) + (x - y)^2 - 1.5*x + 2.5*y + 1",
        (-1.5, 4.0, -3.0, 4.0),
        (3.5, 0.5),
        "A tilted trough of waves, without a lowest point in the whole plane.",
    ),
    "saddle": KnownSurface(
        "Saddle",
        "x^2 - y^2",
        (-2.0, 2.0, -2.0, 2.0),
        (-1.7, 0.001),
        "Up in one direction, down in the other: it has no lowest point.",
    ),
    "monkey": KnownSurface(
        "Monkey saddle",
        "x^3 - 3*x*y^2",
        (-2.0, 2.0, -2.0, 2.0),
        (1.5, 0.1),
        "Three ways down, and a middle so flat that its curvature is 0. It has no lowest point.",
    ),
    "typed": KnownSurface("Your own f(x, y)", "", (-4.0, 4.0, -4.0, 4.0), (-3.0, 2.0), "A function of your own."),
}


@dataclass(frozen=True)
class Surface:
    """A surface with all that is known of it.

    Attributes:
        name: a key of SURFACES. function: f(x, y), elementwise. box: what is drawn of the plane.
        start: a place to begin that is worth seeing.
        points: every point in the box at which the gradient is 0, and the cusp if there is one; the lowest first.
    """

    name: str
    function: TypedFunction
    box: Box
    start: tuple[float, float]
    points: tuple[CriticalPoint, ...]

    @property
    def width(self) -> float:
        """The longer side of the box."""
        return max(self.box[1] - self.box[0], self.box[3] - self.box[2])

    @property
    def minima(self) -> tuple[CriticalPoint, ...]:
        """Every minimum in the box, a cusp included, the lowest first."""
        return tuple(point for point in self.points if point.kind in ("minimum", "cusp"))

    @property
    def lowest(self) -> tuple[CriticalPoint, ...]:
        """The minima that are as low as any minimum in the box; none where there is no minimum."""
        minima = self.minima
        return tuple(p for p in minima if p.value <= minima[0].value + 1e-9 * (1 + abs(minima[0].value)))


def plane_function(name: str, text: str = "") -> TypedFunction:
    """The function of a name; `text` counts for the reader's own.

    Raises:
        ExpressionError: if the text is not a function.
    """
    return typed_function(SURFACES[name].text or text, ("x", "y"))


class SurfaceTask(Task):
    """A surface with all that is known of it, its box and critical points; `text` counts for the reader's own.

    Raises:
        ExpressionError: if the text is not a function.
    """

    title = "The critical points"

    def __init__(self, name: str, text: str = "") -> None:
        self.name, self.function = name, plane_function(name, text)
        self.key, self.own = (name, self.function), not SURFACES[name].text
        wide = WIDEST_SEARCH
        self.search = CriticalPointsTask(self.function, (-wide, wide, -wide, wide) if self.own else SURFACES[name].box)
        times = 1 + self.own  # the critical points of a typed function are looked for twice
        self.total, self.cost = times * self.search.total, times * self.search.cost

    def advance(self) -> None:
        self.search.step()
        if self.search.finished and self.own and self.done + 1 < self.total:
            self.search = CriticalPointsTask(self.function, _box_around(self.search.result()))

    def result(self) -> Surface | None:
        """None before the last step."""
        found, known = self.search.result() if self.finished else None, SURFACES[self.name]
        if found is not None and known.cusp:
            found = tuple(sorted((*found, cusp(self.function, *known.cusp)), key=lambda point: point.value))
        return None if found is None else Surface(self.name, self.function, self.search.box, known.start, found)


def surface_of(name: str, text: str = "") -> Surface:
    """The surface of a name at once; raises what `SurfaceTask` does."""
    return result_of(SurfaceTask(name, text))


def _box_around(points: tuple[CriticalPoint, ...]) -> Box:
    """The part of the plane that is drawn of the reader's own: it holds the critical points next to the origin."""
    reach = sorted(max(abs(point.x), abs(point.y)) for point in points)[:9]
    half = min(max(1.5, 1.4 * reach[-1]), WIDEST_SEARCH) if reach else SURFACES["typed"].box[1]
    return (-half, half, -half, half)


def box_with(box: Box, points: Iterable[tuple[float, float]]) -> Box:
    """The box, made larger where a point lies outside or at its edge."""
    x_low, x_high, y_low, y_high = box
    across, up = MARGIN * (x_high - x_low), MARGIN * (y_high - y_low)
    for x, y in points:
        x_low, x_high = min(x_low, x - across), max(x_high, x + across)
        y_low, y_high = min(y_low, y - up), max(y_high, y + up)
    return (x_low, x_high, y_low, y_high)
