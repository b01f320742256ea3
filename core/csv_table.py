"""A CSV file of the reader's own, read in the dialect that it is written in, which the reader may correct.

dialect = find_dialect(content)           # separator, decimal mark, whether the first line holds names
table = read_table(content, dialect)      # its cells as texts, and its columns of numbers as numbers
table.said                                # "60 rows, 3 columns; separator `;`, decimal comma, first line taken ..."
"""

import csv
import math
from dataclasses import dataclass, replace
from itertools import islice

import pandas as pd

from core.cache import cached
from core.csv_dialect import (
    DECIMALS,
    MAX_COLUMNS,
    MISSING,
    NO_TABLE,
    SEPARATORS,
    Dialect,
    decode,
    find_dialect,
    rows_of,
)
from core.quote import literal, quote

MIN_ROWS, MAX_ROWS = 10, 10_000
MAX_CELLS = 800_000
ROWS_AT_ONCE = 2_000  # that are turned into Arrow's texts
MAX_NAME = 1_000  # characters of a column's name

Rows = list[tuple[int, list[str]]]  # the number of a row in the file, counted from 1, and its cells


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        texts: all cells as they stand in the file, without the blanks around them; "" where there is none. The index
            is the number of the row in the file, counted from 1.
        frame: the same; columns of numbers hold float64, and NaN where the cell is none.
        said: how the file was read, in one sentence.
        bad: which cells of columns of numbers are none, in a few sentences; "" if all are numbers or empty.
    """

    texts: pd.DataFrame
    frame: pd.DataFrame
    dialect: Dialect = Dialect("utf-8", ",", True, ".")
    said: str = ""
    bad: str = ""


def table_of(frame: pd.DataFrame) -> Table:
    """A table that comes from no file."""
    return Table(frame.astype(str).where(frame.notna(), ""), frame)


@cached
def read_table(
    content: bytes, dialect: Dialect | None = None, rows: tuple[int, int] = (MIN_ROWS, MAX_ROWS), least: int = 2
) -> Table:
    """Reads a CSV file.

    Args:
        dialect: how it is written; found if it is not given.
        rows: how few and how many rows it may have. least: how few columns.

    Raises:
        ValueError: in one sentence, if it is too large or is not a table.
    """
    dialect = dialect or find_dialect(content)
    lines, more = _lines(content, dialect, rows[1] + dialect.header)
    names = _names(lines, dialect, least)
    body = lines[dialect.header :]
    if not rows[0] <= len(body) + more <= rows[1]:
        raise ValueError(f"The table has {len(body) + more:,} rows; allowed: {rows[0]} to {rows[1]:,}.")
    if len(body) * len(names) > MAX_CELLS:
        raise ValueError(f"The table has {len(body) * len(names):,} cells; allowed: at most {MAX_CELLS:,}.")
    said = lines[0][1] if dialect.header else []
    lines.clear()
    texts, empty = _without_empty_columns(_texts(body, names), said)
    frame = pd.DataFrame({name: _typed(texts[name], dialect) for name in texts}, index=texts.index)
    if frame.shape[1] < least:
        raise ValueError(f"The table has {frame.shape[1]} columns; allowed: {least} to {MAX_COLUMNS}.")
    table = Table(texts, frame, dialect, _said(texts, dialect, empty))
    return replace(table, bad=_bad(table))


def _lines(content: bytes, dialect: Dialect, most: int) -> tuple[Rows, int]:
    """The first rows that hold anything, and how many more there are: of short rows, a file can hold millions."""
    rows = rows_of(decode(content)[0], dialect.separator)
    try:
        return list(islice(rows, most)), sum(1 for _ in rows)
    except csv.Error as error:
        raise ValueError(NO_TABLE.format(literal(str(error)))) from None


def _texts(body: Rows, names: list[str]) -> pd.DataFrame:
    """The cells as Arrow's texts, which take a quarter of the memory of Python's; empties `body` on the way."""
    n, parts = len(names), []
    while body:
        part = body[-ROWS_AT_ONCE:]
        del body[-ROWS_AT_ONCE:]
        cells = [row if len(row) == n else row[:n] + [""] * (n - len(row)) for _, row in part]
        parts.append(pd.DataFrame(cells, columns=names, index=[number for number, _ in part], dtype="str"))
    return pd.concat(parts[::-1])


def numbers(column: pd.Series, dialect: Dialect) -> pd.Series:
    """The numbers of a column of texts, float64; NaN where a cell is none."""
    is_number, mark = dialect.number.fullmatch, dialect.decimal
    found = [float(cell.replace(mark, ".")) if is_number(cell) else math.nan for cell in column]
    return pd.Series(found, column.index, dtype="float64", name=column.name)


def no_number(table: Table, row: int, column: str) -> str:
    """The beginning of a sentence about a cell that should be a number."""
    cell = table.texts.at[row, column]
    return f"Row {row}, column {quote(column)}: {f'{quote(cell)} is not a number' if cell else 'the cell is empty'}"


def text_columns(table: Table) -> str:
    """Which columns cannot be features, and a cell that shows why; "" if all can."""
    texts = [name for name in table.frame if name not in number_columns(table.frame)]
    cells = [table.texts[name][table.texts[name] != ""] for name in texts[:3]]
    shown = [
        f"{quote(name)} (row {column.index[0]}: {quote(column.iloc[0])})" if len(column) else f"{quote(name)} (empty)"
        for name, column in zip(texts[:3], cells, strict=True)
    ]
    more = f" and {len(texts) - 3} more" if len(texts) > 3 else ""
    return f"Not columns of numbers, so not offered as features: {', '.join(shown)}{more}." if texts else ""


def number_columns(frame: pd.DataFrame, *, but: str = "") -> list[str]:
    """The columns that hold numbers; without one, such as the target."""
    found = [n for n in frame.columns if pd.api.types.is_numeric_dtype(frame[n]) and frame[n].dtype != bool]
    return [name for name in found if name != but]


def _names(lines: Rows, dialect: Dialect, least: int) -> list[str]:
    """A name for each column: the one in the header; where it lacks or is there twice, with the column's number.

    Raises:
        ValueError: naming the row, if one holds more cells than the first; or if there are too many or few columns.
    """
    if not lines:
        raise ValueError("The file is not a CSV table; it holds no row.")
    full = [max((i for i, cell in enumerate(row, 1) if cell), default=0) for _, row in lines]  # without empty ends
    first, longest = len(lines[0][1]), max(full)
    width = max(first, longest)
    if width > 2 * MAX_COLUMNS or longest > MAX_COLUMNS:
        raise ValueError(f"The table has {width:,} columns; allowed: {least} to {MAX_COLUMNS}.")
    if longest > first:
        row, cells = next((n, cells) for (n, _), cells in zip(lines, full, strict=True) if cells > first)
        raise ValueError(f"Row {row} has {cells} cells, the first row {first}; allowed: as many as in the first row.")
    if longest < least:
        signs = "comma, semicolon, tab or |"
        raise ValueError(f"The table has 1 column; allowed: {least} to {MAX_COLUMNS}, separated by {signs}.")
    said = lines[0][1] if dialect.header else [""] * first
    if max(map(len, said)) > MAX_NAME:
        raise ValueError(f"A column's name is too long; allowed: at most {MAX_NAME:,} characters.")
    names = [
        name if name and said.count(name) == 1 else f"{name} column {i}".strip() for i, name in enumerate(said, start=1)
    ]
    if len(set(names)) < len(names):
        raise ValueError("Two columns of the table have the same name; give every column a name of its own.")
    return names


def _without_empty_columns(texts: pd.DataFrame, said: list[str]) -> tuple[pd.DataFrame, int]:
    """Leaves out what commas at the ends of lines make: columns without a name and without a cell; and how many."""
    named = [bool(name) for name in said] + [False] * (texts.shape[1] - len(said))
    kept = [has_name or (texts.iloc[:, i] != "").any() for i, has_name in enumerate(named)]
    return texts.loc[:, kept], kept.count(False)


def _typed(column: pd.Series, dialect: Dialect) -> pd.Series:
    """As numbers, if at least half of the cells that say something are numbers."""
    found = numbers(column, dialect)
    others = [cell for cell in column[found.isna()] if cell.lower() not in MISSING]
    return found if len(others) <= found.count() > 0 else column


def _said(texts: pd.DataFrame, dialect: Dialect, empty: int) -> str:
    header = "first line taken as names" if dialect.header else "first line taken as values"
    rest = ", an empty column left out" if empty == 1 else f", {empty} empty columns left out" if empty else ""
    rows = f"{len(texts):,} row{'s' * (len(texts) != 1)}, {texts.shape[1]} column{'s' * (texts.shape[1] != 1)}"
    encoding = "" if dialect.encoding == "utf-8-sig" else f", encoding {dialect.encoding}"
    return (
        f"{rows}; separator {SEPARATORS[dialect.separator]}, decimal {DECIMALS[dialect.decimal]}{encoding}, "
        f"{header}{rest}."
    )


def _bad(table: Table) -> str:
    """The first cell that says something else than a number in a column of numbers, and how many more there are."""
    found = sorted(
        (row, place, name)
        for place, name in enumerate(table.frame)
        for row in table.texts.index[table.frame[name].isna() & (table.texts[name] != "")]
    )
    if not found:
        return ""
    (row, _, name), more = found[0], len(found) - 1
    others = f", and so are {more:,} more" if more > 1 else ", and so is 1 more" if more else ""
    return (
        f"{no_number(table, row, name)}{others}. A row without a number in a chosen column is left out; to keep it, "
        "leave out the column."
    )
