"""The race: every optimizer from one start over one surface, each step kept.

Each optimizer is the real class with a parameter of its own. Only the gradients are shared work: those of all points
are taken in one pass, which gives each bit for bit what it would get alone (`core/plane/derivatives.py`).
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.optim import Optimizer

from core.expression.typed_function import TypedFunction
from core.finite import not_finite
from core.optim.classes import as_taken
from core.optim.hyperparameters import Hyperparameters
from core.optimizers.settings import SurfaceSettings
from core.plane.derivatives import value_and_gradient
from core.plane.lr_batch import OPTIMIZER
from core.task import Task, result_of


@dataclass(frozen=True, eq=False)
class Run:
    """The run of one optimizer.

    Attributes:
        path: the points before each step and at the end, shape (steps done + 1, 2), float64.
        loss: f there, shape (steps done + 1,). gradient: shape (steps done + 1, 2).
        gradients_taken: how many gradients it had asked for when it got there, shape (steps done + 1,), int64.
        diverged_at, diverged: the step after which a number is not finite, and which; None and "" if all are.
    """

    hparams: Hyperparameters
    path: Tensor
    loss: Tensor
    gradient: Tensor
    gradients_taken: Tensor
    diverged_at: int | None
    diverged: str

    @property
    def name(self) -> str:
        """The optimizer's."""
        return self.hparams.name

    @property
    def steps(self) -> int:
        """Steps that were done."""
        return len(self.path) - 1


@dataclass(frozen=True, eq=False)
class Race:
    """The runs of all optimizers, in the order of the list of optimizers.

    Attributes:
        steps: that each was to do; fewer where the work was stopped.
    """

    surface: SurfaceSettings
    runs: tuple[Run, ...]
    steps: int

    def of(self, name: str) -> Run | None:
        """The run of one optimizer; None if it does not race."""
        return next((run for run in self.runs if run.name == name), None)


class Runner:
    """One optimizer while it runs: the real optimizer with a parameter of its own."""

    def __init__(self, hparams: Hyperparameters, start: Tensor, function: TypedFunction) -> None:
        self.hparams, self.function = hparams, function
        self.point = start.clone().requires_grad_()
        self.optimizer: Optimizer = hparams.make([self.point])
        self.needs_closure = isinstance(self.optimizer, torch.optim.LBFGS)
        self.taken = 0  # gradients that it has asked for

    def step(self, gradient: Tensor) -> None:
        """One step of the optimizer from where it stands.

        Args:
            gradient: there, shape (2,). LBFGS takes it, and as many more as it wants, itself.
        """
        if self.needs_closure:
            self.optimizer.step(self._closure)
            return
        self.point.grad = as_taken(self.optimizer, gradient.clone())
        self.optimizer.step()
        self.taken += 1

    def _closure(self) -> Tensor:
        self.optimizer.zero_grad()
        value = self.function(self.point[0], self.point[1])
        value.backward()
        self.taken += 1
        return value


class RaceTask(Task):
    """Every optimizer until the last step or until one of its numbers is no longer finite."""

    title = "The race"

    def __init__(self, surface: SurfaceSettings, all_hparams: tuple[Hyperparameters, ...], steps: int) -> None:
        self.key, self.total = (surface, all_hparams, steps), steps
        self.surface, self.all_hparams, self.function = surface, all_hparams, surface.function
        moves = sum(hparams.moves for hparams in all_hparams)
        gradients = 1 + moves - len(all_hparams)  # one for all, and those for which LBFGS asks within a step
        self.cost = steps * (OPTIMIZER * moves + self.function.seconds() * gradients)

    def begin(self) -> None:
        start = torch.tensor([self.surface.x, self.surface.y], dtype=torch.float64)
        self.runners = [Runner(hparams, start, self.function) for hparams in self.all_hparams]
        shape = (len(self.runners), self.total + 1)
        self.path, self.gradient = (torch.zeros(*shape, 2, dtype=start.dtype) for _ in range(2))
        self.loss, self.taken = torch.zeros(shape, dtype=start.dtype), torch.zeros(shape, dtype=torch.long)
        self.ends: dict[int, int] = {}  # of those that have diverged, the step after which a number is not finite
        self._record(0)

    @property
    def running(self) -> list[int]:
        """Those whose numbers are all finite."""
        return [i for i in range(len(self.runners)) if i not in self.ends]

    @property
    def finished(self) -> bool:
        """Whether the last step is recorded, or everybody has diverged."""
        return super().finished or (self._begun and not self.running)

    def advance(self) -> None:
        for i in self.running:
            self.runners[i].step(self.gradient[i, self.done])
        self._record(self.done + 1)

    def _record(self, step: int) -> None:
        running = self.running
        points = torch.stack([self.runners[i].point.detach() for i in running])
        values, gradients = value_and_gradient(self.function, points)
        self.path[running, step], self.loss[running, step], self.gradient[running, step] = points, values, gradients
        self.taken[running, step] = torch.tensor([self.runners[i].taken for i in running])
        finite = torch.isfinite(torch.cat([points, values[:, None], gradients], dim=1)).all(dim=1).tolist()
        self.ends |= {i: step for i, good in zip(running, finite, strict=True) if not good}

    def result(self) -> Race:
        runs = []
        for i, hparams in enumerate(self.all_hparams):
            end = self.ends.get(i, self.done)
            diverged = not_finite(self.path[i, end], self.loss[i, end], self.gradient[i, end])
            recorded = (kept[i, : end + 1] for kept in (self.path, self.loss, self.gradient, self.taken))
            runs.append(Run(hparams, *recorded, end if diverged else None, diverged))
        return Race(self.surface, tuple(runs), self.total if self.finished else self.done)


def race(surface: SurfaceSettings, all_hparams: tuple[Hyperparameters, ...], steps: int) -> Race:
    """The whole race at once."""
    return result_of(RaceTask(surface, all_hparams, steps))
