"""The 10-armed testbed: 2,000 runs of 1,000 steps as one batch of tensors, against a plain loop.

Baseline: epsilon-greedy as a textbook writes it, one run after the other, in lists; so many runs as `PLAIN`, from which
the time of all follows; it gets its random numbers for nothing. Contestants: every strategy on all runs at once. The
plain runs must pull the same arms as in the batch. Goals: the same arms, and each strategy within 1 s.
"""

from functools import partial

import torch

from benchmarks.report import goal, medians, s, table, times
from core.bandits.runs import OWN_DICE, Runs
from core.bandits.settings import N_ARMS, N_RUNS, STRATEGIES, StrategySettings, WorldSettings
from core.bandits.strategies import Dice
from core.bandits.testbed import CurvesTask

REPETITIONS = 3
LONGEST = 1.0  # seconds
PLAIN = 20
WORLD, EPSILON = WorldSettings(), StrategySettings().epsilon


def draws(runs: int) -> tuple[list, list, list, list]:
    """What chance gives the first runs: means, and for each step noise, u and v; each a list a run."""
    world, own = Dice(WORLD.seed, slice(runs)), Dice(WORLD.seed + OWN_DICE, slice(runs))
    means = world.normal(N_ARMS)
    noise = torch.cat([world.normal() for _ in range(WORLD.steps)], dim=1)
    u, v = (torch.cat(each, dim=1) for each in zip(*(own.uniform() for _ in range(WORLD.steps)), strict=True))
    return means.tolist(), noise.tolist(), u.tolist(), v.tolist()


def plain(drawn: tuple[list, list, list, list]) -> list[list[int]]:
    """The arms of each run, one run after the other."""
    pulled = []
    for means, noise, us, vs in zip(*drawn, strict=True):
        Q, n, arms = [0.0] * N_ARMS, [0] * N_ARMS, []
        for z, u, v in zip(noise, us, vs, strict=True):
            if u < EPSILON:
                arm = int(v * N_ARMS)
            else:
                top = max(Q)
                highest = [a for a in range(N_ARMS) if Q[a] == top]
                arm = highest[int(v * len(highest))]
            n[arm] += 1
            Q[arm] += (means[arm] + z - Q[arm]) / n[arm]
            arms.append(arm)
        pulled.append(arms)
    return pulled


def batch(strategy: str) -> object:
    return CurvesTask(strategy, StrategySettings().value(strategy), WORLD, N_RUNS).run()


def main() -> bool:
    drawn = draws(PLAIN)
    together = Runs("epsilon", EPSILON, WORLD, slice(None))
    arms = torch.cat([together.step()[0] for _ in range(WORLD.steps)], dim=1)[:PLAIN].tolist()
    met = goal(f"the same arms in {PLAIN} runs of {WORLD.steps:,} steps", plain(drawn) == arms)
    took = medians(REPETITIONS, {"plain": partial(plain, drawn)} | {name: partial(batch, name) for name in STRATEGIES})
    baseline = took["plain"] * N_RUNS / PLAIN
    rows = [("plain loop, ε-greedy (baseline, from 20 runs)", s(baseline), times(1))]
    for name, label in STRATEGIES.items():
        rows.append((f"one batch, {label}", s(took[name]), times(baseline / took[name])))
        met &= goal(f"{label} within {LONGEST:g} s", took[name] < LONGEST)
    table(f"{N_RUNS:,} runs of {WORLD.steps:,} steps, median of {REPETITIONS}", ("", "processor time", "speed"), rows)
    return met
