"""A table of the reader's own as the data set: columns chosen as features and target."""

import hashlib

from core.csv_table import Table
from core.nn import predict
from core.table_columns import Columns, read_columns
from core.table_tensors import Prepared, prepare
from core.training_loop.health import all_finite
from core.training_loop.run import Run
from core.training_loop.settings import OwnSettings
from core.training_loop.train import Training


def prepare_own(settings: OwnSettings, table: Table, columns: Columns | None = None) -> Prepared:
    """The columns, or else those that the settings name, as tensors; ValueError if they cannot be used."""
    features, target = columns or read_columns(table.frame, settings.target, settings.features)
    return prepare(table, features, target, settings.task, settings.loop.validation, settings.seed)


def own_training(settings: OwnSettings, prepared: Prepared) -> Training:
    """The loop on the prepared table, not yet begun; equal numbers are the same work, whatever their file."""
    digest = hashlib.sha256(prepared.X.numpy().tobytes() + prepared.y.numpy().tobytes()).hexdigest()
    key = (settings, prepared.X.shape, prepared.values, digest)
    return Training(settings.loop, prepared.X, prepared.y, key=key, outputs=max(len(prepared.values), 1))


def holdout_score(run: Run, prepared: Prepared) -> tuple[str, float]:
    """What the network is worth on the rows it has not seen: accuracy, or the typical error in the target's unit."""
    answers = predict(run.weights, run.X_validation)
    if prepared.values:
        return "accuracy", (answers.argmax(1) == run.y_validation).float().mean().item()
    error = (answers - run.y_validation) * prepared.scale
    return "typical error", error.square().mean().sqrt().item()


def scored(run: Run, prepared: Prepared) -> bool:
    """Whether that score and the answers behind it are finite; argmax and the program take NaN for a class."""
    return all_finite(predict(run.weights, run.X_validation), holdout_score(run, prepared)[1])
