"""Values by planning: what each move is worth to somebody who knows the whole world."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.cache import cached
from core.reinforcement_learning.settings import MAP, MAX_SWEEPS, WorldSettings
from core.reinforcement_learning.world import World, make_world

SETTLED = 1e-9  # a sweep that changes no value by more, relative to the largest, is the last
NEARLY = 1e-6  # the same for values that are shown with a few digits
TIE = 1e-7  # values nearer to each other than this share of the largest count as equal


def backup(world: World, V: Tensor, gamma: float) -> Tensor:
    """What each move is worth if cells are worth V: Q(s, a) = Σ p (r + γ V(s')), where V after the end is 0.

    Args:
        V: shape (..., cells).

    Returns:
        shape (..., cells, 4).
    """
    after = world.reward + gamma * torch.where(world.ends, 0.0, V[..., world.next])
    straight, before, behind = world.chances
    return straight * after + before * after.roll(1, -1) + behind * after.roll(-1, -1)


@dataclass(frozen=True, eq=False)
class Plan:
    """Value iteration from V = 0, every sweep of it.

    Attributes:
        values: before the first sweep and after each, shape (sweeps + 1, cells), float64.
        settled: whether the last sweep changed nothing any more.
    """

    world: World
    gamma: float
    values: Tensor
    settled: bool

    @property
    def changes(self) -> Tensor:
        """The largest change of a value in each sweep, shape (sweeps,)."""
        return self.values.diff(dim=0).abs().amax(dim=1)

    @property
    def is_near(self) -> bool:
        """Whether the values are as good as settled; else what is best is not known, or has no end."""
        return self.settled or bool(self.changes[-1] <= NEARLY * self.values[-1].abs().max())

    def moves(self, sweep: int = -1) -> Tensor:
        """What each move is worth after a sweep, shape (cells, 4)."""
        return backup(self.world, self.values[sweep], self.gamma)


@cached
def plan(settings: WorldSettings, text: str = MAP) -> Plan:
    """V(s) ← max_a Q(s, a) for all cells at once, until nothing changes, at most `MAX_SWEEPS` times."""
    world = make_world(settings, text)
    return value_iteration(world, settings.gamma)


def value_iteration(world: World, gamma: float) -> Plan:
    """The same for any world."""
    V = torch.zeros(world.n_cells, dtype=torch.float64)
    values, settled = [V], False
    while not settled and len(values) <= MAX_SWEEPS:
        V = torch.where(world.is_open, backup(world, V, gamma).amax(dim=1), 0.0)
        settled = bool((V - values[-1]).abs().max() <= SETTLED * max(V.abs().max(), 1e-300))
        values.append(V)
    return Plan(world, gamma, torch.stack(values), settled)


def greedy(Q: Tensor) -> Tensor:
    """Which moves are the best in each cell, all of those that tie; shape (..., 4), bool."""
    best = Q.amax(dim=-1, keepdim=True)
    return (best - Q) <= TIE * best.abs().clamp_min(TIE)


def policy_of(Q: Tensor, random_share: float = 0.0) -> Tensor:
    """How likely each move is for who takes the best ones, any of those that tie, but a share of them at random."""
    best = greedy(Q).double()
    return (1 - random_share) * best / best.sum(dim=-1, keepdim=True) + random_share / 4


def endless(world: World, policy: Tensor) -> Tensor:
    """The cells the agent can come to by this policy, from which its episode never ends; shape (cells,), bool.

    Args:
        policy: how likely each move is, shape (cells, 4).
    """
    straight, side, _ = world.chances
    ways = straight * policy + side * (policy.roll(1, -1) + policy.roll(-1, -1)) > 0  # directions it may be taken to
    ending = (ways & world.ends).any(dim=1)
    reached = torch.zeros_like(ending)
    reached[world.start] = True
    for _ in range(world.n_cells):
        ending = ending | (ways & ending[world.next]).any(dim=1)
        reached = reached.clone()
        reached[world.next[reached & world.is_open][ways[reached & world.is_open]]] = True
    return reached & world.is_open & ~ending


def exact_values(world: World, policy: Tensor, gamma: float) -> Tensor:
    """The value of a policy: V = R + γ P V, solved; NaN for cells that it never comes to where that has no solution.

    Returns:
        shape (cells,), float64; 0 where nobody stands.

    Raises:
        ValueError: with γ = 1 if some episode never ends: its rewards have no sum.
    """
    if gamma == 1 and endless(world, policy).any():
        raise ValueError(
            "With γ = 1 and moves like these an episode may never end, and its rewards have no sum; choose a γ below 1 "
            "or moves that come to an end"
        )
    n, chances = world.n_cells, world.chances
    P, R = torch.zeros(n, n, dtype=torch.float64), torch.zeros(n, dtype=torch.float64)
    for turn, chance in zip((0, -1, 1), chances, strict=True):
        ways = chance * policy.roll(turn, -1)  # the share of each direction
        R += (ways * world.reward).sum(dim=1)
        P.scatter_add_(1, world.next, ways * ~world.ends)
    P, R = P * world.is_open[:, None], R * world.is_open
    lost = _never_ending(P) if gamma == 1 else torch.zeros(n, dtype=torch.bool)  # those that nobody comes to
    P[lost], R[lost] = 0.0, torch.nan
    V = torch.linalg.solve(torch.eye(n, dtype=torch.float64) - gamma * P, torch.nan_to_num(R))
    return torch.where(lost, torch.nan, V)


def _never_ending(P: Tensor) -> Tensor:
    """The cells whose chain keeps all its probability for ever."""
    ending = P.sum(dim=1) < 1 - 1e-12
    for _ in range(len(P)):
        ending = ending | (P[:, ending] > 0).any(dim=1)
    return ~ending
