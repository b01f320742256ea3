"""Q-learning, SARSA and Expected SARSA on a table: one run with every update recorded."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from core.cache import cached
from core.reinforcement_learning.draws import EXPLORES, KEYS, SLIPS, stream, turn_of
from core.reinforcement_learning.map_text import with_letter
from core.reinforcement_learning.planning import exact_values, greedy, policy_of, value_iteration
from core.reinforcement_learning.settings import MAP, MAX_UPDATES, LearningSettings
from core.reinforcement_learning.world import World, build, distances, make_world, reachable

FIRST = [4.0, 3.0, 2.0, 1.0]  # keys that make the first of equally good moves win


@dataclass(frozen=True, eq=False)
class Learned:
    """One run; update t stands at place t − 1 of each tensor of shape (updates,).

    Attributes:
        world: at the end. changed_at: the update after which it was another one; None if it was not.
        cell, action, reward, after, ends: what happened: the next cell is `after`.
        follow: what the move after it counts: max Q(s', ·), Q(s', a') or its mean; 0 after the end.
        old, new: Q(s, a) before and after the update.
        episode: which one it belongs to, from 1.
        returns: sum of the rewards of each episode that came to its end or was cut off, shape (episodes,).
        cut: whether the run was ended by its limit of updates.
    """

    settings: LearningSettings
    world: World
    first_world: World
    changed_at: int | None
    cell: Tensor
    action: Tensor
    reward: Tensor
    after: Tensor
    ends: Tensor
    follow: Tensor
    old: Tensor
    new: Tensor
    episode: Tensor
    returns: Tensor
    cut: bool

    @property
    def updates(self) -> int:
        return len(self.cell)

    def world_at(self, update: int) -> World:
        """The world in which the agent stood after an update."""
        return self.first_world if self.changed_at is None or update <= self.changed_at else self.world

    def tables(self, moments: list[int]) -> tuple[Tensor, Tensor]:
        """Q after each of some updates, and how often each move had been made.

        Args:
            moments: increasing, each from 0 to `updates`.

        Returns:
            Q: shape (moments, cells, 4), float64; visits: the same shape, int64.
        """
        Q, visits = torch.zeros(self.world.n_cells, 4, dtype=torch.float64), torch.zeros(self.world.n_cells * 4).long()
        flat, index, done, tables, counts = Q.view(-1), self.cell * 4 + self.action, 0, [], []
        for moment in moments:
            for i, value in zip(index[done:moment].tolist(), self.new[done:moment].tolist(), strict=True):
                flat[i] = value
            visits += torch.bincount(index[done:moment], minlength=len(visits))
            done = moment
            tables.append(Q.clone())
            counts.append(visits.view_as(Q).clone())
        return torch.stack(tables), torch.stack(counts)


def choose(values: list[float], draw: list[float], epsilon: float, first: bool) -> int:
    """A move: with probability ε any of the four, else one of the best; keys decide where several tie."""
    keys = draw[KEYS:]
    if draw[EXPLORES] < epsilon:
        return keys.index(max(keys))
    best = max(values)
    if values.count(best) == 1:
        return values.index(best)
    keys = FIRST if first else keys
    return max((a for a in range(4) if values[a] == best), key=keys.__getitem__)


def mean_value(values: list[float], epsilon: float) -> float:
    """What an ε-greedy move is worth on average: (1 − ε) max Q + ε mean Q."""
    a, b, c, d = values
    return (1 - epsilon) * max(values) + epsilon * ((a + b + c + d) / 4)


@cached
def learn(settings: LearningSettings, text: str = MAP) -> Learned:
    """Runs all episodes, at most `MAX_UPDATES` updates.

    After each move, Q(s, a) ← Q(s, a) + α [r + γ · follow − Q(s, a)]. An episode that is cut off at the world's limit
    is no end: the next one begins at the start.

    Source: Sutton and Barto, Reinforcement Learning, 2nd edition, sections 6.4 to 6.6.
    """
    first = world = make_world(settings, text)
    Q = [[0.0] * 4 for _ in range(world.n_cells)]
    draws, record, returns, changed_at = stream(settings.seed), [], [], None
    draw = next(draws)
    for episode in range(1, settings.episodes + 1):
        if settings.change != "none" and episode == settings.episodes // 2 + 1:
            world, changed_at = changed(first, settings, Q), len(record)
        total, draw = _episode(world, settings, Q, draw, draws, record, episode)
        returns.append(total)
        if len(record) >= MAX_UPDATES:
            break
    columns = list(zip(*record, strict=True))
    whole = [torch.tensor(columns[i]) for i in (0, 1, 3, 4, 8)]
    real = [torch.tensor(columns[i], dtype=torch.float64) for i in (2, 5, 6, 7)]
    cell, action, after, ends, number = whole
    reward, follow, old, new = real
    cut = len(record) >= MAX_UPDATES
    returns = torch.tensor(returns[: len(returns) - cut], dtype=torch.float64)
    return Learned(
        settings, world, first, changed_at, cell, action, reward, after, ends, follow, old, new, number, returns, cut
    )


def _episode(
    world: World,
    settings: LearningSettings,
    Q: list[list[float]],
    draw: list[float],
    draws: Iterator[list[float]],
    record: list[tuple],
    episode: int,
) -> tuple[float, list[float]]:
    """One episode; appends its updates to the record. Returns the sum of its rewards and the draw after its last."""
    to, rewards, ends = _lists(world)
    alpha, gamma, epsilon, name = settings.alpha, settings.gamma, settings.epsilon, settings.algorithm
    first, slip, total, s = settings.ties == "first", settings.slip, 0.0, world.start
    a = choose(Q[s], draw, epsilon, first)
    for count in itertools.count(1):
        way = a if slip == 0 else (a + turn_of(draw[SLIPS], slip)) % 4
        after, r, end = to[s][way], rewards[s][way], ends[s][way]
        draw, values = next(draws), Q[after]
        if name == "sarsa":
            a_next = choose(values, draw, epsilon, first)
            follow = values[a_next]
        else:
            follow = max(values) if name == "q_learning" else mean_value(values, epsilon)
        follow, old = 0.0 if end else follow, Q[s][a]
        Q[s][a] = new = old + alpha * (r + gamma * follow - old)
        record.append((s, a, r, after, end, follow, old, new, episode))
        total += r
        if end or count == world.rules.longest or len(record) == MAX_UPDATES:
            break
        a = a_next if name == "sarsa" else choose(values, draw, epsilon, first)
        s = after
    return total, draw


@cached
def _lists(world: World) -> tuple[list, list, list]:
    return world.next.tolist(), world.reward.tolist(), world.ends.tolist()


def changed(world: World, settings: LearningSettings, Q: list[list[float]]) -> World:
    """The world after the change: a pit in the middle of the learned way, or the goal as far away as it can be."""
    if settings.change == "pit":
        on_way = [cell for cell in route(world, torch.tensor(Q)) if cell != world.start and world.is_open[cell]]
        if not on_way:
            return world
        rows = with_letter(world.rows, on_way[len(on_way) // 2], "H")
    else:
        goal = world.letters.find("G")
        if goal < 0:
            return world
        near = reachable(world) & world.is_open
        steps = [n if near[cell] and cell != world.start else -1 for cell, n in enumerate(distances(world, goal))]
        if max(steps) <= 0:
            return world
        rows = with_letter(with_letter(world.rows, steps.index(max(steps)), "G"), goal, ".")
    return build(rows, world.rules, settings.slip, settings.step_cost)


def route(world: World, Q: Tensor) -> list[int]:
    """The cells of the way from the start by the best moves (the first of those that tie) if nothing slips.

    It ends at an end, or where it comes to a cell for the second time: then it goes round for ever.
    """
    best, cell, cells = greedy(Q).int().argmax(dim=-1), world.start, [world.start]
    while True:
        a = int(best[cell])
        cell, end = int(world.next[cell, a]), bool(world.ends[cell, a])
        cells.append(cell)
        if end or cell in cells[:-1]:
            return cells


def worth(world: World, Q: Tensor, gamma: float) -> tuple[float, float]:
    """What the best moves of a table are worth at the start, slips and all, and what the best of all moves are.

    The first is −∞ where, with γ = 1, an episode by the table's moves may never end; the second NaN where planning
    does not settle.
    """
    best = best_table(world, gamma)[world.start].max().item()
    try:
        return exact_values(world, policy_of(Q), gamma)[world.start].item(), best
    except ValueError:
        return -torch.inf, best


def arrives(world: World, cells: list[int]) -> bool:
    """Whether a way ends at a goal."""
    return world.letters[cells[-1]] == "G"


@cached
def best_table(world: World, gamma: float) -> Tensor:
    """Q*: what each move is worth to who goes on with the best ones, shape (cells, 4); NaN if that is not known."""
    found = value_iteration(world, gamma)
    return found.moves() if found.is_near else torch.full_like(world.reward, torch.nan)


def distance(world: World, Q: Tensor, best: Tensor) -> Tensor:
    """The root mean square of Q − Q* over the moves of all cells that can be reached; shape (...,)."""
    cells = reachable(world) & world.is_open
    return (Q[..., cells, :] - best[cells]).square().mean(dim=(-1, -2)).sqrt()


def never_learned(run: Learned) -> bool:
    """Whether every value is still exactly 0 at the end: no reward has ever come."""
    return bool((run.new == 0).all())


def goes_along_pits(world: World, way: list[int]) -> bool:
    """Whether more than half of the moves of a way pass right beside a pit."""
    width, letters = world.shape[1], world.letters
    beside = 0
    for cell in way[1:-1]:
        row, column = divmod(cell, width)
        around = [(row + dr, column + dc) for dr, dc in ((-1, 0), (1, 0), (0, -1), (0, 1))]
        inside = [r * width + c for r, c in around if 0 <= r < world.shape[0] and 0 <= c < width]
        beside += any(letters[cell] == "H" for cell in inside)
    return len(way) > 2 and 2 * beside > len(way) - 2
