"""The playground's network as one writes it in PyTorch, its first weights from a generator of its own."""

from itertools import pairwise

import torch
import torch.nn as nn
from torch import Generator, Tensor

from core.multilayer_perceptron.activations import ACTIVATIONS
from core.multilayer_perceptron.data import recording
from core.multilayer_perceptron.settings import PlaygroundSettings
from core.nn import linear


def make_layers(settings: PlaygroundSettings, seed: int) -> list[nn.Linear]:
    """The linear layers of a network, float64: as `nn.Linear` draws them after `torch.manual_seed`, then as chosen."""
    generator = Generator().manual_seed(seed)
    layers = [linear(i, o, generator, torch.float64) for i, o in pairwise(settings.sizes)]
    with torch.no_grad():
        for number, layer in enumerate(layers):
            _set_first_weights(layer, number, settings.init, generator)
    return layers


def _set_first_weights(layer: nn.Linear, number: int, init: str, generator: Generator) -> None:
    if init == "xavier":
        nn.init.xavier_uniform_(layer.weight, generator=generator)
        nn.init.zeros_(layer.bias)
    elif init == "kaiming":
        nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu", generator=generator)
        nn.init.zeros_(layer.bias)
    elif init == "playground":
        nn.init.uniform_(layer.weight, -0.5, 0.5, generator=generator)
        nn.init.constant_(layer.bias, 0.1)
    elif init == "file":
        recorded = recording()["init"][number]
        layer.weight.copy_(torch.tensor(recorded["W"], dtype=torch.float64))
        layer.bias.copy_(torch.tensor(recorded["b"], dtype=torch.float64))


def flat(layers: list[nn.Linear]) -> Tensor:
    """All weights of a network as one row of `Networks.vector`, shape (weights,)."""
    return torch.cat([t.detach().flatten() for layer in layers for t in (layer.weight, layer.bias)])


def make_model(settings: PlaygroundSettings, vector: Tensor) -> nn.Sequential:
    """The network with these weights as an `nn.Module`; without dropout, which acts in training only."""
    model, generator = nn.Sequential(), Generator()
    activations = [*(layer.activation for layer in settings.hidden), settings.output]
    for (inputs, outputs), name in zip(pairwise(settings.sizes), activations, strict=True):
        model.append(linear(inputs, outputs, generator, torch.float64))
        if ACTIVATIONS[name].module != "Identity()":
            model.append(getattr(nn, ACTIVATIONS[name].module.removesuffix("()"))())
    nn.utils.vector_to_parameters(vector, model.parameters())
    return model


def freeze(model: nn.Sequential, settings: PlaygroundSettings) -> None:
    """Takes the frozen layer, if there is one, out of what is learned."""
    if number := settings.frozen_layer:
        layers = [module for module in model if isinstance(module, nn.Linear)]
        layers[number - 1].requires_grad_(False)
