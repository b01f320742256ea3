"""Rosenblatt's rule: look at one sample after the other, and correct the weights when it is not on its side.

A sample of class 1 is on its side where its weighted sum is above 0, one of class 0 where it is below. The answer is
the step of the sum, 1 above 0, else 0: with a sum of exactly 0 a sample of class 0 is answered rightly and corrected
all the same.

Source: F. Rosenblatt, The perceptron, Psychological Review 65 (1958).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.cache import cached
from core.perceptron.samples import Samples, make_samples
from core.perceptron.settings import PerceptronSettings

ROUNDS = 3  # how often a cycle is gone through before the run ends
MOST_FRAMES = 200  # at which a time slider stops


@dataclass(frozen=True)
class Cycle:
    """Weights that came back at the beginning of a pass.

    Attributes:
        start: updates before the first visit.
        length: updates until they are back.
    """

    start: int
    length: int


@dataclass(frozen=True, eq=False)
class PerceptronRun:
    """A run with every update. k updates, n samples, d weights (the bias is the last).

    Attributes:
        weights: shape (k + 1, d), float64; row i is what update i + 1 found, the last row what the run ended with.
        rows: shape (k,); the sample that was not on its side.
        passes: shape (k,); the pass of each update, counted from 1.
        visits: shape (k + 1,); how many samples each row of weights was tried on, the corrected one included.
        n_passes: passes that were begun, the last, faultless one included.
        outcome: "converged", "cycle" or "stopped".
        cycle: where the weights came back; None if they did not.
    """

    settings: PerceptronSettings
    samples: Samples
    weights: Tensor
    rows: Tensor
    passes: Tensor
    visits: Tensor
    n_passes: int
    outcome: str
    cycle: Cycle | None

    @property
    def updates(self) -> int:
        return len(self.rows)

    @property
    def wrong(self) -> Tensor:
        """How many samples each row of weights answers wrongly, shape (k + 1,)."""
        return wrong(self.weights, self.samples)

    @property
    def frame_steps(self) -> list[int]:
        """The updates at which a time slider stops: all, or the first half of the stops and then evenly spread."""
        if self.updates < MOST_FRAMES:
            return list(range(self.updates + 1))
        dense = MOST_FRAMES // 2
        later = torch.linspace(dense, self.updates, MOST_FRAMES - dense).round().int().tolist()
        return [*range(dense), *later]


def wrong(weights: Tensor, samples: Samples) -> Tensor:
    """How many samples each row of weights answers wrongly, by the step of w . x.

    A product of matrices rounds in another order, which near 0 may be another answer than that of a single sample.

    Args:
        weights: shape (rows, d).
    """
    sums = torch.zeros(len(weights), len(samples), dtype=torch.float64)
    for w, x in zip(weights.T, samples.inputs.T, strict=True):
        sums += torch.outer(w, x)
    return ((sums > 0) != samples.y.bool()).sum(dim=1)


def sample_at(run: PerceptronRun, at: int) -> int:
    """The sample that is looked at after `at` updates: the one that corrects the weights next; at the end the first."""
    return int(run.rows[at]) if at < run.updates else 0


@cached
def run(settings: PerceptronSettings) -> PerceptronRun:
    """Runs the rule from zero weights until all samples are on their sides, weights come back, or the limit is reached.

    w <- w + lr sign x whenever sign (w . x) <= 0.

    Raises:
        ValueError: if there is no sample to learn from, or the reader's points cannot be read.
    """
    samples = make_samples(settings)
    if not len(samples):
        raise ValueError("There are no points to learn from; allowed: 1 to 500 points.")
    record, n = _Record(samples.signed_inputs, settings.lr), len(samples)
    order, generator = torch.arange(n), torch.Generator().manual_seed(settings.seed)
    seen, cycle, n_passes, ended, end = {}, None, 0, "", settings.max_updates
    while not ended:
        n_passes += 1
        if settings.order == "shuffled":
            order = torch.randperm(n, generator=generator)
        elif cycle is None:  # with a fixed order, equal weights at the beginning of two passes mean equal passes
            start = seen.setdefault(tuple(record.w.tolist()), record.updates)
            if start < record.updates:
                cycle = Cycle(start, record.updates - start)
                end = min(end, start + ROUNDS * cycle.length)
        ended = record.one_pass(order, n_passes, end)
    return PerceptronRun(
        settings=settings,
        samples=samples,
        weights=torch.stack(record.history),
        rows=torch.tensor(record.rows, dtype=torch.int64),
        passes=torch.tensor(record.passes, dtype=torch.int64),
        visits=torch.tensor(record.visits),
        n_passes=n_passes,
        outcome="cycle" if cycle else ended,
        cycle=cycle,
    )


def is_scaled(one: PerceptronRun, other: PerceptronRun) -> bool:
    """Whether two runs correct the same samples in the same order, with weights in the ratio of their lr."""
    scaled = one.settings.lr / other.settings.lr * other.weights
    return torch.equal(one.rows, other.rows) and torch.allclose(one.weights, scaled, rtol=1e-9, atol=1e-9)


def misses_the_cycle(one: PerceptronRun, other: PerceptronRun) -> bool:
    """Whether a run goes on, with the same corrections until then, where the other's weights came back."""
    same = torch.equal(one.rows[: other.updates], other.rows)
    return other.cycle is not None and one.updates > other.updates and same


class _Record:
    """The weights as they stand, and all that has happened to them."""

    def __init__(self, signed_inputs: Tensor, lr: float) -> None:
        self.signed_inputs, self.lr = signed_inputs, lr
        self.w = torch.zeros(signed_inputs.shape[1], dtype=torch.float64)
        self.history, self.rows, self.passes, self.visits = [self.w.clone()], [], [], [0]

    @property
    def updates(self) -> int:
        return len(self.rows)

    def one_pass(self, order: Tensor, number: int, end: int) -> str:
        """Looks at every sample once; says how the run ended ("converged" or "stopped"), or nothing if it goes on.

        Between two updates the weights do not change, so the next sample to correct is found by one product with all
        samples that are left of the pass.
        """
        ordered, n, at, before = self.signed_inputs[order], len(order), 0, self.updates
        while at < n:
            mistakes = ((ordered[at:] * self.w).sum(dim=1) <= 0).nonzero()
            first = at + int(mistakes[0]) if len(mistakes) else n
            self.visits[-1] += first - at
            if first == n:
                break
            if self.updates >= end:
                return "stopped"
            self._correct(ordered[first], int(order[first]), number)
            at = first + 1
        return "converged" if self.updates == before else ""

    def _correct(self, signed_input: Tensor, row: int, number: int) -> None:
        self.visits[-1] += 1
        self.w = self.w + self.lr * signed_input
        self.history.append(self.w.clone())
        self.rows.append(row)
        self.passes.append(number)
        self.visits.append(0)
