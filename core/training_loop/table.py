"""A table of the reader's own, or one of scikit-learn's, read and bounded."""

import csv
import io

import pandas as pd

MAX_BYTES = 1_000_000
MAX_ROWS = 10_000
MAX_COLUMNS = 40


def sample_table(name: str) -> pd.DataFrame:
    """One of the small data sets that scikit-learn ships."""
    from sklearn import datasets  # heavy, and only this view needs it

    bunch = {"iris": datasets.load_iris, "diabetes": datasets.load_diabetes}[name](as_frame=True)
    table = bunch.frame
    if name == "iris":
        table = table.assign(species=[str(bunch.target_names[i]) for i in bunch.target]).drop(columns="target")
    return table.rename(columns={"target": "progression"})


def read_table(content: bytes) -> pd.DataFrame:
    """Reads a CSV file with a header line.

    Raises:
        ValueError: in one sentence, if it is too large or is not a table.
    """
    if len(content) > MAX_BYTES:
        raise ValueError(f"The file has {len(content):,} bytes; allowed: at most {MAX_BYTES:,}.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("The file is not text in UTF-8; save the table as CSV, encoded in UTF-8.") from None
    if "\0" in text:
        raise ValueError("The file holds zero bytes, so it is not a text file; save the table as CSV.")
    try:
        names, longest = _widths(text)
        if longest > MAX_COLUMNS:
            raise ValueError(f"The table has {longest:,} columns; allowed: 2 to {MAX_COLUMNS}.")
        if longest > names:
            raise ValueError(f"A line has {longest} values under {names} names")
        table = pd.read_csv(io.StringIO(text), skipinitialspace=True)
    except (ValueError, csv.Error, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        reason = str(error).strip().splitlines()[0][:120] if str(error).strip() else "no reason given"
        raise ValueError(f"The file is not a CSV table with a header line ({reason}).") from None
    table.columns = [str(name).strip() for name in table.columns]
    if len(set(table.columns)) < table.shape[1]:
        raise ValueError("Two columns of the table have the same name; give every column a name of its own.")
    if table.shape[1] == 1 and ";" in text:
        raise ValueError("The table's columns are separated by semicolons; separate them by commas.")
    if not 2 <= table.shape[1] <= MAX_COLUMNS:
        raise ValueError(f"The table has {table.shape[1]} columns; allowed: 2 to {MAX_COLUMNS}, separated by commas.")
    if not 10 <= len(table) <= MAX_ROWS:
        raise ValueError(f"The table has {len(table):,} rows; allowed: 10 to {MAX_ROWS:,}.")
    return table


def _widths(text: str) -> tuple[int, int]:
    """How many values the header line and the longest line hold; pandas takes minutes for a line of a million."""
    rows = [len(row) for row in csv.reader(io.StringIO(text, newline=""), skipinitialspace=True) if row]
    return (rows[0], max(rows)) if rows else (0, 0)


def number_columns(table: pd.DataFrame) -> list[str]:
    """The columns that can be features: those that hold numbers only."""
    return [n for n in table.columns if pd.api.types.is_numeric_dtype(table[n]) and table[n].dtype != bool]
