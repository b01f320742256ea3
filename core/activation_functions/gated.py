"""Gated linear units: a value, and a gate that decides how much of it passes."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor

from core.activation_functions.settings import HIGHEST_VALUE, REACH, GatedSettings

GRID = 61
ROOT_TWO_PI = math.sqrt(2 * math.pi)


def _sigmoid(g: float) -> float:
    return 1 / (1 + math.exp(-g))


def _normal_share(g: float) -> float:
    return 0.5 * (1 + math.erf(g / math.sqrt(2)))


@dataclass(frozen=True)
class Gate:
    """One way to open a gate.

    Attributes:
        make: the module σ. says: σ(g) as a formula.
        slope: σ'(g) by its closed form. code: the same as the program has it, with s = sigmoid(g).
    """

    make: type[nn.Module]
    says: str
    slope: Callable[[float], float]
    code: str


GATES = {
    "glu": Gate(nn.Sigmoid, "1 / (1 + e^(−g))", lambda g: _sigmoid(g) * (1 - _sigmoid(g)), "s * (1 - s)"),
    "swiglu": Gate(
        nn.SiLU, "g / (1 + e^(−g))", lambda g: _sigmoid(g) * (1 + g * (1 - _sigmoid(g))), "s * (1 + g * (1 - s))"
    ),
    "geglu": Gate(
        nn.GELU,
        "g·Φ(g)",
        lambda g: _normal_share(g) + g * math.exp(-g * g / 2) / ROOT_TWO_PI,
        "torch.special.ndtr(g) + g * torch.exp(-g * g / 2) / (2 * torch.pi) ** 0.5",
    ),
    "reglu": Gate(nn.ReLU, "max(0, g)", lambda g: float(g > 0), "(g > 0).double()"),
    "bilinear": Gate(nn.Identity, "g", lambda _: 1.0, "torch.ones_like(g)"),
}


@dataclass(frozen=True, eq=False)
class Gated:
    """A gated unit around the reader's point.

    Attributes:
        g, a: the axes of the map, shape (GRID,). outputs: a·σ(g), row by row in a, shape (GRID, GRID).
        along_g, along_a: the output on the lines through the point, shape (GRID,).
        gate, output: at the point. slopes: there by a and by g, from autograd. formulas: the same by closed forms.
    """

    settings: GatedSettings
    g: Tensor
    a: Tensor
    outputs: Tensor
    along_g: Tensor
    along_a: Tensor
    gate: float
    output: float
    slopes: tuple[float, float]
    formulas: tuple[float, float]

    @property
    def passes(self) -> str:
        """How much of a value passes: "none" of it (below a tenth), a "part", "all" (nine tenths or more), "turned"."""
        if abs(self.gate) < 0.1:
            return "none"
        return "turned" if self.gate < 0 else "all" if self.gate >= 0.9 else "part"


def gated(settings: GatedSettings) -> Gated:
    """The output over value and gate, with its two slopes at the reader's point."""
    gate, (a, g) = GATES[settings.gate], (settings.a, settings.g)
    module = gate.make()
    g_axis = torch.linspace(-REACH, REACH, GRID, dtype=torch.float64)
    a_axis = torch.linspace(-HIGHEST_VALUE, HIGHEST_VALUE, GRID, dtype=torch.float64)
    opened = module(g_axis)
    point = torch.tensor([a, g], dtype=torch.float64, requires_grad=True)
    output = point[0] * module(point[1])
    (slopes,) = torch.autograd.grad(output, point)
    factor = module(point[1]).item()
    return Gated(
        settings,
        g=g_axis,
        a=a_axis,
        outputs=a_axis[:, None] * opened,
        along_g=a * opened,
        along_a=a_axis * factor,
        gate=factor,
        output=output.item(),
        slopes=tuple(slopes.tolist()),
        formulas=(factor, a * gate.slope(g)),
    )
