"""`nn.Linear` with first weights from a generator of its own."""

import math

import torch.nn as nn
from torch import Generator


def linear(inputs: int, outputs: int, generator: Generator) -> nn.Linear:
    """The layer with the weights that it draws after `torch.manual_seed`, uniform within 1/sqrt(inputs)."""
    layer = nn.utils.skip_init(nn.Linear, inputs, outputs)
    bound = 1 / math.sqrt(inputs)
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
    return layer
