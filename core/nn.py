"""The multilayer perceptron that several pages train, its first weights from a generator of its own."""

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
import torch.nn as nn
from torch import Generator


def linear(inputs: int, outputs: int, generator: Generator) -> nn.Linear:
    """The layer with the weights that it draws after `torch.manual_seed`, uniform within 1/sqrt(inputs)."""
    layer = nn.Linear(inputs, outputs, device="meta")  # draws nothing from the global generator
    # `skip_init` does the same, but by a way that imports sympy: 35 MB and a third of a second.
    layer.weight, layer.bias = nn.Parameter(torch.empty(outputs, inputs)), nn.Parameter(torch.empty(outputs))
    bound = 1 / math.sqrt(inputs)
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
    return layer


def layer_names(n_layers: int) -> list[str]:
    """The linear layers in the order of the forward pass: hidden_layer, hidden_layer_2, ..., output_layer."""
    return [f"hidden_layer_{i}" if i > 1 else "hidden_layer" for i in range(1, n_layers)] + ["output_layer"]


class MLP(nn.Sequential):
    r"""Linear layers with $\mathrm{ReLU}$ between them; the course's network has one hidden layer.

    Shapes: (n, sizes[0]) -> (n, sizes[-1]). The first weights are exactly those that `nn.Linear` draws layer by layer
    after `torch.manual_seed`, drawn from the given generator instead of the global one.

    Args:
        sizes: the numbers of inputs, of units in each hidden layer, and of outputs.
    """

    def __init__(self, sizes: Sequence[int], generator: Generator) -> None:
        super().__init__()
        for name, (inputs, outputs) in zip(layer_names(len(sizes) - 1), pairwise(sizes), strict=True):
            self.add_module(name, linear(inputs, outputs, generator))
            if name != "output_layer":
                self.add_module(name.replace("hidden_layer", "activation"), nn.ReLU())
