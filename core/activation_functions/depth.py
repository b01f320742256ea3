"""Signals and errors in a deep network with fresh weights: layer by layer, and for many depths and scales at once."""

import math
from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Generator, Tensor

from core.activation_functions.modules import Activation, value_and_slope
from core.activation_functions.settings import MAX_DEPTH, DepthSettings
from core.cache import cached
from core.nn import linear

N_SAMPLES = 32
FEW, MANY = 1e-3, 1e3  # shares of an error, or of a spread, beyond which it vanishes or explodes
SCALES = tuple(2 ** (i / 4) for i in range(-8, 9))  # of the map: from 1/4 to 4, with 1 and √2
DEPTHS = tuple(range(2, MAX_DEPTH + 1, 2))
SCALE_OF = {"default": 1 / math.sqrt(3), "xavier": 1.0, "kaiming": math.sqrt(2)}  # standard deviation · √width


@dataclass(frozen=True, eq=False)
class DepthRun:
    """What reached each layer. Layer 0 is the input, so `errors[0]` belongs to layer 1.

    Attributes:
        stds: standard deviation of all outputs of a layer, shape (depth + 1,).
        spreads: the same over the samples, root mean square over the units, shape (depth + 1,): how different what is
            left of different inputs still is. Biases make outputs that differ from unit to unit and say nothing.
        errors: root mean square of dL/dz, shape (depth,). By the last layer's outputs, L has the derivative u, about 1.
        weight_gradients: the length of dL/dW, shape (depth,).
        slopes: root mean square of f'(z), shape (depth,).
        dead: the share of a layer's units whose slope is 0 for every sample, shape (depth,).
    """

    settings: DepthSettings
    activation: Activation
    stds: Tensor
    spreads: Tensor
    errors: Tensor
    weight_gradients: Tensor
    slopes: Tensor
    dead: Tensor

    @property
    def error_fate(self) -> str:
        """What becomes of an error of about 1 on its way to layer 1."""
        return fate(self.errors[0].item())

    @property
    def signal_fate(self) -> str:
        """What becomes of the spread of the inputs on its way to the last layer."""
        return fate((self.spreads[-1] / self.spreads[0]).item())

    @property
    def scale(self) -> float:
        """Standard deviation of the weights times √width."""
        return SCALE_OF.get(self.settings.init, self.settings.scale)


def fate(share: float) -> str:
    """What has become of a quantity of which this share is left."""
    if share == 0:
        return "lost"
    return "vanishes" if share < FEW else "explodes" if share > MANY else "arrives"


def start(settings: DepthSettings) -> tuple[Tensor, Tensor, Generator]:
    """The inputs and the errors u that are sent back, both shape (samples, width), and the generator of the weights."""
    generator = torch.Generator().manual_seed(settings.seed)
    shape = (N_SAMPLES, settings.width)
    X, u = (torch.randn(shape, generator=generator, dtype=torch.float64) for _ in range(2))
    return X, u, generator


def make_layer(settings: DepthSettings, generator: Generator) -> nn.Linear:
    """A layer with fresh weights."""
    width = settings.width
    if settings.init == "default":
        return linear(width, width, generator, torch.float64)
    layer = nn.Linear(width, width, device="meta")  # draws nothing from the global generator
    layer.weight = nn.Parameter(torch.empty(width, width, dtype=torch.float64))
    layer.bias = nn.Parameter(torch.zeros(width, dtype=torch.float64))
    if settings.init == "xavier":
        nn.init.xavier_normal_(layer.weight, generator=generator)
    elif settings.init == "kaiming":
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
    else:
        nn.init.normal_(layer.weight, std=settings.scale / math.sqrt(width), generator=generator)
    return layer


@cached
def run(activation: Activation, settings: DepthSettings) -> DepthRun:
    """Sends 32 inputs forward through the network and an error back."""
    f, (X, u, generator) = activation.make(), start(settings)
    layers = [make_layer(settings, generator) for _ in range(settings.depth)]
    a, sums, outputs = X, [], [X]
    for layer in layers:
        z = layer(a)
        z.retain_grad()
        a = f(z)
        sums.append(z)
        outputs.append(a)
    (a * u).sum().backward()
    slopes = [value_and_slope(f, z.detach())[1] for z in sums]
    outputs = torch.stack(outputs).detach()
    return DepthRun(
        settings,
        activation,
        stds=outputs.flatten(1).std(dim=1),
        spreads=rms(outputs.std(dim=1)),
        errors=rms(torch.stack([z.grad for z in sums]).flatten(1)),
        weight_gradients=torch.stack([layer.weight.grad.norm() for layer in layers]),
        slopes=rms(torch.stack(slopes).flatten(1)),
        dead=torch.stack([(slope == 0).all(dim=0).double().mean() for slope in slopes]),
    )


def rms(values: Tensor) -> Tensor:
    """The root of the mean square along the last dimension."""
    return values.square().mean(dim=-1).sqrt()


@dataclass(frozen=True, eq=False)
class GradientMap:
    """The error that reaches layer 1 of networks whose weights are normal with standard deviation scale / √width.

    Attributes:
        errors: of each depth and scale, shape (len(DEPTHS), len(SCALES)).
    """

    activation: Activation
    errors: Tensor


@cached
def gradient_map(activation: Activation, width: int, seed: int) -> GradientMap:
    """All 425 networks as one batch.

    A network of depth d is the beginning of a deeper one, so all depths share one pass forward. On the way back the
    error of a network joins the batch at its last layer: errors of shape (scales, networks, samples, width).
    """
    f, settings = activation.make(), DepthSettings(init="normal", scale=1.0, width=width, seed=seed)
    a, u, generator = start(settings)
    weights = [make_layer(settings, generator).weight.detach() for _ in range(MAX_DEPTH)]
    scales = torch.tensor(SCALES, dtype=torch.float64)[:, None, None]
    slopes = []
    for W in weights:
        a, slope = value_and_slope(f, a @ W.T * scales)
        slopes.append(slope)
    errors = u.new_zeros(len(SCALES), 0, *u.shape)
    for layer in range(MAX_DEPTH, 0, -1):
        if layer in DEPTHS:
            errors = torch.cat([u.expand(len(SCALES), 1, *u.shape), errors], dim=1)
        errors = errors * slopes[layer - 1][:, None]
        if layer > 1:
            errors = errors @ weights[layer - 1] * scales[:, None]
    return GradientMap(activation, rms(errors.flatten(2)).T)
