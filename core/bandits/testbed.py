"""The 10-armed testbed: a strategy on many bandits at once, and what it gets on average at each step."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.bandits.runs import Runs, seconds
from core.bandits.settings import N_ARMS, STRATEGIES, WorldSettings
from core.task import Task

LAST = 100  # steps at the end whose average is the headline
SPIKE = N_ARMS + 1  # the step after UCB has pulled every arm once
MANY = 100  # runs whose average says something about a single step


@dataclass(frozen=True, eq=False)
class Curves:
    """What one strategy got.

    Attributes:
        value: its number. runs: how many were averaged.
        reward, optimal, regret: shape (steps,); the mean reward, the share of runs that pull the best arm, and the
            sum of the regrets so far, each averaged over the runs.
        spread: shape (steps,); the standard deviation of the reward over the runs.
        one: the rewards of the first run, shape (steps,).
    """

    strategy: str
    value: float
    world: WorldSettings
    runs: int
    reward: Tensor
    optimal: Tensor
    regret: Tensor
    spread: Tensor
    one: Tensor

    @property
    def steps(self) -> int:
        """Steps that were done."""
        return len(self.reward)

    def until(self, step: int) -> "Curves":
        """The same with fewer steps, as if it had ended there."""
        if step == self.world.steps:
            return self
        world = replace(self.world, steps=step)
        lines = {name: getattr(self, name)[:step] for name in ("reward", "optimal", "regret", "spread", "one")}
        return replace(self, world=world, **lines)

    def at_the_end(self, measure: str) -> float:
        """The average over the last 100 steps, or over all if there are fewer; of the regret, its last value."""
        values = getattr(self, measure)
        return values[-1].item() if measure == "regret" else values[-LAST:].mean().item()


class CurvesTask(Task):
    """One strategy with one value on the first `runs` of the bandits; its result is `Curves`."""

    def __init__(self, strategy: str, value: float, world: WorldSettings, runs: int) -> None:
        self.key = (strategy, value, world, runs)
        self.total, self.cost = world.steps, seconds(world.steps, runs)
        self.title = STRATEGIES[strategy]

    def begin(self) -> None:
        """All bandits, and nothing known of them."""
        strategy, value, world, runs = self.key
        self.runs = Runs(strategy, value, world, slice(runs))
        # One tensor for all steps: a thousand small ones would keep the heap between them from being used again, 90 MB.
        self.record = torch.empty(world.steps, 5, dtype=torch.float64)

    def advance(self) -> None:
        """One step of every run."""
        _, rewards, regrets = self.runs.step()
        spread, mean = torch.std_mean(rewards, correction=0)
        optimal = (regrets == 0).double().mean()
        torch.stack([mean, optimal, regrets.mean(), spread, rewards[0, 0]], out=self.record[self.done])

    def result(self) -> Curves:
        """The averages so far."""
        reward, optimal, regret, spread, one = self.record[: self.done].T.contiguous()
        found = Curves(*self.key, reward=reward, optimal=optimal, regret=regret.cumsum(0), spread=spread, one=one)
        return found.until(self.done)


def has_spike(curves: Curves) -> bool:
    """Whether UCB pulls the best arm more often, in many runs, at step 11 than at the ten steps before and after.

    Until then it has pulled every arm once, so all bonuses are equal, and the highest first reward decides.
    """
    near = curves.optimal[: SPIKE + N_ARMS]
    if curves.strategy != "ucb" or curves.runs < MANY or len(near) < SPIKE + N_ARMS:
        return False
    others = torch.cat([near[: SPIKE - 1], near[SPIKE:]])
    return bool(near[SPIKE - 1] > others.max())


def leaders(found: list[Curves], measure: str) -> list[Curves]:
    """Those with the best value at the end; more than one if they are equal."""
    values = [curves.at_the_end(measure) for curves in found]
    top = min(values) if measure == "regret" else max(values)
    return [curves for curves, value in zip(found, values, strict=True) if value == top]
