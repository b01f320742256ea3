"""A table as a dataset of one of three kinds, split, loaded in batches; where each row went."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd
from torch import Generator, Tensor
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset

from core.batches import split_rows
from core.csv_table import Table, no_number, number_columns
from core.datasets_and_loaders.settings import OwnSettings
from core.table_columns import Columns
from core.table_tensors import MAX_CLASSES, Prepared, prepare

ROWS = (10, 100_000)
Texts = dict[str, list[str]]  # column -> its different texts, in the order of their numbers
TYPE_WORDS = {True: "numbers", False: "text"}


class TableDataset(Dataset):
    """One row a sample: its features and its target."""

    def __init__(self, X: Tensor, y: Tensor) -> None:
        self.X, self.y = X, y

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.X[index], self.y[index]

    def __len__(self) -> int:
        return len(self.X)


class TableStream(IterableDataset):
    """The same rows, one after the other: no index, no length."""

    def __init__(self, X: Tensor, y: Tensor) -> None:
        self.X, self.y = X, y

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        return iter(zip(self.X, self.y, strict=True))


DATASETS = {"tensors": TensorDataset, "map": TableDataset, "iterable": TableStream}


@dataclass(frozen=True, eq=False)
class Loaded:
    """A table behind a loader.

    Attributes:
        rows: how many the table has. validation: how many are kept out.
        rows_to_train: which of the prepared rows are trained on, shape (n,).
        first: the first batch, None where there is none. X: shape (batch, features), float32, each feature with mean 0
            and spread 1 over the rows to train on. y: class numbers, or numbers in the table's unit, shape (batch, 1).
        n_batches: batches of an epoch. length: what len(loader) says; None where it raises.
        errors: torch's own words for what this kind of dataset cannot do.
    """

    settings: OwnSettings
    prepared: Prepared
    rows: int
    validation: int
    rows_to_train: Tensor
    first: tuple[Tensor, Tensor] | None
    n_batches: int
    length: int | None
    errors: tuple[str, ...]

    @property
    def train(self) -> int:
        """Rows to train on."""
        return self.rows - self.prepared.dropped - self.validation

    @property
    def left_out(self) -> int:
        """Training rows that drop_last leaves out of an epoch."""
        return self.train % self.settings.batch_size if self.settings.drop_last else 0


def text_columns(table: Table) -> list[str]:
    """The columns that do not hold numbers."""
    return [name for name in table.frame if name not in number_columns(table.frame)]


def numbered(table: Table) -> tuple[Table, Texts]:
    """The table with its text columns as numbers, and which text each number stands for; NaN where a cell is empty.

    A column of more than 20 different texts stays what it is: they are names, not kinds.
    """
    frame, texts = table.frame.copy(), {}
    for name in text_columns(table):
        different = sorted(set(table.texts[name]) - {""})
        if 1 <= len(different) <= MAX_CLASSES:
            places = {text: float(place) for place, text in enumerate(different)}
            found = [places.get(text, math.nan) for text in table.texts[name]]
            frame[name], texts[name] = pd.Series(found, frame.index, dtype="float64"), different
    return replace(table, frame=frame), texts


def column_types(table: Table, texts: Texts) -> pd.DataFrame:
    """Each column's name, its type, how many cells have no value, and an example.

    Args:
        texts: of the columns that `numbered` has changed.
    """
    numeric, found = number_columns(table.frame), []
    for name in table.frame:
        cells = table.texts[name]
        missing = table.frame[name].isna() if name in numeric else cells == ""
        example = cells[~missing].iloc[0] if (~missing).any() else ""
        kind = f"text, as 0 to {len(texts[name]) - 1}" if name in texts else TYPE_WORDS[name in numeric]
        found.append({"column": name, "type": kind, "missing": int(missing.sum()), "example": example[:40]})
    return pd.DataFrame(found)


def first_missing(table: Table, prepared: Prepared) -> str:
    """The first row that was left out, and which of its cells has no value; "" where none was."""
    found = []
    for place, name in enumerate((*prepared.features, prepared.target)):
        as_class = name == prepared.target and prepared.values
        missing = table.texts[name] == "" if as_class else table.frame[name].isna()
        if missing.any():
            found.append((missing.idxmax(), place, name))
    return no_number(table, min(found)[0], min(found)[2]) if found else ""


def load_own(settings: OwnSettings, table: Table, columns: Columns) -> Loaded:
    """The chosen columns as tensors, split, and behind a loader.

    An `IterableDataset` cannot be shuffled by the loader, so the loader is made without; torch's refusals are kept.

    Raises:
        ValueError: in one sentence, if the columns cannot be used.
    """
    features, target = columns
    prepared = prepare(table, features, target, settings.task, settings.validation, settings.seed)
    n = len(prepared.X)
    n_validation = round(settings.validation * n)
    train, _ = split_rows(n, n_validation, settings.seed)
    y = prepared.y if prepared.values else prepared.in_unit(prepared.y)
    dataset = DATASETS[settings.kind](prepared.X[train], y[train])
    errors: list[str] = []
    loader = make_loader(dataset, settings, errors)
    try:
        length = len(loader)
    except TypeError as error:
        length = None
        errors.append(f"len(loader): {type(error).__name__}: {str(error).rpartition('>')[2].strip() or error}")
    first = next(iter(loader), None)
    n_batches = len(train) // settings.batch_size if settings.drop_last else -(-len(train) // settings.batch_size)
    rows = len(table.frame)
    return Loaded(
        settings, prepared, rows, n_validation, train, first and tuple(first), n_batches, length, tuple(errors)
    )


def make_loader(dataset: Dataset, settings: OwnSettings, errors: list[str]) -> DataLoader:
    """The loader of the settings; where torch refuses to shuffle, its words go to `errors`."""
    options = {"batch_size": settings.batch_size, "drop_last": settings.drop_last}
    options["generator"] = Generator().manual_seed(settings.seed)
    try:
        return DataLoader(dataset, shuffle=settings.shuffle, **options)
    except ValueError as error:
        errors.append(f"shuffle=True: {type(error).__name__}: {error}")
        return DataLoader(dataset, **options)


def has_constant(loaded: Loaded) -> bool:
    """Whether a feature has one value in all rows to train on, so that it is 0 in every one of them."""
    return bool((loaded.prepared.X[loaded.rows_to_train] == 0).all(0).any())


def torch_shapes(loaded: Loaded) -> str:
    """Shapes and dtypes of the first batch."""
    if loaded.first is None:
        return "no batch"
    return ", ".join(f"{tuple(t.shape)} {str(t.dtype).removeprefix('torch.')}" for t in loaded.first)
