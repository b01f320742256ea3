"""Numbers as people type them: 0.033, 0,033, .5, 1e-3, −5, 12,500,000.

A comma is a decimal comma where only one stands there, else it parts thousands. What may mean two numbers is refused.
"""

import re

from core.quote import quote
from core.settings import Integer, Real

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(?=\.|$)", re.ASCII)
LONGEST = 40  # characters


def parse_number(text: str) -> float:
    """The number that a text says.

    Raises:
        ValueError: with a sentence, if it says none or may mean two.
    """
    plain = text.strip().replace("\N{MINUS SIGN}", "-")
    if len(plain) <= LONGEST:
        thousands = _THOUSANDS.match(plain)
        if thousands and plain.count(",") == 1 and "." not in plain:
            meant = f"{plain.replace(',', '.')} and {plain.replace(',', '')}"
            raise ValueError(f"{quote(text)} can mean {meant}; write it without the comma")
        plain = plain.replace(",", "") if thousands else plain.replace(",", ".", 1)
        if _NUMBER.fullmatch(plain):
            return float(plain)
    raise ValueError(f"{quote(text)} is not a number")


def read_typed(kind: Integer | Real, text: str) -> int | float:
    """The value of a parameter that a text says.

    Raises:
        ValueError: with a sentence that names what is allowed.
    """
    try:
        value = parse_number(text)
    except ValueError as error:
        raise ValueError(f"{error}; allowed: {kind.allowed}.") from None
    try:
        return kind.accept(int(value) if isinstance(kind, Integer) and value.is_integer() else value)
    except ValueError:
        raise ValueError(f"{quote(text)} is out of bounds; allowed: {kind.allowed}.") from None


def write_number(value: float) -> str:
    """The shortest text that is read back to exactly this number; whole numbers without a point."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
