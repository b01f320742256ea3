"""The same optimizers on a real network: what is compared, and what a comparison says."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.optim.hyperparameters import Hyperparameters
from core.optim.known import OPTIMIZERS
from core.optimizers.settings import RULES
from core.settings import Choice, Integer, Real, Settings, Several, ladder, parameter

DATA = {"spiral": "Three spirals", "digits": "Digits"}
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)  # tried for each where each has its best
MAX_STEPS = 300
MOST_SEEDS = 5
MOST_UPDATES = 12_000
PARTS = 30  # of a run, at whose ends every network is looked at
EARLY = 4  # first steps after each of which it is looked at, too: LBFGS is done by then
TARGETS = tuple(m * 10.0**p for p in range(-3, 1) for m in (1, 2, 5))  # losses to reach
NAMES = dict(zip(OPTIMIZERS, OPTIMIZERS, strict=True))


@dataclass(frozen=True)
class NetworkSettings(Settings):
    """Who trains which network, on what, how long, and from how many seeds.

    Raises:
        ValueError: also if all of it together takes too long.
    """

    data: str = parameter("spiral", Choice("Data", DATA))
    optimizers: tuple[str, ...] = parameter(
        ("SGD", "Momentum", "RMSprop", "Adam", "LBFGS"),
        Several("Optimizers", NAMES, help="Every class of torch.optim, and SGD with momentum."),
    )
    rule: str = parameter(
        "same",
        Choice(
            "Learning rates",
            RULES,
            help="One for all; for each the best of seven, found on a seed of its own; or what is set for each.",
        ),
    )
    lr: float = parameter(0.05, Real("Learning rate lr", 1e-6, 100.0, ladder(-4, 0)))
    steps: int = parameter(60, Integer("Steps", 1, MAX_STEPS, (10, 20, 40, 60, 100, 150, 200, 300)))
    seeds: int = parameter(3, Integer("Seeds", 1, MOST_SEEDS, help="Each has its own first weights and order."))
    batch_size: int = parameter(50, Integer("Samples in a batch", 5, 300, (5, 10, 20, 50, 100, 300)))
    hidden: int = parameter(32, Integer("Units in each hidden layer", 2, 64, (2, 4, 8, 16, 32, 64)))
    seed: int = parameter(0, Integer("First seed", 0, 9999))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.updates > MOST_UPDATES:
            raise ValueError(
                f"{len(self.optimizers)} optimizers, {self.steps} steps and these learning rates make "
                f"{self.updates:,} updates; allowed: at most {MOST_UPDATES:,}. Choose fewer optimizers or steps."
            )

    @property
    def updates(self) -> int:
        """The length of the work. A step of one optimizer's networks, all seeds together, is one update."""
        tries = 3 if self.rule == "best" else 1  # seven rates of one seed take as long as two steps of three seeds
        return self.steps * tries * sum(weight(name, self.data) for name in self.optimizers)

    @property
    def all_seeds(self) -> tuple[int, ...]:
        """One for each network of a optimizer."""
        return tuple(range(self.seed, self.seed + self.seeds))

    @property
    def trial_seed(self) -> int:
        """The seed on which learning rates are tried; none of those that count."""
        return self.seed + MOST_SEEDS

    @property
    def moments(self) -> list[int]:
        """The steps after which every network is looked at."""
        even = {round(part * self.steps / PARTS) for part in range(PARTS + 1)}
        return sorted(even | set(range(min(EARLY, self.steps) + 1)))


@dataclass(frozen=True)
class NetworkLook(Settings):
    """Where the reader looks; changes no run."""

    network_follow: str = parameter("Adam", Choice("Follow", NAMES))
    network_at: int = parameter(MAX_STEPS, Integer("Step", 0, MAX_STEPS))


def weight(name: str, data: str) -> int:
    """How many updates of another optimizer one step takes, about: LBFGS makes up to 20 moves with all samples."""
    return 1 if name != "LBFGS" else 8 if data == "spiral" else 20


@dataclass(frozen=True, eq=False)
class Learned:
    """One optimizer's networks, one a seed, at each moment.

    Attributes:
        hparams: its hyperparameters, with the learning rate that it had.
        loss: cross-entropy over all training samples, shape (seeds, moments), float32; NaN once a run is lost.
        accuracy: share of the validation samples that are right, same shape.
        seconds: processor time that its steps have taken so far, same shape; measured anew in each run.
        diverged_at: for each seed the steps after which the loss of a batch was not finite; None if all were.
        lost: for each seed what that loss was, in words; empty if all were finite.
        regions: the class at each place of a grid for the first seed, shape (moments, side, side), uint8; None for
            data that lie in no plane.
        tried: the last loss for each of RATES on the trial seed; empty where none was tried.
    """

    hparams: Hyperparameters
    loss: Tensor
    accuracy: Tensor
    seconds: Tensor
    diverged_at: tuple[int | None, ...]
    diverged: tuple[str, ...]
    regions: Tensor | None
    tried: tuple[float, ...]

    @property
    def name(self) -> str:
        """The optimizer's."""
        return self.hparams.name

    @property
    def typical(self) -> Tensor:
        """The median of the loss over the seeds, shape (moments,); infinite where most are lost."""
        return torch.where(self.loss.isnan(), torch.inf, self.loss).median(dim=0).values

    @property
    def end(self) -> float:
        """The median loss at the last moment."""
        return self.typical[-1].item()

    def reached(self, loss: float) -> list[int | None]:
        """For each seed the first moment at which its loss is that low; None if it never is."""
        low = self.loss <= loss
        return [int(row.int().argmax()) if row.any() else None for row in low]


@dataclass(frozen=True, eq=False)
class Comparison:
    """What all optimizers' networks did until the last of `moments`."""

    settings: NetworkSettings
    moments: list[int]
    runs: tuple[Learned, ...]

    def of(self, name: str) -> Learned:
        """The run of one optimizer; of the first if that one does not run."""
        return next((run for run in self.runs if run.name == name), self.runs[0])

    @property
    def start(self) -> float:
        """The lowest training loss with which a network began."""
        return min(run.loss[:, 0].min().item() for run in self.runs)

    @property
    def target(self) -> float | None:
        """The lowest of TARGETS that two optimizers reach with every seed; one if only one runs; None if none do.

        It lies below every network's first loss.
        """
        for target in TARGETS:
            if target < self.start and len(self.arrived(target)) >= min(2, len(self.runs)):
                return target
        return None

    def arrived(self, loss: float) -> list[Learned]:
        """The optimizers whose loss gets that low with every seed."""
        return [run for run in self.runs if None not in run.reached(loss)]

    def steps_to(self, run: Learned, loss: float) -> list[float]:
        """For each seed the steps until its loss is that low, as far as the moments tell; infinite if it never is."""
        return [math.inf if moment is None else self.moments[moment] for moment in run.reached(loss)]

    def seconds_to(self, run: Learned, loss: float) -> list[float]:
        """For each seed the processor time until its loss is that low; infinite if it never is."""
        return [
            math.inf if moment is None else run.seconds[i, moment].item() for i, moment in enumerate(run.reached(loss))
        ]


def middle(values: list[float]) -> float:
    """The median; of an even number of values the lower of the two in the middle, as torch has it."""
    return sorted(values)[(len(values) - 1) // 2]
