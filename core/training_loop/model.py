"""The course's network and optimizers."""

from collections.abc import Iterable

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Generator, Tensor

from core.nn import linear

Weights = dict[str, Tensor]  # as `state_dict` names them


class MLP(nn.Module):
    r"""The course's network: $\mathrm{output}(\mathrm{ReLU}(\mathrm{hidden}(x)))$.

    Shapes: (n, input_size) -> (n, output_size). Its first weights are exactly those that `nn.Linear` draws
    after `torch.manual_seed`, drawn from the given generator instead of the global one.
    """

    def __init__(self, input_size: int, hidden: int, output_size: int, generator: Generator) -> None:
        super().__init__()
        self.hidden_layer = linear(input_size, hidden, generator)
        self.output_layer = linear(hidden, output_size, generator)
        self.activation = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        x = self.activation(self.hidden_layer(x))
        return self.output_layer(x)


def make_optimizer(name: str, weights: Iterable[nn.Parameter], lr: float) -> torch.optim.Optimizer:
    """The `torch.optim` class behind an option of the settings, its hyperparameters at torch's defaults."""
    if name == "SGD_momentum":
        return torch.optim.SGD(weights, lr=lr, momentum=0.9)
    return getattr(torch.optim, name)(weights, lr=lr)


def copy_weights(model: nn.Module) -> Weights:
    """The weights as they are now; later updates do not change the copy."""
    return {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}


def predict(weights: Weights, features: Tensor) -> Tensor:
    """`MLP.forward` with these weights, without building a module. Shapes: (n, inputs) -> (n, outputs)."""
    hidden = F.relu(F.linear(features, weights["hidden_layer.weight"], weights["hidden_layer.bias"]))
    return F.linear(hidden, weights["output_layer.weight"], weights["output_layer.bias"])
