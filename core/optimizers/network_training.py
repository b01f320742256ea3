"""The networks while they learn: real modules and real optimizers, step by step, all contestants in turn.

The contestants take turns after each step, so that whatever else the machine does meanwhile slows all of them alike.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Generator, Tensor
from torch.optim import LBFGS, AdamW, Optimizer, SparseAdam

from core.optimizers.hyperparameters import Hyperparameters
from core.optimizers.network import RATES, Comparison, Learned, NetworkSettings, weight
from core.optimizers.network_data import NOISE, RADIUS, Split, batches, split

SIDE = 48  # places along each side of the map of regions
EDGE = RADIUS + 4 * NOISE  # of that map


def network(inputs: int, hidden: int, classes: int, generator: Generator) -> nn.Sequential:
    """Two hidden layers with ReLU. Shapes: (n, inputs) -> (n, classes).

    The first weights are those that `nn.Linear` draws after `torch.manual_seed`, drawn from a generator of their own.
    """
    sizes = ((inputs, hidden), (hidden, hidden), (hidden, classes))
    first, second, last = (_linear(*size, generator) for size in sizes)
    return nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), last)


def _linear(inputs: int, outputs: int, generator: Generator) -> nn.Linear:
    layer = nn.utils.skip_init(nn.Linear, inputs, outputs)
    bound = 1 / math.sqrt(inputs)
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
    return layer


def optimizers_of(entry: Hyperparameters, model: nn.Module) -> list[Optimizer]:
    """The contestant's optimizer. Muon takes the weight matrices only, so AdamW moves the biases, with the same lr."""
    params = list(model.parameters())
    if entry.contestant != "Muon":
        return [entry.make(params)]
    matrices, others = [p for p in params if p.ndim == 2], [p for p in params if p.ndim != 2]
    return [entry.make(matrices), AdamW(others, lr=entry.lr)]


class Learner:
    """One network with its optimizer and its batches."""

    def __init__(self, entry: Hyperparameters, data: Split, settings: NetworkSettings, seed: int) -> None:
        self.data = data
        self.model = network(data.x.shape[1], settings.hidden, data.classes, Generator().manual_seed(seed))
        self.params = list(self.model.parameters())
        self.optimizers = optimizers_of(entry, self.model)
        self.batches = batches(len(data.x), settings.batch_size, Generator().manual_seed(seed))
        self.steps, self.seconds = 0, 0.0
        self.lost_at: int | None = None
        self.lost = ""

    def step(self) -> None:
        """One step with the next batch, unless the run is lost already."""
        rows = next(self.batches)
        if self.lost_at is not None:
            return
        x, y = self.data.x[rows], self.data.y[rows]
        began = time.thread_time()
        loss = self._step(x, y).item()
        self.seconds += time.thread_time() - began
        if not math.isfinite(loss):
            self.lost_at, self.lost = self.steps, "not a number (NaN)" if math.isnan(loss) else "infinite"
        self.steps += 1

    def _step(self, x: Tensor, y: Tensor) -> Tensor:
        """Returns the loss before the step."""
        if isinstance(self.optimizers[0], LBFGS):  # its guesses hold for one function only, so it takes all samples
            return self.optimizers[0].step(self._closure)
        for optimizer in self.optimizers:
            optimizer.zero_grad()
        loss = F.cross_entropy(self.model(x), y)
        loss.backward()
        if isinstance(self.optimizers[0], SparseAdam):
            for param in self.params:
                param.grad = param.grad.to_sparse()
        for optimizer in self.optimizers:
            optimizer.step()
        return loss

    def _closure(self) -> Tensor:
        self.optimizers[0].zero_grad()
        loss = F.cross_entropy(self.model(self.data.x), self.data.y)
        loss.backward()
        return loss

    @torch.no_grad()
    def loss(self) -> float:
        """Cross-entropy over all training samples, in nats."""
        return F.cross_entropy(self.model(self.data.x), self.data.y).item()

    @torch.no_grad()
    def accuracy(self) -> float:
        """The share of the validation samples whose class it names."""
        right = self.model(self.data.x_validation).argmax(dim=1) == self.data.y_validation
        return right.float().mean().item()

    @torch.no_grad()
    def regions(self) -> Tensor:
        """The class that it names at each place of a grid, rows upwards; shape (SIDE, SIDE), uint8."""
        return self.model(GRID).argmax(dim=1).to(torch.uint8).view(SIDE, SIDE)


def _grid() -> Tensor:
    side = torch.linspace(-EDGE, EDGE, SIDE)
    y, x = torch.meshgrid(side, side, indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], dim=1)


GRID = _grid()  # shape (SIDE², 2)


@dataclass
class _Record:
    """What has been seen of one contestant's learners, one list a moment."""

    learners: list[Learner]
    loss: list[list[float]] = field(default_factory=list)
    accuracy: list[list[float]] = field(default_factory=list)
    seconds: list[list[float]] = field(default_factory=list)
    regions: list[Tensor] = field(default_factory=list)

    def look(self) -> None:
        self.loss.append([learner.loss() for learner in self.learners])
        self.accuracy.append([learner.accuracy() for learner in self.learners])
        self.seconds.append([learner.seconds for learner in self.learners])
        if self.learners[0].data.x.shape[1] == 2:
            self.regions.append(self.learners[0].regions())


class Training:
    """All contestants' networks, as far as they have got; `advance` it, then take its `run()`.

    Args:
        entries: the contestants; their learning rates count where the rule does not look for the best.
    """

    def __init__(self, settings: NetworkSettings, entries: tuple[Hyperparameters, ...]) -> None:
        self.settings, self.entries = settings, list(entries)
        self.data = split(settings.data, settings.seed)
        self.total_updates, self.update = settings.updates, 0
        self.tried: list[tuple[float, ...]] = [() for _ in entries]
        self.records: list[_Record] = []
        self.doing = "starting"
        self._work = self._all_updates()

    @property
    def finished(self) -> bool:
        return self.update >= self.total_updates

    @property
    def progress(self) -> str:
        return self.doing

    def advance(self, updates: int) -> None:
        """Does about that many updates more."""
        until = min(self.update + updates, self.total_updates)
        while self.update < until:
            self.update += next(self._work)

    def run(self) -> Comparison:
        """What there is so far: up to the last moment at which all contestants were looked at."""
        done = min((len(record.loss) for record in self.records), default=0)
        if len(self.records) < len(self.entries) or not done:
            return Comparison(self.settings, [], ())
        moments = self.settings.moments[:done]
        parts = zip(self.entries, self.records, self.tried, strict=True)
        return Comparison(self.settings, moments, tuple(_learned(*part, moments) for part in parts))

    def _all_updates(self) -> Iterator[int]:
        """Yields how many updates each piece of the work counts for."""
        if self.settings.rule == "best":
            for i in range(len(self.entries)):
                yield from self._try_rates(i)
        yield from self._train()

    def _try_rates(self, i: int) -> Iterator[int]:
        entry = self.entries[i]
        learners = [self._learner(replace(entry, lr=lr), self.settings.trial_seed) for lr in RATES]
        for step in range(self.settings.steps):
            self.doing = f"{entry.contestant}: trying {len(RATES)} learning rates, step {step}"
            for learner in learners:
                learner.step()
            if step == self.settings.steps - 1:
                self.tried[i] = tuple(learner.loss() for learner in learners)
                self.entries[i] = replace(entry, lr=best_rate(self.tried[i]))
            yield 2 * weight(entry.contestant, self.settings.data)

    def _train(self) -> Iterator[int]:
        for entry in self.entries:  # the first step of a class pays for what torch does only once
            self._learner(entry, self.settings.seed).step()
        self.records = [
            _Record([self._learner(entry, seed) for seed in self.settings.all_seeds]) for entry in self.entries
        ]
        for record in self.records:
            record.look()
        moments = set(self.settings.moments)
        for step in range(1, self.settings.steps + 1):
            self.doing = f"step {step} of {self.settings.steps}"
            for entry, record in zip(self.entries, self.records, strict=True):
                for learner in record.learners:
                    learner.step()
                if step in moments:
                    record.look()
                yield weight(entry.contestant, self.settings.data)

    def _learner(self, entry: Hyperparameters, seed: int) -> Learner:
        return Learner(entry, self.data, self.settings, seed)


def best_rate(tried: tuple[float, ...]) -> float:
    """The one of RATES with the lowest last loss; the smallest if no loss is a number."""
    finite = [loss if math.isfinite(loss) else math.inf for loss in tried]
    return RATES[finite.index(min(finite))]


def _learned(entry: Hyperparameters, record: _Record, tried: tuple[float, ...], moments: list[int]) -> Learned:
    done, learners = len(moments), record.learners
    loss, accuracy, seconds = (
        torch.tensor(kept[:done], dtype=torch.float32).T.contiguous()
        for kept in (record.loss, record.accuracy, record.seconds)
    )
    lost = [(x.lost_at, x.lost) if x.lost_at is not None and x.lost_at < moments[-1] else (None, "") for x in learners]
    regions = torch.stack(record.regions[:done]) if record.regions else None
    lost_at, words = zip(*lost, strict=True)
    return Learned(entry, loss, accuracy, seconds, lost_at, words, regions, tried)


def train(settings: NetworkSettings, entries: tuple[Hyperparameters, ...]) -> Comparison:
    """The whole comparison, from beginning to end."""
    training = Training(settings, entries)
    training.advance(training.total_updates)
    return training.run()
