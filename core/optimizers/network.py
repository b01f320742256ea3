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
PARTS = 30  # of a run, at whose ends every network is evaluated
EARLY = 4  # first steps after each of which it is evaluated, too: LBFGS is done by then
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
        return self.steps * tries * sum(cost_of(name, self.data) for name in self.optimizers)

    @property
    def all_seeds(self) -> tuple[int, ...]:
        """One for each network of an optimizer."""
        return tuple(range(self.seed, self.seed + self.seeds))

    @property
    def trial_seed(self) -> int:
        """The seed on which learning rates are tried; none of those that count."""
        return self.seed + MOST_SEEDS

    @property
    def recorded_steps(self) -> list[int]:
        """The steps after which every network is evaluated."""
        even = {round(part * self.steps / PARTS) for part in range(PARTS + 1)}
        return sorted(even | set(range(min(EARLY, self.steps) + 1)))


def cost_of(name: str, data: str) -> int:
    """How many updates of another optimizer one step takes, about: LBFGS makes up to 20 moves with all samples."""
    return 1 if name != "LBFGS" else 8 if data == "spiral" else 20


@dataclass(frozen=True, eq=False)
class NetworkRun:
    """One optimizer's networks, one a seed, after each of the recorded steps.

    Attributes:
        hparams: its hyperparameters, with the learning rate that it had.
        loss: cross-entropy over all training samples in nats, shape (seeds, recorded), float32; NaN once it diverged.
        accuracy: share of the validation samples that are right, same shape.
        seconds: processor time that its steps have taken so far, same shape; measured anew in each run.
        diverged_at: for each seed the steps after which the loss of a batch was not finite; None if all were.
        diverged: for each seed what that loss was, in words; empty if all were finite.
        tried: the last loss for each of RATES on the trial seed; empty where none was tried.
    """

    hparams: Hyperparameters
    loss: Tensor
    accuracy: Tensor
    seconds: Tensor
    diverged_at: tuple[int | None, ...]
    diverged: tuple[str, ...]
    tried: tuple[float, ...]

    @property
    def name(self) -> str:
        """The optimizer's."""
        return self.hparams.name

    @property
    def median_loss(self) -> Tensor:
        """Over the seeds, shape (recorded,); infinite where most have diverged."""
        return torch.where(self.loss.isnan(), torch.inf, self.loss).median(dim=0).values

    @property
    def last_loss(self) -> float:
        """The median at the end."""
        return self.median_loss[-1].item()

    @property
    def milliseconds(self) -> Tensor:
        """Processor time so far, the median over the seeds, shape (recorded,)."""
        return 1000 * self.seconds.median(dim=0).values

    def reached(self, loss: float) -> list[int | None]:
        """For each seed the first recorded step, by its number, at which its loss is that low; None if it never is."""
        low = self.loss <= loss
        return [int(row.int().argmax()) if row.any() else None for row in low]


@dataclass(frozen=True, eq=False)
class Comparison:
    """What all optimizers' networks did until the last of the recorded `steps`."""

    settings: NetworkSettings
    steps: list[int]
    runs: tuple[NetworkRun, ...]

    @property
    def ranking(self) -> list[NetworkRun]:
        """The lowest median loss at the end first."""
        return sorted(self.runs, key=lambda run: run.last_loss)

    @property
    def target(self) -> float | None:
        """The lowest of TARGETS that two optimizers reach with every seed; None if none is, or only one runs.

        It lies below every network's first loss.
        """
        for target in self.targets:
            if sum(None not in run.reached(target) for run in self.runs) >= 2:
                return target
        return None

    @property
    def targets(self) -> list[float]:
        """Those of TARGETS below every network's first loss, the lowest first."""
        start = min(run.loss[:, 0].min().item() for run in self.runs)
        return [target for target in TARGETS if target < start]

    def steps_to(self, loss: float) -> dict[str, list[float]]:
        """For each optimizer and seed the steps until the loss is that low; infinite if it never is.

        They are as exact as the recorded steps are close.
        """
        return {run.name: [math.inf if i is None else self.steps[i] for i in run.reached(loss)] for run in self.runs}

    def milliseconds_to(self, loss: float) -> dict[str, list[float]]:
        """The same in processor time."""
        return {
            run.name: [
                math.inf if i is None else 1000 * run.seconds[seed, i].item()
                for seed, i in enumerate(run.reached(loss))
            ]
            for run in self.runs
        }


def clear_first(costs: dict[str, list[float]]) -> str | None:
    """The one whose every seed costs less than every seed of all others; None where there is none, so at a tie too."""
    for name, own in costs.items():
        others = [cost for other, values in costs.items() if other != name for cost in values]
        if others and max(own) < min(others):
            return name
    return None
