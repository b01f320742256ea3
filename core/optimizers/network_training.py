"""All optimizers' networks while they learn.

The optimizers take turns after each step, so that whatever else the machine does meanwhile slows all of them alike.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from core.optim.hyperparameters import Hyperparameters
from core.optimizers.network import RATES, Comparison, Learned, NetworkSettings, weight
from core.optimizers.network_data import split
from core.optimizers.network_learner import Learner


@dataclass
class _Record:
    """What has been seen of one optimizer's learners, one list a moment."""

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
    """All optimizers' networks, as far as they have got; `advance` it, then take its `run()`.

    Args:
        all_hparams: the optimizers; their learning rates count where the rule does not look for the best.
    """

    def __init__(self, settings: NetworkSettings, all_hparams: tuple[Hyperparameters, ...]) -> None:
        self.settings, self.all_hparams = settings, list(all_hparams)
        self.data = split(settings.data, settings.seed)
        self.total_updates, self.update = settings.updates, 0
        self.tried: list[tuple[float, ...]] = [() for _ in all_hparams]
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
        """What there is so far: up to the last moment at which all optimizers were looked at."""
        done = min((len(record.loss) for record in self.records), default=0)
        if len(self.records) < len(self.all_hparams) or not done:
            return Comparison(self.settings, [], ())
        moments = self.settings.moments[:done]
        parts = zip(self.all_hparams, self.records, self.tried, strict=True)
        return Comparison(self.settings, moments, tuple(_learned(*part, moments) for part in parts))

    def _all_updates(self) -> Iterator[int]:
        """Yields how many updates each piece of the work counts for."""
        if self.settings.rule == "best":
            for i in range(len(self.all_hparams)):
                yield from self._try_rates(i)
        yield from self._train()

    def _try_rates(self, i: int) -> Iterator[int]:
        hparams = self.all_hparams[i]
        learners = [self._learner(replace(hparams, lr=lr), self.settings.trial_seed) for lr in RATES]
        for step in range(self.settings.steps):
            self.doing = f"{hparams.name}: trying {len(RATES)} learning rates, step {step}"
            for learner in learners:
                learner.step()
            if step == self.settings.steps - 1:
                self.tried[i] = tuple(learner.loss() for learner in learners)
                self.all_hparams[i] = replace(hparams, lr=best_rate(self.tried[i]))
            yield 2 * weight(hparams.name, self.settings.data)

    def _train(self) -> Iterator[int]:
        for hparams in self.all_hparams:  # the first step of a class pays for what torch does only once
            self._learner(hparams, self.settings.seed).step()
        self.records = [
            _Record([self._learner(hparams, seed) for seed in self.settings.all_seeds]) for hparams in self.all_hparams
        ]
        for record in self.records:
            record.look()
        moments = set(self.settings.moments)
        for step in range(1, self.settings.steps + 1):
            self.doing = f"step {step} of {self.settings.steps}"
            for hparams, record in zip(self.all_hparams, self.records, strict=True):
                for learner in record.learners:
                    learner.step()
                if step in moments:
                    record.look()
                yield weight(hparams.name, self.settings.data)

    def _learner(self, hparams: Hyperparameters, seed: int) -> Learner:
        return Learner(hparams, self.data, self.settings, seed)


def best_rate(tried: tuple[float, ...]) -> float:
    """The one of RATES with the lowest last loss; the smallest if no loss is a number."""
    finite = [loss if math.isfinite(loss) else math.inf for loss in tried]
    return RATES[finite.index(min(finite))]


def _learned(hparams: Hyperparameters, record: _Record, tried: tuple[float, ...], moments: list[int]) -> Learned:
    done, learners = len(moments), record.learners
    loss, accuracy, seconds = (
        torch.tensor(kept[:done], dtype=torch.float32).T.contiguous()
        for kept in (record.loss, record.accuracy, record.seconds)
    )
    lost = [
        (x.diverged_at, x.diverged) if x.diverged_at is not None and x.diverged_at < moments[-1] else (None, "")
        for x in learners
    ]
    regions = torch.stack(record.regions[:done]) if record.regions else None
    diverged_at, words = zip(*lost, strict=True)
    return Learned(hparams, loss, accuracy, seconds, diverged_at, words, regions, tried)


def train(settings: NetworkSettings, all_hparams: tuple[Hyperparameters, ...]) -> Comparison:
    """The whole comparison, from beginning to end."""
    training = Training(settings, all_hparams)
    training.advance(training.total_updates)
    return training.run()
