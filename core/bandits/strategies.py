"""Strategies for bandits. Each plays many runs at once: row i of every tensor belongs to run i.

A strategy chooses an arm (`act`), gets a reward, and learns from it (`learn`). What chance decides comes from dice that
all strategies share, so that a run can be played alone and gives the same numbers, bit for bit.

Sources: R. Sutton and A. Barto, Reinforcement Learning (2nd edition, 2018), chapter 2; for Thompson sampling D. Russo
and others, A Tutorial on Thompson Sampling (2018).
"""

import math

import torch
from torch import Tensor

from core.bandits.settings import N_RUNS


class Dice:
    """Random numbers for a batch of runs, drawn for all of them and handed to those that are played.

    Args:
        rows: which of the runs are played. n_runs: how many there are.
    """

    def __init__(self, seed: int, rows: slice | Tensor = slice(None), n_runs: int = N_RUNS) -> None:
        self.generator, self.rows, self.n_runs = torch.Generator().manual_seed(seed), rows, n_runs

    def uniform(self) -> tuple[Tensor, Tensor]:
        """Two numbers from 0 to below 1 for each run, each of shape (rows, 1)."""
        u, v = torch.rand(2, self.n_runs, 1, generator=self.generator, dtype=torch.float64)
        return u[self.rows], v[self.rows]

    def normal(self, n: int = 1) -> Tensor:
        """n numbers with mean 0 and standard deviation 1 for each run, shape (rows, n)."""
        return torch.randn(self.n_runs, n, generator=self.generator, dtype=torch.float64)[self.rows]


def highest(scores: Tensor, v: Tensor) -> Tensor:
    """The arm with the highest score, shape (rows, 1); where some are equal, v chooses among them.

    Always taking the first of them would never try the others.
    """
    top, arms = scores.max(dim=1, keepdim=True)
    is_top = scores == top
    if int(is_top.sum()) == len(scores):
        return arms
    rank = (v * is_top.sum(dim=1, keepdim=True)).long()
    return (is_top.cumsum(dim=1) <= rank).sum(dim=1, keepdim=True)


class Greedy:
    """Pulls the arm with the highest estimate, which is the average of its rewards: Q <- Q + (R - Q) / n.

    Attributes:
        values: the estimates Q, shape (rows, arms). counts: how often each arm was pulled, of the same shape.
        value: the number that a strategy has; one for all runs, or of shape (rows, 1).
    """

    def __init__(self, rows: int, arms: int, value: float | Tensor = 0.0) -> None:
        self.value = value
        self.values = torch.zeros(rows, arms, dtype=torch.float64)
        self.counts = torch.zeros_like(self.values)

    def act(self, t: int, dice: Dice) -> Tensor:
        """The arm of step t, which is counted from 1; shape (rows, 1)."""
        _, v = dice.uniform()
        return highest(self.scores(t, dice), v)

    def scores(self, t: int, dice: Dice) -> Tensor:
        """What is compared when an arm is chosen, shape (rows, arms)."""
        return self.values

    def divisor(self, n: Tensor) -> Tensor | float:
        """What the error R - Q is divided by at the n-th pull of an arm."""
        return n

    def learn(self, arms: Tensor, rewards: Tensor) -> None:
        """Takes in the rewards of the pulled arms, both of shape (rows, 1)."""
        n, q = self.counts.gather(1, arms) + 1, self.values.gather(1, arms)
        self.counts.scatter_(1, arms, n)
        self.values.scatter_(1, arms, q + (rewards - q) / self.divisor(n))


class EpsilonGreedy(Greedy):
    """With probability epsilon a random arm, else the one with the highest estimate."""

    def act(self, t: int, dice: Dice) -> Tensor:
        u, v = dice.uniform()
        arms = highest(self.values, v)
        return torch.where(u < self.epsilon(t), (v * self.values.shape[1]).long(), arms)

    def epsilon(self, t: int) -> float | Tensor:
        """The chance of a random arm at step t."""
        return self.value


class DecayingEpsilon(EpsilonGreedy):
    """The same with epsilon = 1 / t^p: random at first, greedy in the end."""

    def epsilon(self, t: int) -> float | Tensor:
        return 1 / t**self.value


class Optimistic(Greedy):
    """Greedy, with first estimates that are too high, and a step size of 1/10: arms disappoint, so all are tried."""

    def __init__(self, rows: int, arms: int, value: float | Tensor) -> None:
        super().__init__(rows, arms, value)
        self.values += value

    def divisor(self, n: Tensor) -> float:
        return 10.0


class Ucb(Greedy):
    """Upper confidence bound: the highest Q + c sqrt(ln t / n); an arm that was never pulled comes first."""

    def scores(self, t: int, dice: Dice) -> Tensor:
        bonus = self.value * (math.log(t) / self.counts).sqrt()
        return torch.where(self.counts == 0, torch.inf, self.values + bonus)


class Thompson(Greedy):
    """Draws for each arm a mean that is plausible after its rewards, and pulls the arm with the highest draw.

    Means are thought to be normal around 0 with standard deviation sigma, and rewards normal around the mean with
    standard deviation 1: after n pulls the mean is normal around Q with variance 1 / (n + 1 / sigma^2).
    """

    def scores(self, t: int, dice: Dice) -> Tensor:
        return self.values + dice.normal(self.values.shape[1]) / self.divisor(self.counts).sqrt()

    def divisor(self, n: Tensor) -> Tensor:
        return n + 1 / self.value**2


class Gradient(Greedy):
    """Preferences H instead of estimates; the chance of an arm is its softmax.

    H <- H + alpha (R - baseline) (1 for the pulled arm, else 0, - chance), where the baseline is the average of all
    rewards before (of the first, itself).
    """

    def __init__(self, rows: int, arms: int, value: float | Tensor) -> None:
        super().__init__(rows, arms, value)
        self.baseline: Tensor | float | None = None
        self.t = 0

    def act(self, t: int, dice: Dice) -> Tensor:
        _, v = dice.uniform()
        self.chances = torch.softmax(self.values, dim=1)
        arms = (self.chances.cumsum(dim=1) <= v).sum(dim=1, keepdim=True)
        return arms.clamp_max(self.values.shape[1] - 1)  # the sum of all chances may round to less than 1

    def learn(self, arms: Tensor, rewards: Tensor) -> None:
        baseline = self.before(rewards)
        pulled = torch.zeros_like(self.values).scatter_(1, arms, 1.0)
        self.counts += pulled
        self.values += self.value * (rewards - baseline) * (pulled - self.chances)

    def before(self, rewards: Tensor) -> Tensor | float:
        """The baseline for these rewards, which then enter it."""
        old = rewards if self.baseline is None else self.baseline
        self.t += 1
        self.baseline = old + (rewards - old) / self.t
        return old


class NoBaseline(Gradient):
    """The same with a baseline of 0."""

    def before(self, rewards: Tensor) -> float:
        return 0.0


CLASSES = {
    "greedy": Greedy,
    "epsilon": EpsilonGreedy,
    "decaying": DecayingEpsilon,
    "optimistic": Optimistic,
    "ucb": Ucb,
    "gradient": Gradient,
    "no_baseline": NoBaseline,
    "thompson": Thompson,
}
