"""How a CSV file is written: its encoding, separator, decimal mark, and whether its first line holds names."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from core.cache import cached
from core.quote import literal

MAX_BYTES = 5_000_000
MAX_COLUMNS = 40
SEPARATORS = {";": "`;`", "\t": "tab", "|": "`|`", ",": "`,`"}  # of equally good ones the first
DECIMALS = {".": "point", ",": "comma"}
MISSING = {"", "?", "-", "--", ".", "na", "n/a", "#n/a", "nan", "null", "none"}  # instead of a number, in any case
SAMPLE = 1_000  # rows from which the dialect is found
NO_TABLE = "The file is not a CSV table; check its double quotes ({})."
COULD_BE_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3},[0-9]{3}")
LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")  # with its end, if it has one
ANY_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?")  # with either decimal mark


@dataclass(frozen=True)
class Dialect:
    """How a file is written.

    Attributes:
        encoding: a name that Python knows.
        header: whether the first line holds the names of the columns.
        decimal: the mark between whole and fraction, "." or ",".
    """

    encoding: str
    separator: str
    header: bool
    decimal: str

    @property
    def number(self) -> re.Pattern[str]:
        """What a number looks like. Marks of thousands, percent, infinity and underscores are no part of it."""
        mark = re.escape(self.decimal)
        return re.compile(rf"[+-]?([0-9]+({mark}[0-9]*)?|{mark}[0-9]+)([eE][+-]?[0-9]+)?")


@cached
def find_dialect(content: bytes) -> Dialect:
    """The dialect that fits best: the separator that gives most rows equally many cells, and most numbers.

    Raises:
        ValueError: in one sentence, if the file is too large or no table.
    """
    text, encoding = decode(content)
    found, problem = [], None
    for separator in SEPARATORS:
        try:
            cells = [row for _, row in islice(rows_of(text, separator), SAMPLE)]
        except csv.Error as error:
            problem = problem or error
        else:
            found.append((_fit(cells, separator), separator, cells))
    fit, separator, cells = max(found, key=lambda one: one[0], default=((False,), ",", []))
    if problem and not fit[0]:  # with the right separator its quotes are wrong
        raise ValueError(NO_TABLE.format(literal(str(problem))))
    first = cells[0] if cells else []
    header = any(cell.lower() not in MISSING for cell in first) and not any(map(ANY_NUMBER.fullmatch, first))
    return Dialect(encoding, separator, header, _decimal(cells, separator))


def _fit(rows: list[list[str]], separator: str) -> tuple[float, ...]:
    """How well a separator fits, the weightiest first: several columns, rows of one length, whole cells, numbers."""
    width, count = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
    cells = [cell for row in rows[:100] for cell in row[:MAX_COLUMNS] if cell.lower() not in MISSING]
    others, many = set(SEPARATORS) - {separator}, max(len(cells), 1)
    numbers = [ANY_NUMBER.fullmatch(cell) is not None for cell in cells]
    whole = sum(number or others.isdisjoint(cell) for number, cell in zip(numbers, cells, strict=True))
    return width > 1, count / max(len(rows), 1), whole / many, sum(numbers) / many


def decode(content: bytes) -> tuple[str, str]:
    """The text and its encoding: by its first bytes, else UTF-8, else that of Western Windows."""
    if len(content) > MAX_BYTES:
        raise ValueError(f"The file has {len(content):,} bytes; allowed: at most {MAX_BYTES:,}.")
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "cp1252", "latin-1"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text or (encoding in ("cp1252", "latin-1") and re.search(r"[\1-\x08\x0e-\x1f]", text)):
            break
        return text, encoding
    raise ValueError("The file is not a text; allowed: a table saved as CSV, which a spreadsheet does on request.")


def rows_of(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with its number."""
    lines = (line[0] for line in LINE.finditer(text))  # as io.StringIO gives them, which takes 4 bytes a letter
    rows = csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True)
    for number, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield number, cells


def _decimal(rows: list[list[str]], separator: str) -> str:
    """The mark that most numbers have. Between commas, quoted numbers as 1,234 are more likely thousands."""
    found = [cell for row in rows for cell in row if ANY_NUMBER.fullmatch(cell)]
    points, commas = (sum(mark in cell for cell in found) for mark in ".,")
    thousands = separator == "," and all(COULD_BE_THOUSANDS.fullmatch(cell) for cell in found if "," in cell)
    return "," if commas > points and not thousands else "."
