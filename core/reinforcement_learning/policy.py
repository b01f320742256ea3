"""REINFORCE: a policy as a torch network, made better by the returns of whole episodes."""

from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Generator, Tensor

from core.cache import cached
from core.reinforcement_learning.draws import SLIPS, turns
from core.reinforcement_learning.planning import exact_values
from core.reinforcement_learning.settings import MAP, PolicySettings
from core.reinforcement_learning.world import World, make_world
from core.task import Task

LONGEST = 60  # moves after which an episode is cut off
KEEPS = 0.8  # the share of the old baseline in the new one


@dataclass(frozen=True, eq=False)
class Batch:
    """Episodes side by side.

    Attributes:
        cells, actions: shape (moves, episodes), int64. rewards: the same shape, 0 after the end.
        going: whether the move was made, shape (moves, episodes). follow: r_t + γ r_(t+1) + ... to the end.
    """

    cells: Tensor
    actions: Tensor
    rewards: Tensor
    going: Tensor
    follow: Tensor


@dataclass(frozen=True)
class Share:
    """What one move of a batch adds to the gradient of its cell's logits: A · (1 − π(a)) for the move itself.

    Attributes:
        baseline: what was subtracted from the return G. chance: π(a | s).
    """

    cell: int
    action: int
    gain: float
    baseline: float
    chance: float


@dataclass(frozen=True, eq=False)
class PolicyRun:
    """One training.

    Attributes:
        policies: how likely each move is, before the first update and after each, shape (updates + 1, cells, 4).
        returns: mean discounted return of each batch, shape (updates,).
        spreads: standard deviation, over the moves of each batch, of what is multiplied with ∇ log π, shape (updates,).
        shares: of the first move of each batch.
    """

    settings: PolicySettings
    world: World
    policies: Tensor
    returns: Tensor
    spreads: Tensor
    shares: list[Share]


def make_policy(n_cells: int) -> nn.Linear:
    """One-hot cell -> four logits; all begin at 0, so that each move has probability 1/4."""
    model = nn.Linear(n_cells, 4, bias=False, device="meta")  # draws nothing from the global generator
    model.weight = nn.Parameter(torch.zeros(4, n_cells, dtype=torch.float64))
    return model


def run_batch(world: World, policy: Tensor, n: int, gamma: float, generator: Generator) -> Batch:
    """Episodes by a policy of shape (cells, 4), at most `LONGEST` moves each."""
    limits = policy.cumsum(dim=1)[:, :3].contiguous()
    to, reward, ends = (t.flatten() for t in (world.next, world.reward, world.ends))
    s, going, record = torch.full((n,), world.start), torch.ones(n, dtype=torch.bool), []
    for _ in range(LONGEST):
        draw = torch.rand(3, n, generator=generator, dtype=torch.float64)
        a = (draw[2, :, None] > limits.index_select(0, s)).sum(dim=1)
        place = s * 4 + (a + turns(draw[SLIPS], world.slip)) % 4
        record.append((s, a, torch.where(going, reward.take(place), 0.0), going))
        s, going = torch.where(going, to.take(place), s), going & ~ends.take(place)
        if not going.any():
            break
    cells, actions, rewards, made = map(torch.stack, zip(*record, strict=True))
    follow, total = torch.zeros_like(rewards), torch.zeros(n, dtype=torch.float64)
    for t in reversed(range(len(rewards))):
        follow[t] = total = rewards[t] + gamma * total
    return Batch(cells, actions, rewards, made, follow)


class PolicyTask(Task):
    """One update a step: a batch of episodes, then a step of SGD on −(1/N) Σ (G − baseline) log π(a | s).

    The baseline of a cell is a running mean of the returns that earlier batches had from there.

    Source: R. J. Williams, Simple statistical gradient-following algorithms (1992); Sutton and Barto, chapter 13.
    """

    def __init__(self, settings: PolicySettings, text: str = MAP) -> None:
        self.settings, self.key, self.total = settings, (settings, text), settings.updates
        self.cost = (0.003 + 8e-5 * settings.batch_size) * settings.updates
        self.title = f"baseline {settings.baseline}"
        self.world = make_world(settings, text)

    @property
    def progress(self) -> str:
        return f"update {self.done:,} of {self.total:,}"

    def begin(self) -> None:
        self.model = make_policy(self.world.n_cells)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=self.settings.lr)
        self.generator = torch.Generator().manual_seed(self.settings.seed)
        self.baseline = torch.zeros(self.world.n_cells, dtype=torch.float64)
        self.policies, self.returns, self.spreads, self.shares = [self.policy()], [], [], []

    def policy(self) -> Tensor:
        """How likely each move is now, shape (cells, 4)."""
        return self.model.weight.detach().T.softmax(dim=1)

    def advance(self) -> None:
        settings, cells = self.settings, self.world.n_cells
        batch = run_batch(self.world, self.policies[-1], settings.batch_size, settings.gamma, self.generator)
        made = batch.going
        s, a, G = batch.cells[made], batch.actions[made], batch.follow[made]
        advantage = G - self.baseline[s] if settings.baseline == "on" else G
        one_hot = nn.functional.one_hot(s, cells).double()
        log_pi = self.model(one_hot).log_softmax(dim=1).gather(1, a[:, None])[:, 0]
        loss = -(advantage * log_pi).sum() / settings.batch_size
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        baseline = self.baseline[s[0]].item() if settings.baseline == "on" else 0.0
        chance = self.policies[-1][s[0], a[0]].item()
        self.shares.append(Share(int(s[0]), int(a[0]), G[0].item(), baseline, chance))
        self.spreads.append(advantage.std(correction=0).item())
        self.returns.append(batch.follow[0].mean().item())
        self.policies.append(self.policy())
        counts = torch.bincount(s, minlength=cells)
        means = torch.zeros(cells, dtype=torch.float64).index_add_(0, s, G) / counts.clamp_min(1)
        self.baseline = torch.where(counts > 0, KEEPS * self.baseline + (1 - KEEPS) * means, self.baseline)

    def result(self) -> PolicyRun:
        returns, spreads = (torch.tensor(each, dtype=torch.float64) for each in (self.returns, self.spreads))
        return PolicyRun(self.settings, self.world, torch.stack(self.policies), returns, spreads, list(self.shares))


@cached
def value_at_start(run: PolicyRun, update: int = -1) -> float:
    """The exact value of the start under the policy after an update; −∞ where an episode may never end."""
    try:
        return exact_values(run.world, run.policies[update], run.settings.gamma)[run.world.start].item()
    except ValueError:
        return -torch.inf


def calmer(on: PolicyRun, off: PolicyRun) -> str:
    """Whose numbers in front of ∇ log π vary less, averaged over all updates: "on", "off" or "same" within 5 %."""
    one, other = on.spreads.mean().item(), off.spreads.mean().item()
    if abs(one - other) <= 0.05 * max(one, other):
        return "same"
    return "on" if one < other else "off"


def surest(run: PolicyRun, update: int = -1) -> int:
    """The cell that can be reached in which the policy differs most from chance."""
    chances = run.policies[update].amax(dim=1)
    return int(torch.where(run.world.is_open, chances, 0.0).argmax())
