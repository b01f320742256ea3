"""A CSV file of the reader's own: read as a table, and the chosen columns as tensors; refused where that cannot be."""

import csv
import io
from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor

from core.batches import split_rows
from core.quote import literal, quote

MAX_BYTES = 1_000_000
MIN_ROWS, MAX_ROWS = 10, 10_000
MAX_COLUMNS = 40
MAX_NAME = 1_000  # characters of a column's name
MAX_CLASSES = 20
LARGEST = 1e15  # of a number


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
        names, longest = _header(text)
        if longest > MAX_COLUMNS:
            raise ValueError(f"The table has {longest:,} columns; allowed: 2 to {MAX_COLUMNS}.")
        if longest > len(names):
            raise ValueError(f"A line has {longest} values under {len(names)} names")
        table = pd.read_csv(io.StringIO(text), skipinitialspace=True)
    except (ValueError, csv.Error, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        reason = str(error).strip().splitlines()[0][:120] if str(error).strip() else "no reason given"
        raise ValueError(f"The file is not a CSV table with a header line ({literal(reason)}).") from None
    table.columns = [str(name).strip() for name in table.columns]
    named = [name for name in names if name]  # pandas would give the second column of a name another one
    if len(set(named)) < len(named) or len(set(table.columns)) < table.shape[1]:
        raise ValueError("Two columns of the table have the same name; give every column a name of its own.")
    if max(map(len, table.columns)) > MAX_NAME:
        raise ValueError(f"A column's name is too long; allowed: at most {MAX_NAME:,} characters.")
    if table.shape[1] == 1 and ";" in text:
        raise ValueError("The table's columns are separated by semicolons; separate them by commas.")
    if not 2 <= table.shape[1] <= MAX_COLUMNS:
        raise ValueError(f"The table has {table.shape[1]} columns; allowed: 2 to {MAX_COLUMNS}, separated by commas.")
    if not MIN_ROWS <= len(table) <= MAX_ROWS:
        raise ValueError(f"The table has {len(table):,} rows; allowed: {MIN_ROWS} to {MAX_ROWS:,}.")
    return table


def _header(text: str) -> tuple[list[str], int]:
    """The names in the header line, and how many values the longest line holds; pandas takes minutes for a million."""
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), skipinitialspace=True) if row]
    return [name.strip() for name in rows[0]] if rows else [], max(map(len, rows), default=0)


def number_columns(table: pd.DataFrame, *, but: str = "") -> list[str]:
    """The columns that hold numbers only; without one, such as the target."""
    numbers = [n for n in table.columns if pd.api.types.is_numeric_dtype(table[n]) and table[n].dtype != bool]
    return [name for name in numbers if name != but]


@dataclass(frozen=True)
class Prepared:
    """A table as a network takes it.

    Attributes:
        X: shape (n, features), standardised with the mean and spread of the training part.
        y: likewise and of shape (n, 1) when the target is a number; class numbers of shape (n,) otherwise.
        features, target: the chosen column names.
        classes: the class names in the order of their numbers, short and no two alike; empty for regression.
        center, scale: of the target; 0 and 1 for classes.
        dropped: rows left out because a chosen column has no value there.
    """

    X: Tensor
    y: Tensor
    features: tuple[str, ...]
    target: str
    classes: tuple[str, ...]
    center: float
    scale: float
    dropped: int

    def in_unit(self, y: Tensor) -> Tensor:
        """Answers or targets in the unit of the table."""
        return y * self.scale + self.center


def prepare(table: pd.DataFrame, features: list[str], target: str, task: str, kept_out: float, seed: int) -> Prepared:
    """Turns the chosen columns into tensors.

    Args:
        task: "regression", "classes", or "automatic": classes if the target is text or has few different values.
        kept_out: share of the rows that `split_rows` with this seed keeps out of the training.

    Raises:
        ValueError: in one sentence naming the column, if a column cannot be used.
    """
    _check_columns(table, features, target)
    chosen = table[[*features, target]].dropna()
    if len(chosen) < MIN_ROWS:
        raise ValueError(f"Only {len(chosen)} rows have a value in every chosen column; allowed: at least {MIN_ROWS}.")
    y, classes = _target(chosen[target], task)
    X = _numbers(chosen[features], "A chosen column")
    train, _ = split_rows(len(X), round(kept_out * len(X)), seed)
    spread = X[train].std(0)
    spread[spread == 0] = 1  # a constant column carries nothing; it becomes all zeros
    X = ((X - X[train].mean(0)) / spread).float()
    center, scale = 0.0, 1.0
    if not classes:
        center, scale = y[train].mean().item(), y[train].std().item() or 1.0
        y = ((y - center) / scale).float()
    return Prepared(X, y, tuple(features), target, classes, center, scale, dropped=len(table) - len(chosen))


def _check_columns(table: pd.DataFrame, features: list[str], target: str) -> None:
    if not features:
        raise ValueError("No feature is chosen; choose at least one column of numbers.")
    for name in features:
        if name not in number_columns(table):
            raise ValueError(f"The column {quote(name)} cannot be a feature; allowed: columns that hold numbers only.")
    if target not in table.columns:
        raise ValueError(f"The table has no column {quote(target)}; choose one of its columns as the target.")
    if target in features:
        raise ValueError(f"The column {quote(target)} is the target and a feature at once; choose another feature.")


def _numbers(columns: pd.DataFrame, what: str) -> Tensor:
    """Shape: (n, columns), float64."""
    values = torch.tensor(columns.to_numpy("float64", copy=True))
    if not torch.isfinite(values).all() or values.abs().max() > LARGEST:
        raise ValueError(f"{what} holds an infinite or enormous number; allowed: numbers up to {LARGEST:g}.")
    return values


def _target(column: pd.Series, task: str) -> tuple[Tensor, tuple[str, ...]]:
    """Shapes: (n, 1) of float64 for numbers, (n,) of class numbers for classes; and the names of the classes."""
    numeric = pd.api.types.is_numeric_dtype(column) and column.dtype != bool
    title = f"The target {quote(column.name)}"
    if task == "regression" and not numeric:
        raise ValueError(f"{title} holds text, so it cannot be a number; choose classes.")
    if task == "regression" or (task == "automatic" and numeric and column.nunique() > MAX_CLASSES):
        return _numbers(column.to_frame(), "The target"), ()
    names = sorted(column.unique().tolist())
    if not 2 <= len(names) <= MAX_CLASSES:
        raise ValueError(f"{title} has {len(names):,} different values; allowed for classes: 2 to {MAX_CLASSES}.")
    number, short = {name: i for i, name in enumerate(names)}, [str(name)[:40] for name in names]
    if len(set(short)) < len(short):  # two of them begin alike
        short = [f"{i}: {name}" for i, name in enumerate(short)]
    return torch.tensor([number[value] for value in column]), tuple(short)
