"""What comes out of an activation function when the sums that go in are normal."""

from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor

from core.activation_functions.function import FLAT, corners
from core.activation_functions.modules import Activation, value_and_slope
from core.activation_functions.settings import NormalSettings
from core.cache import cached

WIDEST, CELLS = 38.0, 380_000  # so many standard deviations to each side: further out the density is 0 in float64
DRAWN = 4.0  # the picture, so many
BINS = 30
TORCH_GAINS = {  # what torch.nn.init.calculate_gain calls them
    "Identity": "linear",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "ReLU": "relu",
    "LeakyReLU": "leaky_relu",
    "SELU": "selu",
}


@dataclass(frozen=True, eq=False)
class Outputs:
    """What f makes of normal sums; every share and mean is an integral over all of them.

    Attributes:
        z, values: the drawn part of the curve, shape (points,). density: of the sums there.
        mean, variance, mean_square: of the outputs.
        dead: the share of the sums whose output, or whose slope, is exactly 0. saturated: whose slope is below FLAT.
        edges: of the bins of outputs, shape (BINS + 1,). shares: of the outputs in them, shape (BINS,).
    """

    settings: NormalSettings
    activation: Activation
    z: Tensor
    values: Tensor
    density: Tensor
    mean: float
    variance: float
    mean_square: float
    dead: float
    saturated: float
    edges: Tensor
    shares: Tensor

    @property
    def gain(self) -> float:
        """What the next weights must be multiplied by to keep the size of the sums; infinite if all outputs are 0."""
        size = self.mean_square**0.5
        return self.settings.std / size if size else float("inf")

    @property
    def torch_gain(self) -> float | None:
        """What `torch.nn.init.calculate_gain` has for it."""
        name = TORCH_GAINS.get(self.activation.name)
        slope = getattr(self.activation, "negative_slope", None)
        return None if name is None else float(nn.init.calculate_gain(name, slope))

    @property
    def mean_moves(self) -> str:
        """Where the mean of the outputs lies, seen from that of the sums: "up", "down", or "stays"."""
        change = self.mean - self.settings.mean
        return "stays" if abs(change) < 1e-4 * self.settings.std else "up" if change > 0 else "down"


@cached
def outputs(activation: Activation, settings: NormalSettings) -> Outputs:
    """Integrates over the sums by the midpoint rule, in 380,000 cells of a five-thousandth of a standard deviation."""
    module, grid = activation.make(), torch.linspace(-WIDEST, WIDEST, CELLS + 1, dtype=torch.float64)
    cuts = torch.tensor([corner.z for corner in corners(activation)], dtype=torch.float64)
    cuts = ((cuts - settings.mean) / settings.std).clamp(-WIDEST, WIDEST)  # a cell with a corner in it is cut there
    edges = torch.cat([grid, cuts]).sort().values
    t, width = (edges[1:] + edges[:-1]) / 2, edges.diff()
    weights = (-t * t / 2).exp() * width / (2 * torch.pi) ** 0.5
    values, slopes = value_and_slope(module, settings.mean + settings.std * t)

    def share(which: Tensor) -> float:
        return weights[which].sum().item()

    mean, square = (weights * values).sum().item(), (weights * values * values).sum().item()
    mean *= abs(mean) > 1e-9 * square**0.5  # a smaller one is the rule's own error, as is a smaller variance below
    variance = (weights * (values - mean) ** 2).sum().item()

    seen = t.abs() < DRAWN
    low, high = values[seen].min().item(), values[seen].max().item()
    low, high = (low, high) if high - low > 1e-9 else (low - 0.5, high + 0.5)
    shares, edges = torch.histogram(values.clamp(low, high), BINS, range=(low, high), weight=weights)
    every = slice(0, None, 200)
    drawn = t[seen][every]
    return Outputs(
        settings,
        activation,
        z=settings.mean + settings.std * drawn,
        values=values[seen][every],
        density=(-drawn * drawn / 2).exp() / (2 * torch.pi) ** 0.5 / settings.std,
        mean=mean + 0.0,
        variance=variance * (variance > 1e-24 * square),
        mean_square=square,
        dead=share((values == 0) | (slopes == 0)),
        saturated=share(slopes.abs() < FLAT),
        edges=edges,
        shares=shares,
    )
