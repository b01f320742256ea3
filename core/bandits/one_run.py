"""One run of one strategy, recorded whole."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.bandits.runs import Runs
from core.bandits.settings import N_ARMS, OneRunSettings, StrategySettings, WorldSettings
from core.cache import cached


@dataclass(frozen=True, eq=False)
class OneRun:
    """A run with every step.

    Attributes:
        value: the strategy's number.
        means: the true mean of each arm, shape (arms,).
        values: the estimates (of the gradient strategies the preferences) before each step and at the end, shape
            (steps + 1, arms). counts: the pulls of each arm, of the same shape.
        arms, rewards: shape (steps,).
    """

    settings: OneRunSettings
    world: WorldSettings
    value: float
    means: Tensor
    values: Tensor
    counts: Tensor
    arms: Tensor
    rewards: Tensor

    @property
    def has_preferences(self) -> bool:
        """Whether its values are preferences, not estimates."""
        return self.settings.strategy in ("gradient", "no_baseline")

    @property
    def chances(self) -> Tensor:
        """The chance of each arm by its preference, shape (steps + 1, arms)."""
        return torch.softmax(self.values, dim=1)

    def baseline(self, step: int) -> float:
        """What a gradient strategy compares the reward of a step with: the average of those before, or 0."""
        if self.settings.strategy == "no_baseline":
            return 0.0
        return self.rewards[: max(step - 1, 1)].mean().item()  # of the first, itself

    @property
    def explored(self) -> Tensor:
        """Which steps pulled an arm although another one had a higher value, shape (steps,)."""
        before = self.values[:-1]
        return before.gather(1, self.arms[:, None])[:, 0] < before.amax(dim=1)

    @property
    def spreads(self) -> Tensor:
        """How far off an estimate may well be; NaN without a pull, and where no formula says it.

        1 / sqrt(n), the standard deviation of an average of n rewards; for Thompson that of what it thinks of the mean.
        """
        known = not self.has_preferences and self.settings.strategy != "optimistic"
        n = self.counts + (1 / self.value**2 if self.settings.strategy == "thompson" else 0.0)
        return torch.where((n > 0) & known, 1 / n.sqrt(), torch.nan)


@cached
def play_one(settings: OneRunSettings, strategy: StrategySettings, world: WorldSettings) -> OneRun:
    """Plays one of the 2,000 runs alone, with the numbers that it has among them."""
    value = strategy.value(settings.strategy)
    runs = Runs(settings.strategy, value, world, slice(settings.run - 1, settings.run))
    # Whole tensors from the start: thousands of small ones would pin the heap between them, 24 MB for a moment.
    values, counts = torch.empty(2, world.steps + 1, N_ARMS, dtype=torch.float64)
    arms, rewards = torch.empty(world.steps, dtype=torch.int64), torch.empty(world.steps, dtype=torch.float64)
    for t in range(world.steps):
        values[t], counts[t] = runs.strategy.values[0], runs.strategy.counts[0]
        arm, reward, _ = runs.step()
        arms[t], rewards[t] = arm[0, 0], reward[0, 0]
    values[-1], counts[-1] = runs.strategy.values[0], runs.strategy.counts[0]
    return OneRun(settings, world, value, runs.means[0], values, counts, arms, rewards)


def most_pulled(run: OneRun) -> list[int]:
    """The arms that were pulled most often; more than one if they are equal."""
    return (run.counts[-1] == run.counts[-1].max()).nonzero()[:, 0].tolist()


def rank(run: OneRun, arm: int) -> int:
    """The place of an arm by its true mean; 1 is the best."""
    return 1 + int((run.means > run.means[arm]).sum())


def never_pulled(run: OneRun) -> int:
    """How many arms the run never tried."""
    return int((run.counts[-1] == 0).sum())
