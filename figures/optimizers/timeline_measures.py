"""What is drawn over time: height, length of the gradient and distance to the goal of every optimizer."""

from typing import NamedTuple

import numpy as np
from torch import Tensor

from core.optimizers.measures import distances, gradient_norms, ground, heights
from core.optimizers.race import Race
from figures.optimizers.heights import title as height_title

Curves = dict[str, np.ndarray]


class Measure(NamedTuple):
    """What a chart shows.

    Attributes:
        axis: the axis title, without its scale. name: for the caption and the table.
        curves: the values of each run. signed: whether they lie to both sides of 0.
    """

    axis: str
    name: str
    curves: Curves
    signed: bool = False


def loss_measure(race: Race) -> Measure:
    """Heights above the lowest minimum; f itself where there is none, or where a run got below it."""
    known = ground(race)
    if not known.known:
        return Measure("f", "f", {run.name: _plain(run.loss) for run in race.runs}, True)
    axis = height_title(known.level).removesuffix(", log scale")
    return Measure(axis, axis, {run.name: _plain(heights(run, known)) for run in race.runs})


def gradient_measure(race: Race) -> Measure:
    """Lengths of the gradient."""
    curves = {run.name: _plain(gradient_norms(run)) for run in race.runs}
    return Measure("gradient length", "Length of the gradient", curves)


def distance_measure(race: Race) -> Measure | None:
    """Distances to the nearest of the lowest minima; None where there is none."""
    known = ground(race)
    if not known.goals:
        return None
    curves = {run.name: _plain(distances(run, known)) for run in race.runs}
    return Measure("distance", "Distance to the nearest lowest minimum", curves)


def _plain(values: Tensor) -> np.ndarray:
    with np.errstate(over="ignore"):  # beyond 3.4e38 it is infinite, and a gap
        return values.numpy().astype(np.float32)
