"""One optimizer's run with everything that it keeps, so that each of its steps can be explained."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.finite import not_finite
from core.optim.hyperparameters import Hyperparameters
from core.optim.known import OPTIMIZERS
from core.optimizers.explain.classes import explain
from core.optimizers.explain.derivation import Explanation
from core.optimizers.explain.lbfgs import lbfgs
from core.optimizers.outcome import reason
from core.optimizers.race import Run, Runner
from core.optimizers.settings import SurfaceSettings
from core.plane.derivatives import value_and_gradient
from core.plane.lr_batch import OPTIMIZER
from core.task import Task, result_of

MOST_MOVES = 4_000  # of L-BFGS in a run: a second and a half
TELLING = 4  # the step, counted from 0, at which what is kept and the gradient are well apart
UNEQUAL, ALIKE = 1.5, 1.1  # ratios from which on two parts differ, and up to which they count as equal
SCRATCH = ("al",)  # in optimizer.state, but made anew each time


@dataclass(frozen=True, eq=False)
class StepTrace:
    """A run whose every step can be explained.

    Attributes:
        run: as the race has it.
        group: the optimizer's parameter group, without the parameter.
        states: what the optimizer kept for the parameter at each point of the path; lists of tensors are stacked.
        within: the points of each step's moves, one more than moves; before and after it for all but LBFGS.
        terms: the parts of each step, shape (parts, 2). rates: `Explanation.rate` of each step, shape (steps done, 2).
        names: kind and name of each part; LBFGS has moves instead, as many as it wants.
        rate_formula: of the last step.
    """

    surface: SurfaceSettings
    run: Run
    group: dict[str, object]
    states: tuple[dict[str, object], ...]
    within: tuple[Tensor, ...]
    terms: tuple[Tensor, ...]
    rates: Tensor
    names: tuple[tuple[str, str], ...]
    rate_formula: str

    @property
    def optimizer(self) -> str:
        """The class's name in `torch.optim`."""
        return OPTIMIZERS[self.run.name].torch_name

    def step(self, at: int) -> Tensor:
        """By how much the real class moved in the step that begins at `run.path[at]`, shape (2,)."""
        return self.run.path[at + 1] - self.run.path[at]


def most_steps(hparams: Hyperparameters) -> int:
    """As many steps as are quick enough: L-BFGS makes up to max_iter moves in each."""
    return MOST_MOVES // hparams.moves


class StepTraceTask(Task):
    """The real class until the last step or until a number is no longer finite."""

    title = "The run"

    def __init__(self, surface: SurfaceSettings, hparams: Hyperparameters, steps: int) -> None:
        self.key, self.total = (surface, hparams, steps), steps
        self.surface, self.hparams, self.function = surface, hparams, surface.function
        searches = hparams.keywords.get("line_search_fn") is not None  # then each move is made once more
        moves = (1 + searches) * hparams.moves
        self.cost = steps * (5 * OPTIMIZER + moves * (OPTIMIZER + self.function.seconds()))

    def begin(self) -> None:
        start = torch.tensor([self.surface.x, self.surface.y], dtype=torch.float64)
        self.runner = _RunnerWithMoves(self.hparams, start, self.function)
        group = self.runner.optimizer.param_groups[0]
        self.group = {key: value for key, value in group.items() if key != "params"}
        self.path, self.losses, self.gradients, self.states, self.taken = [], [], [], [], []
        self.within, self.found = [], []
        self._look()

    @property
    def finished(self) -> bool:
        """Whether the last step is recorded, or a number is not finite."""
        return super().finished or (self._begun and bool(self.diverged))

    def advance(self) -> None:
        """One step, and what it was made of."""
        before = (self.states[-1], self.path[-1], self.gradients[-1])
        self.within.append(self.runner.step_with_moves(self.gradients[-1]))
        name = OPTIMIZERS[self.hparams.name].torch_name
        self.found.append(_explained(name, self.group, *before, self.within[-1]))
        self._look()

    def _look(self) -> None:
        """Keeps where the optimizer is and what it keeps."""
        point = self.runner.point.detach().clone()
        loss, gradient = (found[0] for found in value_and_gradient(self.function, point[None]))
        self.path.append(point), self.losses.append(loss), self.gradients.append(gradient)
        self.states.append(snapshot(self.runner)), self.taken.append(self.runner.taken)
        self.diverged = not_finite(point, loss, gradient)

    def result(self) -> StepTrace:
        recorded = (*map(torch.stack, (self.path, self.losses, self.gradients)), torch.tensor(self.taken))
        rates = [torch.as_tensor(one.rate, dtype=torch.float64).expand(2) for one in self.found]
        nothing = torch.zeros(0, 2, dtype=torch.float64)
        last = self.found[-1] if self.found else None
        return StepTrace(
            surface=self.surface,
            run=Run(self.hparams, *recorded, len(self.found) if self.diverged else None, self.diverged),
            group=self.group,
            states=tuple(self.states),
            within=tuple(self.within),
            terms=tuple(torch.stack([t.value for t in one.terms]) if one.terms else nothing for one in self.found),
            rates=torch.stack(rates) if rates else nothing,
            names=tuple((term.kind, term.name) for term in last.terms) if last else (),
            rate_formula=last.rate_formula if last else "",
        )


def step_trace(surface: SurfaceSettings, hparams: Hyperparameters, steps: int) -> StepTrace:
    """The whole run at once."""
    return result_of(StepTraceTask(surface, hparams, steps))


def opening(trace: StepTrace) -> int:
    """The step to explain first: an early one, or the one from which on lr is above the limit."""
    last = max(trace.run.steps - 1, 0)
    before = max(last - 1, 0)  # a run that diverges is told by the step before its last
    why = reason(trace.run, trace.run.steps, trace.surface.shape)
    if why is not None and why.kind == "limit":
        return min(max(why.step, 1), before)
    return min(TELLING, last if trace.run.diverged_at is None else before)


def explained(trace: StepTrace, at: int) -> Explanation:
    """The calculation of the step that begins at `run.path[at]`."""
    return _explained(
        trace.optimizer, trace.group, trace.states[at], trace.run.path[at], trace.run.gradient[at], trace.within[at]
    )


def angle_to_downhill(trace: StepTrace, at: int) -> float | None:
    """Between a step and the way straight down, in degrees, from 0 to 180.

    None where there is none: no move, level ground, or a number that is not finite.
    """
    step, down = trace.step(at), -trace.run.gradient[at]
    step, down = (vector / vector.abs().max() for vector in (step, down))  # squares of short ones would be 0
    cosine = (step @ down / (step.norm() * down.norm())).clamp(-1, 1).item()
    return None if math.isnan(cosine) else math.degrees(math.acos(cosine))


def follows_steepness(trace: StepTrace, at: int) -> str | None:
    """Whether a step goes as much farther in y than in x as f is steeper there.

    Returns:
        "like" if it does, "even" if it goes as far in both, "neither"; None where f is as steep in both, or a part is 0
        or not finite.
    """
    steeper, farther = ((part[1] / part[0]).abs().item() for part in (trace.run.gradient[at], trace.step(at)))
    if not all(0 < ratio < math.inf for ratio in (steeper, farther)) or 1 / UNEQUAL < steeper < UNEQUAL:
        return None
    within = {"like": farther / steeper, "even": farther}
    return next((kind for kind, ratio in within.items() if 1 / ALIKE < ratio < ALIKE), "neither")


def _explained(optimizer: str, group: dict, state: dict, p: Tensor, g: Tensor, points: Tensor) -> Explanation:
    if optimizer == "LBFGS":
        return lbfgs(group, state, p, g, points)
    return explain(optimizer, group, state, p, g)


def snapshot(runner: Runner) -> dict[str, object]:
    """A copy of what the optimizer keeps; empty before the first step, lists of tensors stacked."""
    state = runner.optimizer.state.get(runner.point, {})
    return {key: _copy(value) for key, value in state.items() if key not in SCRATCH and value is not None}


def _copy(value: object) -> object:
    if isinstance(value, list):
        return torch.stack(value) if value else torch.zeros(0, 2, dtype=torch.float64)
    return value.detach().clone() if isinstance(value, Tensor) else value


class _RunnerWithMoves(Runner):
    """A runner that says where the parameter was within each step.

    L-BFGS without a line search asks for a gradient after each move but the last. With one it asks at trial points;
    then a second optimizer of the same class goes along that makes one move a step.
    """

    def __init__(self, hparams: Hyperparameters, start: Tensor, function: object) -> None:
        super().__init__(hparams, start, function)
        self.asked_at: list[Tensor] = []
        searches = self.needs_closure and self.optimizer.param_groups[0]["line_search_fn"] is not None
        self.along = Runner(hparams, start, function) if searches else None

    def step_with_moves(self, gradient: Tensor) -> Tensor:
        """One step; the points before it and after each of its moves."""
        before = self.point.detach().clone()
        self.asked_at, done = [], self._moves()
        self.step(gradient)
        points = [before, *(self._one_by_one(self._moves() - done) if self.along else self.asked_at[1:])]
        end = self.point.detach().clone()
        still = self.needs_closure and torch.equal(points[-1], end)
        return torch.stack(points if still else [*points, end])

    def _closure(self) -> Tensor:
        self.asked_at.append(self.point.detach().clone())
        return super()._closure()

    def _moves(self) -> int:
        return self.optimizer.state[self.point].get("n_iter", 0) if self.needs_closure else 0

    def _one_by_one(self, moves: int) -> list[Tensor]:
        """The points after each move of the step just done."""
        along, points = self.along, []
        group = along.optimizer.param_groups[0]
        left = self.optimizer.param_groups[0]["max_eval"]  # gradients that the line searches may still take
        for _ in range(moves):
            before = along.taken
            group["max_iter"], group["max_eval"] = 1, left
            along.step(torch.zeros(2))
            left -= along.taken - before - 1
            points.append(along.point.detach().clone())
        return points
