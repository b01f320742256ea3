"""The activations of the playground: each as torch's function, and as torch's own backward operator.

A whole run is thousands of small updates, so `networks.py` writes the gradient out instead of recording a graph. The
operators below are those that autograd itself calls (tested against it).
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

aten = torch.ops.aten


@dataclass(frozen=True)
class Activation:
    """What a neuron does with its sum.

    Attributes:
        label: for a menu. module: what a program writes after `nn.`.
        forward: sum p -> answer h.
        backward: the gradient by h, p and h -> the gradient by p.
    """

    label: str
    module: str
    forward: Callable[[Tensor], Tensor]
    backward: Callable[[Tensor, Tensor, Tensor], Tensor]


ACTIVATIONS = {
    "tanh": Activation("tanh", "Tanh()", torch.tanh, lambda g, p, h: aten.tanh_backward(g, h)),
    "relu": Activation("ReLU", "ReLU()", torch.relu, lambda g, p, h: aten.threshold_backward(g, h, 0)),
    "sigmoid": Activation("sigmoid", "Sigmoid()", torch.sigmoid, lambda g, p, h: aten.sigmoid_backward(g, h)),
    "linear": Activation("linear (none)", "Identity()", lambda p: p, lambda g, p, h: g),
    "leaky_relu": Activation(
        "leaky ReLU",
        "LeakyReLU()",
        F.leaky_relu,
        lambda g, p, h: aten.leaky_relu_backward(g, p, 0.01, False),
    ),
    "elu": Activation("ELU", "ELU()", F.elu, lambda g, p, h: aten.elu_backward(g, 1, 1, 1, False, p)),
    "gelu": Activation("GELU", "GELU()", F.gelu, lambda g, p, h: aten.gelu_backward(g, p)),
    "silu": Activation("SiLU", "SiLU()", F.silu, lambda g, p, h: aten.silu_backward(g, p)),
}
