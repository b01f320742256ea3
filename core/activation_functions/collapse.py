"""XOR with one hidden layer: without an activation, with a step, and with a curve."""

import math
from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor

from core.activation_functions.modules import OWN
from core.activation_functions.settings import CollapseSettings
from core.cache import cached
from core.nn import linear

X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])  # 1 where the inputs differ
LOW, HIGH, SIDE = -0.5, 1.5, 41  # of the picture
MOST_FRAMES = 40
SURE = 0.51  # who gives the own class no more than this has not decided: rounding did


@dataclass(frozen=True, eq=False)
class XorRun:
    """One network's training.

    Attributes:
        probabilities: of class 1 over the picture, shape (recorded updates, SIDE, SIDE), row by row in x2.
        right: how many of the four points are `decided_right`, at each recorded update. loss: in nats, at the end.
        gradient: the largest entry of any gradient of the hidden weights and biases. moved: how far one of them went.
        weights: as `state_dict` names them, at the end.
    """

    activation: str
    probabilities: Tensor
    right: list[int]
    loss: float
    gradient: float
    moved: float
    weights: dict[str, Tensor]

    @property
    def solved(self) -> bool:
        """Whether all four points are right at the end."""
        return self.right[-1] == len(Y)

    @property
    def is_undecided(self) -> bool:
        """Whether it ends where a line must end on XOR: at ½ for every point, with the loss ln 2."""
        return abs(self.loss - math.log(2)) < 1e-3 and self.right[-1] == 0

    @property
    def learned_hidden(self) -> bool:
        """Whether the hidden layer has learned anything at all."""
        return self.gradient > 0 and self.moved > 0


@dataclass(frozen=True, eq=False)
class Collapse:
    """The three networks, and the one layer that the first is equal to.

    Attributes:
        steps: the updates that are recorded.
        product: output weights times hidden weights, shape (1, 2). bias: of the one layer, shape (1,).
        difference: the largest between the network and the one layer, over the picture.
    """

    settings: CollapseSettings
    steps: list[int]
    runs: tuple[XorRun, ...]
    product: Tensor
    bias: Tensor
    difference: float


def grid() -> Tensor:
    """The points of the picture, shape (SIDE², 2), row by row in x2."""
    side = torch.linspace(LOW, HIGH, SIDE)
    return torch.cartesian_prod(side, side).flip(1)


def decided_right(probabilities: Tensor) -> Tensor:
    """Whether each point's own class is more probable than SURE."""
    return (probabilities - 0.5) * (2 * Y - 1) > SURE - 0.5


def train(activation: str, settings: CollapseSettings, steps: list[int]) -> XorRun:
    """Trains one network on all four points in each update, with Adam."""
    generator = torch.Generator().manual_seed(settings.seed)
    f = OWN[activation]() if activation in OWN else getattr(nn, activation)()
    model = nn.Sequential(linear(2, settings.hidden, generator), f, linear(settings.hidden, 1, generator))
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.lr)
    loss_function, hidden, points = nn.BCEWithLogitsLoss(), list(model[0].parameters()), grid()
    first = [weight.detach().clone() for weight in hidden]
    gradients, maps, right = [], [], []

    def record() -> None:
        with torch.no_grad():
            maps.append(model(points).sigmoid().reshape(SIDE, SIDE))
            right.append(int(decided_right(model(X).sigmoid()).sum()))

    record()
    for update in range(1, settings.updates + 1):
        loss = loss_function(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        gradients.append(max(weight.grad.abs().max().item() for weight in hidden))
        optimizer.step()
        if update in steps:
            record()
    moved = max((now - was).abs().max().item() for now, was in zip(hidden, first, strict=True))
    with torch.no_grad():
        loss = loss_function(model(X), Y).item()
    weights = {name: weight.detach().clone() for name, weight in model.state_dict().items()}
    return XorRun(activation, torch.stack(maps), right, loss, max(gradients), moved, weights)


@cached
def collapse(settings: CollapseSettings) -> Collapse:
    """All three networks from the same first weights, and the product of the first one's layers."""
    n = min(settings.updates, MOST_FRAMES)
    steps = [round(settings.updates * i / n) for i in range(n + 1)]
    runs = tuple(train(name, settings, steps) for name in ("Identity", "Step", settings.curved))
    weights, points = {name: weight.double() for name, weight in runs[0].weights.items()}, grid().double()
    product = weights["2.weight"] @ weights["0.weight"]
    bias = weights["2.weight"] @ weights["0.bias"] + weights["2.bias"]
    hidden = points @ weights["0.weight"].T + weights["0.bias"]
    two_layers, one_layer = hidden @ weights["2.weight"].T + weights["2.bias"], points @ product.T + bias
    return Collapse(settings, steps, runs, product, bias, (two_layers - one_layer).abs().max().item())
