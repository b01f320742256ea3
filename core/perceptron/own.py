"""The reader's own points: in the link, in a table, in a CSV file.

In a link a point is eight characters of base64url: four for x1 with the class, four for x2. That is a third of
what decimal numbers take, so that 500 points (4,000 characters) always fit into a link. Coordinates lie on a grid of
1/1024; such numbers and their sums are exact in binary floating point, so that a cycle of the weights is seen as one.
"""

import base64
import binascii
import csv
import io
import math
from collections.abc import Iterable
from typing import NamedTuple

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


def window(points: list[Point]) -> int:
    """Half the side of the square that shows all points: 4, 8, 16, ..."""
    farthest = max((abs(x) for p in points for x in p[:2]), default=0.0)
    return max(4, 2 ** math.ceil(math.log2(farthest))) if farthest else 4


def write_csv(points: list[Point]) -> str:
    """The points as a CSV file with a header line."""
    return ",".join(HEADER) + "\n" + "".join(f"{p.x1!r},{p.x2!r},{p.y}\n" for p in points)


def read_csv(content: bytes) -> tuple[list[Point], str]:
    """Reads a CSV file: two numbers and a class a line, with or without a header line.

    A first line without a number is a header; if it names x1, x2 and class, it says their order. The class is 0 or 1
    (or -1 and 1); of any other two names, the one first in the alphabet becomes class 0.

    Returns:
        the points and a sentence about what was read.

    Raises:
        ValueError: in one sentence that names the line.
    """
    rows = _rows(content)
    order = list(range(len(HEADER)))
    if rows and not any(map(_is_number, rows[0][1])):
        names = [name.strip().lower() for name in rows.pop(0)[1]]
        order = [names.index(name) for name in HEADER] if sorted(names) == sorted(HEADER) else order
    if not 1 <= len(rows) <= MAX_POINTS:
        raise ValueError(f"The file has {len(rows):,} lines with points; allowed: 1 to {MAX_POINTS}.")
    for number, row in rows:
        if len(row) != len(HEADER):
            raise ValueError(f"Line {number} has {len(row)} values; allowed: three, namely x1, x2 and the class.")
    names = sorted({row[order[2]].strip() for _, row in rows})
    if len(names) > 2:
        raise ValueError(f"The file has {len(names)} different classes; allowed: two.")
    classes = {"0": 0, "1": 1, "-1": 0} if set(names) <= {"0", "1"} or set(names) <= {"-1", "1"} else None
    classes = classes or {name: i for i, name in enumerate(names)}
    found = []
    for number, row in rows:
        x1, x2, name = (row[column] for column in order)
        if not (_is_number(x1) and _is_number(x2)):
            raise ValueError(f"Line {number}: x1 or x2 is not a number; {ALLOWED}.")
        try:
            found.append(point(float(x1), float(x2), classes[name.strip()]))
        except ValueError as error:
            raise ValueError(f"Line {number}: {error}") from None
    said = ", ".join(f"{quote(name)} is class {classes[name]}" for name in names)
    return found, f"{len(found)} points read; {said}. Coordinates are rounded to 1/{GRID}."


def _rows(content: bytes) -> list[tuple[int, list[str]]]:
    """The lines of a CSV file that are not empty, each with its number."""
    if len(content) > MAX_BYTES:
        raise ValueError(f"The file has {len(content):,} bytes; allowed: at most {MAX_BYTES:,}.")
    try:
        text = content.decode("utf-8-sig")
        return [(n, row) for n, row in enumerate(csv.reader(io.StringIO(text, newline="")), 1) if any(row)]
    except (UnicodeDecodeError, csv.Error):
        raise ValueError("The file is not a CSV table; allowed: text in UTF-8 with commas.") from None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
