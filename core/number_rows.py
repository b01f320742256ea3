"""A small table of numbers as a text that fits into a link: `2,5;1.5,1.1` are two rows of two numbers.

COLUMNS = (Column("logit of cat", -50, 50), Column("target", 0, 1, whole=True))
read_rows("2,1;5,0", COLUMNS, most=8)  # [(2.0, 1), (5.0, 0)]
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from core.quote import quote
from core.typed_number import parse_number, write_number

Row = tuple[float, ...]


@dataclass(frozen=True)
class Column:
    """What a column is called and which numbers may stand in it."""

    name: str
    low: float
    high: float
    whole: bool = False

    @property
    def allowed(self) -> str:
        return f"a {'whole number' if self.whole else 'number'} from {self.low:,g} to {self.high:,g}"

    def accept(self, value: object) -> float:
        """The value as a float, or an int in a column of whole numbers.

        Args:
            value: a number, or a text that says one.

        Raises:
            ValueError: if it is no finite number within the bounds; with a reason if it is a text that says none.
        """
        value = parse_number(value) if isinstance(value, str) and value else value
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            raise ValueError
        if self.whole and value != int(value):
            raise ValueError
        return int(value) if self.whole else float(value)


def is_number(value: object) -> bool:
    """Whether it is a finite number, and not too large for a float."""
    return type(value) in (int, float) and abs(value) <= sys.float_info.max  # false for nan too


def write_rows(rows: Sequence[Row]) -> str:
    """The shortest text that `read_rows` reads back to exactly these rows."""
    return ";".join(",".join(write_number(value) for value in row) for row in rows)


def read_rows(text: str, columns: Sequence[Column], most: int) -> list[Row]:
    """The rows behind such a text, checked.

    Raises:
        ValueError: in one sentence, if there are no or too many rows, or a row does not fit the columns.
    """
    parts = [part for part in text.split(";") if part.strip()]
    return check_rows([[_number(value) for value in part.split(",")] for part in parts[: most + 1]], columns, most)


def check_rows(rows: Sequence[Sequence[object]], columns: Sequence[Column], most: int, least: int = 1) -> list[Row]:
    """The rows with every value in its column's bounds.

    Raises:
        ValueError: as `read_rows`.
    """
    if not least <= len(rows) <= most:
        count = "no rows" if not rows else f"more than {most:,} rows"
        raise ValueError(f"The table has {count}; allowed: {least} to {most:,}.")
    return [_check_row(number, row, columns) for number, row in enumerate(rows, start=1)]


def _check_row(number: int, row: Sequence[object], columns: Sequence[Column]) -> Row:
    if len(row) != len(columns):
        names = ", ".join(column.name for column in columns)
        raise ValueError(f"Row {number} holds {len(row)} values; allowed: {len(columns)} ({names}).")
    checked = []
    for value, column in zip(row, columns, strict=True):
        try:
            checked.append(column.accept(value))
        except ValueError as error:
            said = "nothing" if value is None else quote(value)
            what = f", {column.name}: {error}" if str(error) else f" says {said} as {column.name}"
            raise ValueError(f"Row {number}{what}; allowed: {column.allowed}.") from None
    return tuple(checked)


def _number(text: str) -> object:
    """The number that a text says, or the text itself where it says none."""
    try:
        value = float(text)
    except ValueError:
        return text.strip()
    return int(value) if value.is_integer() else value
