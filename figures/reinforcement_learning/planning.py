"""Value iteration: the values of all cells sweep by sweep, and one cell's backup in numbers."""

import numpy as np
import pandas as pd
import torch

from core.cache import cached
from core.reinforcement_learning.planning import Plan, greedy
from core.reinforcement_learning.world import place
from figures.line_chart import frame_steps, line_chart
from figures.picture import Picture
from figures.reinforcement_learning.grid import FRAME, arrows, mark, said, towards, value_map
from figures.words import bracketed, fmt, full, listed, plural


def moments(found: Plan) -> list[int]:
    """The sweeps that can be looked at."""
    return frame_steps(len(found.values) - 1)


@cached
def plan_map(found: Plan, cell: int) -> Picture:
    """V as shades with its number, and arrows for the best moves; one frame a sweep."""
    world, sweeps = found.world, moments(found)
    values, largest = found.values[sweeps], found.values[:, world.is_open].abs().max().item()
    lines = []
    for sweep in sweeps:
        ways = arrows(world, found.moves(sweep))
        numbers = [said(value, largest) for value in found.values[sweep].tolist()]
        lines.append([f"{n}<br>{way}" for n, way in zip(numbers, ways, strict=True)])
    figure, frames = value_map(world, values, lines, "V")
    figure.add_scatter(**mark(world, cell), **FRAME)
    last, V = len(found.values) - 1, found.values[-1, world.start].item()
    ending = (
        f"After {plural(last, 'sweep')} no value changes visibly any more"
        if found.settled
        else f"{last} sweeps did not settle it"
    )
    caption = (
        f"V, the return to expect from each cell with the best moves (arrows, all that tie). {ending}; the start is "
        f"then worth {fmt(V)}."
    )
    rows, columns = world.shape
    table = pd.DataFrame(
        {
            "row": np.repeat(np.arange(1, rows + 1), columns),
            "column": np.tile(np.arange(1, columns + 1), rows),
            "V at the end": torch.where(world.is_open, found.values[-1], torch.nan).numpy(),
        }
        | {f"Q {name}": found.moves()[:, a].numpy() for a, name in enumerate(world.rules.actions)}
    )
    return Picture(figure, caption, f"Map of cells with their values. {caption}", table, frames)


def labels(found: Plan) -> list[str]:
    """What to say at each moment."""
    start = found.values[:, found.world.start].tolist()
    changes = [0.0, *found.changes.tolist()]
    return [
        f"Sweep {sweep}: the start is worth {fmt(start[sweep])}; largest change {fmt(changes[sweep], 3)}."
        for sweep in moments(found)
    ]


@cached
def change_chart(found: Plan) -> Picture:
    """The largest change of a value in each sweep."""
    changes = found.changes.numpy()
    lines = {"largest change of V": np.append(changes, changes[-1])}
    if found.gamma < 1:
        lines["its limit, first change · γᵏ"] = changes[0] * found.gamma ** np.arange(len(changes) + 1)
    steps = [min(step, len(changes)) for step in moments(found)]
    bound = "" if found.gamma == 1 else f" Each is at most γ = {full(found.gamma)} times the one before it."
    caption = f"How much the next sweep changes the value that it changes most.{bound}"
    return line_chart(lines, steps, "change", caption, unit="sweep")


def backup_by_hand(found: Plan, sweep: int, cell: int) -> str:
    """Every move of a cell in numbers, from the values before the next sweep."""
    world, V, gamma = found.world, found.values[sweep].tolist(), found.gamma
    if not world.is_open[cell]:
        return f"Nobody stands at {place(world, cell)}: choose another cell."
    rows, results = [], []
    for a, name in enumerate(world.rules.actions):
        terms, total = [], 0.0
        for chance, after, reward, end in world.outcomes(cell, a):
            third = abs(chance - 1 / 3) < 1e-9  # no decimal number says it
            p, v = chance if third else float(f"{chance:.4g}"), float(f"{V[after]:.5g}")
            follow = "" if end else f" + {full(gamma)} · {bracketed(v, 5)}"
            terms.append(f"{'1/3' if third else fmt(p)} · ({fmt(reward)}{follow})")
            total += p * (reward + (0.0 if end else gamma * v))
        results.append(total)
        rows.append(f"- {towards(name)}: {' + '.join(terms)} = {fmt(total)}")
    best = [world.rules.actions[a] for a in greedy(torch.tensor(results, dtype=torch.float64)).nonzero().flatten()]
    return (
        f"Sweep {sweep + 1} at {place(world, cell)}, for each move the sum of probability · (reward + γ · V of the "
        "next cell):\n\n" + "\n".join(rows) + f"\n\nThe largest is the new V: **{fmt(max(results))}** ({listed(best)})."
    )


def why_start(found: Plan) -> str:
    """What the best first move is, and what the others are worth."""
    Q = found.moves()[found.world.start].tolist()
    values = [f"{name} {fmt(q)}" for name, q in zip(found.world.rules.actions, Q, strict=True)]
    why = (
        "a move may slip to its sides, so what lies beside the way counts too"
        if found.world.slip
        else "nothing slips here"
    )
    return f"The four moves are worth: {', '.join(values)}; {why}."
