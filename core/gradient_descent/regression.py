"""A real cost function: a line through scikit-learn's diabetes data, its slope and intercept learned by steps."""

from dataclasses import dataclass, replace

import torch
import torch.nn as nn
from torch import Tensor

from core.cache import cached
from core.datasets import load_diabetes
from core.gradient_descent.settings import BATCHES, RegressionSettings


@dataclass(frozen=True, eq=False)
class Rows:
    """The data.

    Attributes:
        x: one feature of 442 patients, shape (442,), float64. y: how far the disease has progressed a year later.
    """

    x: Tensor
    y: Tensor

    def cost(self, slope: Tensor, intercept: Tensor) -> Tensor:
        """Mean squared error over all rows of each line; all of one shape."""
        error = slope[..., None] * self.x + intercept[..., None] - self.y
        return error.square().mean(dim=-1)

    @property
    def hessian(self) -> Tensor:
        """Second derivatives of the cost: [[2 mean(x²), 2 mean(x)], [2 mean(x), 2]], the same everywhere."""
        mean, square = self.x.mean().item(), self.x.square().mean().item()
        return torch.tensor([[2 * square, 2 * mean], [2 * mean, 2.0]], dtype=torch.float64)

    @property
    def best(self) -> tuple[float, float]:
        """Slope and intercept of least squares, by closed form."""
        dx, dy = self.x - self.x.mean(), self.y - self.y.mean()
        slope = ((dx * dy).sum() / dx.square().sum()).item()
        return slope, (self.y.mean() - slope * self.x.mean()).item()


@cached
def rows(feature: str, scale: str) -> Rows:
    """The data, the feature in its own unit, from 0 to 1, or with mean 0 and spread 1."""
    x, y = load_diabetes(feature)
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
        batch_size: rows in one update. lowest: the cost of least squares.
        curvatures: of the cost, rising, shape (2,).
    """

    settings: RegressionSettings
    rows: Rows
    line: Tensor
    cost: Tensor
    diverged_at: int | None
    batch_size: int
    lowest: float
    curvatures: Tensor

    @property
    def updates(self) -> int:
        """Updates that were done."""
        return len(self.line) - 1


@cached
def fit(settings: RegressionSettings) -> LineRun:
    """Starts from the line y = 0 and makes one update for each batch that the loader gives."""
    data = rows(settings.feature, settings.scale)
    n = len(data.x)
    batch_size = {"all": n, "some": settings.batch_size, "one": 1}[settings.batch]
    model = nn.Linear(1, 1, dtype=torch.float64)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    loss_fn = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=settings.lr)
    generator = torch.Generator().manual_seed(settings.seed)
    line, diverged_at = [_line(model)], None
    while len(line) <= settings.updates and diverged_at is None:
        # One pass; all rows at once need no shuffling.
        order = torch.randperm(n, generator=generator) if batch_size < n else torch.arange(n)
        for batch in order.split(batch_size):
            optimizer.zero_grad()
            loss_fn(model(data.x[batch, None]), data.y[batch, None]).backward()
            optimizer.step()
            line.append(_line(model))
            if not torch.isfinite(torch.cat([line[-1], data.cost(*line[-1])[None]])).all():
                diverged_at = len(line) - 1
            if diverged_at is not None or len(line) > settings.updates:
                break
    lines, best = torch.stack(line), torch.tensor(data.best, dtype=torch.float64)
    return LineRun(
        settings=settings,
        rows=data,
        line=lines,
        cost=data.cost(*lines.unbind(dim=1)),
        diverged_at=diverged_at,
        batch_size=batch_size,
        lowest=data.cost(*best).item(),
        curvatures=torch.linalg.eigvalsh(data.hessian),
    )


def _line(model: nn.Linear) -> Tensor:
    return torch.cat([model.weight.detach().flatten(), model.bias.detach()])


def all_batches(settings: RegressionSettings) -> dict[str, LineRun]:
    """The same run with all rows, some and one in an update."""
    return {batch: fit(replace(settings, batch=batch)) for batch in BATCHES}


def closest(runs: dict[str, LineRun]) -> list[str]:
    """The ways to take batches whose last line costs least; none where all have diverged."""
    costs = {name: run.cost[-1].item() for name, run in runs.items() if run.diverged_at is None}
    return [name for name, cost in costs.items() if cost == min(costs.values())]
