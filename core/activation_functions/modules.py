"""The activation functions of the installed PyTorch: found in torch itself, each with its parameters as settings.

`Step`, which torch does not have, is the course's; `Identity` is torch's module that changes nothing.
"""

import dataclasses
import inspect
from dataclasses import dataclass
from typing import ClassVar

import torch
import torch.nn as nn
from torch import Tensor
from torch.nn.modules import activation

from core.activation_functions.known import KNOWN
from core.settings import Choice, Parameter, Real, Settings, parameter, parameters

ALONG = "dim"  # what takes it works along a dimension: it mixes numbers
SHARES = (0.0, 0.01, 0.05, 0.1, 0.2)

# What is called the same means the same, but for those that stand under the class, too. No two bounds can conflict.
KINDS: dict[str, Parameter] = {
    "negative_slope": Real("Slope below 0, a", 0.0, 1.0, (*SHARES, 0.5, 1.0)),
    "init": Real("Slope below 0, a", -1.0, 2.0, (-1.0, -0.5, 0.0, 0.25, 0.5, 1.0, 2.0), help="Where learning starts."),
    "lower": Real("Least slope below 0, l", 0.0, 0.2, (*SHARES, 0.125)),
    "upper": Real("Largest slope below 0, u", 0.2, 1.0, (0.2, 1 / 3, 0.5, 1.0)),
    "alpha": Real("Depth α", 0.1, 5.0, (0.1, 0.5, 1.0, 1.5, 2.0, 5.0), help="Far below 0 the curve goes to −α."),
    "beta": Real("Sharpness β", 0.1, 10.0, (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)),
    "threshold": Real("Threshold", -3.0, 3.0, (-3.0, -1.0, 0.0, 1.0, 2.0, 3.0)),
    "Softplus.threshold": Real("Straight from β·z =", 0.5, 50.0, (0.5, 1.0, 2.0, 5.0, 20.0, 50.0)),
    "value": Real("Value below it, v", -3.0, 3.0, (-3.0, -1.0, 0.0, 1.0, 3.0)),
    "lambd": Real("Width λ", 0.05, 3.0, (0.05, 0.25, 0.5, 1.0, 2.0, 3.0)),
    "min_val": Real("Lowest output, min", -4.0, -0.1, (-4.0, -2.0, -1.0, -0.5, -0.1)),
    "max_val": Real("Highest output, max", 0.1, 4.0, (0.1, 0.5, 1.0, 2.0, 4.0)),
    "approximate": Choice("Formula", {"none": "exact", "tanh": "with tanh"}, help="GPT-2 uses the one with tanh."),
}
NEEDED = {"threshold": 1.0, "value": 0.0}  # what torch has no default for


class Step(nn.Module):
    """1 where z > 0, else 0, as the perceptron answers. Its derivative in torch is 0 everywhere."""

    def forward(self, z: Tensor) -> Tensor:
        return z.relu().sign()


OWN = {"Step": Step, "Identity": nn.Identity}
CODE = {"Step": "lambda z: z.relu().sign()"}


@dataclass(frozen=True)
class Activation(Settings):
    """One activation function with its parameters. The fields come from its module's signature."""

    name: ClassVar[str]

    def make(self) -> nn.Module:
        """The module, in double precision, as it works outside of training."""
        return _made(self.name, vars(self)).eval()

    @property
    def code(self) -> str:
        """The expression that makes it."""
        if self.name in CODE:
            return CODE[self.name]
        given = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        given += ", dtype=torch.float64" * (self.name == "PReLU")  # its slope is a weight
        return f"nn.{self.name}({given}){'.eval()' * (self.name == 'RReLU')}"  # in training it is random


def activation_modules() -> dict[str, type[nn.Module]]:
    """Name -> class, for every activation module of torch that maps each number by itself to one number."""
    found = {name: getattr(activation, name) for name in activation.__all__}
    return {name: module for name, module in found.items() if _is_scalar(name, module)}


def _is_scalar(name: str, module: type[nn.Module]) -> bool:
    signature = inspect.signature(module.__init__).parameters
    needed = [p.name for p in signature.values() if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    if ALONG in signature or set(needed) - {"self", *NEEDED}:
        return False
    made = _made(name, {key: value for key, value in NEEDED.items() if key in needed}).eval()
    z = torch.linspace(-2, 2, 24, dtype=torch.float64).reshape(2, 3, 4)
    try:
        together, alone = made(z), torch.stack([made(one.reshape(1, 1, 1)) for one in z.flatten()])
    except RuntimeError:
        return False
    return together.shape == z.shape and torch.allclose(together.flatten(), alone.flatten())


def _made(name: str, given: dict[str, object]) -> nn.Module:
    module = OWN.get(name) or getattr(activation, name)
    double = {"dtype": torch.float64} if "dtype" in inspect.signature(module.__init__).parameters else {}
    return module(**given, **double)


def _class_of(name: str, module: type[nn.Module]) -> type[Activation]:
    fields = []
    for known in inspect.signature(module.__init__).parameters.values():
        kind = KINDS.get(f"{name}.{known.name}", KINDS.get(known.name))
        if kind is not None:
            default = NEEDED[known.name] if known.default is known.empty else known.default
            default = float(default) if isinstance(kind, Real) else default
            fields.append((known.name, type(default), parameter(default, kind)))
    made = dataclasses.make_dataclass(f"{name}Activation", fields, bases=(Activation,), frozen=True)
    made.name, made.__module__, made.__doc__ = name, __name__, f"{name} and its parameters."
    return made


def _every() -> dict[str, type[Activation]]:
    modules = activation_modules() | OWN
    ordered = [name for name in KNOWN if name in modules] + sorted(modules.keys() - KNOWN.keys())
    return {name: _class_of(name, modules[name]) for name in ordered}


# Made once, while the module is imported: visitors' threads that each made their own would not know each other's.
ACTIVATIONS = _every()
SAID = {"Step": "Step (the perceptron's)", "Identity": "Identity (no activation)"}
NAMES = {name: SAID.get(name, name) for name in ACTIVATIONS}  # as a list on the page says them


def parameters_of(name: str) -> list[str]:
    """The names of its parameters in the link."""
    return [f"{name}.{field}" for field in parameters(ACTIVATIONS[name])]


def value_and_slope(module: nn.Module, z: Tensor) -> tuple[Tensor, Tensor]:
    """f(z) and autograd's derivative f'(z), both of z's shape."""
    leaf = z.clone().requires_grad_()
    values = module(leaf)
    (slopes,) = torch.autograd.grad(values.sum(), leaf)
    return values.detach(), slopes


def second_derivative(module: nn.Module, z: Tensor) -> Tensor | None:
    """Autograd's derivative of f' at z; None where torch has none, as of Hardsigmoid.

    For Softsign it is the same in closed form: there torch would import a computer algebra system, which takes 36 MB,
    to add zeros.
    """
    if isinstance(module, nn.Softsign):
        return -2 * z.sign() / (1 + z.abs()) ** 3
    leaf = z.clone().requires_grad_()
    (slopes,) = torch.autograd.grad(module(leaf).sum(), leaf, create_graph=True)
    if not slopes.requires_grad:  # a constant
        return torch.zeros_like(z)
    try:
        return torch.autograd.grad(slopes.sum(), leaf)[0]
    except RuntimeError:  # not implemented
        return None
