"""A table of the reader's own as the data set: columns chosen as features and target."""

from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor

from core.settings import Choice, Integer, Real, Settings, Text, parameter, quote
from core.training_loop.data import Samples, split, take
from core.training_loop.model import predict
from core.training_loop.record import Run
from core.training_loop.settings import OPTIMIZERS, LoopSettings
from core.training_loop.table import number_columns
from core.training_loop.train import Training

MAX_CLASSES = 20
SEPARATOR = "|"  # between the feature names in a link

SAMPLES = {
    "iris": "iris: name the species of a flower (classes)",
    "diabetes": "diabetes: how far it has progressed in a year (a number)",
    "upload": "a CSV file of mine",
}


@dataclass(frozen=True)
class OwnDataSettings(Settings):
    """How the loop runs on a table; its own defaults, since a table is small."""

    source: str = parameter("iris", Choice("Table", SAMPLES))
    target: str = parameter("", Text("Target (nothing: the last column)", 100))
    features: str = parameter("", Text(f"Features, joined by {SEPARATOR} (nothing: all)", 2000))
    task: str = parameter(
        "automatic",
        Choice(
            "The target is",
            {"automatic": "decided from the column", "regression": "a number", "classes": "a class"},
        ),
    )
    hidden: int = parameter(16, Integer("Hidden units", 1, 256, unit="neurons"))
    lr: float = parameter(0.01, Real("Learning rate lr", 1e-5, 10.0, tuple(10.0**p for p in range(-5, 2))))
    num_epochs: int = parameter(20, Integer("Epochs", 1, 50))
    batch_size: int = parameter(16, Integer("Batch size", 1, 10_000, (1, 2, 4, 8, 16, 32, 64, 128, 256), unit="rows"))
    optimizer: str = parameter("Adam", Choice("Optimizer", OPTIMIZERS))
    seed: int = parameter(0, Integer("Seed", 0, 999))

    @property
    def loop(self) -> LoopSettings:
        """The same parameters for the loop; a fifth of the rows is always kept out, to see what was learned."""
        shared = {n: getattr(self, n) for n in ("hidden", "lr", "num_epochs", "batch_size", "optimizer", "seed")}
        return LoopSettings(validation=0.2, **shared)


def chosen_columns(table: pd.DataFrame, settings: OwnDataSettings) -> tuple[list[str], str]:
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
        samples: features standardised with the mean and spread of the training part; targets likewise when
            they are numbers, class numbers otherwise.
        features, target: the chosen column names.
        classes: the class names in the order of their numbers; empty for regression.
        center, scale: of each feature, shape (features,).
        target_center, target_scale: of the target; 0 and 1 for classes.
        dropped: rows left out because a chosen column has no value there.
    """

    samples: Samples
    features: tuple[str, ...]
    target: str
    classes: tuple[str, ...]
    center: Tensor
    scale: Tensor
    target_center: float
    target_scale: float
    dropped: int

    @property
    def outputs(self) -> int:
        return max(len(self.classes), 1)


def prepare(table: pd.DataFrame, features: list[str], target: str, settings: OwnDataSettings) -> Prepared:
    """Turns the chosen columns into tensors.

    Raises:
        ValueError: in one sentence naming the column, if a column cannot be used.
    """
    _check_columns(table, features, target)
    chosen = table[[*features, target]].dropna()
    if len(chosen) < 10:
        raise ValueError(f"Only {len(chosen)} rows have a value in every chosen column; allowed: at least 10.")
    raw = torch.tensor(chosen[features].to_numpy("float64", copy=True))
    labels, classes = _targets(chosen[target], settings.task)
    if not torch.isfinite(raw).all() or raw.abs().max() > 1e15:
        raise ValueError("A chosen column holds an infinite or enormous number; allowed: numbers up to 1e15.")
    train = take(split(Samples(raw, labels), settings.loop)[0])
    center, scale = train.features.mean(0), train.features.std(0)
    scale[scale == 0] = 1  # a constant column carries nothing; it becomes all zeros
    target_center, target_scale = 0.0, 1.0
    if not classes:
        target_center = train.targets.mean().item()
        target_scale = train.targets.std().item() or 1.0
        labels = ((labels - target_center) / target_scale).float()
    return Prepared(
        Samples(((raw - center) / scale).float(), labels),
        tuple(features),
        target,
        classes,
        center,
        scale,
        target_center,
        target_scale,
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


def _targets(column: pd.Series, task: str) -> tuple[Tensor, tuple[str, ...]]:
    """Shapes: (n, 1) of float64 for numbers, (n,) of class numbers for classes."""
    numeric = pd.api.types.is_numeric_dtype(column) and column.dtype != bool
    if task == "regression" and not numeric:
        raise ValueError(f"The target “{str(column.name)[:40]}” holds text, so it cannot be a number; choose classes.")
    if task == "regression" or (task == "automatic" and numeric and column.nunique() > MAX_CLASSES):
        values = torch.tensor(column.to_numpy("float64", copy=True))[:, None]
        if not torch.isfinite(values).all() or values.abs().max() > 1e15:
            raise ValueError("The target holds an infinite or enormous number; allowed: numbers up to 1e15.")
        return values, ()
    names = sorted(column.unique().tolist())
    if not 2 <= len(names) <= MAX_CLASSES:
        raise ValueError(
            f"The target “{str(column.name)[:40]}” has {len(names):,} different values; "
            f"allowed for classes: 2 to {MAX_CLASSES}."
        )
    number = {name: i for i, name in enumerate(names)}
    return torch.tensor([number[value] for value in column]), tuple(str(name)[:40] for name in names)


def own_data_training(settings: OwnDataSettings, prepared: Prepared) -> Training:
    """The loop on the table, not yet begun."""
    return Training(settings.loop, prepared.samples, prepared.outputs)


def holdout_score(run: Run, prepared: Prepared) -> tuple[str, float]:
    """What the network is worth on the rows it has not seen: accuracy, or the typical error in the target's unit."""
    answers = predict(run.weights, run.validation.features)
    if prepared.classes:
        return "accuracy", (answers.argmax(1) == run.validation.targets).float().mean().item()
    error = (answers - run.validation.targets) * prepared.target_scale
    return "typical error", error.square().mean().sqrt().item()
