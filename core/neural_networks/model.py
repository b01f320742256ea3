"""The real model of a list of layers: its weights from a generator of its own, the same that a program draws."""

import math

import torch
import torch.nn as nn
from torch import Generator, Tensor

from core.neural_networks.layers import Layer, class_name, names_of
from core.neural_networks.settings import ModelSettings


class Dropout(nn.Dropout):
    """`nn.Dropout` whose mask comes from a generator of its own: the very mask of `torch.manual_seed`."""

    def __init__(self, p: float, generator: Generator) -> None:
        super().__init__(p)
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: any, kept."""
        if not self.training or self.p in (0, 1):  # then nothing is drawn
            return super().forward(x)
        return x * torch.empty_like(x).bernoulli_(1 - self.p, generator=self.generator).div_(1 - self.p)


class Model(nn.Module):
    """Layers one after the other, as the class of the program calls them.

    It registers first the layers that learn, then the others, as the course's class does; `print` shows this order.
    """

    def __init__(self, layers: tuple[Layer, ...], generator: Generator) -> None:
        super().__init__()
        self.title, self.names = class_name(layers), names_of(layers)
        made = {name: make_layer(layer, generator) for name, layer in zip(self.names, layers, strict=True)}
        for name in registered(layers):
            self.add_module(name, made[name])

    def _get_name(self) -> str:
        return self.title

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: those of the first layer's input -> those of the last layer's output."""
        for name in self.names:
            x = getattr(self, name)(x)
        return x


def registered(layers: tuple[Layer, ...]) -> list[str]:
    """The names of the layers in the order of `__init__`."""
    named = list(zip(names_of(layers), layers, strict=True))
    return [name for name, layer in sorted(named, key=lambda pair: not pair[1].learns)]


def make_layer(layer: Layer, generator: Generator) -> nn.Module:
    """The layer with the weights that it draws after `torch.manual_seed`: uniform within 1/sqrt(fan_in)."""
    if layer.kind == "Dropout":
        return Dropout(layer.values["p"], generator)
    if layer.kind not in ("Linear", "Conv2d"):
        return getattr(nn, layer.kind)(**layer.values)  # draws nothing
    module = getattr(nn, layer.kind)(**layer.values, device="meta")  # draws nothing from the global generator
    for name, parameter in list(module.named_parameters()):
        setattr(module, name, nn.Parameter(torch.empty(parameter.shape)))
    nn.init.kaiming_uniform_(module.weight, a=math.sqrt(5), generator=generator)
    if module.bias is not None:
        nn.init.uniform_(module.bias, -init_bound(module.weight), init_bound(module.weight), generator=generator)
    return module


def init_bound(weight: Tensor) -> float:
    """1/sqrt(fan_in), where fan_in is the number of inputs of one unit: the bound of the first weights and biases."""
    return 1 / math.sqrt(weight[0].numel())


def fresh(settings: ModelSettings) -> tuple[Model, Generator]:
    """The model as it begins, and the generator where its weights have left it.

    A program that calls `torch.manual_seed(SEED)` and makes the model has the same weights.
    """
    generator = Generator().manual_seed(settings.seed)
    return Model(settings.model, generator), generator
