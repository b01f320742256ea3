"""The surfaces of the race, each written as a reader would type it, with the part of the plane that is drawn."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.expression.typed_function import TypedFunction, typed_function
from core.plane.critical_points import CriticalPoint, critical_points, cusp

Box = tuple[float, float, float, float]  # lowest and highest x, lowest and highest y
WIDEST_SEARCH = 10.0  # critical points of a typed function are looked for from -10 to 10
ROOM = 0.06  # of the width, between a start and the edge


@dataclass(frozen=True)
class Surface:
    """A function over the plane.

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
    "beale": Surface(
        "Beale",
        "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
        (-4.5, 4.5, -4.5, 4.5),
        (1.0, 1.5),
        "A flat valley between steep corners.",
    ),
    "rosenbrock": Surface(
        "Rosenbrock",
        "(1 - x)^2 + 100*(y - x^2)^2",
        (-2.0, 2.0, -1.0, 3.0),
        (-1.2, 1.0),
        "A narrow bent valley: easy to enter, slow to follow.",
    ),
    "himmelblau": Surface(
        "Himmelblau",
        "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        (-5.0, 5.0, -5.0, 5.0),
        (-0.5, -1.5),
        "Four valleys of the same depth.",
    ),
    "booth": Surface(
        "Booth",
        "(x + 2*y - 7)^2 + (2*x + y - 5)^2",
        (-10.0, 10.0, -10.0, 10.0),
        (-7.0, 2.0),
        "A bowl, nine times as steep across as along.",
    ),
    "matyas": Surface(
        "Matyas",
        "0.26*(x^2 + y^2) - 0.48*x*y",
        (-10.0, 10.0, -10.0, 10.0),
        (-7.0, 4.0),
        "A nearly flat bowl, 25 times as steep across as along.",
    ),
    "three_hump": Surface(
        "Three-hump camel",
        "2*x^2 - 1.05*x^4 + x^6/6 + x*y + y^2",
        (-3.0, 3.0, -3.0, 3.0),
        (-2.5, 2.5),
        "One deep valley between two shallow ones.",
    ),
    "six_hump": Surface(
        "Six-hump camel",
        "(4 - 2.1*x^2 + x^4/3)*x^2 + x*y + (-4 + 4*y^2)*y^2",
        (-2.5, 2.5, -1.5, 1.5),
        (-1.9, 1.2),
        "Six valleys, two of them deepest.",
    ),
    "styblinski": Surface(
        "Styblinski-Tang",
        "(x^4 - 16*x^2 + 5*x + y^4 - 16*y^2 + 5*y)/2",
        (-5.0, 5.0, -5.0, 5.0),
        (0.6, 4.5),
        "Four valleys, one of them deepest.",
    ),
    "rastrigin": Surface(
        "Rastrigin",
        "20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)",
        (-5.12, 5.12, -5.12, 5.12),
        (-3.3, 3.7),
        "A bowl full of holes: 121 valleys, one of them deepest.",
    ),
    "ackley": Surface(
        "Ackley",
        "-20*exp(-0.2*sqrt((x^2 + y^2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + e + 20",
        (-5.0, 5.0, -5.0, 5.0),
        (-3.3, 2.7),
        "A rough plain with a sharp hole, at whose bottom the gradient does not exist.",
        cusp=(0.0, 0.0),
    ),
    "mccormick": Surface(
        "McCormick",
        "sin(x + y) + (x - y)^2 - 1.5*x + 2.5*y + 1",
        (-1.5, 4.0, -3.0, 4.0),
        (3.5, 0.5),
        "A tilted trough of waves, without a lowest point in the whole plane.",
    ),
    "saddle": Surface(
        "Saddle",
        "x^2 - y^2",
        (-2.0, 2.0, -2.0, 2.0),
        (-1.7, 0.001),
        "Up in one direction, down in the other: it has no lowest point.",
    ),
    "monkey": Surface(
        "Monkey saddle",
        "x^3 - 3*x*y^2",
        (-2.0, 2.0, -2.0, 2.0),
        (1.5, 0.1),
        "Three ways down, and a middle so flat that its curvature is 0. It has no lowest point.",
    ),
    "typed": Surface("Your own f(x, y)", "", (-4.0, 4.0, -4.0, 4.0), (-3.0, 2.0), "A function of your own."),
}


def function_of(surface: str, text: str) -> TypedFunction:
    """The chosen surface as a function of x and y; `text` counts for the reader's own.

    Raises:
        ExpressionError: if the text is not a function.
    """
    return typed_function(SURFACES[surface].text or text, ("x", "y"))


def box_of(surface: str, text: str) -> Box:
    """The part of the plane that is drawn; for the reader's own it holds the critical points next to the origin."""
    if surface != "typed":
        return SURFACES[surface].box
    wide = WIDEST_SEARCH
    found = critical_points(function_of(surface, text), (-wide, wide, -wide, wide))
    reach = sorted(max(abs(point.x), abs(point.y)) for point in found)[:9]
    half = min(max(1.5, 1.4 * reach[-1]), wide) if reach else SURFACES["typed"].box[1]
    return (-half, half, -half, half)


def with_places(box: Box, places: Iterable[tuple[float, float]]) -> Box:
    """The box, made larger where a place lies outside or at its edge."""
    x_low, x_high, y_low, y_high = box
    across, up = ROOM * (x_high - x_low), ROOM * (y_high - y_low)
    for x, y in places:
        x_low, x_high = min(x_low, x - across), max(x_high, x + across)
        y_low, y_high = min(y_low, y - up), max(y_high, y + up)
    return (x_low, x_high, y_low, y_high)


def points_of(surface: str, text: str) -> tuple[CriticalPoint, ...]:
    """Every place in the box at which the ground is level, and the cusp if there is one; the lowest first."""
    function = function_of(surface, text)
    found = critical_points(function, box_of(surface, text))
    place = SURFACES[surface].cusp
    return tuple(sorted((*found, cusp(function, *place)), key=lambda point: point.value)) if place else found


def lowest_of(surface: str, text: str) -> tuple[CriticalPoint, ...]:
    """The minima that are as low as any minimum in the box; none where there is no minimum."""
    minima = [point for point in points_of(surface, text) if point.kind in ("minimum", "cusp")]
    return tuple(point for point in minima if point.value <= minima[0].value + 1e-9 * (1 + abs(minima[0].value)))
