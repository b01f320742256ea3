"""What a given way of moving is worth: Monte Carlo, TD(0) and n-step returns on the same episodes."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from core.reinforcement_learning.draws import BLOCK, SLIPS, Streams, turns
from core.reinforcement_learning.planning import exact_values, plan, policy_of
from core.reinforcement_learning.settings import MAP, METHODS, PredictionSettings
from core.reinforcement_learning.world import World, make_world, reachable
from core.task import Task

N_SEEDS = 20
ROUNDING = 1e-9
LONGEST = 200  # moves after which an episode is cut off; 300 episodes of 20 seeds then take at most about 4 s
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

    unit = "episode"

    def __init__(self, settings: PredictionSettings, text: str = MAP) -> None:
        self.settings, self.key, self.total = settings, (settings, text), settings.episodes
        self.cost = 0.01 * settings.episodes
        self.world, self.policy = make_world(settings, text), policy_for(settings, text)
        self.exact = exact_values(self.world, self.policy, settings.gamma)
        self.asked = reachable(self.world) & self.world.is_open & ~self.exact.isnan()

    def begin(self) -> None:
        settings = self.settings
        self.V = torch.zeros(len(METHODS), N_SEEDS, self.world.n_cells, dtype=torch.float64)
        self.steps = [steps_of(settings, name) for name in METHODS]
        self.chosen = list(METHODS).index(settings.method)
        self.errors = [_error(self.V, self.exact, self.asked)]
        self.values, self.updates, self.cut = [self.V[self.chosen, 0].clone()], [], 0
        self.streams = Streams([settings.seed + i for i in range(N_SEEDS)])

    @torch.inference_mode()
    def advance(self) -> None:
        settings, found = self.settings, run_episodes(self.world, self.policy, self.streams)
        self.cut += int((~found.ended).sum())
        updates = learn_from(found, self.V, self.steps, settings.alpha, settings.gamma)
        self.updates.append(updates[self.chosen])
        self.errors.append(_error(self.V, self.exact, self.asked))
        self.values.append(self.V[self.chosen, 0].clone())

    def result(self) -> Predicted:
        return Predicted(
            self.settings,
            self.world,
            self.policy,
            self.exact,
            self.asked,
            torch.stack(self.values),
            dict(zip(METHODS, self.V[:, 0].clone(), strict=True)),
            list(self.updates),
            dict(zip(METHODS, torch.stack(self.errors, dim=1), strict=True)),
            self.cut,
        )


def policy_for(settings: PredictionSettings, text: str = MAP) -> Tensor:
    """How likely each move is, shape (cells, 4)."""
    return policy_of(plan(settings, text).moves(), RANDOM_SHARE[settings.policy])


def steps_of(settings: PredictionSettings, method: str) -> int:
    """How many rewards a method counts before it takes an estimate."""
    return {"mc": LONGEST, "td": 1, "n_step": settings.n}[method]


def _error(V: Tensor, exact: Tensor, asked: Tensor) -> Tensor:
    return (V[..., asked] - exact[asked]).square().mean(dim=-1).sqrt()


def run_episodes(world: World, policy: Tensor, streams: Streams) -> Episodes:
    """One episode of every seed; all move together until the last has come to its end."""
    n, limits = len(streams.generators), policy.cumsum(dim=1)
    to, rewards, ends = (t.flatten() for t in (world.next, world.reward, world.ends))
    s, going = torch.full((n,), world.start), torch.ones(n, dtype=torch.bool)
    cells, gained, length = [s], [], torch.zeros(n).long()
    for _ in range(LONGEST):
        draw = next(streams)
        a = (draw[:, 2, None] > limits.index_select(0, s)[:, :3]).sum(dim=1)
        place = s * 4 + (a + turns(draw[:, SLIPS], world.slip)) % 4
        gained.append(torch.where(going, rewards.take(place), 0.0))
        length += going
        s = torch.where(going, to.take(place), s)
        cells.append(s)
        going = going & ~ends.take(place)
        if not going.any():
            break
    streams.used = BLOCK  # every episode draws anew, so that a short one and a long one begin alike
    return Episodes(torch.stack(cells), torch.stack(gained), length, ~going)


def learn_from(found: Episodes, V: Tensor, steps: Sequence[int], alpha: float, gamma: float) -> list[Update]:
    """Updates the cells of every episode in their order, in place; returns the last update of the first seed.

    V(s_t) ← V(s_t) + α [r_t + γ r_(t+1) + ... + γ^n V(s_(t+n)) − V(s_t)]; what would lie beyond the end counts 0.

    Args:
        V: shape (methods, seeds, cells). steps: the n of each method.

    Returns:
        one update a method.

    Source: Sutton and Barto, Reinforcement Learning, 2nd edition, sections 6.1 and 7.1.
    """
    longest, runs = len(found.rewards), V.shape[0] * V.shape[1]
    t, flat, base = torch.arange(longest)[:, None], V.view(-1), torch.arange(runs) * V.shape[2]
    until = torch.cat([torch.minimum(t + min(n, longest), found.length) for n in steps], dim=1)  # of the estimate
    length, ended = found.length.repeat(len(steps)), found.ended.repeat(len(steps))
    cells = found.cells.repeat(1, len(steps))
    gains = torch.cat([_sums(found.rewards, min(n, longest), gamma) for n in steps], dim=1)
    shares = gamma ** (until - t).clamp_min(0).double() * ~((until == length) & ended)
    rates = alpha * (t < length).double()
    index, after = base + cells[:-1], base + cells.gather(0, until)
    last, updates = int(found.length[0]) - 1, []
    for moment, (at, to, gain, share, rate) in enumerate(zip(index, after, gains, shares, rates, strict=True)):
        old, follow = flat.take(at), flat.take(to)
        new = old + rate * (gain + share * follow - old)
        if moment == last:
            for run in range(0, runs, V.shape[1]):
                end = int(until[last, run])
                value = None if ended[0] and end == length[0] else follow[run].item()
                rewards = tuple(found.rewards[last:end, 0].tolist())
                where = int(cells[last, 0]), int(cells[end, 0])
                updates.append(Update(where[0], rewards, where[1], value, old[run].item(), new[run].item()))
        flat.index_copy_(0, at, new)
    return updates


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
    """The methods whose mean error at the end is the smallest; all within a hundredth of it, or of rounding."""
    ends = {name: each[-1].mean().item() for name, each in found.errors.items()}
    finite = [end for end in ends.values() if end == end]
    return [name for name, end in ends.items() if finite and end <= 1.01 * min(finite) + ROUNDING]
