"""Mistakes with modules, each really made beside the right way, and what came of both."""

from collections.abc import Callable

import torch
import torch.nn as nn
from torch import Generator

from core.cache import cached
from core.neural_networks.layers import read_layers
from core.neural_networks.model import Model
from core.neural_networks.settings import MistakeSettings
from core.tried import Tried

SEED = 0
UNITS = 8  # of each layer in the list
HIDDEN = 64


@cached
def try_mistake(settings: MistakeSettings) -> Tried:
    """Makes the mistake and does it right."""
    return MISTAKES[settings.mistake](settings)


def _linear(inputs: int, outputs: int) -> nn.Module:
    return nn.Linear(inputs, outputs, device="meta")  # without numbers: nothing is drawn, nothing computed


def _plain_list(settings: MistakeSettings) -> Tried:
    def found(container: Callable) -> int:
        model = nn.Module()
        model.hidden_layers = container([_linear(UNITS, UNITS) for _ in range(settings.n_layers)])
        model.output_layer = _linear(UNITS, 1)
        return sum(parameter.numel() for parameter in model.parameters())

    return Tried(settings, "numbers that model.parameters() finds", found(nn.ModuleList), found(list))


def _no_super(settings: MistakeSettings) -> Tried:
    class Right(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.hidden_layer = _linear(10, 64)
            self.output_layer = _linear(64, 2)

    class Wrong(nn.Module):
        def __init__(self) -> None:
            self.hidden_layer = _linear(10, 64)
            self.output_layer = _linear(64, 2)

    try:
        wrong, error = len(list(Wrong().children())), ""
    except AttributeError as raised:
        wrong, error = 0, f"{type(raised).__name__}: {raised}"
    return Tried(settings, "layers that the module knows", len(list(Right().children())), wrong, error)


def _forward(settings: MistakeSettings) -> Tried:
    model, x, calls = nn.ReLU(), torch.zeros(3), []
    model.register_forward_hook(lambda *_: calls.append(1))

    def heard(call: Callable) -> int:
        calls.clear()
        for _ in range(settings.calls):
            call(x)
        return len(calls)

    return Tried(settings, "times that the hook was run", heard(model), heard(model.forward))


def _no_eval(settings: MistakeSettings) -> Tried:
    generator = Generator().manual_seed(SEED)
    model = Model(read_layers(f"Linear(10, 64), Dropout({settings.p}), Linear(64, 1)"), generator)
    x = torch.rand(10, generator=generator)

    def different() -> int:
        return len({model(x).item() for _ in range(settings.calls)})

    wrong = different()
    model.eval()
    return Tried(settings, f"different answers to one input in {settings.calls} calls", different(), wrong)


def same_masks(p: float) -> float:
    """The probability that two calls of dropout on 64 numbers set the same ones to 0: (p² + (1 - p)²)^64."""
    return (p**2 + (1 - p) ** 2) ** HIDDEN


def _in_features(settings: MistakeSettings) -> Tried:
    def ran(in_features: int) -> tuple[int, str]:
        generator, names = Generator().manual_seed(SEED), []
        model = Model(read_layers(f"Linear(10, 64), ReLU(), Linear({in_features}, 2)"), generator)
        for layer in model.children():
            layer.register_forward_hook(lambda *_: names.append(1))
        try:
            model(torch.rand(10, generator=generator))
        except RuntimeError as raised:
            return len(names), f"{type(raised).__name__}: {raised}"
        return len(names), ""

    wrong, error = ran(settings.in_features)
    return Tried(settings, "layers that have computed something", ran(64)[0], wrong, error)


MISTAKES: dict[str, Callable[[MistakeSettings], Tried]] = {
    "plain_list": _plain_list,
    "no_super": _no_super,
    "forward": _forward,
    "no_eval": _no_eval,
    "in_features": _in_features,
}
