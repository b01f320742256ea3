"""Runs of one strategy on the 10-armed testbed, side by side."""

import torch
from torch import Tensor

from core.bandits.settings import N_ARMS, WorldSettings
from core.bandits.strategies import CLASSES, Dice

OWN_DICE = 1_000  # added to the seed for what the strategy draws: no seed of a testbed is as large
SECONDS = 1e-4, 1.2e-7  # of a core, for a step and for each run in it


class Runs:
    """Some of the 2,000 runs of a testbed: true means, and a strategy that plays.

    The mean of each arm is normal around `shift` with standard deviation 1. A reward is the mean of the pulled arm plus
    noise with standard deviation 1, which is the same for all strategies at the same step of the same run.

    Args:
        rows: which runs; may name a run several times, for several values.
        value: the strategy's number, or one for each row, of shape (rows, 1).

    Attributes:
        means: shape (rows, arms). best: the highest of each row, shape (rows, 1).
    """

    def __init__(self, strategy: str, value: float | Tensor, world: WorldSettings, rows: slice | Tensor) -> None:
        self.noise, self.dice = Dice(world.seed, rows), Dice(world.seed + OWN_DICE, rows)
        self.means = world.shift + self.noise.normal(N_ARMS)
        self.best = self.means.amax(dim=1, keepdim=True)
        self.strategy = CLASSES[strategy](*self.means.shape, value)
        self.t = 0

    def step(self) -> tuple[Tensor, Tensor, Tensor]:
        """The next step: arms, rewards and regrets (how much more the best arm pays on average), each (rows, 1)."""
        self.t += 1
        arms = self.strategy.act(self.t, self.dice)
        mean = self.means.gather(1, arms)
        rewards = mean + self.noise.normal()
        self.strategy.learn(arms, rewards)
        return arms, rewards, self.best - mean


def seconds(steps: int, rows: int) -> float:
    """About how long some runs take."""
    return steps * (SECONDS[0] + SECONDS[1] * rows)


def copies(n: int, values: tuple[float, ...]) -> tuple[Tensor, Tensor]:
    """The first n runs once for each value: the rows, and the value of each, of shape (rows, 1)."""
    rows = torch.arange(n).repeat(len(values))
    return rows, torch.tensor(values, dtype=torch.float64).repeat_interleave(n)[:, None]
