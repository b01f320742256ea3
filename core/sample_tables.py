"""Two small tables for views that read a table of the reader's own."""

import pandas as pd

from core.csv_table import Table, table_of
from core.datasets import load_iris, load_scaled_diabetes

GAPS = 12  # cells that hold nothing


def sample_table(name: str) -> Table:
    """One of the small data sets that scikit-learn ships, `iris` or `diabetes`; the last column is the target.

    `gaps` is the irises with some cells that hold nothing.
    """
    if name == "gaps":
        frame = sample_table("iris").frame.copy()
        frame.index += 2  # the line in the file that it makes, as for a table that is read
        for place in range(GAPS):
            frame.iloc[(place * 37 + 11) % len(frame), place % frame.shape[1]] = None
        return table_of(frame)
    if name == "iris":
        X, y, features, kinds = load_iris()
        species = [kinds[i] for i in y.tolist()]
        return table_of(pd.DataFrame(X.numpy(), columns=list(features)).assign(species=species))
    X, y, features = load_scaled_diabetes()
    return table_of(pd.DataFrame(X.numpy(), columns=list(features)).assign(progression=y.numpy()))
