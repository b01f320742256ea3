"""The reader against a learner, on the same arms."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.bandits.runs import OWN_DICE
from core.bandits.settings import ARMS, MOST_PULLS, PlaySettings, StrategySettings
from core.bandits.strategies import CLASSES, Dice
from core.cache import cached


@dataclass(frozen=True, eq=False)
class Player:
    """What somebody pulled, the free first round included, and what came of it.

    Attributes:
        arms: the pulled arms in their order. rewards: what each pull paid, shape (pulls,), float64.
        estimates: the average reward of each arm, shape (arms,). counts: its pulls.
    """

    arms: list[int]
    rewards: Tensor
    estimates: Tensor
    counts: Tensor

    @property
    def totals(self) -> Tensor:
        """The sum of the rewards after each pull of one's own, 0 at the start; shape (own pulls + 1,)."""
        own = self.rewards[len(self.counts) :]
        return torch.cat([own.new_zeros(1), own.cumsum(0)])


@dataclass(frozen=True, eq=False)
class Game:
    """A game as it stands.

    Attributes:
        means: what each arm really pays on average, shape (arms,).
    """

    settings: PlaySettings
    means: Tensor
    you: Player
    learner: Player

    @property
    def over(self) -> bool:
        """Whether no pull is left."""
        return len(self.settings.letters) == MOST_PULLS


def make_rewards(settings: PlaySettings) -> tuple[Tensor, Tensor]:
    """The true means, and what each pull of each arm pays, with two decimals: the n-th pays the same to everybody.

    Returns:
        means: shape (arms,). rewards: shape (arms, pulls + 1); the first column is the free round.
    """
    dice = Dice(settings.seed, n_runs=len(ARMS))
    means, noise = dice.normal(), dice.normal(MOST_PULLS + 1)
    return means[: settings.arms, 0], ((means + noise)[: settings.arms] * 100).round() / 100


@cached
def play(settings: PlaySettings) -> Game:
    """Both pull every arm once, for free; then the reader as the letters say, and the learner as often."""
    means, rewards = make_rewards(settings)
    strategy = CLASSES[settings.learner](1, settings.arms, StrategySettings().value(settings.learner))
    free = list(range(settings.arms))
    pulls = {"you": free + [ARMS.index(letter) for letter in settings.letters], "learner": []}
    dice, counts = Dice(settings.seed + OWN_DICE, n_runs=1), [0] * settings.arms
    for t in range(len(pulls["you"])):
        arm = free[t] if t < len(free) else int(strategy.act(t + 1, dice))
        strategy.learn(torch.tensor([[arm]]), rewards[arm, counts[arm]].reshape(1, 1))
        counts[arm] += 1
        pulls["learner"].append(arm)
    return Game(settings, means, *(_player(arms, rewards) for arms in pulls.values()))


def _player(arms: list[int], rewards: Tensor) -> Player:
    """What a row of pulls gets."""
    paid, counts, averages = [], torch.zeros(len(rewards), dtype=torch.int64), rewards.new_zeros(len(rewards))
    for arm in arms:
        paid.append(rewards[arm, counts[arm]])
        counts[arm] += 1
        averages[arm] += (paid[-1] - averages[arm]) / counts[arm]
    return Player(arms, torch.stack(paid), averages, counts)


def winner(game: Game) -> str:
    """Who has the larger sum of rewards, by whole hundredths: "you", "learner" or "same"."""
    yours, its = (round(100 * player.totals[-1].item()) for player in (game.you, game.learner))
    return "same" if yours == its else "you" if yours > its else "learner"


def best_payer_is_best(settings: PlaySettings) -> bool:
    """Whether one of the arms that paid most in the free round has the highest true mean."""
    means, rewards = make_rewards(settings)
    return bool(means[rewards[:, 0] == rewards[:, 0].max()].max() == means.max())
