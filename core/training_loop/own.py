"""A table of the reader's own as the data set: columns chosen as features and target."""

import pandas as pd

from core.csv_table import Prepared, number_columns, prepare
from core.datasets import load_iris, load_scaled_diabetes
from core.nn import predict
from core.quote import quote
from core.training_loop.health import all_finite
from core.training_loop.run import Run
from core.training_loop.settings import SEPARATOR, OwnSettings
from core.training_loop.train import Training


def sample_table(name: str) -> pd.DataFrame:
    """One of the small data sets that scikit-learn ships, `iris` or `diabetes`; the last column is the target."""
    if name == "iris":
        X, y, features, kinds = load_iris()
        return pd.DataFrame(X.numpy(), columns=list(features)).assign(species=[kinds[i] for i in y.tolist()])
    X, y, features = load_scaled_diabetes()
    return pd.DataFrame(X.numpy(), columns=list(features)).assign(progression=y.numpy())


def chosen_columns(table: pd.DataFrame, settings: OwnSettings) -> tuple[list[str], str]:
    """The features and the target that the settings name, or the usual ones; ValueError if there is no such column."""
    target = settings.target or table.columns[-1]
    usual = [name for name in number_columns(table) if name != target]
    features = settings.features.split(SEPARATOR) if settings.features else usual
    for name in (target, *features):
        if name not in table.columns:
            raise ValueError(f"The table has no column {quote(name)}; it has {quote(', '.join(table.columns))}.")
    return features, target


def prepare_own(settings: OwnSettings, table: pd.DataFrame) -> Prepared:
    """The chosen columns as tensors; raises what `prepare` raises."""
    features, target = chosen_columns(table, settings)
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
