"""A policy network while REINFORCE trains it: how likely each move is, and what its batches return."""

from math import isfinite

import pandas as pd

from core.cache import cached
from core.reinforcement_learning.policy import PolicyRun, surest, value_at_start
from core.reinforcement_learning.world import place
from figures.line_chart import frame_steps
from figures.picture import Picture
from figures.reinforcement_learning.curves import curves
from figures.reinforcement_learning.grid import towards, triangle_map
from figures.words import bracketed, fmt, full, plural


def moments(run: PolicyRun) -> list[int]:
    """The updates after which the policy can be looked at."""
    return frame_steps(len(run.returns))


@cached
def policy_map(run: PolicyRun) -> Picture:
    """The probability of each move as a triangle; one frame an update."""
    figure, frames = triangle_map(run.world, run.policies[moments(run)], "π", tuple(i / 4 for i in range(5)))
    cell, n = surest(run), len(run.returns)
    a, value = int(run.policies[-1][cell].argmax()), value_at_start(run)
    worth = f"the start is worth {fmt(value)}" if isfinite(value) else "its episodes may never end"
    caption = (
        f"Each triangle is a move, the bluer the likelier. After {plural(n, 'update')} the network is surest at "
        f"{place(run.world, cell)}: {towards(run.world.rules.actions[a])} with {run.policies[-1][cell, a].item():.1%}; "
        f"{worth}."
    )
    open_cells = run.world.is_open.nonzero().flatten().tolist()
    columns = {"cell": [place(run.world, cell) for cell in open_cells]}
    columns |= {name: run.policies[-1][open_cells, a].numpy() for a, name in enumerate(run.world.rules.actions)}
    alt = f"Map of cells with four triangles each. {caption}"
    return Picture(figure, caption, alt, pd.DataFrame(columns), frames)


@cached
def return_chart(on: PolicyRun, off: PolicyRun, run: PolicyRun) -> Picture:
    """The mean return of each batch, with and without baseline, over seeds; a mark at the moments of the run shown."""
    runs = {f"baseline {name}": each.returns for name, each in (("on", on), ("off", off))}
    lines = {name: (returns, returns.quantile(0.5, dim=1)) for name, returns in runs.items()}
    steps, n = [max(step, 1) for step in moments(run)], run.returns.shape[1]
    figure, frames, table = curves(lines, "update", "mean return of the batch", steps, first=1)
    means = [fmt(middle.mean().item(), 3) for _, middle in lines.values()]
    caption = (
        f"The median of {n} seeds, and their middle half as a band. On average over the updates the lines are "
        f"at {means[0]} with the baseline and at {means[1]} without it."
    )
    return Picture(figure, caption, f"Two lines with bands of returns against updates. {caption}", table, frames)


def labels(run: PolicyRun) -> list[str]:
    """What to say at each moment."""
    found = []
    for step in moments(run):
        told = "every move has 25%" if step == 0 else f"its batch returned {fmt(run.returns[step - 1, 0].item(), 3)}"
        found.append(f"After {plural(step, 'update')}: {told}.")
    return found


def gradient_by_hand(run: PolicyRun, update: int) -> str:
    """What the first move of a batch adds to the logits of its cell."""
    i = max(update, 1) - 1
    share, settings = run.shares[i], run.settings
    gain, baseline, chance = (float(f"{value:.5g}") for value in (share.gain, share.baseline, share.chance))
    advantage, n = gain - baseline, settings.batch_size
    step = settings.lr * advantage * (1 - chance) / n
    name = towards(run.world.rules.actions[share.action])
    return (
        f"Batch {i + 1}, first episode, first move: {name} at {place(run.world, share.cell)}, with probability "
        f"{fmt(chance, 5)}; return G = {fmt(gain, 5)}, baseline {fmt(baseline, 5)}. ∂ log π/∂ logit is 1 − π for the "
        f"move made, so it adds lr · (G − baseline) · (1 − π) / N to its logit: {full(settings.lr)} · ({fmt(gain, 5)} "
        f"− {bracketed(baseline, 5)}) · (1 − {fmt(chance, 5)}) / {n} = **{fmt(step, 3)}**."
    )


def why_calmer(on: PolicyRun, off: PolicyRun) -> str:
    """The two spreads."""
    values = [fmt(run.spreads.mean().item(), 3) for run in (on, off)]
    return (
        f"Standard deviation, mean of all updates: {values[0]} with the baseline, {values[1]} without it. It takes "
        "away what the cell returns anyway, and leaves what the move made better or worse."
    )
