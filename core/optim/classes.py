"""The optimizer classes of the installed PyTorch, their hyperparameters and defaults, read from their signatures."""

import inspect
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.optim import Optimizer, SparseAdam

# How an update is carried out on the machine, or its sign: no hyperparameter of the method.
EXECUTION = ("params", "self", "foreach", "fused", "capturable", "differentiable", "maximize")
FOLLOWS = ("max_eval",)  # None by default, which lets it follow another: 5/4 of max_iter
PARTS = {  # a hyperparameter that is a tuple, and what its parts are called
    "betas": ("beta1", "beta2"),
    "etas": ("eta_minus", "eta_plus"),
    "step_sizes": ("step_min", "step_max"),
    "ns_coefficients": ("ns_a", "ns_b", "ns_c"),
    "eps": ("eps1", "eps2"),
}


@dataclass(frozen=True)
class Hyperparameter:
    """One number, switch or name that an optimizer is made with.

    Attributes:
        name: ours; a part of a tuple has a name of its own (`beta1`).
        keyword: the constructor's (`betas`). place: which part of the tuple, None if it is no tuple.
        default: PyTorch's.
    """

    name: str
    keyword: str
    place: int | None
    default: object


def optimizer_classes() -> dict[str, type[Optimizer]]:
    """Name -> class, for every optimizer that `torch.optim` exports."""
    found = {name: getattr(torch.optim, name) for name in dir(torch.optim)}
    return {
        name: value
        for name, value in found.items()
        if isinstance(value, type) and issubclass(value, Optimizer) and value is not Optimizer
    }


def hyperparameters(optimizer: str) -> list[Hyperparameter]:
    """What an optimizer is made with, in the order of its signature; a tuple part by part.

    A part that is None by default (Adafactor's first eps, which then follows the dtype) stays so and is left out.
    """
    found = []
    for name, parameter in inspect.signature(optimizer_classes()[optimizer].__init__).parameters.items():
        default = parameter.default
        if name in (*EXECUTION, *FOLLOWS):
            continue
        if isinstance(default, tuple):
            parts = zip(PARTS[name], default, strict=False)
            found += [
                Hyperparameter(part, name, i, value) for i, (part, value) in enumerate(parts) if value is not None
            ]
        else:
            found.append(Hyperparameter(name, name, None, default))
    return found


def keywords(optimizer: str, values: dict[str, object]) -> dict[str, object]:
    """The constructor's keywords for some hyperparameters by our names; all others keep PyTorch's defaults.

    >>> keywords("Adam", {"lr": 0.01, "beta1": 0.8})
    {'lr': 0.01, 'betas': (0.8, 0.999)}
    """
    signature = inspect.signature(optimizer_classes()[optimizer].__init__).parameters
    found: dict[str, object] = {}
    for known in hyperparameters(optimizer):
        if known.name not in values:
            continue
        value = values[known.name]
        if known.place is None:
            found[known.keyword] = value
        else:
            parts = list(found.get(known.keyword, signature[known.keyword].default))
            parts[known.place] = value
            found[known.keyword] = tuple(parts)
    return found


def as_taken(optimizer: Optimizer, gradient: Tensor) -> Tensor:
    """The gradient in the form that an optimizer takes: SparseAdam takes no dense one, the others no sparse one."""
    return gradient.to_sparse() if isinstance(optimizer, SparseAdam) else gradient
