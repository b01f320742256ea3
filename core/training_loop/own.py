"""A table of the reader's own as the data set: columns chosen as features and target."""

import pandas as pd

from core.csv_table import Prepared, prepare
from core.datasets import load_iris, load_scaled_diabetes
from core.nn import predict
from core.table_columns import Columns, read_columns
from core.training_loop.health import all_finite
from core.training_loop.run import Run
from core.training_loop.settings import OwnSettings
from core.training_loop.train import Training


def sample_table(name: str) -> pd.DataFrame:
    """One of the small data sets that scikit-learn ships, `iris` or `diabetes`; the last column is the target."""
    if name == "iris":
        X, y, features, kinds = load_iris()
        return pd.DataFrame(X.numpy(), columns=list(features)).assign(species=[kinds[i] for i in y.tolist()])
    X, y, features = load_scaled_diabetes()
    return pd.DataFrame(X.numpy(), columns=list(features)).assign(progression=y.numpy())


def prepare_own(settings: OwnSettings, table: pd.DataFrame, columns: Columns | None = None) -> Prepared:
    """The columns, or else those that the settings name, as tensors; ValueError if they cannot be used."""
    features, target = columns or read_columns(table, settings.target, settings.features)
    return prepare(table, features, target, settings.task, settings.loop.validation, settings.seed)


def own_training(settings: OwnSettings, table: pd.DataFrame, prepared: Prepared) -> Training:
    """The loop on the prepared table, not yet begun."""
    key = (settings, prepared.features, prepared.target, int(pd.util.hash_pandas_object(table).sum()))
    return Training(settings.loop, prepared.X, prepared.y, key=key, outputs=max(len(prepared.classes), 1))


def holdout_score(run: Run, prepared: Prepared) -> tuple[str, float]:
    """What the network is worth on the rows it has not seen: accuracy, or the typical error in the target's unit."""
    answers = predict(run.weights, run.X_validation)
    if prepared.classes:
        return "accuracy", (answers.argmax(1) == run.y_validation).float().mean().item()
    error = (answers - run.y_validation) * prepared.scale
    return "typical error", error.square().mean().sqrt().item()


def scored(run: Run, prepared: Prepared) -> bool:
    """Whether that score and the answers behind it are finite; argmax and the program take NaN for a class."""
    return all_finite(predict(run.weights, run.X_validation), holdout_score(run, prepared)[1])
