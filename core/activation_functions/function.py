"""Activation functions as curves: value, slope, second derivative, saturated stretches, and corners."""

from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor

from core.activation_functions.known import GELU_WITH_TANH, KNOWN, Known
from core.activation_functions.modules import Activation, second_derivative, value_and_slope
from core.activation_functions.settings import REACH, FunctionSettings
from core.cache import cached

POINTS = 2401  # 1/200 apart
FLAT = 0.05  # a slope smaller than this, up or down, lets next to nothing of an error through
CELLS, HALVINGS = 1201, 36  # an odd number, so that 0 is not between two cells
H = 0.01  # of the difference quotient
NEAR = 1e-6  # a corner's sides are looked at from so far away


@dataclass(frozen=True)
class Corner:
    """Where the slope jumps, or the value.

    Attributes:
        z: where. values, slopes: close to it on the left and on the right.
        torch_slope: what autograd returns exactly there.
    """

    z: float
    values: tuple[float, float]
    slopes: tuple[float, float]
    torch_slope: float

    @property
    def is_jump(self) -> bool:
        """Whether the value itself jumps."""
        return abs(self.values[1] - self.values[0]) > 1e-4


@dataclass(frozen=True, eq=False)
class Curve:
    """One activation function.

    Attributes:
        z: shape (points,). values, slopes: f and autograd's f', the same shape.
        curvatures: f'', the same shape; None where torch has none.
        at, value, slope, curvature: where the reader stands. around: f at `at` - H and `at` + H.
        corners: from left to right.
    """

    activation: Activation
    z: Tensor
    values: Tensor
    slopes: Tensor
    curvatures: Tensor | None
    at: float
    value: float
    slope: float
    curvature: float | None
    around: tuple[float, float]
    corners: tuple[Corner, ...]

    @property
    def name(self) -> str:
        return self.activation.name

    @property
    def known(self) -> Known | None:
        """Its formula and idea, if they are known."""
        return GELU_WITH_TANH if getattr(self.activation, "approximate", "") == "tanh" else KNOWN.get(self.name)

    @property
    def saturated_share(self) -> float:
        """The share of the drawn axis on which it is saturated."""
        return (self.slopes.abs() < FLAT).double().mean().item()

    @property
    def saturated(self) -> list[tuple[float, float]]:
        """The stretches of the drawn axis on which it is saturated."""
        flat = torch.nn.functional.pad((self.slopes.abs() < FLAT).int(), (1, 1))
        edges = flat.diff().nonzero()[:, 0].tolist()
        ends = zip(edges[::2], edges[1::2], strict=True)
        z = [round(place, 3) + 0.0 for place in self.z.tolist()]
        return [(z[a], z[b - 1]) for a, b in ends if b - a > 1]

    @property
    def passes(self) -> str:
        """What it makes of the sum: "same" leaves it, "zero" passes 0, "both" where that is the same, else "other"."""
        same, zero = self.value == self.at, self.value == 0
        return "both" if same and zero else "same" if same else "zero" if zero else "other"


@cached
def curve(activation: Activation, at: float) -> Curve:
    """The function over the drawn axis, and at one place."""
    module, (z, values, slopes, bends) = activation.make(), over_the_axis(activation)
    here = torch.tensor([at, at - H, at + H], dtype=torch.float64)
    (value, *around), (slope, *_) = (found.tolist() for found in value_and_slope(module, here))
    bend = second_derivative(module, here[:1])
    at_z = {"at": at, "value": value, "slope": slope, "curvature": None if bend is None else bend.item()}
    return Curve(activation, z, values, slopes, bends, **at_z, around=tuple(around), corners=corners(activation))


@cached
def over_the_axis(activation: Activation) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
    """The drawn axis, f, f' and f'' on it."""
    module, z = activation.make(), torch.linspace(-REACH, REACH, POINTS, dtype=torch.float64)
    return z, *value_and_slope(module, z), second_derivative(module, z)


@cached
def corners(activation: Activation) -> tuple[Corner, ...]:
    """Every place of the drawn axis where slope or value jumps, found by halving.

    Each cell keeps the half in which value and slope change more. In the end a cell is 1e-13 wide: what still changes
    in it jumps.
    """
    module = activation.make()
    edges = torch.linspace(-REACH, REACH, CELLS + 1, dtype=torch.float64)
    low, high = edges[:-1], edges[1:]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        left = _change(module, low, middle) >= _change(module, middle, high)
        low, high = torch.where(left, low, middle), torch.where(left, middle, high)
    places = {round(z, 9) + 0.0 for z in low[_change(module, low, high) > NEAR].tolist()}
    return tuple(_corner(module, z) for z in sorted(places))


def _change(module: nn.Module, low: Tensor, high: Tensor) -> Tensor:
    changes = zip(value_and_slope(module, low), value_and_slope(module, high), strict=True)
    return sum((before - after).abs() for before, after in changes)


def _corner(module: nn.Module, z: float) -> Corner:
    around = torch.tensor([z - NEAR, z + NEAR, z], dtype=torch.float64)
    values, slopes = (found.tolist() for found in value_and_slope(module, around))
    return Corner(z, tuple(values[:2]), tuple(slopes[:2]), slopes[2])


def compared(name: str, settings: FunctionSettings) -> list[str]:
    """The names of all curves that are drawn, each once, the chosen one first."""
    others = (settings.second, settings.third, settings.fourth)
    return list(dict.fromkeys([name, *(other for other in others if other != "none")]))
