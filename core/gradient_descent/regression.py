"""A real cost function: a line through scikit-learn's diabetes data, its slope and intercept learned by steps."""

from dataclasses import dataclass, replace

import torch
import torch.nn as nn
from torch import Tensor

from core.cache import cached
from core.gradient_descent.settings import BATCHES, RegressionSettings


@dataclass(frozen=True, eq=False)
class Rows:
    """The data.

    Attributes:
        x: one feature of 442 patients, shape (442,), float64. y: how far the disease has progressed a year later.
    """

    x: Tensor
    y: Tensor


@cached
def rows(feature: str, scale: str) -> Rows:
    """The data, the feature in its own unit, from 0 to 1, or with mean 0 and spread 1."""
    from sklearn.datasets import load_diabetes

    bunch = load_diabetes(scaled=False)
    x = torch.tensor(bunch.data[:, bunch.feature_names.index(feature)].tolist(), dtype=torch.float64)
    y = torch.tensor(bunch.target.tolist(), dtype=torch.float64)
    if scale == "unit":
        x = (x - x.min()) / (x.max() - x.min())
    elif scale == "standard":
        x = (x - x.mean()) / x.std(correction=0)
    return Rows(x, y)


@dataclass(frozen=True, eq=False)
class LineRun:
    """A recorded run.

    Attributes:
        line: slope and intercept before each update and at the end, shape (updates done + 1, 2), float64.
        cost: the mean squared error over all rows there, shape (updates done + 1,).
        diverged_at: the update after which a number is not finite; None if none is.
        batch_size: rows in one update. best: slope and intercept with the lowest cost, and that cost.
        curvatures: of the cost, rising, shape (2,).
    """

    settings: RegressionSettings
    rows: Rows
    line: Tensor
    cost: Tensor
    diverged_at: int | None
    batch_size: int
    best: tuple[float, float, float]
    curvatures: Tensor

    @property
    def updates(self) -> int:
        """Updates that were done."""
        return len(self.line) - 1


def batch_size_of(settings: RegressionSettings, n: int) -> int:
    """Rows in one update."""
    return {"all": n, "some": settings.batch_size, "one": 1}[settings.batch]


def costs(line: Tensor, data: Rows) -> Tensor:
    """Mean squared error over all rows; line: shape (..., 2), result (...)."""
    error = line[..., :1] * data.x + line[..., 1:] - data.y
    return error.square().mean(dim=-1)


def hessian(data: Rows) -> Tensor:
    """Second derivatives of the cost: [[2 mean(x²), 2 mean(x)], [2 mean(x), 2]], the same everywhere."""
    mean = data.x.mean().item()
    square = data.x.square().mean().item()
    return torch.tensor([[2 * square, 2 * mean], [2 * mean, 2.0]], dtype=torch.float64)


def best_line(data: Rows) -> tuple[float, float, float]:
    """Slope, intercept and cost of least squares, by closed form."""
    dx, dy = data.x - data.x.mean(), data.y - data.y.mean()
    slope = ((dx * dy).sum() / dx.square().sum()).item()
    intercept = (data.y.mean() - slope * data.x.mean()).item()
    return slope, intercept, costs(torch.tensor([slope, intercept], dtype=torch.float64), data).item()


@cached
def fit(settings: RegressionSettings) -> LineRun:
    """Starts from the line y = 0 and makes one update for each batch that the loader gives."""
    data = rows(settings.feature, settings.scale)
    batch_size = batch_size_of(settings, len(data.x))
    model = nn.Linear(1, 1, dtype=torch.float64)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    loss_fn = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=settings.lr)
    generator = torch.Generator().manual_seed(settings.seed)
    path, diverged_at = [_line(model)], None
    while len(path) <= settings.updates and diverged_at is None:
        for batch in _epoch(len(data.x), batch_size, generator):
            optimizer.zero_grad()
            loss_fn(model(data.x[batch, None]), data.y[batch, None]).backward()
            optimizer.step()
            path.append(_line(model))
            if not torch.isfinite(path[-1]).all() or not torch.isfinite(costs(path[-1], data)):
                diverged_at = len(path) - 1
            if diverged_at is not None or len(path) > settings.updates:
                break
    line = torch.stack(path)
    return LineRun(
        settings,
        data,
        line,
        costs(line, data),
        diverged_at,
        batch_size,
        best_line(data),
        torch.linalg.eigvalsh(hessian(data)),
    )


def _epoch(n: int, batch_size: int, generator: torch.Generator) -> tuple[Tensor, ...]:
    """The row numbers of each batch of one pass; all rows at once need no shuffling."""
    if batch_size == n:
        return (torch.arange(n),)
    return torch.randperm(n, generator=generator).split(batch_size)


def _line(model: nn.Linear) -> Tensor:
    return torch.cat([model.weight.detach().flatten(), model.bias.detach()])


def all_batches(settings: RegressionSettings) -> dict[str, LineRun]:
    """The same run with all rows, some and one in an update."""
    return {batch: fit(replace(settings, batch=batch)) for batch in BATCHES}
