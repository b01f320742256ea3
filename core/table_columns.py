"""Which columns of a reader's table are features and which is the target, as a link can say it."""

import pandas as pd

from core.csv_table import number_columns
from core.quote import quote

SEPARATOR = "|"  # between the names of features in a link
Columns = tuple[list[str], str]  # the features and the target


def read_columns(table: pd.DataFrame, target: str, features: str) -> Columns:
    """The columns that a link names: a target and features, joined by the separator; where it names none, the usual.

    The usual target is the last column, the usual features are all other columns of numbers.

    Raises:
        ValueError: in one sentence, if the table has no such column.
    """
    target = target or table.columns[-1]
    names = features.split(SEPARATOR) if features else number_columns(table, but=target)
    return known_columns(table, (names, target))


def known_columns(table: pd.DataFrame, columns: Columns) -> Columns:
    """The same columns; ValueError, in one sentence, if the table does not have all of them."""
    features, target = columns
    for name in (target, *features):
        if name not in table.columns:
            raise ValueError(f"The table has no column {quote(name)}; allowed: {quote(', '.join(table.columns))}.")
    return columns


def write_columns(table: pd.DataFrame, columns: Columns) -> tuple[str, str]:
    """What a link says for them: the target and the joined features, "" where they are the usual ones.

    Raises:
        ValueError: if it would name other columns, as with the separator in a name.
    """
    features, target = columns
    said_target = "" if target == table.columns[-1] else target
    said_features = "" if features == number_columns(table, but=target) else SEPARATOR.join(features)
    if read_columns(table, said_target, said_features) != columns:
        raise ValueError("a link would name other columns")
    return said_target, said_features
