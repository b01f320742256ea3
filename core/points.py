"""Points that a reader sets: in the link, in a table, in a CSV file.

In a link a point is eight characters of base64url: four for x1 with the class, four for x2. That is a third of
what decimal numbers take, so that 500 points (4,000 characters) always fit into a link. Coordinates lie on a grid of
1/1024; such numbers and their sums are exact in binary floating point, so that a cycle of the weights is seen as one.
"""

import base64
import binascii
import math
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from core.csv_dialect import Dialect
from core.csv_table import no_number, numbers, read_table
from core.quote import quote

MAX_POINTS = 500
FARTHEST = 1_000  # largest coordinate
GRID = 1_024  # steps of the grid in one unit
MAX_BYTES = 100_000  # of a CSV file
CHARACTERS = 8  # of one point in a link
HEADER = ("x1", "x2", "class")
LONGEST_TEXT = CHARACTERS * MAX_POINTS
_ZERO, _CLASS = 1 << 22, 1 << 23  # where coordinate 0 lies in 24 bits, and the bit of the class
ALLOWED = f"allowed: at most {MAX_POINTS} points, coordinates from -{FARTHEST:,} to {FARTHEST:,}, classes 0 and 1"


class Point(NamedTuple):
    """One sample: two coordinates and its class, 0 or 1."""

    x1: float
    x2: float
    y: int


def point(x1: float, x2: float, y: int) -> Point:
    """A point on the grid.

    Raises:
        ValueError: if a coordinate is not finite or too large, or the class is neither 0 nor 1.
    """
    if not all(-FARTHEST <= x <= FARTHEST for x in (x1, x2)) or y not in (0, 1):  # false for nan too
        said = ", ".join(quote(value) for value in (x1, x2))
        raise ValueError(f"The point ({said}) of class {quote(y)} cannot be used; {ALLOWED}.")
    return Point(round(x1 * GRID) / GRID, round(x2 * GRID) / GRID, int(y))


def encode(points: Iterable[Point]) -> str:
    """The points as a link carries them."""
    raw = bytearray()
    for x1, x2, y in points:
        raw += (round(x1 * GRID) + _ZERO + y * _CLASS).to_bytes(3) + (round(x2 * GRID) + _ZERO).to_bytes(3)
    return base64.urlsafe_b64encode(raw).decode()


def decode(text: str) -> list[Point]:
    """The points of a link.

    Raises:
        ValueError: in one sentence, if the text does not hold such points.
    """
    try:
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b"?"
    if len(raw) % 6 or len(raw) > 6 * MAX_POINTS:
        raise ValueError(f"The link's points cannot be read; {ALLOWED}, eight characters of base64url a point.")
    found = []
    for start in range(0, len(raw), 6):
        first, second = int.from_bytes(raw[start : start + 3]), int.from_bytes(raw[start + 3 : start + 6])
        y, first = divmod(first, _CLASS)
        found.append(point((first - _ZERO) / GRID, (second - _ZERO) / GRID, y))
    return found


def from_browser(sent: object, window: float) -> list[Point] | None:
    """The points that a browser sent, checked one by one; None if it is not a list of points.

    Args:
        sent: whatever came; expected are lists of x1, x2 and class.
        window: no point lies farther out; what does is moved to the edge.
    """
    if not isinstance(sent, list) or len(sent) > MAX_POINTS:
        return None
    found = []
    for row in sent:
        if not isinstance(row, list) or len(row) != 3 or not all(type(value) in (int, float) for value in row):
            return None
        x1, x2, y = row
        if x1 != x1 or x2 != x2 or y not in (0, 1):
            return None
        found.append(point(*(min(window, max(-window, x)) for x in (x1, x2)), y))
    return found


def window(points: list[Point], least: int = 4) -> int:
    """Half the side of the square that shows all points: `least`, twice as much, four times as much, ..."""
    farthest = max((abs(x) for p in points for x in p[:2]), default=0.0)
    return least * 2 ** max(0, math.ceil(math.log2(farthest / least))) if farthest else least


def write_csv(points: list[Point]) -> str:
    """The points as a CSV file with a header line."""
    return ",".join(HEADER) + "\n" + "".join(f"{p.x1!r},{p.x2!r},{p.y}\n" for p in points)


def read_csv(content: bytes, dialect: Dialect | None = None) -> tuple[list[Point], str]:
    """Reads a CSV file: two numbers and a class a row, with or without a header line.

    Columns named x1, x2 and class are taken wherever they stand, else three columns in this order. The class is 0 or 1
    (or -1 and 1); of any other two names, the one first in the alphabet becomes class 0.

    Returns:
        the points and two sentences about what was read.

    Raises:
        ValueError: in one sentence that names the row.
    """
    if len(content) > MAX_BYTES:
        raise ValueError(f"The file has {len(content):,} bytes; allowed: at most {MAX_BYTES:,}.")
    table = read_table(content, dialect, rows=(1, MAX_POINTS), least=len(HEADER))
    names = {name.lower(): name for name in table.texts}
    if not set(HEADER) <= set(names) and len(table.texts.columns) != len(HEADER):
        raise ValueError(
            f"The table has {len(names)} columns; allowed: three, or any with {', '.join(HEADER)} in them."
        )
    order = [names[name] for name in HEADER] if set(HEADER) <= set(names) else list(table.texts)
    first, second = (numbers(table.texts[name], table.dialect) for name in order[:2])
    classes = _classes(table.texts[order[2]])
    found = []
    for row, x1, x2, name in zip(table.texts.index, first, second, table.texts[order[2]], strict=True):
        if x1 != x1 or x2 != x2:
            raise ValueError(f"{no_number(table, row, order[0] if x1 != x1 else order[1])}; {ALLOWED}.")
        try:
            found.append(point(x1, x2, classes[name]))
        except ValueError as error:
            raise ValueError(f"Row {row}: {error}") from None
    said = ", ".join(f"{quote(name)} is class {y}" for name, y in classes.items())
    points = "1 point" if len(found) == 1 else f"{len(found)} points"
    return found, f"{points} read: {table.said} {said}; coordinates are rounded to 1/{GRID}."


def _classes(column: pd.Series) -> dict[str, int]:
    """What stands in the column of classes, and which class it is; ValueError if that is not one or two classes."""
    names = sorted(set(column))
    if "" in names:
        raise ValueError(f"Row {column.index[column == ''][0]} has no class; {ALLOWED}.")
    if len(names) > 2:
        raise ValueError(f"The file has {len(names)} different classes; allowed: two.")
    for signs in ({"0": 0, "1": 1}, {"-1": 0, "1": 1}):
        if set(names) <= set(signs):
            return {name: signs[name] for name in names}
    return {name: i for i, name in enumerate(names)}
