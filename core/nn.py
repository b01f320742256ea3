"""Networks that several pages train, their first weights from a generator of their own."""

import math

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
