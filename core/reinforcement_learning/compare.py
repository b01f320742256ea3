"""Two algorithms on the same seeds: all runs of one at once, each step of all of them as one tensor program."""

from collections import Counter
from dataclasses import dataclass

import torch
from torch import Tensor

from core.reinforcement_learning.draws import EXPLORES, KEYS, SLIPS, Streams, turns
from core.reinforcement_learning.learning import route
from core.reinforcement_learning.settings import MAP, CompareSettings, LearningSettings
from core.reinforcement_learning.world import World, make_world
from core.task import Task

LAST = 100  # episodes at the end whose mean return is compared
PATIENCE = 30_000  # moves of each run after which nothing more is done: about 2 s


@dataclass(frozen=True, eq=False)
class Many:
    """Runs of one algorithm, which differ only in their seeds.

    Attributes:
        returns: sum of the rewards of each episode, shape (episodes, runs), float64; NaN where a run did not get there.
        Q: at the end, shape (runs, cells, 4). whole: false for what was stopped.
    """

    settings: LearningSettings
    world: World
    returns: Tensor
    Q: Tensor
    whole: bool = True

    @property
    def last_mean(self) -> float:
        """Mean return of the last episodes, at most `LAST`, over all runs that came to the end."""
        return self.returns[-LAST:].nanmean().item()

    @property
    def unfinished(self) -> int:
        """How many runs did not come to their last episode."""
        return int(self.returns[-1].isnan().sum())

    def ways(self) -> list[tuple[tuple[int, ...], int]]:
        """The ways that the runs have learned, the commonest first, and how many learned each."""
        return Counter(tuple(route(self.world, Q)) for Q in self.Q).most_common()


def settings_of(settings: CompareSettings, algorithm: str) -> LearningSettings:
    """What one run of an algorithm is, with the first seed."""
    shared = ("world", "slip", "step_cost", "gamma", "alpha", "epsilon", "episodes", "seed")
    return LearningSettings(algorithm=algorithm, **{name: getattr(settings, name) for name in shared})


class ManyTask(Task):
    """All runs of one algorithm; a step lasts until each has finished one episode more."""

    unit = "episode"

    def __init__(self, settings: LearningSettings, n_runs: int, text: str = MAP) -> None:
        self.settings, self.n_runs, self.text = settings, n_runs, text
        self.key, self.total = (settings, n_runs, text), settings.episodes
        self.cost = settings.episodes * (0.0025 + 0.00001 * n_runs)
        self.title = settings.algorithm

    def begin(self) -> None:
        settings, n = self.settings, self.n_runs
        self.world = make_world(settings, self.text)
        self.Q = torch.zeros(n * self.world.n_cells, 4, dtype=torch.float64)
        self.flat, self.base = self.Q.view(-1), torch.arange(n) * self.world.n_cells
        self.to, self.rewards, self.ends = (t.flatten() for t in (self.world.next, self.world.reward, self.world.ends))
        self.counts = settings.gamma * (~self.ends).double()  # what the next cell counts
        self.alpha = torch.full((n,), settings.alpha, dtype=torch.float64)  # 0 for a run that has finished
        self.streams = Streams([settings.seed + i for i in range(n)])
        self.returns = torch.full((settings.episodes, n), torch.nan, dtype=torch.float64)
        self.episode, self.moves_left = torch.zeros(n).long(), torch.full((n,), self.world.rules.longest)
        self.sum, self.s, self.moves = torch.zeros(n).double(), torch.full((n,), self.world.start), 0
        self.draw = next(self.streams)
        self.a = self.choose(self.s)

    def choose(self, s: Tensor) -> Tensor:
        """`learning.choose` for all runs."""
        values, keys = self.Q.index_select(0, self.base + s), self.draw[:, KEYS:]
        explores = self.draw[:, EXPLORES, None] < self.settings.epsilon
        ties = values == values.amax(dim=1, keepdim=True)
        return torch.where(ties | explores, keys, -1.0).argmax(dim=1)

    @torch.inference_mode()
    def advance(self) -> None:
        while self.moves < PATIENCE and self.episode.min() == self.done:
            self.move()
            self.moves += 1

    def move(self) -> None:
        """One move and one update of every run."""
        settings, way = self.settings, self.a
        if settings.slip:
            way = (way + turns(self.draw[:, SLIPS], settings.slip)) % 4
        place, index = self.s * 4 + way, (self.base + self.s) * 4 + self.a
        after, r = self.to.take(place), self.rewards.take(place)
        self.draw = next(self.streams)
        follow, a_next = self.follow(after)
        old = self.flat.take(index)
        new = old + self.alpha * (r + self.counts.take(place) * follow - old)
        self.flat.index_copy_(0, index, new)
        self.sum += r
        self.moves_left -= 1
        over = self.ends.take(place) | (self.moves_left == 0)
        self.s = after
        if over.any():
            self.finish(over)
            a_next = None if a_next is None else torch.where(over, self.choose(self.s), a_next)
        self.a = self.choose(self.s) if a_next is None else a_next

    def follow(self, after: Tensor) -> tuple[Tensor, Tensor | None]:
        """What the next cell counts, and the move that SARSA makes there."""
        values = self.Q.index_select(0, self.base + after)
        if self.settings.algorithm == "sarsa":
            a_next = self.choose(after)
            return values.gather(1, a_next[:, None])[:, 0], a_next
        if self.settings.algorithm == "q_learning":
            return values.amax(dim=1), None
        a, b, c, d = values.unbind(1)
        epsilon = self.settings.epsilon
        return (1 - epsilon) * values.amax(dim=1) + epsilon * ((a + b + c + d) / 4), None

    def finish(self, over: Tensor) -> None:
        """Writes down the episodes that are over, and puts their agents back at the start."""
        runs = (over & (self.alpha > 0)).nonzero().flatten()
        self.returns[self.episode[runs], runs] = self.sum[runs]
        self.episode[runs] += 1
        self.alpha[self.episode == self.settings.episodes] = 0.0
        self.sum.masked_fill_(over, 0.0)
        self.moves_left.masked_fill_(over, self.world.rules.longest)
        self.s = torch.where(over, self.world.start, self.s)

    def result(self) -> Many:
        Q = self.Q.view(self.n_runs, self.world.n_cells, 4).clone()
        return Many(self.settings, self.world, self.returns.clone(), Q, self.finished)


def better(one: Many, other: Many) -> str:
    """Whose last episodes brought more on average: "one", "other", or "same" within two standard errors."""
    means = [many.returns[-LAST:].nanmean(dim=0) for many in (one, other)]
    means = [mean[~mean.isnan()] for mean in means]
    if min(map(len, means)) == 0:
        return "same"
    a, b = (mean.mean().item() for mean in means)
    error = sum(mean.var(correction=0).item() / len(mean) for mean in means) ** 0.5
    if abs(a - b) <= 2 * error:
        return "same"
    return "one" if a > b else "other"
