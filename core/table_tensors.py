"""The chosen columns of a reader's table as tensors, without what the rows that are kept out would give away."""

from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor

from core.batches import split_rows
from core.csv_table import MIN_ROWS, Table, number_columns
from core.quote import quote

MAX_CLASSES = 20
LARGEST = 1e15  # of a number


@dataclass(frozen=True)
class Prepared:
    """A table as a network takes it.

    Attributes:
        X: shape (n, features), standardised with the mean and spread of the training part.
        y: likewise and of shape (n, 1) when the target is a number; class numbers of shape (n,) otherwise.
        features, target: the chosen column names.
        values: what the table says for each class, in the order of their numbers; empty for regression.
        center, scale: of the target; 0 and 1 for classes.
        dropped: rows left out because a chosen column has no value there.
    """

    X: Tensor
    y: Tensor
    features: tuple[str, ...]
    target: str
    values: tuple[str, ...]
    center: float
    scale: float
    dropped: int

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, short and no two alike."""
        short = tuple(value[:40] for value in self.values)
        return short if len(set(short)) == len(short) else tuple(f"{i}: {name}" for i, name in enumerate(short))

    def in_unit(self, y: Tensor) -> Tensor:
        """Answers or targets in the unit of the table."""
        return y * self.scale + self.center


def prepare(table: Table, features: list[str], target: str, task: str, kept_out: float, seed: int) -> Prepared:
    """Turns the chosen columns into tensors.

    Args:
        task: "regression", "classes", or "automatic": classes if the target is text or has few different values.
        kept_out: share of the rows that `split_rows` with this seed keeps out of the training.

    Raises:
        ValueError: in one sentence naming the column, if a column cannot be used.
    """
    _check_columns(table.frame, features, target)
    as_classes = _holds_classes(table.frame[target], task)
    answers = table.texts[target] if as_classes else table.frame[target]
    # Of classes only an empty cell is missing: "None" and "?" may be classes as good as any.
    whole = table.frame[features].notna().all(axis=1) & (answers != "" if as_classes else answers.notna())
    if whole.sum() < MIN_ROWS:
        raise ValueError(f"Only {whole.sum()} rows have a value in every chosen column; allowed: at least {MIN_ROWS}.")
    values = _classes(answers[whole]) if as_classes else ()
    X = _numbers(table.frame.loc[whole, features], "A chosen column")
    train, _ = split_rows(len(X), round(kept_out * len(X)), seed)
    spread = X[train].std(0)
    spread[spread == 0] = 1  # a constant column carries nothing; it becomes all zeros
    X = ((X - X[train].mean(0)) / spread).float()
    center, scale = 0.0, 1.0
    if values:
        y = torch.tensor([values.index(value) for value in answers[whole]])
    else:
        y = _numbers(answers[whole].to_frame(), "The target")
        center, scale = y[train].mean().item(), y[train].std().item() or 1.0
        y = ((y - center) / scale).float()
    return Prepared(X, y, tuple(features), target, values, center, scale, dropped=len(whole) - int(whole.sum()))


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


def _holds_classes(column: pd.Series, task: str) -> bool:
    """Whether a target is taken for classes."""
    numeric = bool(number_columns(column.to_frame()))
    if task == "regression" and not numeric:
        raise ValueError(f"The target {quote(column.name)} holds text, so it cannot be a number; choose classes.")
    return task == "classes" or (task == "automatic" and not (numeric and column.nunique() > MAX_CLASSES))


def _classes(column: pd.Series) -> tuple[str, ...]:
    """The different texts in a column, in the order of their numbers if they are numbers."""
    values = sorted(set(column))
    if not 2 <= len(values) <= MAX_CLASSES:
        title = f"The target {quote(column.name)} has {len(values):,} different values"
        raise ValueError(f"{title}; allowed for classes: 2 to {MAX_CLASSES}.")
    try:
        return tuple(sorted(values, key=lambda value: float(value.replace(",", "."))))
    except ValueError:  # texts
        return tuple(values)
