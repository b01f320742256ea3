"""Numbers and counts as a sentence says them, and texts from outside as a figure does."""

import math
import re
from collections.abc import Iterable
from html import escape

from core.quote import printable

GROUPED = 10_000  # from here on numbers get commas, and from ten million on a power of ten


def fmt(value: float, digits: int = 4, decimals: int | None = None) -> str:
    """A number for a sentence, with so many significant digits or, if given, decimals; 0 instead of −0.

    >>> fmt(14_812.0, 3), fmt(2.5e7), fmt(1234.5)
    ('14,800', '2.5e7', '1234')
    """
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:.{digits}g}" if decimals is None else f"{value:.{decimals}f}"
    rounded = float(text)
    if decimals is None and abs(rounded) >= GROUPED:
        text = f"{rounded:,.{max(digits, 7)}g}"
    return typeset(text if rounded else text.lstrip("-"))


def full(value: float) -> str:
    """A setting with every digit that it has, since it is used with all of them.

    >>> full(-2.34567), full(100.0)
    ('−2.34567', '100')
    """
    return fmt(value, next(digits for digits in range(6, 18) if float(f"{value:.{digits}g}") == value))


def apart(*values: float, digits: int = 4) -> list[str]:
    """Numbers with as many digits, alike for all and no fewer than given, as different ones need to look different.

    >>> apart(1.0004, 1.0, digits=3)
    ['1.0004', '1']
    """
    different = len({value for value in values if not math.isnan(value)})
    for enough in range(digits, 17):
        if len({fmt(value, enough) for value in values if not math.isnan(value)}) == different:
            return [fmt(value, enough) for value in values]
    return [fmt(value, 17) for value in values]


def typeset(text: str) -> str:
    """A number that Python has written, with a real minus sign and a short power of ten: 9e6 and 3e−5.

    >>> typeset("-9e+06"), typeset("3e-05")
    ('−9e6', '3e−5')
    """
    return re.sub(r"e\+?(-?)0*(?=\d)", r"e\1", text).replace("-", "−")


def typeset_numbers(text: str) -> str:
    """The same for every number of a text; a negative one behind a sign gets brackets.

    >>> typeset_numbers("x − -1, never below -100, 1e-08 apart")
    'x − (−1), never below −100, 1e−8 apart'
    """
    text = re.sub(r"(?<=[+−-] )-[\d.]+", lambda found: f"({typeset(found[0])})", text)
    return re.sub(r"(?<![\w.(−])-?\d[\d.]*(e[+-]\d+)?", lambda found: typeset(found[0]), text)


def bracketed(value: float, digits: int = 4) -> str:
    """The same, in brackets where it is negative."""
    return f"({fmt(value, digits)})" if value < 0 else fmt(value, digits)


def a(digit: int) -> str:
    """A digit with its article: a 3, an 8."""
    return f"{'an' if digit == 8 else 'a'} {digit}"


def plural(n: int, one: str = "step", many: str = "") -> str:
    """1 step, 2 steps; with `many`, 2 batches."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listed(names: list[str]) -> str:
    """A, B and C."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def point(coordinates: Iterable[float], digits: int = 4) -> str:
    """(1, −0.5)."""
    return f"({', '.join(fmt(value, digits) for value in coordinates)})"


def drawn_text(text: str) -> str:
    """A text from outside as plotly draws it letter by letter: as it is, plotly would find links and tags in it.

    >>> drawn_text("a <b> & c")
    'a &lt;b&gt; &amp; c'
    """
    return escape(printable(text), quote=False)


def plain(caption: str) -> str:
    """A caption without the signs that make code and bold letters: for screen readers."""
    return re.sub(r"(`+)( ?)(.+?)\2\1(?!`)|\*\*", lambda found: found[3] or "", caption)
