"""The loop of agent and environment, driven by the reader, beside a learner that meets the same slips."""

from dataclasses import dataclass

from core.cache import cached
from core.reinforcement_learning.draws import SLIPS, stream, turn_of
from core.reinforcement_learning.learning import learn
from core.reinforcement_learning.planning import greedy
from core.reinforcement_learning.settings import KEYS, MAP, MAX_MOVES, LearningSettings, LoopSettings
from core.reinforcement_learning.world import World, make_world, shortest


@dataclass(frozen=True, eq=False)
class Walk:
    """Moves one after the other.

    Attributes:
        cells: where the agent stood, the start first. actions, went: names of the moves that it chose and where the
            ice took it. rewards: of each move.
        ended: whether the last move ended the episode.
        unused: moves that were asked for after the end.
    """

    world: World
    cells: tuple[int, ...]
    actions: tuple[str, ...]
    went: tuple[str, ...]
    rewards: tuple[float, ...]
    ended: bool
    unused: int = 0

    @property
    def total(self) -> float:
        """The return without discount: the sum of all rewards."""
        return sum(self.rewards)


def _step(world: World, cell: int, action: int, u: float) -> tuple[int, int, float, bool]:
    """The direction taken, the next cell, the reward and whether it ends."""
    way = (action + turn_of(u, world.slip)) % 4
    return way, int(world.next[cell, way]), float(world.reward[cell, way]), bool(world.ends[cell, way])


@cached
def your_walk(settings: LoopSettings, text: str = MAP) -> Walk:
    """The reader's moves."""
    world, names = make_world(settings, text), [KEYS[letter] for letter in settings.moves]
    return _walk(world, settings.seed, lambda _, n: names[n] if n < len(names) else None, len(names))


def teacher(settings: LoopSettings) -> LearningSettings:
    """How the learner has learned: Q-learning, 500 episodes, on the same world; γ a little below 1 where 1 would make
    every way that arrives equally good."""
    gamma = settings.gamma if settings.world == "cliff" else min(settings.gamma, 0.95)
    shared = {name: getattr(settings, name) for name in ("world", "slip", "step_cost", "seed")}
    return LearningSettings(gamma=gamma, alpha=0.1 if settings.slip else 0.5, **shared)


@cached
def learner_walk(settings: LoopSettings, text: str = MAP) -> Walk:
    """The way of the learner, who now takes the best moves only (the first of those that tie)."""
    run = learn(teacher(settings), text)
    best = greedy(run.tables([run.updates])[0][-1]).int().argmax(dim=1)
    names = run.world.rules.actions
    return _walk(run.world, settings.seed, lambda cell, _: names[int(best[cell])], MAX_MOVES)


def _walk(world: World, seed: int, choose: object, most: int) -> Walk:
    """Moves until the end, the last move, or `most`."""
    cells, actions, went, rewards, ended = [world.start], [], [], [], False
    draws = stream(seed)
    while len(rewards) < most and not ended:
        name = choose(cells[-1], len(rewards))
        way, cell, reward, ended = _step(world, cells[-1], world.rules.actions.index(name), next(draws)[SLIPS])
        cells.append(cell)
        actions.append(name)
        went.append(world.rules.actions[way])
        rewards.append(reward)
    return Walk(world, *map(tuple, (cells, actions, went, rewards)), ended, most - len(rewards))


def arrival(walk: Walk) -> str:
    """Whether a walk came to the goal by the "shortest" way, by a "longer" one, or "never"."""
    if not walk.ended or walk.world.letters[walk.cells[-1]] != "G":
        return "never"
    return "shortest" if len(walk.rewards) == shortest(walk.world) else "longer"


def moved_aside(walk: Walk) -> int:
    """How many moves slipped."""
    return sum(chosen != went for chosen, went in zip(walk.actions, walk.went, strict=True))
