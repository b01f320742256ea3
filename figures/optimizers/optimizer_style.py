"""How each optimizer looks in every figure: its family has the colour, and it has a dash and a marker of its own.

The four that race by default stand in different families, and differ in dash, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.optim.known import DEFAULT_OPTIMIZERS, FAMILIES, OPTIMIZERS
from figures.style import BLUE, GREEN, GREY, PURPLE, VERMILLION

COLORS = dict(zip(FAMILIES, (BLUE, VERMILLION, GREEN, PURPLE, GREY), strict=True))
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
MARKERS = {
    "sgd": ("circle", "cross"),
    "momentum": ("square", "diamond"),
    "scaled": ("triangle-up", "triangle-down", "pentagon", "hexagon"),
    "adam": ("x", "star", "hourglass", "bowtie", "star-diamond", "star-triangle-up"),
    "other": ("circle-x", "square-cross", "diamond-tall"),
}


@dataclass(frozen=True)
class OptimizerStyle:
    """Colour, dash and marker of one optimizer."""

    color: str
    dash: str
    marker: str


def style(name: str) -> OptimizerStyle:
    """The style of an optimizer."""
    family = OPTIMIZERS[name].family
    members = [other for other, known in OPTIMIZERS.items() if known.family == family]
    place = sorted(members, key=lambda other: other not in DEFAULT_OPTIMIZERS).index(name)
    dash = DASHES[(list(FAMILIES).index(family) + place) % len(DASHES)]
    return OptimizerStyle(COLORS[family], dash, MARKERS[family][place])


def heads(names: Sequence[str], follow: str, size: float = 8) -> dict[str, object]:
    """The markers of some optimizers in one trace; the followed one's is larger."""
    return {
        "color": [style(name).color for name in names],
        "symbol": [style(name).marker for name in names],
        "size": [1.6 * size if name == follow else size for name in names],
        "line": {"color": "white", "width": 1},
    }


look = style  # callers are on their way to `style`
Look = OptimizerStyle
