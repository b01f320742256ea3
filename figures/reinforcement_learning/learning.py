"""A table of values that is learned: four triangles a cell, moment by moment, and its distance to the best table."""

from math import isnan

import numpy as np
import pandas as pd
import torch

from core.cache import cached
from core.reinforcement_learning.learning import (
    Learned,
    arrives,
    best_table,
    distance,
    never_learned,
    route,
    worth,
)
from core.reinforcement_learning.settings import ALGORITHMS
from core.reinforcement_learning.world import place, shortest
from figures.line_chart import line_chart
from figures.picture import Picture
from figures.reinforcement_learning.grid import FRAME, mark, towards, triangle_map, way_of
from figures.style import BLUE, VERMILLION
from figures.words import bracketed, fmt, full, plural

PARTS, AROUND = 20, 5
FOLLOWS = {"q_learning": "max Q(s′)", "sarsa": "Q(s′, a′)", "expected": "mean Q(s′)"}
COUNTS = {
    "q_learning": "the largest Q there",
    "sarsa": "the Q of the move that it makes there next",
    "expected": "the mean Q of its next move",
}


def moments(run: Learned, near: int) -> list[int]:
    """The updates after which the table can be looked at: even and early parts of the run, all around one update."""
    n = run.updates
    even = {round(n * part / PARTS) for part in range(PARTS + 1)}
    early = {round(n ** (part / PARTS)) for part in range(PARTS + 1)}
    close = set(range(max(near - AROUND, 0), near + AROUND + 1))
    change = {run.changed_at} if run.changed_at else set()
    return sorted(moment for moment in even | early | close | change if moment <= n)


@cached
def table_map(run: Learned, near: int, shows: str = "learned") -> Picture:
    """A table as triangles, its best moves as arrows and the way that they make; one frame a moment.

    Args:
        shows: Q as learned, the exact Q*, or how often each move has been made (then no best moves).
    """
    world, steps = run.world, moments(run, near)
    learned, visits = run.tables(steps)
    exact = torch.stack([best_table(run.world_at(step), run.settings.gamma) for step in steps])
    tables = {"learned": learned, "exact": exact, "visits": visits.double()}[shows]
    figure, frames = triangle_map(
        world, tables, {"learned": "Q", "exact": "Q*", "visits": "times made"}[shows] + " (ranks)"
    )
    has_way = not run.settings.slip and shows != "visits"  # where moves slip, there is no one way
    routes = [route(run.world_at(step), Q) if has_way else [world.start] for step, Q in zip(steps, tables, strict=True)]
    ways = [way_of(world, cells) for cells in routes]
    marks = [mark(world, int(run.cell[max(step, 1) - 1])) for step in steps]
    line = {"color": VERMILLION, "width": 3, "dash": "dash"}
    figure.add_scatter(**ways[0], mode="lines", line=line, hoverinfo="skip")
    figure.add_scatter(**marks[0], **FRAME | {"line": {"color": BLUE, "width": 3}})
    for frame, way, here in zip(frames, ways, marks, strict=True):
        frame["traces"] += [4, 5]
        frame["data"] += [way, here]
    cells, best = world.is_open.nonzero().flatten().tolist(), exact[-1]
    rows = [
        (place(world, cell), name, learned[-1][cell, a].item(), best[cell, a].item(), int(visits[-1][cell, a]))
        for cell in cells
        for a, name in enumerate(world.rules.actions)
    ]
    table = pd.DataFrame(rows, columns=["cell", "move", "Q at the end", "Q*, exact", "times made"])
    caption = _caption(run, learned[-1], exact[-1], visits[-1], shows)
    return Picture(figure, caption, f"Map of cells with four triangles each, and a way. {caption}", table, frames)


def _caption(run: Learned, Q: torch.Tensor, best: torch.Tensor, visits: torch.Tensor, shows: str) -> str:
    if shows == "learned":
        read = "Each triangle is a move and its Q, the return that it promises: the bluer, the better (by rank)."
        return f"{read} {_outcome(run, Q)}"
    if shows == "exact":
        return (
            "Each triangle is a move and its exact Q*, what it is worth if the best moves follow. The start is worth "
            f"{fmt(best[run.world.start].max().item())}."
        )
    tried, moves = int((visits[run.world.is_open] > 0).sum()), 4 * int(run.world.is_open.sum())
    return (
        "Each triangle is a move: the bluer, the more often it was made (by rank); arrows show the most frequent. "
        f"{tried} of {moves} were tried."
    )


def _outcome(run: Learned, Q: torch.Tensor) -> str:
    if never_learned(run):
        return f"After {plural(run.updates, 'update')} every Q is still 0: no reward has ever come."
    after = f"After {plural(run.updates, 'update')}{', the limit of a run,' if run.cut else ''}"
    if run.settings.slip:
        now, best = worth(run.world, Q, run.settings.gamma)
        most = "" if isnan(best) else f"; at most {fmt(best)} is possible"
        return f"{after} its best moves are worth {fmt(now)} at the start, slips counted{most}."
    way, best = route(run.world, Q), shortest(run.world)
    if not arrives(run.world, way):
        return f"{after} the dashed way of the best moves does not come to the goal."
    least = "" if best is None else f"; the shortest has {best}"
    return f"{after} the dashed way of the best moves has {plural(len(way) - 1, 'move')}{least}."


def labels(run: Learned, near: int) -> list[str]:
    """What to say at each moment."""
    names, found = run.world.rules.actions, []
    for step in moments(run, near):
        if step == 0:
            found.append("Before the first update: every Q is 0.")
            continue
        i = step - 1
        what = f"{towards(names[int(run.action[i])])} from {place(run.world, int(run.cell[i]))} (framed)"
        found.append(f"Update {step:,}, episode {int(run.episode[i])}: {what}, reward {fmt(run.reward[i].item())}.")
    return found


def update_by_hand(run: Learned, step: int) -> str:
    """One update in numbers."""
    if step == 0:
        return "Before the first update every Q is = **0**."
    i, settings, names = step - 1, run.settings, run.world.rules.actions
    alpha, gamma, r = settings.alpha, settings.gamma, run.reward[i].item()
    old, follow = (float(f"{values[i].item():.6g}") for values in (run.old, run.follow))
    new, cell, after = old + alpha * (r + gamma * follow - old), int(run.cell[i]), int(run.after[i])
    ended = bool(run.ends[i])
    what = (
        "the end, after which nothing follows"
        if ended
        else f"{place(run.world, after)}, which counts {COUNTS[settings.algorithm]}"
    )
    formula = "r" if ended else f"r + γ {FOLLOWS[settings.algorithm]}"
    numbers = fmt(r) if ended else f"{fmt(r)} + {full(gamma)} · {bracketed(follow, 6)}"
    return (
        f"Update {step:,}, {ALGORITHMS[settings.algorithm]}: {towards(names[int(run.action[i])])} from "
        f"{place(run.world, cell)} brings {fmt(r)} and leads to {what}. Q ← Q + α [{formula} − Q]: {fmt(old, 6)} + "
        f"{full(alpha)} · [{numbers} − {bracketed(old, 6)}] = **{fmt(new, 5)}**."
    )


@cached
def distance_chart(run: Learned, near: int) -> Picture:
    """How far the table is from the best one after each episode."""
    ends = torch.bincount(run.episode).cumsum(0).tolist()  # the last update of each episode; the first entry is 0
    tables, _ = run.tables(ends)
    gamma, middle = run.settings.gamma, len(ends)
    if run.changed_at is not None:
        middle = ends.index(run.changed_at) + 1
    before = distance(run.first_world, tables[:middle], best_table(run.first_world, gamma))
    after = distance(run.world, tables[middle:], best_table(run.world, gamma)) if middle < len(ends) else before[:0]
    gaps = torch.cat([before, after]).numpy()
    steps = np.searchsorted(ends, moments(run, near), side="left").tolist()
    change = ", of the new world after the change" if run.world is not run.first_world else ""
    caption = (
        f"The root mean square of Q − Q* over all cells, where Q* are the exact values of the best moves{change}. At "
        f"the end it is {fmt(float(gaps[-1]), 3)}; moves that are never tried again keep their error."
    )
    return line_chart({"distance to Q*": gaps}, steps, "distance", caption, unit="episode")


def why_way(run: Learned) -> str:
    """How the learned way goes, and why."""
    Q = run.tables([run.updates])[0][-1]
    way = route(run.world, Q)
    if not arrives(run.world, way):
        return "The way of its best moves does not come to the goal."
    reasons = {
        "q_learning": "Q-learning counts the best next move, as if it would never explore on the way.",
        "sarsa": "SARSA counts the move that it really makes next, exploring ones too.",
        "expected": "Expected SARSA counts the mean of its next moves, exploring ones too.",
    }
    return f"Its way has {plural(len(way) - 1, 'move')}. {reasons[run.settings.algorithm]}"
