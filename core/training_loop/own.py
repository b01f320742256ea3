"""A table of the reader's own as the data set: columns chosen as features and target."""

import csv
import io
from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor

from core.datasets import load_iris, load_scaled_diabetes
from core.nn import predict
from core.settings import quote
from core.training_loop.data import split
from core.training_loop.run import Run
from core.training_loop.settings import SEPARATOR, OwnSettings
from core.training_loop.train import Training

MAX_BYTES = 1_000_000
MAX_ROWS = 10_000
LEAST_ROWS = 10
MAX_COLUMNS = 40
MAX_CLASSES = 20
LARGEST = 1e15  # of a number in a table


def sample_table(name: str) -> pd.DataFrame:
    """One of the small data sets that scikit-learn ships, `iris` or `diabetes`; the last column is the target."""
    if name == "iris":
        X, y, features, kinds = load_iris()
        return pd.DataFrame(X.numpy(), columns=list(features)).assign(species=[kinds[i] for i in y.tolist()])
    X, y, features = load_scaled_diabetes()
    return pd.DataFrame(X.numpy(), columns=list(features)).assign(progression=y.numpy())


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
    if not LEAST_ROWS <= len(table) <= MAX_ROWS:
        raise ValueError(f"The table has {len(table):,} rows; allowed: {LEAST_ROWS} to {MAX_ROWS:,}.")
    return table


def _widths(text: str) -> tuple[int, int]:
    """How many values the header line and the longest line hold; pandas takes minutes for a line of a million."""
    rows = [len(row) for row in csv.reader(io.StringIO(text, newline=""), skipinitialspace=True) if row]
    return (rows[0], max(rows)) if rows else (0, 0)


def number_columns(table: pd.DataFrame) -> list[str]:
    """The columns that can be features: those that hold numbers only."""
    return [n for n in table.columns if pd.api.types.is_numeric_dtype(table[n]) and table[n].dtype != bool]


def chosen_columns(table: pd.DataFrame, settings: OwnSettings) -> tuple[list[str], str]:
    """The features and the target that the settings name, or the usual ones where they name none.

    Raises:
        ValueError: if the table has no such column.
    """
    target = settings.target or table.columns[-1]
    usual = [name for name in number_columns(table) if name != target]
    features = settings.features.split(SEPARATOR) if settings.features else usual
    for name in (target, *features):
        if name not in table.columns:
            raise ValueError(
                f"The table has no column “{quote(name)}”; it has {quote(', '.join(table.columns))}. "
                "Choose the target and the features anew."
            )
    return features, target


@dataclass(frozen=True)
class Prepared:
    """A table as the loop takes it.

    Attributes:
        X: shape (n, features), standardised with the mean and spread of the training part.
        y: likewise and of shape (n, 1) when the target is a number; class numbers of shape (n,) otherwise.
        features, target: the chosen column names.
        classes: the class names in the order of their numbers; empty for regression.
        target_center, target_scale: of the target; 0 and 1 for classes.
        dropped: rows left out because a chosen column has no value there.
    """

    X: Tensor
    y: Tensor
    features: tuple[str, ...]
    target: str
    classes: tuple[str, ...]
    target_center: float
    target_scale: float
    dropped: int


def prepare(table: pd.DataFrame, features: list[str], target: str, settings: OwnSettings) -> Prepared:
    """Turns the chosen columns into tensors.

    Raises:
        ValueError: in one sentence naming the column, if a column cannot be used.
    """
    _check_columns(table, features, target)
    chosen = table[[*features, target]].dropna()
    if len(chosen) < LEAST_ROWS:
        raise ValueError(
            f"Only {len(chosen)} rows have a value in every chosen column; allowed: at least {LEAST_ROWS}."
        )
    y, classes = _target(chosen[target], settings.task)
    X = _numbers(chosen[features], "A chosen column")
    train = split(len(X), settings.loop)[0]
    spread = X[train].std(0)
    spread[spread == 0] = 1  # a constant column carries nothing; it becomes all zeros
    center, scale = 0.0, 1.0
    if not classes:
        center, scale = y[train].mean().item(), y[train].std().item() or 1.0
        y = ((y - center) / scale).float()
    return Prepared(
        X=((X - X[train].mean(0)) / spread).float(),
        y=y,
        features=tuple(features),
        target=target,
        classes=classes,
        target_center=center,
        target_scale=scale,
        dropped=len(table) - len(chosen),
    )


def _check_columns(table: pd.DataFrame, features: list[str], target: str) -> None:
    if not features:
        raise ValueError("No feature is chosen; choose at least one column of numbers.")
    for name in features:
        if name not in number_columns(table):
            raise ValueError(f"The column “{name[:40]}” cannot be a feature; allowed: columns that hold numbers only.")
    if target not in table.columns:
        raise ValueError(f"The table has no column “{target[:40]}”; choose one of its columns as the target.")
    if target in features:
        raise ValueError(f"The column “{target[:40]}” is the target and a feature at once; choose another feature.")


def _numbers(columns: pd.DataFrame, what: str) -> Tensor:
    """Shape: (n, columns), float64."""
    values = torch.tensor(columns.to_numpy("float64", copy=True))
    if not torch.isfinite(values).all() or values.abs().max() > LARGEST:
        raise ValueError(f"{what} holds an infinite or enormous number; allowed: numbers up to {LARGEST:g}.")
    return values


def _target(column: pd.Series, task: str) -> tuple[Tensor, tuple[str, ...]]:
    """Shapes: (n, 1) of float64 for numbers, (n,) of class numbers for classes; and the names of the classes."""
    numeric = pd.api.types.is_numeric_dtype(column) and column.dtype != bool
    if task == "regression" and not numeric:
        raise ValueError(f"The target “{str(column.name)[:40]}” holds text, so it cannot be a number; choose classes.")
    if task == "regression" or (task == "automatic" and numeric and column.nunique() > MAX_CLASSES):
        return _numbers(column.to_frame(), "The target"), ()
    names = sorted(column.unique().tolist())
    if not 2 <= len(names) <= MAX_CLASSES:
        raise ValueError(
            f"The target “{str(column.name)[:40]}” has {len(names):,} different values; "
            f"allowed for classes: 2 to {MAX_CLASSES}."
        )
    number = {name: i for i, name in enumerate(names)}
    return torch.tensor([number[value] for value in column]), tuple(str(name)[:40] for name in names)


def own_training(settings: OwnSettings, table: pd.DataFrame, prepared: Prepared) -> Training:
    """The loop on the prepared table, not yet begun."""
    content = int(pd.util.hash_pandas_object(table).sum())
    key = (settings, prepared.features, prepared.target, content)
    outputs = max(len(prepared.classes), 1)
    return Training(settings.loop, prepared.X, prepared.y, key=key, outputs=outputs)


def answers_in_unit(prepared: Prepared, y: Tensor) -> Tensor:
    """Standardised answers or targets in the unit of the table."""
    return y * prepared.target_scale + prepared.target_center


def holdout_score(run: Run, prepared: Prepared) -> tuple[str, float]:
    """What the network is worth on the rows it has not seen: accuracy, or the typical error in the target's unit."""
    answers = predict(run.weights, run.X_validation)
    if prepared.classes:
        return "accuracy", (answers.argmax(1) == run.y_validation).float().mean().item()
    error = (answers - run.y_validation) * prepared.target_scale
    return "typical error", error.square().mean().sqrt().item()


def usual_class(run: Run, classes: tuple[str, ...]) -> tuple[str, float]:
    """The class that is most frequent in the training, and the accuracy of always saying it on the rows kept out."""
    usual = int(torch.bincount(run.y, minlength=len(classes)).argmax())
    return classes[usual], (run.y_validation == usual).float().mean().item()
