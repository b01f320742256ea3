"""What a given way of moving is worth: Monte Carlo, TD(0) and n-step returns on the same episodes."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.reinforcement_learning.draws import BLOCK, SLIPS, Streams
from core.reinforcement_learning.planning import exact_values, plan, policy_of
from core.reinforcement_learning.settings import MAP, METHODS, PredictionSettings
from core.reinforcement_learning.world import World, make_world, reachable
from core.task import Task

N_SEEDS = 20
LONGEST = 400  # moves after which an episode is cut off; 300 episodes of 20 seeds then take about 2 s
RANDOM_SHARE = {"random": 1.0, "best": 0.0, "mixed": 0.2}


@dataclass(frozen=True, eq=False)
class Episodes:
    """What happened in one episode of every seed, up to the longest of them.

    Attributes:
        cells: where the agent stood before each move and after the last, shape (moves + 1, seeds).
        rewards: shape (moves, seeds), 0 after the end. length: moves of each, shape (seeds,).
        ended: whether it came to an end, shape (seeds,); else it was cut off.
    """

    cells: Tensor
    rewards: Tensor
    length: Tensor
    ended: Tensor


@dataclass(frozen=True)
class Update:
    """One update: V(s) ← V(s) + α [G − V(s)], where G = r1 + γ r2 + ... + γ^n V(after)."""

    cell: int
    rewards: tuple[float, ...]
    after: int
    follow: float | None
    old: float
    new: float


@dataclass(frozen=True, eq=False)
class Predicted:
    """Estimates of one policy's values.

    Attributes:
        policy: how likely each move is, shape (cells, 4). exact: its values, shape (cells,).
        asked: the cells whose values are compared, shape (cells,), bool.
        values: the chosen method's estimates for the first seed, before the first episode and after each,
            shape (episodes + 1, cells).
        ends: method -> its estimates for the first seed at the end, shape (cells,).
        updates: the last update of each episode of the first seed by the chosen method.
        errors: method -> root mean square error over the cells, shape (episodes + 1, seeds).
        cut: how many of all episodes were cut off.
    """

    settings: PredictionSettings
    world: World
    policy: Tensor
    exact: Tensor
    asked: Tensor
    values: Tensor
    ends: dict[str, Tensor]
    updates: list[Update]
    errors: dict[str, Tensor]
    cut: int


class PredictTask(Task):
    """All seeds and all methods side by side, an episode of each a step.

    Raises:
        ValueError: with γ = 1 if an episode may never end.
    """

    def __init__(self, settings: PredictionSettings, text: str = MAP) -> None:
        self.settings, self.key, self.total = settings, (settings, text), settings.episodes
        self.cost = 0.01 * settings.episodes
        self.world, self.policy = make_world(settings, text), policy_for(settings, text)
        self.exact = exact_values(self.world, self.policy, settings.gamma)
        self.asked = reachable(self.world) & self.world.is_open & ~self.exact.isnan()

    @property
    def progress(self) -> str:
        return f"episode {self.done:,} of {self.total:,}"

    def begin(self) -> None:
        settings, shape = self.settings, (N_SEEDS, self.world.n_cells)
        self.V = {name: torch.zeros(shape, dtype=torch.float64) for name in METHODS}
        self.errors = {name: [_error(V, self.exact, self.asked)] for name, V in self.V.items()}
        self.values, self.updates, self.cut = [self.V[settings.method][0].clone()], [], 0
        self.streams = Streams([settings.seed + i for i in range(N_SEEDS)])

    def advance(self) -> None:
        settings, found = self.settings, run_episodes(self.world, self.policy, self.streams)
        self.cut += int((~found.ended).sum())
        for name, V in self.V.items():
            update = learn_from(found, V, steps_of(settings, name), settings.alpha, settings.gamma)
            self.errors[name].append(_error(V, self.exact, self.asked))
            if name == settings.method:
                self.updates.append(update)
        self.values.append(self.V[settings.method][0].clone())

    def result(self) -> Predicted:
        return Predicted(
            self.settings,
            self.world,
            self.policy,
            self.exact,
            self.asked,
            torch.stack(self.values),
            {name: V[0].clone() for name, V in self.V.items()},
            list(self.updates),
            {name: torch.stack(each) for name, each in self.errors.items()},
            self.cut,
        )


def policy_for(settings: PredictionSettings, text: str = MAP) -> Tensor:
    """How likely each move is, shape (cells, 4)."""
    return policy_of(plan(settings, text).moves(), RANDOM_SHARE[settings.policy])


def steps_of(settings: PredictionSettings, method: str) -> int:
    """How many rewards a method counts before it takes an estimate."""
    return {"mc": LONGEST, "td": 1, "n_step": settings.n}[method]


def _error(V: Tensor, exact: Tensor, asked: Tensor) -> Tensor:
    return (V[:, asked] - exact[asked]).square().mean(dim=1).sqrt()


def run_episodes(world: World, policy: Tensor, streams: Streams) -> Episodes:
    """One episode of every seed; all move together until the last has come to its end."""
    n, limits = len(streams.generators), policy.cumsum(dim=1)
    to, rewards, ends = (t.flatten() for t in (world.next, world.reward, world.ends))
    s, going = torch.full((n,), world.start), torch.ones(n, dtype=torch.bool)
    cells, gained, length = [s], [], torch.zeros(n).long()
    for _ in range(LONGEST):
        draw = next(streams)
        a = (draw[:, 2, None] > limits.index_select(0, s)[:, :3]).sum(dim=1)
        u = draw[:, SLIPS]
        turn = torch.where(u < 1 - world.slip, 0, torch.where(u < 1 - world.slip / 2, -1, 1))
        place = s * 4 + (a + turn) % 4
        gained.append(torch.where(going, rewards.take(place), 0.0))
        length += going
        s = torch.where(going, to.take(place), s)
        cells.append(s)
        going = going & ~ends.take(place)
        if not going.any():
            break
    streams.used = BLOCK  # every episode draws anew, so that a short one and a long one begin alike
    return Episodes(torch.stack(cells), torch.stack(gained), length, ~going)


def learn_from(found: Episodes, V: Tensor, n: int, alpha: float, gamma: float) -> Update:
    """Updates the cells of every episode in their order, in place; returns the last update of the first seed.

    V(s_t) ← V(s_t) + α [r_t + γ r_(t+1) + ... + γ^n V(s_(t+n)) − V(s_t)]; what would lie beyond the end counts 0.

    Args:
        V: shape (seeds, cells).

    Source: Sutton and Barto, Reinforcement Learning, 2nd edition, sections 6.1 and 7.1.
    """
    longest = len(found.rewards)
    n, flat, base = min(n, longest), V.view(-1), torch.arange(len(V)) * V.shape[1]
    gains = _sums(found.rewards, n, gamma)
    until = torch.minimum(torch.arange(longest)[:, None] + n, found.length)  # the moment of the estimate
    after = base + found.cells.gather(0, until)
    over = (until == found.length) & found.ended
    shares = gamma ** (until - torch.arange(longest)[:, None]).clamp_min(0).double() * ~over
    rates = alpha * (torch.arange(longest)[:, None] < found.length).double()
    index, last, update = base + found.cells[:-1], int(found.length[0]) - 1, None
    for t in range(longest):
        old = flat.take(index[t])
        follow = flat.take(after[t])
        new = old + rates[t] * (gains[t] + shares[t] * follow - old)
        if t == last:
            rewards = tuple(found.rewards[t : int(until[t, 0]), 0].tolist())
            value = None if over[t, 0] else follow[0].item()
            cells = int(found.cells[t, 0]), int(found.cells[until[t, 0], 0])
            update = Update(cells[0], rewards, cells[1], value, old[0].item(), new[0].item())
        flat.index_copy_(0, index[t], new)
    return update


def _sums(rewards: Tensor, n: int, gamma: float) -> Tensor:
    """r_t + γ r_(t+1) + ... + γ^(n−1) r_(t+n−1) for every t, shape (moves, seeds)."""
    if n == len(rewards):  # to the end: from behind, one product each
        sums, total = [], torch.zeros_like(rewards[0])
        for reward in rewards.flip(0):
            total = reward + gamma * total
            sums.append(total)
        return torch.stack(sums[::-1])
    padded = torch.cat([rewards, rewards.new_zeros(n, rewards.shape[1])])
    return sum(gamma**k * padded[k : k + len(rewards)] for k in range(n))


def best_method(found: Predicted) -> list[str]:
    """The methods whose mean error at the end is the smallest; all that are within a hundredth of it."""
    ends = {name: each[-1].mean().item() for name, each in found.errors.items()}
    finite = [end for end in ends.values() if end == end]
    return [name for name, end in ends.items() if finite and end <= 1.01 * min(finite)]
