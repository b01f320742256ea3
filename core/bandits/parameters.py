"""How much to explore: the reward of each strategy over its parameter, as in Sutton and Barto's figure 2.6."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.bandits.runs import Runs, copies, seconds
from core.bandits.settings import HALVES, STRATEGIES, StudySettings, WorldSettings
from core.task import Task

VALUES = {  # strategy -> the values that are tried, from 1/128 to 4
    "epsilon": HALVES[:6],
    "optimistic": HALVES[5:],
    "ucb": HALVES[3:],
    "gradient": HALVES[2:],
    "decaying": HALVES[4:9],
    "thompson": HALVES[4:],
}
CLEAR = 3.0  # standard errors by which one of two rewards is larger; the highest of several may be so by chance


@dataclass(frozen=True, eq=False)
class Study:
    """The rewards of one strategy.

    Attributes:
        rewards: the mean over all steps of each run, shape (values, runs), float64.
        best: what the best arm of each run pays on average, shape (runs,). average: the same of all its arms.
    """

    strategy: str
    settings: StudySettings
    world: WorldSettings
    rewards: Tensor
    best: Tensor
    average: Tensor

    @property
    def values(self) -> tuple[float, ...]:
        """The values that were tried, increasing."""
        return VALUES[self.strategy]

    @property
    def means(self) -> list[float]:
        """The reward of each value, averaged over steps and runs."""
        return self.rewards.mean(dim=1).tolist()

    @property
    def peaks(self) -> list[int]:
        """The places of the values with the highest reward; more than one if they are equal."""
        means = self.means
        return [place for place, mean in enumerate(means) if mean == max(means)]


class StudyTask(Task):
    """All values of one strategy as one batch, every value on the same runs; its result is a `Study`."""

    def __init__(self, strategy: str, settings: StudySettings, world: WorldSettings) -> None:
        self.key = (strategy, settings, world)
        self.total, self.title = settings.steps, STRATEGIES[strategy]
        self.cost = seconds(settings.steps, settings.runs * len(VALUES[strategy]))

    def begin(self) -> None:
        """All bandits, and nothing known of them."""
        strategy, settings, world = self.key
        rows, values = copies(settings.runs, VALUES[strategy])
        self.runs = Runs(strategy, values, world, rows)
        self.sums = torch.zeros(len(rows), 1, dtype=torch.float64)

    def advance(self) -> None:
        """One step of every run."""
        self.sums += self.runs.step()[1]

    def result(self) -> Study:
        """The means so far."""
        strategy, settings, world = self.key
        n = settings.runs
        rewards = (self.sums / self.runs.t).reshape(-1, n)
        settings = replace(settings, steps=self.runs.t)
        return Study(strategy, settings, world, rewards, self.runs.best[:n, 0], self.runs.means[:n].mean(dim=1))


def clearly_more(rewards: Tensor, one: int, other: int) -> bool:
    """Whether one value earns more than another by three standard errors of their difference on the same runs."""
    difference = rewards[one] - rewards[other]
    error = difference.std(correction=0) / len(difference) ** 0.5
    return bool(difference.mean() > CLEAR * error)


def shape(study: Study) -> str:
    """How the reward changes with the value: "between" if it is clearly highest inside, "rises", "falls" or "flat"."""
    last, peak = len(study.values) - 1, study.peaks[0]
    above = [end for end in (0, last) if end != peak and clearly_more(study.rewards, peak, end)]
    if peak not in (0, last):
        return "between" if len(above) == 2 else "flat"
    return ("rises" if peak == last else "falls") if above else "flat"
