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
N_SEEDS = 10  # networks that are trained side by side, the first of which is looked at


@dataclass(frozen=True, eq=False)
class Batch:
    """Episodes of all networks side by side.

    Attributes:
        cells, actions: shape (moves, networks, episodes), int64. rewards: the same shape, 0 after the end.
        going: whether the move was made, the same shape. follow: r_t + γ r_(t+1) + ... to the end.
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
    """Trainings that differ only in their seeds.

    Attributes:
        policies: of the first network: how likely each move is, before the first update and after each, shape
            (updates + 1, cells, 4).
        returns: mean discounted return of each batch, shape (updates, networks).
        spreads: standard deviation, over the moves of each batch, of what is multiplied with ∇ log π, the same shape.
        shares: of the first move of each batch of the first network.
    """

    settings: PolicySettings
    world: World
    policies: Tensor
    returns: Tensor
    spreads: Tensor
    shares: list[Share]


class Policies(nn.Module):
    """Softmax policies side by side: the logits of a cell are a column of a network's weights.

    That is what `nn.Linear(cells, 4, bias=False)` answers for a one-hot cell. All weights begin at 0, so that each move
    has probability 1/4.
    """

    def __init__(self, n: int, n_cells: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(n, 4, n_cells, dtype=torch.float64))

    def forward(self) -> Tensor:
        """log π(a | s) of every network, cell and move, shape (networks, cells, 4)."""
        return self.weight.log_softmax(dim=1).mT


def run_batch(world: World, policies: Tensor, n: int, gamma: float, generators: list[Generator]) -> Batch:
    """Episodes by policies of shape (networks, cells, 4), at most `LONGEST` moves each; a generator a network."""
    many, cells = policies.shape[:2]
    limits = policies.cumsum(dim=2)[..., :3].flatten(0, 1)
    rows = torch.arange(many)[:, None] * cells
    to, reward, ends = (t.flatten() for t in (world.next, world.reward, world.ends))
    s, going = torch.full((many, n), world.start), torch.ones(many, n, dtype=torch.bool)
    draw, record = torch.zeros(3, many, n, dtype=torch.float64), []
    for _ in range(LONGEST):
        for i in going.any(dim=1).nonzero().flatten().tolist():  # one that is done draws no more, as it would alone
            draw[:, i] = torch.rand(3, n, generator=generators[i], dtype=torch.float64)
        a = (draw[2, ..., None] > limits[rows + s]).sum(dim=2)
        place = s * 4 + (a + turns(draw[SLIPS], world.slip)) % 4
        record.append((s, a, torch.where(going, reward[place], 0.0), going))
        s, going = torch.where(going, to[place], s), going & ~ends[place]
        if not going.any():
            break
    cells, actions, rewards, made = map(torch.stack, zip(*record, strict=True))
    follow, total = torch.zeros_like(rewards), torch.zeros(many, n, dtype=torch.float64)
    for t in reversed(range(len(rewards))):
        follow[t] = total = rewards[t] + gamma * total
    return Batch(cells, actions, rewards, made, follow)


class PolicyTask(Task):
    """One update a step: a batch of episodes, then a step of SGD on −(1/N) Σ (G − baseline) log π(a | s).

    The baseline of a cell is a running mean of the returns that earlier batches had from there.

    Source: R. J. Williams, Simple statistical gradient-following algorithms (1992); Sutton and Barto, chapter 13.
    """

    unit = "update"

    def __init__(self, settings: PolicySettings, text: str = MAP, n_seeds: int = N_SEEDS) -> None:
        self.settings, self.key, self.total = settings, (settings, text, n_seeds), settings.updates
        self.cost = (0.0012 + 1e-5 * n_seeds * settings.batch_size) * settings.updates
        self.title, self.n_seeds = f"baseline {settings.baseline}", n_seeds
        self.world = make_world(settings, text)

    def begin(self) -> None:
        n, cells = self.n_seeds, self.world.n_cells
        self.model = Policies(n, cells)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=self.settings.lr)
        self.generators = [torch.Generator().manual_seed(self.settings.seed + i) for i in range(n)]
        self.rows = torch.arange(n)[:, None] * cells
        self.baseline = torch.zeros(n * cells, dtype=torch.float64)  # a cell's place: network · cells + cell
        self.policies, self.returns, self.spreads, self.shares = [self.policy()[0].clone()], [], [], []

    def policy(self) -> Tensor:
        """How likely each move is now, shape (networks, cells, 4)."""
        return self.model.weight.detach().softmax(dim=1).mT

    def advance(self) -> None:
        settings, policies = self.settings, self.policy()
        batch = run_batch(self.world, policies, settings.batch_size, settings.gamma, self.generators)
        made, G = batch.going, batch.follow
        place = self.rows + batch.cells
        baseline = self.baseline[place] if settings.baseline == "on" else torch.zeros_like(G)
        advantage = torch.where(made, G - baseline, 0.0)
        log_pi = self.model().flatten()[place * 4 + batch.actions]
        loss = -(advantage * log_pi).sum() / settings.batch_size  # a sum over networks, none of which sees the others
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self._record(batch, advantage, baseline, policies)
        counts = torch.bincount(place[made], minlength=len(self.baseline))
        means = torch.zeros_like(self.baseline).index_add_(0, place[made], G[made]) / counts.clamp_min(1)
        self.baseline = torch.where(counts > 0, KEEPS * self.baseline + (1 - KEEPS) * means, self.baseline)

    def _record(self, batch: Batch, advantage: Tensor, baseline: Tensor, policies: Tensor) -> None:
        s, a = int(batch.cells[0, 0, 0]), int(batch.actions[0, 0, 0])
        first = (float(t[0, 0, 0]) for t in (batch.follow, baseline))
        self.shares.append(Share(s, a, *first, float(policies[0, s, a])))
        n = batch.going.sum(dim=(0, 2))
        off = torch.where(batch.going, advantage - (advantage.sum(dim=(0, 2)) / n)[:, None], 0.0)
        self.spreads.append((off.square().sum(dim=(0, 2)) / n).sqrt())
        self.returns.append(batch.follow[0].mean(dim=1))
        self.policies.append(self.policy()[0].clone())

    def result(self) -> PolicyRun:
        returns, spreads = (
            torch.stack(each) if each else torch.zeros(0, self.n_seeds, dtype=torch.float64)
            for each in (self.returns, self.spreads)
        )
        return PolicyRun(self.settings, self.world, torch.stack(self.policies), returns, spreads, list(self.shares))


@cached
def value_at_start(run: PolicyRun, update: int = -1) -> float:
    """The exact value of the start under the policy after an update; −∞ where an episode may never end."""
    try:
        return exact_values(run.world, run.policies[update], run.settings.gamma)[run.world.start].item()
    except ValueError:
        return -torch.inf


def calmer(on: PolicyRun, off: PolicyRun) -> str:
    """Whose numbers in front of ∇ log π vary less, the mean of all updates and networks: "same" within 5%."""
    one, other = on.spreads.mean().item(), off.spreads.mean().item()
    if abs(one - other) <= 0.05 * max(one, other):
        return "same"
    return "on" if one < other else "off"


def surest(run: PolicyRun, update: int = -1) -> int:
    """The cell that can be reached in which the policy differs most from chance."""
    chances = run.policies[update].amax(dim=1)
    return int(torch.where(run.world.is_open, chances, 0.0).argmax())
