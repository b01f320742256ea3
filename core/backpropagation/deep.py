"""A chain of layers with one neuron each: how large the gradient is at each of them."""

from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor

from core.backpropagation.settings import DeepSettings
from core.cache import cached

ACTIVATIONS = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU, "identity": nn.Identity}
FAR = 1000  # times smaller or larger at the input than at the output
STEADY = 2


@dataclass(frozen=True, eq=False)
class Chain:
    """One pass forward and backward; h[0] is the input, h[depth] the output.

    Attributes:
        sums, slopes: z = w h and f'(z) of each layer, shape (depth,).
        values: h, shape (depth + 1,). gradients: d output / dh, same shape; 1 at the output.
        factors: of each layer, dh[k] / dh[k-1], shape (depth,): w f'(z), and 1 + w f'(z) with a skip connection.
        by_weight: d output / dw of each layer's own weight, shape (depth,).
    """

    settings: DeepSettings
    sums: Tensor
    slopes: Tensor
    values: Tensor
    gradients: Tensor
    factors: Tensor
    by_weight: Tensor


class Layer(nn.Module):
    """f(w h), or h + f(w h)."""

    def __init__(self, settings: DeepSettings) -> None:
        super().__init__()
        self.residual = settings.residual
        self.linear = nn.Linear(1, 1, bias=False, device="meta")  # draws nothing from the global generator
        self.linear.weight = nn.Parameter(torch.full((1, 1), settings.weight, dtype=torch.float64))
        self.activation = ACTIVATIONS[settings.activation]()

    def forward(self, h: Tensor) -> Tensor:
        out = self.activation(self.linear(h))
        return h + out if self.residual else out


@cached
def run_chain(settings: DeepSettings) -> Chain:
    """Runs the chain and takes all gradients by one backward pass."""
    layers = [Layer(settings) for _ in range(settings.depth)]
    values = [torch.tensor([settings.x], dtype=torch.float64, requires_grad=True)]
    sums, slopes, factors = [], [], []
    for layer in layers:
        values.append(layer(values[-1]))
        values[-1].retain_grad()
        with torch.enable_grad():  # each layer's own derivative, apart from the chain
            h = values[-2].detach().requires_grad_()
            factors += torch.autograd.grad(layer(h), h)
            z = layer.linear(h).detach().requires_grad_()
            slopes += torch.autograd.grad(layer.activation(z) + 0 * z, z)
            sums.append(z.detach())
    values[-1].backward()
    return Chain(
        settings,
        torch.cat(sums),
        torch.cat(slopes),
        torch.cat([h.detach() for h in values]),
        torch.cat([h.grad for h in values]),
        torch.cat(factors),
        torch.cat([layer.linear.weight.grad.flatten() for layer in layers]),
    )


def fate(chain: Chain) -> str:
    """What becomes of the gradient on its way from the output to the input.

    "zero", "vanishes" or "explodes" (by more than a factor of 1000), "keeps" its size (within a factor of 2), else it
    "shrinks" or "grows". It is finite for all settings: no factor is above 11.
    """
    size = abs(chain.gradients[0].item())
    if size == 0:
        return "zero"
    if 1 / STEADY <= size <= STEADY:
        return "keeps"
    if size < 1:
        return "vanishes" if size < 1 / FAR else "shrinks"
    return "explodes" if size > FAR else "grows"


def mean_factor(chain: Chain) -> float:
    """The factor that, in every layer, would change the gradient as much: the geometric mean of |factors|."""
    return abs(chain.gradients[0].item()) ** (1 / chain.settings.depth)
