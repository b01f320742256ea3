"""Which one number answers best for all of the data? It depends on the loss: found by a real optimizer.

The four constants are four entries of one tensor. Adam treats every entry for itself, so one run of it is four.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor

from core.cache import cached
from core.loss_functions.settings import MAX_ROWS, ConstantSettings
from core.number_rows import Column, read_rows

STEPS = 100
FIRST_STEP = 0.1  # lr at the start, as a share of the data's range
LAST_STEP = 1e-7  # the same at the end
BETAS = (0.5, 0.5)  # a short memory: a slope that jumps at every value asks for it (0.9, 0.999 end up to 12% off)
COLUMN = (Column("value", -1000, 1000),)
LOSSES = ("MSELoss", "L1Loss", "HuberLoss", "quantile loss")
OUTLIERS = tuple(range(-100, 201, 5))  # where the outlier stands in the sweep
NEARLY = 1e-6
Interval = tuple[float, float]


@dataclass(frozen=True)
class BestConstants:
    """The search for the best constants.

    Attributes:
        data: the values, the outlier last, shape (n,).
        path: the four constants after each step, shape (steps + 1, 4).
        exact: for each loss the interval of all best constants (one point where its two ends are equal).
    """

    settings: ConstantSettings
    data: Tensor
    path: Tensor
    exact: tuple[Interval, ...]


def read_data(settings: ConstantSettings) -> list[float]:
    """The usual values and the outlier; raises ValueError if the table cannot be read."""
    return [float(row[0]) for row in read_rows(settings.table, COLUMN, MAX_ROWS)] + [settings.outlier]


def mean_losses(constants: Tensor, data: Tensor, settings: ConstantSettings) -> Tensor:
    """The mean loss of each of the four constants.

    Args:
        constants: shape (..., 4), in the order of `LOSSES`. data: shape (..., n).

    Returns:
        shape (..., 4); the first and third in squared units, the others in units.
    """
    c = constants[..., None].expand(*constants.shape, data.shape[-1])
    data = data.expand_as(c[..., 0, :])
    error = data - c[..., 3, :]
    each = [
        nn.MSELoss(reduction="none")(c[..., 0, :], data),
        nn.L1Loss(reduction="none")(c[..., 1, :], data),
        nn.HuberLoss(delta=settings.delta, reduction="none")(c[..., 2, :], data),
        torch.maximum(settings.quantile * error, (settings.quantile - 1) * error),
    ]
    return torch.stack([loss.mean(dim=-1) for loss in each], dim=-1)


def _search(data: Tensor, settings: ConstantSettings) -> Tensor:
    """The path of Adam from the middle of the data's range, its steps shrinking; data of shape (..., n)."""
    low, high = data.min(dim=-1).values, data.max(dim=-1).values
    # Adam's steps have the length lr whatever the gradient, so constants are counted in ranges of the data.
    scale, start = (high - low).clamp(min=1e-6)[..., None], ((low + high) / 2)[..., None]
    moved = torch.zeros(*data.shape[:-1], 4, requires_grad=True)
    optimizer = torch.optim.Adam([moved], lr=FIRST_STEP, betas=BETAS)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=(LAST_STEP / FIRST_STEP) ** (1 / STEPS))
    path = [(start + scale * moved).detach().clone()]
    for _ in range(STEPS):
        optimizer.zero_grad()
        mean_losses(start + scale * moved, data, settings).sum().backward()
        optimizer.step()
        schedule.step()
        path.append((start + scale * moved).detach().clone())
    return torch.stack(path)


@cached
def best_constants(settings: ConstantSettings) -> BestConstants:
    """The search on these data, and where it must end."""
    data = torch.tensor(read_data(settings))
    return BestConstants(settings, data, _search(data, settings), exact_constants(settings))


@cached
def sweep_outlier(table: str, delta: float, quantile: float) -> Tensor:
    """The constants for every place of the outlier, shape (outliers, 4): one tensor, one run of the optimizer."""
    settings = ConstantSettings(table=table, delta=delta, quantile=quantile)
    usual = read_data(settings)[:-1]
    return _search(torch.tensor([[*usual, float(outlier)] for outlier in OUTLIERS]), settings)[-1]


def exact_constants(settings: ConstantSettings) -> tuple[Interval, ...]:
    """The intervals of best constants by closed form: mean, median, Huber's root, quantile."""
    return _exact(read_data(settings), settings)


def _exact(values: list[float], settings: ConstantSettings) -> tuple[Interval, ...]:
    data = sorted(values)
    mean = math.fsum(data) / len(data)
    return (mean, mean), _quantile(data, 0.5), _huber(data, settings.delta), _quantile(data, settings.quantile)


def pulls(settings: ConstantSettings) -> dict[str, float]:
    """How far the outlier pulls each loss's best constant: with it against without it, from the middles of both."""
    usual = read_data(settings)[:-1]
    middles = [[(low + high) / 2 for low, high in _exact(data, settings)] for data in (usual, read_data(settings))]
    return {name: abs(after - before) for name, before, after in zip(LOSSES, *middles, strict=True)}


def pulled_farthest(settings: ConstantSettings, names: Sequence[str]) -> list[str]:
    """Those of some losses whose best constant is pulled farthest; all that are pulled equally far."""
    far = pulls(settings)
    most = max(far[name] for name in names)
    return [name for name in names if far[name] >= most * (1 - NEARLY)]


def _quantile(data: list[float], q: float) -> Interval:
    """Where a share q of the data lies below: between two values if q n is a whole number."""
    place = round(q * len(data), 9)
    below = math.ceil(place) - 1
    return data[below], data[below + 1] if place == math.ceil(place) and below + 1 < len(data) else data[below]


def _huber(data: list[float], delta: float) -> Interval:
    """Where the cut-off errors add up to zero; they never fall as c grows, so halving finds both ends."""

    def pull(c: float) -> float:
        return math.fsum(max(-delta, min(delta, c - x)) for x in data)

    ends = []
    for above in (lambda total: total >= -1e-9 * delta, lambda total: total > 1e-9 * delta):
        low, high = data[0], data[-1]
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (low, middle) if above(pull(middle)) else (middle, high)
        ends.append((low + high) / 2)
    return tuple(ends)
