"""Two algorithms side by side: the returns of their episodes, and the ways that they learn."""

from math import isnan

import numpy as np
import pandas as pd

from core.cache import cached
from core.reinforcement_learning.compare import LAST, Many, better
from core.reinforcement_learning.learning import goes_along_pits
from core.reinforcement_learning.settings import ALGORITHMS
from figures.picture import Picture
from figures.reinforcement_learning.curves import curves
from figures.reinforcement_learning.grid import add_kinds, empty_grid, way_of
from figures.style import BLUE, VERMILLION
from figures.words import fmt, plural

SMOOTH = 10  # episodes whose mean is drawn
LOWEST = 0.1  # share of the points of the middle lines that may lie below the picture


def names_of(one: Many, other: Many) -> list[str]:
    """What to call them; told apart if they are the same."""
    names = [ALGORITHMS[many.settings.algorithm] for many in (one, other)]
    return names if names[0] != names[1] else [names[0], f"{names[0]} again"]


def _mean(many: Many) -> str:
    return "not reached" if isnan(many.last_mean) else fmt(many.last_mean)


@cached
def returns_chart(one: Many, other: Many) -> Picture:
    """Returns over the episodes: the mean of all runs, their middle half as a band."""
    smooth = [many.returns.unfold(0, SMOOTH, 1).mean(dim=-1) for many in (one, other)]
    names, n = names_of(one, other), one.returns.shape[1]
    lines = {name: (runs, runs.nanmean(dim=1)) for name, runs in zip(names, smooth, strict=True)}
    figure, _, table = curves(lines, "episode", "return of an episode", first=SMOOTH)
    middles, highs = table[names].to_numpy(), table[[f"{name}, a quarter above" for name in names]].to_numpy()
    if np.isfinite(middles).any():
        low, high = float(np.nanquantile(middles, LOWEST)), float(np.nanmax(highs))
        pad = 0.08 * max(high - low, 0.01 * abs(high), 0.01)  # all alike but for rounding: no axis of 1e−10
        figure.update_yaxes(range=[low - 4 * pad, high + pad])
    figure.update_layout(height=400)
    ends = [f"{name} {_mean(many)}" for name, many in zip(names, (one, other), strict=True)]
    caption = (
        f"Mean of {plural(n, 'run')} and of the last {SMOOTH} episodes; bands: the middle half of the runs. Over the "
        f"last {min(LAST, len(one.returns))} episodes: {' and '.join(ends)}."
    )
    return Picture(figure, caption, f"Lines with bands of returns against episodes. {caption}", table)


@cached
def ways_map(one: Many, other: Many) -> Picture:
    """The way that the largest number of runs of each algorithm have learned."""
    world = one.world
    figure, told, rows = empty_grid(world), [], []
    styles = ((BLUE, "solid", -0.1), (VERMILLION, "dash", 0.1))
    for name, many, (color, dash, aside) in zip(names_of(one, other), (one, other), styles, strict=True):
        ways = many.ways()
        way, count = ways[0]
        line = {"color": color, "dash": dash, "width": 4}
        figure.add_scatter(**way_of(world, way, aside), mode="lines", line=line, name=name, hoverinfo="skip")
        arrives = "" if world.letters[way[-1]] == "G" else ", which does not arrive"
        told.append(f"{name}: {plural(len(way) - 1, 'move')}{arrives}, {count} of {len(many.Q)}")
        rows += [(name, len(way) - 1, world.letters[way[-1]] == "G", count) for way, count in ways]
    add_kinds(figure, world, 0.3)
    figure.update_layout(showlegend=True, margin={"t": 40})
    caption = f"The commonest way of the best moves of all runs. {'; '.join(told)}."
    table = pd.DataFrame(rows, columns=["algorithm", "moves", "arrives", "runs"])
    return Picture(figure, caption, f"Map of cells with two ways. {caption}", table)


def why_better(one: Many, other: Many) -> str:
    """The means at the end, and what makes them differ."""
    names, means = names_of(one, other), [_mean(many) for many in (one, other)]
    told = f"Last episodes: {names[0]} {means[0]}, {names[1]} {means[1]}."
    if one.settings.slip:
        return f"{told} With slips, much is left to chance."
    ways = [list(many.ways()[0][0]) for many in (one, other)]
    told = f"{told} Their commonest ways have {len(ways[0]) - 1} and {len(ways[1]) - 1} moves."
    beside = [goes_along_pits(one.world, way) for way in ways]
    worse = {"one": 1, "other": 0}.get(better(one, other))
    if beside[0] == beside[1] or worse is None or not beside[worse] or not one.settings.epsilon:
        return told
    return f"{told} The one beside the pits costs falls while some moves are random."


def mean_by_hand(one: Many) -> str:
    """The mean return of the first run's last episodes."""
    returns = one.returns[-LAST:, 0]
    if returns.isnan().any():
        return "The first run did not come to its last episodes: its mean is = **not a number**."
    total, n = returns.sum().item(), len(returns)
    name = ALGORITHMS[one.settings.algorithm]
    return (
        f"{name}, seed {one.settings.seed}: the returns of its last {plural(n, 'episode')} add up to {fmt(total, 8)}; "
        f"{fmt(total, 8)} divided by {n} = **{fmt(total / n)}**."
    )
