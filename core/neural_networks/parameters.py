"""The state_dict of a fresh model: what is learned, what is frozen, what is only kept; and who finds it."""

from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor

from core.cache import cached
from core.neural_networks.model import fresh, init_bound
from core.neural_networks.settings import ModelSettings, ParameterSettings

ENOUGH = 100  # numbers, to say how they are spread
EVEN = 2.4  # kurtosis: 1.8 of even numbers, 3 of a bell


@dataclass(frozen=True, eq=False)
class Entry:
    """One tensor of the state_dict.

    Attributes:
        kind: "learned", "frozen" (requires_grad is False) or "buffer".
        bound: the first values lie between -bound and bound; None where they are not drawn at random.
    """

    name: str
    values: Tensor
    kind: str
    bound: float | None


@dataclass(frozen=True, eq=False)
class Parameters:
    """All of them, and what named_parameters() finds of the same layers in four containers."""

    model: ModelSettings
    settings: ParameterSettings
    entries: list[Entry]
    containers: dict[str, dict[str, int]]

    def count(self, *kinds: str) -> int:
        """How many numbers are of these kinds."""
        return sum(entry.values.numel() for entry in self.entries if entry.kind in kinds)


@cached
def list_parameters(model_settings: ModelSettings, settings: ParameterSettings) -> Parameters:
    """Makes the model, freezes its first layers, and asks it for its tensors."""
    model, _ = fresh(model_settings)
    learning = [layer for layer in model.children() if list(layer.parameters())]
    for layer in learning[: settings.frozen]:
        layer.requires_grad_(False)
    found, entries = dict(model.named_parameters()), []
    for name, values in model.state_dict().items():
        kind = "buffer" if name not in found else "learned" if found[name].requires_grad else "frozen"
        layer = model.get_submodule(name.rpartition(".")[0])
        drawn = isinstance(layer, nn.Linear | nn.Conv2d)
        entries.append(Entry(name, values.detach().clone(), kind, init_bound(layer.weight) if drawn else None))
    return Parameters(model_settings, settings, entries, containers(model))


def containers(model: nn.Module) -> dict[str, dict[str, int]]:
    """Container -> what named_parameters() finds when the layers lie in it, as an attribute `layers`: name -> count."""
    layers = list(model.children())
    found = {}
    kept = {
        "nn.Sequential": nn.Sequential(*layers),
        "nn.ModuleList": nn.ModuleList(layers),
        "nn.ModuleDict": nn.ModuleDict(model.named_children()),
        "a plain list": layers,
    }
    for container, content in kept.items():
        holder = nn.Module()
        holder.layers = content
        found[container] = {name: p.numel() for name, p in holder.named_parameters()}
    return found


def attributes() -> dict[str, tuple[bool, bool, str]]:
    """How a tensor is kept -> whether parameters() has it, whether state_dict() has it, its dtype after .double()."""
    found = {}
    for how in ("nn.Parameter", "register_buffer", "a plain tensor"):
        module, tensor = nn.Module(), torch.zeros(3)
        if how == "register_buffer":
            module.register_buffer("kept", tensor)
        else:
            module.kept = nn.Parameter(tensor) if how == "nn.Parameter" else tensor
        learned, saved = "kept" in dict(module.named_parameters()), "kept" in module.state_dict()
        found[how] = (learned, saved, str(module.double().kept.dtype).removeprefix("torch."))
    return found


def spread(values: Tensor) -> str:
    """Whether numbers are all the "same", spread "even" between bounds, or in a "bell"; "few" where too few say so.

    By the kurtosis, the mean of the fourth power of the distance to the mean in standard deviations.
    """
    values = values.double().flatten()
    if len(values) < ENOUGH:
        return "few"
    if (values == values[0]).all():
        return "same"
    z = (values - values.mean()) / values.std(correction=0)
    return "even" if (z**4).mean() < EVEN else "bell"
