"""What each layer hands to the next, in eval() and in train(), for one and the same input."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.cache import cached
from core.datasets import BRIGHTEST, load_digits
from core.neural_networks.build import watch
from core.neural_networks.model import fresh
from core.neural_networks.settings import ModelSettings, RunSettings

PIXELS = 64  # of a digit
ZERO_SHARES = {"few": (0.0, 0.25), "half": (0.25, 0.75), "most": (0.75, 1.01)}  # name -> from, below


@dataclass(frozen=True, eq=False)
class Run:
    """One pass in each mode.

    Attributes:
        names: "input", then the layers that were reached.
        evaluated: what each hands on in eval(); trained: in train(), which may end earlier. Any shape, float32.
        errors: what torch said where eval() and where train() failed, or "" for each.
        weights: name of a layer -> its weight and bias, of those that have both.
    """

    model: ModelSettings
    settings: RunSettings
    names: list[str]
    evaluated: list[Tensor]
    trained: list[Tensor]
    errors: tuple[str, str]
    weights: dict[str, tuple[Tensor, Tensor]]

    @property
    def trouble(self) -> str:
        """What torch said where only train() failed."""
        return "" if self.errors[0] else self.errors[1]


def holds_digits(settings: ModelSettings) -> int:
    """How many digits of 64 pixels the input can hold; 0 where its numbers are no multiple of 64."""
    numbers = torch.Size(settings.input_shape).numel()
    return 0 if numbers % PIXELS else numbers // PIXELS


@cached
def run_layers(model_settings: ModelSettings, settings: RunSettings) -> Run:
    """Calls a fresh model twice with the same input: first in eval(), then in train()."""
    model, generator = fresh(model_settings)
    if settings.source == "digit" and holds_digits(model_settings):
        x = digits(settings.digit, holds_digits(model_settings)).reshape(model_settings.input_shape)
    else:
        x = torch.rand(model_settings.input_shape, generator=generator)
    layers = {name: dict(getattr(model, name).named_parameters()) for name in model.names}
    weights = {name: (p["weight"].detach(), p["bias"].detach()) for name, p in layers.items() if len(p) == 2}
    evaluated, trained = watch(model.eval(), x), watch(model.train(), x)
    return Run(
        model_settings,
        settings,
        ["input", *evaluated.returned],
        [x, *(y.detach().clone() for y in evaluated.returned.values())],
        [x, *(y.detach().clone() for y in trained.returned.values())],
        tuple(f"{type(seen.error).__name__}: {seen.error}" if seen.error else "" for seen in (evaluated, trained)),
        weights,
    )


def digits(first: int, count: int) -> Tensor:
    """So many digits from one on, after the last the first again; shape (count, 8, 8), 0 to 1."""
    images, _ = load_digits()
    return images[(first + torch.arange(count)) % len(images)].float() / BRIGHTEST


def changed(run: Run) -> list[str]:
    """The names of the layers that hand on other numbers in train() than in eval()."""
    pairs = zip(run.names, run.evaluated, run.trained, strict=False)
    return [name for name, evaluated, trained in pairs if not torch.equal(evaluated, trained)]


def zeros(tensor: Tensor) -> int:
    """How many numbers are exactly 0."""
    return int((tensor == 0).sum())


def first_relu(run: Run) -> int | None:
    """The place of the first ReLU among the names; None where none was reached."""
    kinds = [layer.kind for layer in run.model.model[: len(run.names) - 1]]
    return kinds.index("ReLU") + 1 if "ReLU" in kinds else None


def zero_share(tensor: Tensor) -> str:
    """Whether "few", about "half" or "most" of the numbers are 0."""
    share = zeros(tensor) / tensor.numel()
    return next(name for name, (low, high) in ZERO_SHARES.items() if low <= share < high)
