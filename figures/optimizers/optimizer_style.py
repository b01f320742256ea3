"""How each optimizer looks in every figure: its family has the colour, and it has a dash and a marker of its own."""

from dataclasses import dataclass

from core.optim.known import OPTIMIZERS
from figures.style import BLUE, GREEN, PURPLE, VERMILLION

COLORS = {"sgd": BLUE, "scaled": GREEN, "adam": VERMILLION, "other": PURPLE}
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
MARKERS = {
    "sgd": ("circle", "square", "diamond", "cross"),
    "scaled": ("triangle-up", "triangle-down", "pentagon", "hexagon"),
    "adam": ("x", "star", "hourglass", "bowtie", "star-diamond", "star-triangle-up"),
    "other": ("circle-x", "square-cross", "diamond-tall"),
}


@dataclass(frozen=True)
class Look:
    """Colour, dash and marker of one optimizer."""

    color: str
    dash: str
    marker: str


def look(name: str) -> Look:
    """The look of a optimizer."""
    family = OPTIMIZERS[name].family
    place = [other for other, optimizer in OPTIMIZERS.items() if optimizer.family == family].index(name)
    return Look(COLORS[family], DASHES[place], MARKERS[family][place])
