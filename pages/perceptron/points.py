"""The reader's own points, as the link carries them."""

from core.perceptron.points import Point, decode, encode
from ui.controls import Controls


def keep_readable(controls: Controls) -> None:
    """Puts the page's own points where a link holds something else, and says so beside them."""
    try:
        decode(controls.values["points"])
    except ValueError as error:
        controls.set(points=controls.defaults["points"])
        controls.problems["points"] = f"{error} Shown instead: the page's own points."


def points_of(controls: Controls) -> list[Point]:
    """The points as they stand."""
    return decode(controls.values["points"])


def take(controls: Controls, points: list[Point]) -> None:
    """Takes points over; every other view then shows them too."""
    controls.set(points=encode(points), data="own", own_at=controls.kinds["own_at"].high)
