"""All optimizers' networks while they learn: real modules, real optimizers, step by step.

The optimizers take turns after each step, so that whatever else the machine does meanwhile slows all of them alike.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import torch
import torch.nn.functional as F
from torch import Generator, Tensor
from torch.nn import Module
from torch.optim import LBFGS, AdamW, Optimizer

from core.batches import batches
from core.cache import cached
from core.datasets import BRIGHTEST, load_digits, make_spirals
from core.nn import MLP
from core.optim.classes import as_taken
from core.optim.hyperparameters import Hyperparameters
from core.optimizers.network import RATES, Comparison, NetworkRun, NetworkSettings, cost_of
from core.task import Task

N_SPIRAL, ARMS, NOISE = 450, 3, 0.05
VALIDATION = 1 / 3  # share of the samples that no optimizer sees


@dataclass(frozen=True, eq=False)
class Split:
    """Samples for training, and others for validation.

    Attributes:
        X: features, shape (n, inputs), float32. y: class numbers, shape (n,), int64.
        X_validation, y_validation: the same of the samples that are kept out.
    """

    X: Tensor
    y: Tensor
    X_validation: Tensor
    y_validation: Tensor


@cached
def split(data: str, seed: int) -> Split:
    """The chosen data, two thirds for training and one third for validation, drawn by the seed."""
    generator = Generator().manual_seed(seed)
    if data == "spiral":
        X, y = make_spirals(N_SPIRAL, ARMS, NOISE, generator)
    else:
        X, y = load_digits()
        X = X.flatten(start_dim=1).float() / BRIGHTEST
    order = torch.randperm(len(X), generator=generator)
    kept_out, train = order.split([round(VALIDATION * len(X)), len(X) - round(VALIDATION * len(X))])
    return Split(X[train], y[train], X[kept_out], y[kept_out])


def optimizers_of(hparams: Hyperparameters, model: Module) -> list[Optimizer]:
    """The optimizer. Muon takes the weight matrices only, so AdamW moves the biases, with the same lr."""
    params = list(model.parameters())
    if hparams.name != "Muon":
        return [hparams.make(params)]
    matrices, others = [p for p in params if p.ndim == 2], [p for p in params if p.ndim != 2]
    return [hparams.make(matrices), AdamW(others, lr=hparams.lr)]


class Learner:
    """One network with its optimizer and its batches."""

    def __init__(self, hparams: Hyperparameters, data: Split, settings: NetworkSettings, seed: int) -> None:
        self.data = data
        sizes = (data.X.shape[1], settings.hidden, settings.hidden, int(data.y.max()) + 1)
        self.model = MLP(sizes, Generator().manual_seed(seed))
        self.params = list(self.model.parameters())
        self.optimizers = optimizers_of(hparams, self.model)
        self.batches = batches(len(data.X), settings.batch_size, Generator().manual_seed(seed))
        self.steps, self.seconds = 0, 0.0
        self.diverged_at: int | None = None
        self.diverged = ""

    def step(self) -> None:
        """One step with the next batch, unless the run has diverged already."""
        rows = next(self.batches)
        if self.diverged_at is not None:
            return
        X, y = self.data.X[rows], self.data.y[rows]
        began = time.thread_time()
        loss = self._step(X, y).item()
        self.seconds += time.thread_time() - began
        if not math.isfinite(loss):
            self.diverged_at, self.diverged = self.steps, "NaN" if math.isnan(loss) else "infinite"
        self.steps += 1

    def _step(self, X: Tensor, y: Tensor) -> Tensor:
        """Returns the loss before the step."""
        if isinstance(self.optimizers[0], LBFGS):  # its guesses hold for one function only, so it takes all samples
            return self.optimizers[0].step(self._closure)
        for optimizer in self.optimizers:
            optimizer.zero_grad()
        loss = F.cross_entropy(self.model(X), y)
        loss.backward()
        for param in self.params:
            param.grad = as_taken(self.optimizers[0], param.grad)
        for optimizer in self.optimizers:
            optimizer.step()
        return loss

    def _closure(self) -> Tensor:
        self.optimizers[0].zero_grad()
        loss = F.cross_entropy(self.model(self.data.X), self.data.y)
        loss.backward()
        return loss

    @torch.no_grad()
    def loss(self) -> float:
        """Cross-entropy over all training samples, in nats."""
        return F.cross_entropy(self.model(self.data.X), self.data.y).item()

    @torch.no_grad()
    def accuracy(self) -> float:
        """The share of the validation samples whose class it names."""
        right = self.model(self.data.X_validation).argmax(dim=1) == self.data.y_validation
        return right.float().mean().item()


@dataclass
class _Record:
    """One optimizer's learners, and what has been measured of them: one list a recorded step."""

    learners: list[Learner]
    loss: list[list[float]] = field(default_factory=list)
    accuracy: list[list[float]] = field(default_factory=list)
    seconds: list[list[float]] = field(default_factory=list)

    def evaluate(self) -> None:
        self.loss.append([learner.loss() for learner in self.learners])
        self.accuracy.append([learner.accuracy() for learner in self.learners])
        self.seconds.append([learner.seconds for learner in self.learners])

    def run(self, hparams: Hyperparameters, tried: tuple[float, ...], steps: list[int]) -> NetworkRun:
        """As far as the recorded steps go."""
        kept = (self.loss, self.accuracy, self.seconds)
        tensors = (torch.tensor(values[: len(steps)], dtype=torch.float32).T.contiguous() for values in kept)
        ended = [x.diverged_at is not None and x.diverged_at < steps[-1] for x in self.learners]
        diverged_at = tuple(x.diverged_at if end else None for x, end in zip(self.learners, ended, strict=True))
        reasons = tuple(x.diverged if end else "" for x, end in zip(self.learners, ended, strict=True))
        return NetworkRun(hparams, *tensors, diverged_at, reasons, tried)


class NetworkTask(Task):
    """All optimizers' networks.

    A piece of the work may count for several steps of the task, as a step of LBFGS does; it is done at the first.

    Args:
        all_hparams: the optimizers; their learning rates count where the rule does not look for the best.
    """

    def __init__(self, settings: NetworkSettings, all_hparams: tuple[Hyperparameters, ...]) -> None:
        self.key, self.total = (settings, all_hparams), settings.updates
        self.settings, self.all_hparams = settings, list(all_hparams)
        ends = 2 + ARMS if settings.data == "spiral" else 64 + 10
        products = settings.batch_size * settings.hidden * (ends + settings.hidden)
        self.cost = self.total * settings.seeds * (8e-4 + 6e-10 * products)
        self.tried: list[tuple[float, ...]] = [() for _ in all_hparams]
        self.records: list[_Record] = []
        self.doing = "starting"

    @property
    def progress(self) -> str:
        return self.doing

    def begin(self) -> None:
        self.data = split(self.settings.data, self.settings.seed)
        self._pieces, self._counted = self._all_pieces(), 0

    def advance(self) -> None:
        if self.done == self._counted:
            self._counted += next(self._pieces)

    def result(self) -> Comparison | None:
        """Up to the last recorded step of all optimizers; None before the first."""
        recorded = min((len(record.loss) for record in self.records), default=0)
        if not recorded:
            return None
        steps = self.settings.recorded_steps[:recorded]
        parts = zip(self.records, self.all_hparams, self.tried, strict=True)
        return Comparison(self.settings, steps, tuple(record.run(*rest, steps) for record, *rest in parts))

    def _all_pieces(self) -> Iterator[int]:
        """Does the work; yields how many steps of the task each piece of it counts for."""
        if self.settings.rule == "best":
            for i in range(len(self.all_hparams)):
                yield from self._try_rates(i)
        yield from self._train()

    def _try_rates(self, i: int) -> Iterator[int]:
        hparams = self.all_hparams[i]
        learners = [self._learner(replace(hparams, lr=lr), self.settings.trial_seed) for lr in RATES]
        self.doing = f"learning rates of {hparams.name}"
        for step in range(self.settings.steps):
            for learner in learners:
                learner.step()
            if step == self.settings.steps - 1:
                self.tried[i] = tuple(learner.loss() for learner in learners)
                self.all_hparams[i] = replace(hparams, lr=best_rate(self.tried[i]))
            yield 2 * cost_of(hparams.name, self.settings.data)

    def _train(self) -> Iterator[int]:
        for hparams in self.all_hparams:  # the first step of a class pays for what torch does only once
            self._learner(hparams, self.settings.seed).step()
        self.records = [
            _Record([self._learner(hparams, seed) for seed in self.settings.all_seeds]) for hparams in self.all_hparams
        ]
        for record in self.records:
            record.evaluate()
        recorded = set(self.settings.recorded_steps)
        for step in range(1, self.settings.steps + 1):
            self.doing = f"step {step} of {self.settings.steps}"
            for hparams, record in zip(self.all_hparams, self.records, strict=True):
                for learner in record.learners:
                    learner.step()
                if step in recorded:
                    record.evaluate()
                yield cost_of(hparams.name, self.settings.data)

    def _learner(self, hparams: Hyperparameters, seed: int) -> Learner:
        return Learner(hparams, self.data, self.settings, seed)


def best_rate(tried: tuple[float, ...]) -> float:
    """The one of RATES with the lowest last loss; the smallest if no loss is a number."""
    finite = [loss if math.isfinite(loss) else math.inf for loss in tried]
    return RATES[finite.index(min(finite))]
